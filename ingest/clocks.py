"""A source's clock against ours: what it says of a time that cannot be is kept, and said to be odd."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from streams.events import Event

AHEAD_AT_MOST = dt.timedelta(minutes=2)
"""Clocks that are kept by NTP differ by far less; forecasts are no times at which something was said."""
LONG_PAST = dt.datetime(2014, 1, 1, tzinfo=dt.UTC)
"""Nothing that we hold began earlier; an instant before it is a clock that was never set."""


def flagged(event: Event, received_at: dt.datetime) -> Event:
    """The event with a doubt for each time that our clock contradicts; the times stay as they came."""
    doubts = []
    for field in ("published_at", "valid_from"):
        at: dt.datetime | None = getattr(event, field)
        if at is None:
            continue
        if at - received_at > AHEAD_AT_MOST:
            doubts.append(f"{field} is {_span(at - received_at)} ahead of our clock")
        elif at < LONG_PAST:
            doubts.append(f"{field} is {at.date()}, long past")
    new = tuple(doubt for doubt in doubts if doubt not in event.doubts)
    return replace(event, doubts=(*event.doubts, *new)) if new else event


def delay_s(said_at: dt.datetime | None, received_at: dt.datetime) -> float | None:
    """How far the source's clock, or what it serves, is behind ours; negative where it is ahead."""
    return None if said_at is None else round((received_at - said_at).total_seconds(), 3)


def _span(difference: dt.timedelta) -> str:
    minutes = int(difference.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} d"
