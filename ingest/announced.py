"""What is announced start and end apart, without an id: which fact it is of, and which word is newer."""

from __future__ import annotations

import datetime as dt


def announced_id(feed: str, run: str, *parts: str) -> str:
    """The id under which a feed announces one thing of one place again and again, ends among it."""
    return ":".join((feed, *([run] if run else []), *parts))[:256]


def announced_revision(at: dt.datetime) -> int:
    """The revision of what was announced at an instant: what is announced later is higher.

    Never 1, which stands for "number it by what changed".
    """
    return max(2, int(at.timestamp()))
