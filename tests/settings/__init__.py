"""The unit's first values."""
