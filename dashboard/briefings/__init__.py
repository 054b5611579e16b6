"""Briefings: the chapters that a night is told in, what is worth one, and the shelf where they are kept."""
