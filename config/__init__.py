"""Typed settings, and the theatre: regions, places, bases, weapons, feeds and rules, as TOML data."""
