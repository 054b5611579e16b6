"""Revisions of documents: which text under one name came first, which second, as the store saw it."""

from __future__ import annotations

from redis.asyncio import Redis

from streams.names import key
from streams.store import answering

_SCRIPT = """
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return tonumber(known) end
local revision = redis.call('HLEN', KEYS[1]) + 1
redis.call('HSET', KEYS[1], ARGV[1], revision)
return revision
"""


class Revisions:
    """Numbers the texts of one theatre's documents; every host gets the same numbers."""

    def __init__(self, client: Redis, theatre: str) -> None:
        self._theatre = theatre
        self._script = client.register_script(_SCRIPT)

    async def number(self, document: str, text_digest: str) -> int:
        """1 for the first text under `document`'s name, and the same number whenever that text comes again.

        Raises StoreError when the store cannot be reached.
        """
        async with answering("number a document"):
            return int(await self._script(keys=[key(self._theatre, f"texts:{document}")], args=[text_digest]))
