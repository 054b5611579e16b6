"""Read a theatre's streams from a position: all of them, in order, blocking for what is not there yet."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from msgspec import Struct
from redis.asyncio import Redis

from streams.codec import decode
from streams.errors import EventError
from streams.events import Event
from streams.names import STREAMS, key
from streams.position import EntryId, Position
from streams.store import answering

MAX_BLOCK_MS = 2_000
"""Less than the time an answer may take, so that a lost store is told from a quiet one."""


class Entry(Struct, frozen=True):
    """One stream entry: an event, or what came in its place and why that is none."""

    stream: str
    entry_id: str
    payload: bytes
    event: Event | None
    error: str | None = None

    @property
    def received_at(self) -> dt.datetime:
        """When we had it: the entry's own id, by the store's clock."""
        return dt.datetime.fromtimestamp(EntryId.parse(self.entry_id).ms / 1_000, dt.UTC)


class Reader:
    """Reads one theatre's streams; it keeps no position, its callers do."""

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._names = {key(theatre, stream).encode(): stream for stream in STREAMS}
        self._keys = {stream: name for name, stream in self._names.items()}
        self._order = {stream: i for i, stream in enumerate(STREAMS)}
        self._epoch_key = key(theatre, "epoch")

    async def epoch(self) -> str:
        """This life of the theatre's data; made by whoever asks first.

        Raises StoreError when the store cannot be reached.
        """
        async with answering("read"):
            await self._client.set(self._epoch_key, secrets.token_hex(8), nx=True)
            stored: Any = await self._client.get(self._epoch_key)
        return str(stored.decode())

    async def read(
        self, position: Position, *, block_ms: int | None = None, count: int = 1_000
    ) -> tuple[list[Entry], Position]:
        """Up to `count` entries of each stream after `position`, oldest first, and the position after them.

        block_ms: how long to wait where there is nothing, 2,000 at most; None not to. Where a stream has more
        than `count`, the others' entries are held back to the same instant, so that order holds across calls.
        Raises StoreError when the store cannot be reached.
        """
        block = None if block_ms is None else max(1, min(block_ms, MAX_BLOCK_MS))
        from_ids: dict[Any, Any] = {self._keys[stream]: position.at(stream) for stream in STREAMS}
        async with answering("read"):
            answer: Any = await self._client.xread(from_ids, count=count, block=block)
        rows = answer.items() if isinstance(answer, dict) else answer or ()
        found: list[tuple[EntryId, int, Entry]] = []
        horizon: EntryId | None = None
        for name, raw in rows:
            stream = self._names[name]
            pages = raw[0] if raw and isinstance(raw[0], list) else raw
            order = self._order[stream]
            last = None
            for entry_id, fields in pages:
                last = EntryId.parse(entry_id.decode())
                found.append((last, order, entry_of(stream, entry_id.decode(), fields or {})))
            if last is not None and len(pages) >= count and (horizon is None or last < horizon):
                horizon = last
        found.sort(key=lambda item: item[:2])
        entries = [entry for at, _, entry in found if horizon is None or at <= horizon]
        ids = dict(position.ids)
        for entry in entries:
            ids[entry.stream] = entry.entry_id
        return entries, Position(position.epoch, ids)


def entry_of(stream: str, entry_id: str, fields: dict[bytes, bytes]) -> Entry:
    """The entry that a stream's row is; one that is no event says why."""
    payload = fields.get(b"event", b"")
    try:
        return Entry(stream, entry_id, payload, decode(payload))
    except EventError as error:
        return Entry(stream, entry_id, payload, None, error.reason)
