"""The root of every error in settings and data: what cannot be used, where, and what is allowed."""


class ConfigError(Exception):
    """Settings or data that cannot be used; the start stops, and the text says what to mend."""
