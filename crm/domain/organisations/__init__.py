"""Partner organisations, their posts, and the log of contact with them."""
