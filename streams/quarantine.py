"""Quarantine and review: what could not be taken, or only doubtfully, kept whole with the reason, once."""

from __future__ import annotations

from hashlib import blake2b

from redis.asyncio import Redis

from streams.names import QUARANTINE, key
from streams.store import answering

MAX_BYTES = 8_000_000
"""More than any transport lets in, so that what is kept is whole."""

_SCRIPT = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('XADD', KEYS[2], '*', 'feed', ARGV[1], 'path', ARGV[2], 'reason', ARGV[3], 'payload', ARGV[4])
redis.call('SET', KEYS[1], '')
return 1
"""


class Quarantine:
    """Keeps one theatre's refused input."""

    def __init__(self, client: Redis, theatre: str) -> None:
        self._theatre = theatre
        self._script = client.register_script(_SCRIPT)

    async def keep(
        self, feed: str, path: str, reason: str, payload: bytes, *, stream: str = QUARANTINE
    ) -> bool:
        """Keep `payload` in `stream`; False where that feed's same input was refused for that reason before.

        Raises StoreError when the store cannot be reached.
        """
        payload = payload[:MAX_BYTES]
        told = "\0".join((stream, feed, path, reason, "")).encode()
        digest = blake2b(told + payload, digest_size=16).hexdigest()
        keys = [key(self._theatre, f"seen:{digest}"), key(self._theatre, stream)]
        async with answering("quarantine"):
            return bool(await self._script(keys=keys, args=[feed, path, reason, payload]))
