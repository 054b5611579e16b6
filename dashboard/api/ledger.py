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

FACTS = ("alerts", "raids", "scrambles", "threats", "log")
"""The streams of what is true in the world and of what we did; the others are of how it reached us."""
PAGE = 5_000
LOOK_BACK = 1_000
"""Entries in which each feed's last look is sought."""
SWEEPS = 50
"""Sweeps read at once; one can be a megabyte."""
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

    async def sweeps(self, by: dt.datetime, lasting: dt.timedelta) -> list[Heard]:
        """The sweeps that were received by an instant, and within so long before it."""
        position = await self.before_sweeps(by, lasting)
        found: list[Heard] = []
        while True:
            page, position = await self._history.read(
                position, count=SWEEPS, streams=("tracks",), until=by + dt.timedelta(milliseconds=1)
            )
            if not page:
                return found
            found.extend(each for each in _heard(page) if isinstance(each.event, TrackSweep))

    async def before_sweeps(self, by: dt.datetime, lasting: dt.timedelta) -> Position:
        """The position before everything but the sweeps that are too old to show anything at an instant."""
        epoch = await self._history.epoch()
        (end,) = await self._history.ends(("tracks",))
        place = History.place(epoch, by - lasting).at("tracks")
        # Where none came since, it is not later than their end.
        return Position(epoch, {"tracks": min(end, place, key=EntryId.parse)})

    async def _newest(self, stream: str, by: dt.datetime | None, count: int) -> list[Entry]:
        return await self._history.newest(await self._history.epoch(), stream, by=by, count=count)


def _heard(entries: Sequence[Entry]) -> Iterator[Heard]:
    for entry in entries:
        each = heard(entry)
        if each is not None:
            yield each
