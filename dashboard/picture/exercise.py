"""An exercise's own time: where its clock stands at an instant of ours."""

from __future__ import annotations

import datetime as dt

from dashboard.picture.shape import Clock

_BEATS = 3
"""Beats without which a clock is lost; it is not moved on beyond that."""
_LEAST = dt.timedelta(seconds=1)


def instant_of(clock: Clock, now: dt.datetime) -> dt.datetime:
    """The exercise's instant at `now` by our clock."""
    if clock.state == "ended":
        return clock.at
    elapsed_s = (now - clock.received_at).total_seconds()
    elapsed_s = max(0.0, min(elapsed_s, _BEATS * clock.beat_s))
    return min(clock.at + dt.timedelta(seconds=elapsed_s * clock.speed), max(clock.ends_at, clock.at))


def within(clock: Clock, instant: dt.datetime) -> dt.datetime:
    """The instant by which the night is told: the end of an exercise still belongs to its last night."""
    return min(instant, max(clock.ends_at - _LEAST, clock.starts_at))
