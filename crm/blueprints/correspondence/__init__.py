"""Correspondence: every mail that came in, and what an officer does with what waits."""
