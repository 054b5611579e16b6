"""The latest entry of a kind in a stream, looking back from its end."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from streams.errors import StoreError
from streams.events import Event
from streams.names import key
from streams.read import Entry, entry_of

LOOK_BACK = 1_000


async def latest(client: Redis, theatre: str, stream: str, kind: type[Event]) -> Entry | None:
    """The newest entry with an event of `kind` among the last 1,000 of `stream`, if there is one.

    Raises StoreError when the store cannot be reached.
    """
    try:
        rows: Any = await client.xrevrange(key(theatre, stream), count=LOOK_BACK)
    except (RedisError, OSError) as error:
        raise StoreError(f"cannot read: {error}") from error
    for entry_id, fields in rows:
        entry = entry_of(stream, entry_id.decode(), fields)
        if isinstance(entry.event, kind):
            return entry
    return None
