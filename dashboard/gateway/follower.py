"""The follower: reads what was received, and on as it grows, through every loss of the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from dashboard.gateway.hub import Hub
from dashboard.gateway.limits import Limits
from dashboard.gateway.pace import apply_entry
from dashboard.gateway.ring import Ring
from dashboard.gateway.tail import PAGE, Tail
from dashboard.picture.patch import Delta, encode, fold
from dashboard.picture.picture import Picture
from streams.archive.archive import Archive
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.errors import StoreError
from streams.names import STREAMS, TRIMMED, key
from streams.position import BEGINNING, EntryId, Position
from streams.read import Entry, Reader

BITE = 200
"""Entries applied at once; between bites others have their turn."""
PASSING = ("tracks", "health")
"""Streams of which only the last is shown: a sweep or a word on a feed is made void by the next."""
PASSING_MS = 3_600_000
"""How far back those are read from their end: a feed that said nothing for longer is one no more."""
CUT_EVERY = 50
"""Entries to a cut of the ring while a picture is built from the beginning."""

log = structlog.get_logger()


class Follower:
    """Keeps a hub at the streams' end.

    client: of the store. make_picture: an empty picture. archive: of what the streams hold no longer.
    recalled: a picture of an epoch to go on from, and after which entries, where there is one.
    """

    def __init__(
        self,
        client: Redis,
        theatre: str,
        hub: Hub,
        make_picture: Callable[[], Picture],
        limits: Limits,
        archive: Archive | None = None,
        recalled: Callable[[str], tuple[Picture, dict[str, str]] | None] = lambda _: None,
    ) -> None:
        self._client = client
        self._theatre = theatre
        self._hub = hub
        self._make_picture = make_picture
        self._limits = limits
        self._recalled = recalled
        self._reader = Reader(client, theatre)
        self._history = History(archive, theatre, client) if archive is not None else self._reader
        self._tail = Tail(client, self._reader, limits)
        self._is_lost = False

    async def run(self) -> None:
        """Follow, for ever. A lost store is tried again without end, more slowly up to once a second."""
        wait_s = self._limits.retry_s
        while True:
            try:
                async with asyncio.timeout(self._tail.answer_s):
                    epoch = await self._reader.epoch()
                    is_behind_us = await self._has_gone_back(self._hub.position)
                position = self._hub.position
                if position is None or position.epoch != epoch or is_behind_us:
                    position = await self._rebuild(epoch)
                self._found()
                wait_s = self._limits.retry_s
                await self._follow(position)
            except (StoreError, RedisError, TimeoutError, OSError) as error:
                self._lost(error)
                await self._client.connection_pool.disconnect()
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._limits.retry_most_s)

    async def _follow(self, position: Position) -> None:
        while True:
            async for heard in self._tail.follow(position):
                await self._take(heard.entries)
                if heard.second is not None:
                    self._hub.reach(heard.second)
            log.warning("store emptied", theatre=self._theatre)
            async with asyncio.timeout(self._tail.answer_s):
                epoch = await self._reader.epoch()
            position = await self._rebuild(epoch)

    async def _take(self, entries: list[Entry]) -> None:
        for start in range(0, len(entries), BITE):
            self._hub.take(entries[start : start + BITE])
            await asyncio.sleep(0)

    async def _rebuild(self, epoch: str) -> Position:
        """A picture from all that was received, or, where the archive fails, from what the streams hold.

        What is flying now must be seen whatever the archive is like.
        """
        try:
            return await self._build(epoch, self._history)
        except ArchiveError as error:
            log.error("picture without history", theatre=self._theatre, reason=str(error))
            return await self._build(epoch, self._reader)

    async def _build(self, epoch: str, reader: Reader | History) -> Position:
        """The picture, and a ring for who comes back from another gateway."""
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        picture, position = await self._beginning(epoch)
        ring = Ring(position, cuts=self._limits.ring_cuts, size=self._limits.ring_bytes)
        count = 0
        while True:
            async with asyncio.timeout(self._tail.answer_s):
                now = await self._tail.now()
            entries, after = await reader.read(position, count=PAGE)
            if not entries:
                break
            for start in range(0, len(entries), CUT_EVERY):
                bite = entries[start : start + CUT_EVERY]
                position = _cut(picture, ring, position, bite)
                await asyncio.sleep(0)
            position = after
            count += len(entries)
        self._hub.replace(picture, ring, position, int(now))
        log.info("picture built", entries=count, seconds=round(loop.time() - began_at, 3))
        return position

    async def _beginning(self, epoch: str) -> tuple[Picture, Position]:
        """What to begin with, and from where on to read."""
        beginnings = await self._beginnings()
        recalled = await asyncio.to_thread(self._recalled, epoch)
        if recalled is not None:
            picture, ids = recalled
            position = Position(epoch, ids)
            if not await self._has_gone_back(position):
                for stream, begin in beginnings.items():
                    if EntryId.parse(begin) > EntryId.parse(position.at(stream)):
                        position = position.advanced(stream, begin)
                return picture, position
        return self._make_picture(), Position(epoch, beginnings)

    async def _beginnings(self) -> dict[str, str]:
        """Where to begin to read the streams that need not be read from their beginning."""
        beginnings = {}
        for stream in PASSING:
            try:
                async with asyncio.timeout(self._tail.answer_s):
                    facts = await self._client.xinfo_stream(key(self._theatre, stream))
            except ResponseError:
                continue  # there is no such stream yet
            newest = EntryId.parse(_text(facts["last-generated-id"]))
            beginnings[stream] = f"{max(0, newest.ms - PASSING_MS)}-0"
        return beginnings

    async def _has_gone_back(self, position: Position | None) -> bool:
        """Whether the store has lost entries that we have read, or has trimmed what we have not."""
        if position is None:
            return False
        marks: Any = await self._client.hgetall(key(self._theatre, TRIMMED))
        for stream in STREAMS:
            ours = EntryId.parse(position.at(stream))
            mark = _text(marks.get(stream.encode(), BEGINNING))
            if stream not in PASSING and EntryId.parse(mark) > ours:
                return True
            if ours == EntryId(0, 0):
                continue
            try:
                facts = await self._client.xinfo_stream(key(self._theatre, stream))
            except ResponseError:
                return True
            if EntryId.parse(_text(facts["last-generated-id"])) < ours:
                return True
        return False

    def _found(self) -> None:
        self._hub.store_found()
        if self._is_lost:
            self._is_lost = False
            log.info("store found", theatre=self._theatre)

    def _lost(self, error: Exception) -> None:
        self._hub.store_lost()
        if not self._is_lost:
            self._is_lost = True
            log.warning("store lost", theatre=self._theatre, reason=str(error) or type(error).__name__)


def _cut(picture: Picture, ring: Ring, position: Position, entries: list[Entry]) -> Position:
    patch: Delta = {}
    ids = dict(position.ids)
    for entry in entries:
        fold(patch, apply_entry(picture, entry))
        ids[entry.stream] = entry.entry_id
    after = Position(position.epoch, ids)
    if patch:
        ring.append(after, patch, len(entries), len(encode(patch)))
    return after


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
