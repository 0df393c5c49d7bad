"""What was asked of whom, by when, and what came of it."""
