"""Whether the house stands, for machines."""
