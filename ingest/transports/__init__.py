"""Transports: how bytes reach a feed; each is written once, and shared by all feeds."""
