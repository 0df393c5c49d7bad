"""What Rabta promises, as sentences."""
