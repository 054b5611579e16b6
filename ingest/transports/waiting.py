"""How long to leave a source alone: what it asks for, and when this host's turn comes."""

from __future__ import annotations

import datetime as dt
import random
import socket
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

LONGEST_S = 86_400.0
JITTER = 0.1
"""How much later than its interval a poll may come, at most, as a part of it."""


def http_date(text: str | None) -> dt.datetime | None:
    """The instant of an HTTP date (RFC 9110, 5.6.7), or None for what is not one."""
    try:
        at = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)


def asked_to_wait_s(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """For how many seconds an answer asks to be left alone; None where it does not say.

    headers: names in lower case, or a mapping that does not care. now: for a date, where the answer does not
    tell its own. Source: RFC 9110, 10.2.3; OpenSky's `X-Rate-Limit-Retry-After-Seconds`.
    """
    told = [
        _seconds(headers.get("retry-after"), http_date(headers.get("date")) or now),
        _seconds(headers.get("x-rate-limit-retry-after-seconds"), now),
    ]
    return max((wait_s for wait_s in told if wait_s is not None), default=None)


def _seconds(text: str | None, now: dt.datetime) -> float | None:
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_S)
    at = http_date(text)
    return None if at is None else min(max((at - now).total_seconds(), 0.0), LONGEST_S)


class Beat:
    """When the next poll is due: an interval after the last, and a little later, differently on each host."""

    def __init__(self, name: str, every_s: float, host: str = "") -> None:
        self._every_s = every_s
        # Spreading polls out keeps nothing secret.
        self._chance = random.Random(f"{host or socket.gethostname()}:{name}")  # noqa: S311
        self._due_at = 0.0

    def asked(self, now: float) -> None:
        """A poll is made now. now: seconds on a clock that cannot jump."""
        self._due_at = max(self._due_at, now + self._every_s * (1 + JITTER * self._chance.random()))

    def told_to_wait(self, now: float, wait_s: float) -> None:
        """The source asked to be left alone for so long."""
        self._due_at = max(self._due_at, now + wait_s)

    def due_in_s(self, now: float) -> float:
        """Seconds until the next poll."""
        return max(self._due_at - now, 0.0)
