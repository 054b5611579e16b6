"""Refusals: what is wrong with an input, where, and in whose bytes, in the words of whoever checked it."""

from __future__ import annotations

import re

import msgspec

from ingest.errors import DecodeError

MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not JSON, or not of the type asked for."""
MOST = 100
"""Records of one payload that are refused one by one; the rest of them are refused together."""

_AT = re.compile(r" - at `(?:key in )?\$?(?P<path>[^`]*)`$")


def refusal(feed: str, error: Exception, sample: bytes, *, at: str = "$") -> DecodeError:
    """What msgspec says is wrong with `sample`, which stands at the path `at` of its payload."""
    if isinstance(error, RecursionError):
        return DecodeError(feed, at, "is nested too deeply", sample)
    said = str(error)
    where = _AT.search(said)
    if where is None:
        return DecodeError(feed, at, said, sample)
    return DecodeError(feed, at + where["path"], said[: where.start()], sample)


class Refusals:
    """The refused records of one payload of `feed`.

    However many there are, they are kept as `MOST` and one more, which has no sample and so stands for the
    whole payload.
    """

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._kept: list[DecodeError] = []
        self._first_more = ""
        self._more = 0

    def add(self, error: DecodeError) -> None:
        """Refuse one record."""
        if len(self._kept) < MOST:
            self._kept.append(error)
            return
        self._first_more = self._first_more or error.path
        self._more += 1

    def all(self) -> list[DecodeError]:
        """As they go into a Decoded."""
        if not self._more:
            return self._kept
        reason = f"{self._more:,} more records are refused, from here on"
        return [*self._kept, DecodeError(self._feed, self._first_more, reason)]
