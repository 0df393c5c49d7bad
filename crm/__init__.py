"""Rabta: the stakeholder liaison and partnership register of a police bureau."""
