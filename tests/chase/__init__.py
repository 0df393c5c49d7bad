"""Tests of chase."""
