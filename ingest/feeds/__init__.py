"""Feeds: one file, one shape each."""
