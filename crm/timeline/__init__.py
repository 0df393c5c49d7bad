"""The append-only story of every record: who did what, when, and which records it concerns."""
