"""Cursors: where each feed's transport goes on, kept by whoever may publish for the feed."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from streams.errors import FencedError
from streams.lease import REFUSE_STALE, Fence, fence_key
from streams.names import key
from streams.store import answering

# KEYS: the fence, the cursors. ARGV: the token, the feed, its cursor.
_SET = f"""
{REFUSE_STALE}
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return 'set'
"""


def cursors_key(theatre: str) -> str:
    """The hash of a theatre's cursors by feed."""
    return key(theatre, "cursors")


class Cursors:
    """The cursors of one theatre's feeds.

    With what a payload says its cursor is kept by `Changes.publish`; here, for a payload that says nothing.
    """

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre
        self._set = client.register_script(_SET)

    async def get(self, feed: str) -> str:
        """Where `feed` goes on; empty where it never was. Raises StoreError."""
        async with answering("read a cursor"):
            found: Any = await self._client.hget(cursors_key(self._theatre), feed)
        return found.decode() if found else ""

    async def set(self, feed: str, cursor: str, *, fence: Fence | None = None) -> None:
        """Go on from `cursor`, once all before it is published.

        Raises FencedError where the fence's lease has another holder by now, and StoreError when the store
        cannot be reached.
        """
        async with answering("keep a cursor"):
            answer = await self._set(
                keys=[fence_key(self._theatre, fence.name if fence else ""), cursors_key(self._theatre)],
                args=[fence.token if fence else "", feed, cursor],
            )
        if answer == b"stale" and fence:
            raise FencedError(fence.name, fence.token)
