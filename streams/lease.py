"""Leases: of several hosts one does a thing, and one that has lost its lease can no longer write."""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from redis.asyncio import Redis

from streams.names import key
from streams.store import answering

MISSED_BEATS = 3
"""A holder that was not heard of for so many beats has lost its lease, by the store's clock."""

# KEYS: who holds it, and of whom the token is. ARGV: who asks, and for how many milliseconds. Answers the
# token, or, negative, for how many milliseconds yet another has it.
# A holder that comes back before anybody else keeps its token: nothing was written in between.
_HOLD = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return -math.max(1, redis.call('PTTL', KEYS[1])) end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if redis.call('HGET', KEYS[2], 'holder') ~= ARGV[1] then
  redis.call('HSET', KEYS[2], 'holder', ARGV[1])
  redis.call('HINCRBY', KEYS[2], 'token', 1)
end
return tonumber(redis.call('HGET', KEYS[2], 'token'))
"""

_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""

REFUSE_STALE = """
if ARGV[1] ~= '' and redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 'stale' end
"""
"""How every fenced script begins. KEYS[1]: `fence_key`. ARGV[1]: the token, or empty for no fence."""


class Fence(NamedTuple):
    """What a holder shows with each write: the lease's name, and the token that it was given."""

    name: str
    token: int


def fence_key(theatre: str, name: str) -> str:
    """The key that knows the newest token of the lease `name`."""
    return key(theatre, f"fence:{name}")


class Lease:
    """One host's claim to a thing, `name`, of a theatre.

    holder: who asks, for a person to read; what tells two of the same name apart is added here. beat_s: how
    often it will be renewed; another takes over once three beats were missed.
    """

    def __init__(self, client: Redis, theatre: str, name: str, holder: str, *, beat_s: float) -> None:
        self.name = name
        self.token = 0
        """Grows with each change of holder; 0 before it was ever held here."""
        self.free_in_s = 0.0
        """When another's claim ends unless it is renewed: the time to ask again. 0 where it is held here."""
        self._client = client
        self._keys = [key(theatre, f"lease:{name}"), fence_key(theatre, name)]
        self._holder = f"{holder}#{secrets.token_hex(6)}"
        self._lasts_ms = max(1, round(MISSED_BEATS * beat_s * 1_000))
        self._hold = client.register_script(_HOLD)
        self._release = client.register_script(_RELEASE)

    @property
    def fence(self) -> Fence:
        """For the writes that only the holder may do."""
        return Fence(self.name, self.token)

    async def hold(self) -> bool:
        """Take the lease where it is free, renew it where it is ours; False where another has it.

        Raises StoreError when the store cannot be reached: whether it is held is then not known, and a write
        under its fence is still safe.
        """
        async with answering("hold a lease"):
            answer = int(await self._hold(keys=self._keys, args=[self._holder, self._lasts_ms]))
        self.free_in_s = max(0, -answer) / 1_000
        if answer < 0:
            return False
        self.token = answer
        return True

    async def release(self) -> None:
        """Let another take over at once; nothing where it is not ours. Raises StoreError."""
        async with answering("release a lease"):
            await self._release(keys=self._keys[:1], args=[self._holder])

    async def holder(self) -> str:
        """Who has it now, for a person; empty where nobody does. Raises StoreError."""
        async with answering("ask for a lease"):
            found: Any = await self._client.get(self._keys[0])
        return found.decode().rpartition("#")[0] if found else ""
