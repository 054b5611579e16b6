"""The ledger: what lies in the streams and the archive, read whole or in part for one question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from dashboard.picture.timeline import Heard
from streams.archive.history import History
from streams.events import FeedHealth, TrackSweep
from streams.names import STREAMS
from streams.position import EntryId, Position
from streams.read import Entry

FACTS = ("alerts", "raids", "scrambles", "threats")
"""The streams of what is true in the world; the others are of how it reached us."""
PAGE = 5_000
LOOK_BACK = 1_000
"""Entries in which each feed's last look, and each feed's last sweep, are sought."""
SWEEP_LASTS = dt.timedelta(seconds=60)
"""A sweep that is older shows no aircraft where it is."""
_ORDER = {stream: i for i, stream in enumerate(STREAMS)}


def heard(entry: Entry) -> Heard | None:
    """The entry as the picture takes it; None for one that is no event."""
    if entry.event is None:
        return None
    entry_id = EntryId.parse(entry.entry_id)
    order = f"{entry_id.ms:014d}-{entry_id.seq:010d}-{_ORDER[entry.stream]}"
    return Heard(entry.event, entry.received_at, order)


class Ledger:
    """Reads one theatre's history, of the present epoch.

    Every method raises StoreError when the store cannot be reached, and ArchiveError when the archive cannot.
    """

    def __init__(self, history: History) -> None:
        self._history = history

    async def ends(self, streams: Sequence[str] = FACTS) -> tuple[str, ...]:
        """The id of the last entry of each stream: the same ids, the same facts."""
        return await self._history.ends(streams)

    async def facts(self, known_at: dt.datetime | None) -> list[Heard]:
        """All that was received by `known_at`, or all, of the streams of facts."""
        until = None if known_at is None else known_at + dt.timedelta(milliseconds=1)
        found: list[Heard] = []
        position = Position(await self._history.epoch())
        while True:
            page, position = await self._history.read(position, count=PAGE, streams=FACTS, until=until)
            if not page:
                return found
            found.extend(_heard(page))

    async def looks(self, by: dt.datetime | None) -> list[Heard]:
        """How the feeds were when they were last looked at, by `by` on our clock."""
        newest = await self._newest("health", by, LOOK_BACK)
        return [each for each in _heard(newest) if isinstance(each.event, FeedHealth)]

    async def sweeps(self, at: dt.datetime, status: str) -> list[TrackSweep]:
        """The last sweep of each feed that `at` is still within."""
        last: dict[str, TrackSweep] = {}
        for each in _heard(await self._newest("tracks", at, 50)):
            event = each.event
            is_new = each.received_at >= at - SWEEP_LASTS
            if isinstance(event, TrackSweep) and event.status == status and is_new:
                last.setdefault(event.feed, event)
        return [last[feed] for feed in sorted(last)]

    async def _newest(self, stream: str, by: dt.datetime | None, count: int) -> list[Entry]:
        return await self._history.newest(await self._history.epoch(), stream, by=by, count=count)


def _heard(entries: Sequence[Entry]) -> Iterator[Heard]:
    for entry in entries:
        each = heard(entry)
        if each is not None:
            yield each
