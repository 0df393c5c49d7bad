"""Consultation on a text: documents, rounds, comments and decisions."""
