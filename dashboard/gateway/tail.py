"""The tail: what a theatre's streams get, as they get it, and the store's whole seconds in their places."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from msgspec import Struct
from redis.asyncio import Redis

from dashboard.gateway.limits import Limits
from streams.position import EntryId, Position
from streams.read import Entry

PAGE = 1_000
"""Entries read at once."""


class Reading(Protocol):
    """What the entries come from."""

    async def epoch(self) -> str:
        """This life of the store."""

    async def read(
        self, position: Position, *, block_ms: int | None = None, count: int = PAGE
    ) -> tuple[list[Entry], Position]:
        """What follows a position, in the order received."""


class Heard(Struct, frozen=True):
    """What came next. second: of the store's clock; all that was received before it has been given."""

    entries: list[Entry]
    position: Position
    second: int | None = None


class Tail:
    """Reads on from a position. client: of the store that `reader` reads."""

    def __init__(self, client: Redis, reader: Reading, limits: Limits) -> None:
        self._client = client
        self._reader = reader
        self._limits = limits

    @property
    def answer_s(self) -> float:
        """Within which a read comes back, or the store is lost."""
        return self._limits.store_wait_ms / 1_000 + self._limits.store_answer_s

    async def now(self) -> float:
        """The store's clock: what is read after this holds all that was received before it."""
        seconds, microseconds = await self._client.time()
        return int(seconds) + int(microseconds) / 1_000_000

    async def follow(self, position: Position) -> AsyncIterator[Heard]:
        """Until the store is emptied; then it has another epoch.

        Raises TimeoutError, StoreError or a client's own error when the store does not answer.
        """
        loop = asyncio.get_running_loop()
        turn_at = loop.time()
        while True:
            wait_ms = max(1, round(1_000 * (turn_at - loop.time())))
            async with asyncio.timeout(self.answer_s):
                entries, position = await self._reader.read(
                    position, block_ms=min(wait_ms, self._limits.store_wait_ms), count=PAGE
                )
            if entries:
                yield Heard(entries, position)
            if loop.time() < turn_at:
                continue
            async with asyncio.timeout(self.answer_s):
                now = await self.now()
                epoch = await self._reader.epoch()
            if epoch != position.epoch:
                return
            turn_at = loop.time() + 1 - now % 1
            while not entries or EntryId.parse(entries[-1].entry_id).ms < 1_000 * int(now):
                async with asyncio.timeout(self.answer_s):
                    entries, position = await self._reader.read(position, count=PAGE)
                if not entries:
                    break
                yield Heard(entries, position)
            yield Heard([], position, int(now))
