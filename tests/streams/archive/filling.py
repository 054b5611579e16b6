"""A store's streams filled by hand, with entries of whatever instant a test needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from redis.asyncio import Redis

from streams.archive.history import History
from streams.codec import encode
from streams.events import AirRaidAlert, Event, FeedHealth, TrackSweep
from streams.names import key, stream_of
from streams.position import EntryId, Position

THEATRE = "eastern-flank"
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
START_MS = int(START.timestamp() * 1_000)
RETENTION = dt.timedelta(hours=72)


def alert(number: int, revision: int = 1) -> AirRaidAlert:
    return AirRaidAlert(
        id=f"alert:{number}", revision=revision, status="test", feed="f", region="UA-46", valid_from=START
    )


def sweep(number: int) -> TrackSweep:
    return TrackSweep(id=f"sweep:{number}", status="test", feed="air", tracks=())


def health(number: int) -> FeedHealth:
    return FeedHealth(
        id=f"health:{number}",
        status="system",
        feed="ingest",
        subject="f",
        state="fresh",
        checked_at=START,
        every_s=10,
    )


async def put(client: Redis, event: Event, ms: int, seq: int = 0) -> None:
    """An event's entry, as if received at `ms`."""
    await client.xadd(key(THEATRE, stream_of(event)), {"event": encode(event)}, id=f"{ms}-{seq}")


async def put_alerts(client: Redis, ms: Iterable[int]) -> None:
    """Alerts numbered from 0, received at these instants."""
    async with client.pipeline(transaction=False) as pipeline:
        for number, at in enumerate(ms):
            pipeline.xadd(key(THEATRE, "alerts"), {"event": encode(alert(number))}, id=f"{at}-0")
        await pipeline.execute()


async def all_of(history: History, epoch: str, count: int = 1_000) -> list[tuple[str, str, bytes]]:
    """Stream, id and bytes of every entry, as the history has them."""
    found: list[tuple[str, str, bytes]] = []
    position = Position(epoch)
    while True:
        entries, position = await history.read(position, count=count)
        if not entries:
            assert found == sorted(found, key=lambda each: EntryId.parse(each[1]))
            return found
        found += [(entry.stream, entry.entry_id, entry.payload) for entry in entries]


async def in_store(client: Redis, stream: str) -> list[str]:
    """The ids of a stream's entries."""
    return [raw_id.decode() for raw_id, _ in await client.xrange(key(THEATRE, stream))]
