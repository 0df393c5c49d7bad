"""The unit's own first values."""
