"""What the post door promises."""
