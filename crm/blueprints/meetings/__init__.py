"""Meetings and their invitations."""
