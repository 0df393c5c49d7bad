"""Fakes, builders and private servers for the tests."""
