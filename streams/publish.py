"""Publish once: an event enters its stream if its id and revision never did, decided inside the store."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

from msgspec import Struct
from redis.asyncio import Redis

from streams.codec import encode
from streams.events import Event, ExerciseClock, FeedHealth, TrackSweep
from streams.names import key, stream_of
from streams.store import answering

BATCH = 500
"""Events in one call of the script: large enough to amortise it, small enough not to hold the store up."""
SHORT_MEMORY_S = 3_600
"""How long a sweep, a health report or a clock is remembered: none of them comes back later."""

# KEYS: of each event, what remembers it and its stream. ARGV: its bytes and for how many seconds to remember.
_SCRIPT = """
local answers = {}
for i = 1, #KEYS, 2 do
  local entry = redis.call('GET', KEYS[i])
  if entry then
    answers[#answers + 1] = '='
  else
    entry = redis.call('XADD', KEYS[i + 1], '*', 'event', ARGV[i])
    if ARGV[i + 1] == '0' then
      redis.call('SET', KEYS[i], entry)
    else
      redis.call('SET', KEYS[i], entry, 'EX', ARGV[i + 1])
    end
    answers[#answers + 1] = '+'
  end
  answers[#answers + 1] = entry
end
return answers
"""


class Published(Struct, frozen=True):
    """What became of one event."""

    event_id: str
    revision: int
    outcome: Literal["published", "duplicate"]
    entry_id: str
    """Of its entry, whoever published it."""


class Publisher:
    """Publishes into one theatre's streams.

    client: of a Redis 7 or Valkey 8 at least, alone or as a cluster's node. theatre: its name.
    """

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre
        self._script = client.register_script(_SCRIPT)

    async def publish(self, events: Sequence[Event]) -> list[Published]:
        """Publish in order; for each event, in the same order, whether it was new.

        Raises StoreError when the store cannot be reached: what is not answered is not acknowledged,
        and publishing it again is safe.
        """
        published: list[Published] = []
        for start in range(0, len(events), BATCH):
            published += await self._publish(events[start : start + BATCH])
        return published

    async def _publish(self, batch: Sequence[Event]) -> list[Published]:
        keys: list[str] = []
        arguments: list[bytes | int] = []
        for event in batch:
            keys += (
                memory_of(self._theatre, event.id, event.revision),
                key(self._theatre, stream_of(event)),
            )
            short = isinstance(event, TrackSweep | FeedHealth | ExerciseClock)
            arguments += (encode(event), SHORT_MEMORY_S if short else 0)
        async with answering("publish"):
            answers = await self._script(keys=keys, args=arguments)
        return [
            Published(
                event.id,
                event.revision,
                "published" if answers[2 * i] == b"+" else "duplicate",
                answers[2 * i + 1].decode(),
            )
            for i, event in enumerate(batch)
        ]


def memory_of(theatre: str, event_id: str, revision: int) -> str:
    """The key that remembers this revision of this event; it holds the id of its entry."""
    digest = blake2b(f"{revision}:{event_id}".encode(), digest_size=16).hexdigest()
    return key(theatre, f"seen:{digest}")
