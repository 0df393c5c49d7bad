"""Files by content, and what they are attached to."""
