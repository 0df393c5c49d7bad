"""The clock: what runs when."""
