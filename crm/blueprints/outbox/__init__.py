"""Mail going out, with its exact copies."""
