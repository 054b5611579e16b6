"""Local times without a zone: which instant is meant, told by an instant that is known to be near."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")
WARSAW = ZoneInfo("Europe/Warsaw")

_DAY = dt.timedelta(days=1)


def nearest(clock: dt.time, zone: ZoneInfo, near: dt.datetime) -> dt.datetime:
    """The instant closest to `near` at which clocks in `zone` show `clock`; aware UTC.

    So a post of 00:01 that says 23:59 means yesterday, and in the hour that comes twice the time that fits.
    near: aware. A time that the spring change leaves out is read as if clocks had not been changed.
    Raises OverflowError at the ends of the calendar.
    """
    day = near.astimezone(zone).date()
    found = [
        instant
        for date in (day - _DAY, day, day + _DAY)
        for instant, _ in _meanings(dt.datetime.combine(date, clock), zone)
    ]
    return min(found, key=lambda instant: abs(instant - near))


def resolve(local: dt.datetime, zone: ZoneInfo, near: dt.datetime | None = None) -> tuple[dt.datetime, str]:
    """The instant in UTC that a naive local time means, and what is doubtful about it, or "".

    near: an instant that tells the two meanings of the hour apart that comes twice; the earlier without.
    Raises OverflowError at the ends of the calendar.
    """
    meanings = _meanings(local, zone)
    instants = [instant for instant, _ in meanings]
    if not any(exists for _, exists in meanings):
        return instants[0], f"{local:%H:%M} did not exist that day: clocks were put forward"
    if instants[0] == instants[1]:
        return instants[0], ""
    chosen = min(instants, key=lambda instant: abs(instant - near)) if near is not None else instants[0]
    return chosen, f"{local:%H:%M} came twice that day: clocks were put back"


def _meanings(local: dt.datetime, zone: ZoneInfo) -> list[tuple[dt.datetime, bool]]:
    """Both readings of a local time, equal but for two hours a year; each with whether clocks showed it."""
    found = []
    for fold in (0, 1):
        instant = local.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC)
        shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        found.append((instant, shown == local.replace(fold=0)))
    return found
