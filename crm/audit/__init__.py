"""Who changed which field, sealed in a chain."""
