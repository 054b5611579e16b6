"""Publish once: an event enters its stream if its id and revision never did, decided inside the store."""

from __future__ import annotations

import asyncio
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

PASSING = TrackSweep | FeedHealth | ExerciseClock
"""What is remembered for SHORT_MEMORY_S."""
_FIRST, _SMALL = b"Aa"

# KEYS: the streams; then of each event what remembers it. ARGV: of each event one letter, which stream
# it is for, small where it is remembered for a while only; then of each event its bytes.
# All that is remembered is read at once and written at once, which is what makes this as fast as XADD alone.
# It is written also where an XADD fails, since what is in a stream by then must be remembered.
_SCRIPT = f"""
local call = redis.call
local count = #ARGV - 1
local streams = #KEYS - count
local held = call('MGET', unpack(KEYS, streams + 1))
local added, memories, answers = {{}}, {{}}, {{}}
local failed
for i = 1, count do
  local memory = KEYS[streams + i]
  local entry = held[i] or added[memory]
  if entry then
    answers[i] = '=' .. entry
  else
    local letter = string.byte(ARGV[1], i)
    local short = letter > 90
    entry = redis.pcall('XADD', KEYS[letter - (short and 96 or 64)], '*', 'event', ARGV[i + 1])
    if type(entry) == 'table' then
      failed = entry
      break
    end
    added[memory] = entry
    answers[i] = entry
    if short then
      call('SET', memory, entry, 'EX', {SHORT_MEMORY_S})
    else
      memories[#memories + 1] = memory
      memories[#memories + 1] = entry
    end
  end
end
if #memories > 0 then call('MSET', unpack(memories)) end
return failed or answers
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
        batch: Sequence[Event] = ()
        work: asyncio.Task[list[bytes]] | None = None
        try:
            for start in range(0, len(events), BATCH):
                # What is made here is made while the store is at work on the batch before.
                before, batch = batch, events[start : start + BATCH]
                keys, arguments = self._call(batch)
                answers = await work if work else []
                work = asyncio.create_task(self._send(keys, arguments))
                await asyncio.sleep(0)
                published += map(_published, before, answers)
            if work:
                published += map(_published, batch, await work)
        finally:
            if work and not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
        return published

    def _call(self, batch: Sequence[Event]) -> tuple[list[str], list[bytes]]:
        streams: list[str] = []
        letter_of: dict[type[Event], int] = {}
        letters = bytearray()
        memories: list[str] = []
        arguments: list[bytes] = [b""]
        for event in batch:
            kind = type(event)
            letter = letter_of.get(kind)
            if letter is None:
                stream = key(self._theatre, stream_of(event))
                if stream not in streams:
                    streams.append(stream)
                first = _SMALL if isinstance(event, PASSING) else _FIRST
                letter = letter_of[kind] = first + streams.index(stream)
            letters.append(letter)
            memories.append(memory_of(self._theatre, event.id, event.revision))
            arguments.append(encode(event))
        arguments[0] = bytes(letters)
        return [*streams, *memories], arguments

    async def _send(self, keys: Sequence[str], arguments: Sequence[bytes]) -> list[bytes]:
        async with answering("publish"):
            answers: list[bytes] = await self._script(keys=keys, args=arguments)
        return answers


def _published(event: Event, answer: bytes) -> Published:
    entry_id = answer.decode()
    if entry_id[0] == "=":
        return Published(event.id, event.revision, "duplicate", entry_id[1:])
    return Published(event.id, event.revision, "published", entry_id)


def memory_of(theatre: str, event_id: str, revision: int) -> str:
    """The key that remembers this revision of this event; it holds the id of its entry."""
    return key(theatre, "seen:" + blake2b(f"{revision}:{event_id}".encode(), digest_size=16).hexdigest())
