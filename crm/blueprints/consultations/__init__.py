"""Consultations: drafts, rounds, whom to ask, what will go, and the comment matrix."""
