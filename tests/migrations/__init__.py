"""The migrations, each on its own and all together."""
