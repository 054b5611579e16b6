"""The ledger: what lies in the streams, read whole or in part for one question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from redis.asyncio import Redis

from dashboard.picture.timeline import Heard
from streams.events import FeedHealth, TrackSweep
from streams.names import STREAMS, key
from streams.position import BEGINNING, EntryId
from streams.read import Entry, entry_of
from streams.store import answering

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
    """Reads one theatre's streams.

    client: of the store. Every method raises StoreError when it cannot be reached.
    """

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre

    async def ends(self, streams: Sequence[str] = FACTS) -> tuple[str, ...]:
        """The id of the last entry of each stream: the same ids, the same facts."""
        found = []
        for stream in streams:
            async with answering("read"):
                rows: Any = await self._client.xrevrange(key(self._theatre, stream), count=1)
            found.append(rows[0][0].decode() if rows else BEGINNING)
        return tuple(found)

    async def facts(self, known_at: dt.datetime | None) -> list[Heard]:
        """All that was received by `known_at`, or all, of the streams of facts."""
        last = "+" if known_at is None else str(_ms(known_at))
        found: list[Heard] = []
        for stream in FACTS:
            first = "-"
            while True:
                async with answering("read"):
                    rows: Any = await self._client.xrange(key(self._theatre, stream), first, last, PAGE)
                found.extend(_heard(stream, rows))
                if len(rows) < PAGE:
                    break
                first = f"({rows[-1][0].decode()}"
        return found

    async def looks(self, by: dt.datetime | None) -> list[Heard]:
        """How the feeds were when they were last looked at, by `by` on our clock."""
        rows = await self._last("health", by)
        return [each for each in _heard("health", rows) if isinstance(each.event, FeedHealth)]

    async def sweeps(self, at: dt.datetime, status: str) -> list[TrackSweep]:
        """The last sweep of each feed that `at` is still within."""
        last: dict[str, TrackSweep] = {}
        for each in _heard("tracks", await self._last("tracks", at, since=at - SWEEP_LASTS, count=50)):
            event = each.event
            if isinstance(event, TrackSweep) and event.status == status:
                last.setdefault(event.feed, event)
        return [last[feed] for feed in sorted(last)]

    async def _last(
        self, stream: str, by: dt.datetime | None, *, since: dt.datetime | None = None, count: int = LOOK_BACK
    ) -> Any:
        newest = "+" if by is None else str(_ms(by))
        oldest = "-" if since is None else str(_ms(since))
        async with answering("read"):
            return await self._client.xrevrange(key(self._theatre, stream), newest, oldest, count)


def _heard(stream: str, rows: Any) -> Iterator[Heard]:
    for entry_id, fields in rows:
        each = heard(entry_of(stream, entry_id.decode(), fields or {}))
        if each is not None:
            yield each


def _ms(instant: dt.datetime) -> int:
    return max(0, int(instant.timestamp() * 1_000))
