"""Tests of crm/guard."""
