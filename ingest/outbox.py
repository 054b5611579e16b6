"""The way out of ingest: events into streams, refused input into quarantine, through any outage."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog
from redis.asyncio import Redis

from ingest.errors import DecodeError
from streams.changes import Changes, Superseded
from streams.cursors import Cursors
from streams.errors import FencedError, StoreError
from streams.events import Event
from streams.lease import Fence
from streams.names import REVIEW
from streams.publish import Published, Publisher
from streams.quarantine import Quarantine

Result = TypeVar("Result")

FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 2.0

log = structlog.get_logger("ingest")


class Outbox:
    """Publishes for all feeds of this process.

    What is handed over is published exactly once, whenever the store is there: its loss is logged once, its
    return once, and meanwhile the caller waits, which is what bounds what is held here.
    """

    def __init__(self, client: Redis, theatre: str) -> None:
        self._publisher = Publisher(client, theatre)
        self._changes = Changes(client, theatre)
        self._cursors = Cursors(client, theatre)
        self._quarantine = Quarantine(client, theatre)
        self._store_is_lost = False

    async def publish(self, events: Sequence[Event]) -> list[Published]:
        """Publish in order, waiting as long as the store is away; what became of each."""
        return await self._until_done(lambda: self._publisher.publish(events))

    async def change(
        self,
        feed: str,
        events: Sequence[Event],
        *,
        is_listing: bool,
        ended_at: dt.datetime,
        fence: Fence | None,
        superseded: Sequence[Superseded] = (),
        cursor: str = "",
        as_of: dt.datetime | None = None,
    ) -> list[Published]:
        """Publish what is new or changed of a feed's facts, and the end of what a listing no longer has.

        superseded: what else of it has ended. fence: the lease's name and token that must still hold.
        cursor: where the feed goes on after all of it, kept with it. as_of: what was published since then
        stands.
        Raises FencedError where the lease is another host's.
        """
        return await self._until_done(
            lambda: self._changes.publish(
                feed,
                events,
                is_listing=is_listing,
                ended_at=ended_at,
                superseded=superseded,
                fence=fence,
                cursor=cursor,
                as_of=as_of,
            )
        )

    async def cursor(self, feed: str) -> str:
        """Where the feed's transport goes on, or nothing."""
        return await self._until_done(lambda: self._cursors.get(feed))

    async def keep_cursor(self, feed: str, cursor: str, fence: Fence | None) -> None:
        """Remember where to go on. Raises FencedError where the lease is another host's."""
        await self._until_done(lambda: self._cursors.set(feed, cursor, fence=fence))

    async def quarantine(self, error: DecodeError, payload: bytes) -> None:
        """Keep an input that cannot be decoded, whole, with its feed and the reason."""
        is_new = await self._until_done(
            lambda: self._quarantine.keep(error.feed, error.path, error.reason, payload)
        )
        if is_new:
            log.warning("refused", feed=error.feed, path=error.path, reason=error.reason)

    async def review(self, doubt: DecodeError, payload: bytes) -> None:
        """Put what is too unsure to be an event before a person, with the text."""
        await self._until_done(
            lambda: self._quarantine.keep(doubt.feed, doubt.path, doubt.reason, payload, stream=REVIEW)
        )

    async def _until_done(self, act: Callable[[], Awaitable[Result]]) -> Result:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                result = await act()
            except FencedError:
                raise
            except StoreError as error:
                self._lost(error)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            else:
                self._found()
                return result

    def _lost(self, error: Exception) -> None:
        if not self._store_is_lost:
            log.error("store lost", reason=str(error))
        self._store_is_lost = True

    def _found(self) -> None:
        if self._store_is_lost:
            log.info("store is back")
        self._store_is_lost = False
