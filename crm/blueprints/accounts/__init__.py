"""Signing in and out; the staff users."""
