"""Which feeds were blind, and when: from what was seen of them at each look, by our clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from dashboard.exports.asked import Asked, Here
from streams.archive.history import History
from streams.events import FeedHealth
from streams.store import connect

MISSED = 3
"""Looks that may be missed before nobody knows how a feed is."""
Stretch = tuple[dt.datetime, dt.datetime]


class Blindness(Struct, frozen=True):
    """dead: when a feed did not answer. unwatched: when nobody looked. In order."""

    feed: str
    dead: tuple[Stretch, ...]
    unwatched: tuple[Stretch, ...]


class Watched(Struct, frozen=True):
    """Every feed that was blind at some time; is_known: whether any feed was looked at."""

    blind: tuple[Blindness, ...]
    is_known: bool


async def watched(asked: Asked, here: Here) -> Watched:
    """How the feeds were in the stretch. Raises StoreError or ArchiveError."""
    looks: dict[str, list[FeedHealth]] = {}
    client = connect(here.store_url)
    try:
        history = History(here.shelf, here.theatre, client)
        place = History.place(asked.epoch or await history.epoch(), asked.from_)
        async for page in history.entries(place, until=asked.to, streams=("health",)):
            for entry in page:
                if isinstance(entry.event, FeedHealth):
                    looks.setdefault(entry.event.subject, []).append(entry.event)
    finally:
        await client.aclose()
    end = min(asked.to, dt.datetime.now(dt.UTC))
    found = (blindness(feed, told, end) for feed, told in sorted(looks.items()))
    return Watched(tuple(each for each in found if each.dead or each.unwatched), bool(looks))


def blindness(feed: str, looks: Iterable[FeedHealth], end: dt.datetime) -> Blindness:
    """From the looks at one feed, up to `end`."""
    told = sorted(looks, key=lambda look: look.checked_at)
    dead: list[Stretch] = []
    unwatched: list[Stretch] = []
    for number, look in enumerate(told):
        until = told[number + 1].checked_at if number + 1 < len(told) else end
        known_until = min(until, look.checked_at + dt.timedelta(seconds=MISSED * look.every_s))
        if look.state == "dead":
            _add(dead, look.checked_at, known_until)
        if known_until < until:
            _add(unwatched, known_until, until)
    return Blindness(feed, tuple(dead), tuple(unwatched))


def _add(stretches: list[Stretch], begin: dt.datetime, end: dt.datetime) -> None:
    if stretches and stretches[-1][1] >= begin:
        begin, _ = stretches.pop()
    if begin < end:
        stretches.append((begin, end))
