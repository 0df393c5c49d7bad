"""Tests of crm/documents."""
