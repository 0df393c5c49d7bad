"""Requests and who owes whom."""
