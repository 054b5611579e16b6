"""The latest entry of a kind in a stream, looking back from its end."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from streams.events import Event
from streams.names import key
from streams.read import Entry, entry_of
from streams.store import answering

LOOK_BACK = 1_000


async def latest(client: Redis, theatre: str, stream: str, kind: type[Event]) -> Entry | None:
    """The newest entry with an event of `kind` among the last 1,000 of `stream`, if there is one.

    Raises StoreError when the store cannot be reached.
    """
    async with answering("read"):
        rows: Any = await client.xrevrange(key(theatre, stream), count=LOOK_BACK)
    for entry_id, fields in rows:
        entry = entry_of(stream, entry_id.decode(), fields)
        if isinstance(entry.event, kind):
            return entry
    return None
