"""A person's language and colours."""
