"""What can go wrong with the archive."""

from __future__ import annotations

from streams.errors import StreamError


class ArchiveError(StreamError):
    """A part of the archive that is missing, broken, or not what it says it is; its text names which."""
