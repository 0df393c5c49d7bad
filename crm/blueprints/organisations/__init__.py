"""Partners, their posts and the log of contact."""
