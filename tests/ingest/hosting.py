"""An ingest host in this process: configured feeds under supervision, on a real store."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence

from redis.asyncio import Redis

from config.feeds import FeedConfig
from config.theatre import load_theatre
from dashboard.picture.picture import Picture
from ingest import source
from ingest.formats import format_of
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.source import Source
from ingest.supervisor import supervise
from ingest.taking import Taker
from ingest.transports.build import transport_of
from ingest.transports.http import HttpTransport
from ingest.transports.transport import Transport
from streams.allowance import Allowance
from streams.events import Event, FeedHealth
from streams.lease import Lease
from streams.names import QUARANTINE, key
from streams.position import Position
from streams.read import Entry, Reader
from streams.revisions import Revisions
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"


def taker_of(client: Redis, feed: FeedConfig, transport: Transport | None = None) -> Taker:
    """What takes a feed's payloads, as the service would make it."""
    theatre = load_theatre(THEATRE)
    outbox = Outbox(client, THEATRE)
    return Taker(
        feed,
        format_of(feed),
        theatre=theatre,
        intake=Intake(theatre, outbox, Revisions(client, THEATRE)),
        outbox=outbox,
        status="actual",
        run_of=lambda: "",
        through=transport if isinstance(transport, HttpTransport) else None,
    )


def source_of(client: Redis, feed: FeedConfig) -> Source:
    """A feed as the service would make it."""
    transport = None
    if feed.transport != "push":
        transport = transport_of(feed, allowance=Allowance(client, THEATRE))
    lease = Lease(client, THEATRE, feed.name, "host", beat_s=source.BEAT_S)
    taker = taker_of(client, feed, transport)
    return Source(feed, taker, transport, outbox=Outbox(client, THEATRE), lease=lease)


@contextlib.asynccontextmanager
async def hosting(client: Redis, feeds: Sequence[FeedConfig]) -> AsyncIterator[list[Source]]:
    """Run `feeds` until the end of the block."""
    sources = [source_of(client, feed) for feed in feeds]
    work = asyncio.create_task(
        supervise(sources, Outbox(client, THEATRE), status="actual", run=lambda: "", beat_s=0.1)
    )
    try:
        yield sources
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


class Streams:
    """What has come into the streams so far, and the picture of it."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._reader = Reader(client, THEATRE)
        self._position: Position | None = None
        self.picture = Picture(load_theatre(THEATRE), "actual")
        self.entries: list[Entry] = []

    @property
    def events(self) -> list[Event]:
        """All but the words on the feeds themselves, in order."""
        return [
            entry.event
            for entry in self.entries
            if entry.event is not None and not isinstance(entry.event, FeedHealth)
        ]

    def health(self, feed: str) -> FeedHealth | None:
        """The last word on a feed."""
        healths = [entry.event for entry in self.entries if isinstance(entry.event, FeedHealth)]
        return next((one for one in reversed(healths) if one.subject == feed), None)

    async def read(self) -> None:
        """Take in what is new."""
        if self._position is None:
            self._position = Position(await self._reader.epoch(), {})
        while True:
            entries, self._position = await self._reader.read(self._position)
            if not entries:
                break
            for entry in entries:
                assert entry.event is not None, entry.error
                self.entries.append(entry)
                self.picture.apply(entry.event, entry.received_at, entry.entry_id)
        self.picture.tick(dt.datetime.now(dt.UTC))

    async def until(self, what: Callable[[], object]) -> None:
        """Read on until `what` holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not (await self.read(), what())[1]:
                await asyncio.sleep(0.02)

    async def quarantined(self) -> list[dict[bytes, bytes]]:
        """What was refused."""
        return [fields for _, fields in await self._client.xrange(key(THEATRE, QUARANTINE))]
