"""Letters: a value, rendered, given an HTML twin, frozen to MIME. Pure."""
