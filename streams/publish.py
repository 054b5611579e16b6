"""Publish once: an event enters its stream if its id and revision never did, decided inside the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from streams.codec import encode
from streams.events import Event, ExerciseClock, FeedHealth, TrackSweep
from streams.names import key, stream_of
from streams.store import answering

BATCH = 500
"""Events in one call of the script: large enough to amortise it, small enough not to hold the store up."""
BATCH_BYTES = 8_000_000
"""Where one call ends before: a few large sweeps hold the store up as much as many small events."""
SHORT_MEMORY_S = 3_600
"""How long a sweep, a health report or a clock is remembered: none of them comes back later."""

TRACKS_KEPT_S = 7_200
"""For how long sweeps stay: one of 10,000 aircraft a second is 2 MB, which no store holds for a night."""
PASSING = TrackSweep | FeedHealth | ExerciseClock
"""What is remembered for SHORT_MEMORY_S."""
_FIRST, _SMALL = b"Aa"

# KEYS: how the names of what remembers events begin; the streams. ARGV: of each event one letter, which
# stream it is for, small where it is remembered for a while only; of each 32 letters, what remembers it; and
# their bytes, as an array of MessagePack. A few long arguments cost less on the way than many short ones.
# All that is remembered is read at once and written at once, which is what makes this as fast as XADD alone.
# It is written also where an XADD fails, since what is in a stream by then must be remembered.
_SCRIPT = f"""
local call = redis.call
local events = cmsgpack.unpack(ARGV[3])
local names = {{}}
for i = 1, #events do names[i] = KEYS[1] .. string.sub(ARGV[2], 32 * i - 31, 32 * i) end
local held = call('MGET', unpack(names))
local added, memories, answers = {{}}, {{}}, {{}}
local failed
for i = 1, #events do
  local name = names[i]
  local entry = held[i] or added[name]
  if entry then
    answers[i] = '=' .. entry
  else
    local letter = string.byte(ARGV[1], i)
    local short = letter > 90
    entry = redis.pcall('XADD', KEYS[letter - (short and 95 or 63)], '*', 'event', events[i])
    if type(entry) == 'table' then
      failed = entry
      break
    end
    added[name] = entry
    answers[i] = entry
    if short then
      call('SET', name, entry, 'EX', {SHORT_MEMORY_S})
      local stream = KEYS[letter - 95]
      if string.sub(stream, -7) == ':tracks' then
        local oldest = tonumber(string.match(entry, '^%d+')) - {TRACKS_KEPT_S * 1_000}
        call('XTRIM', stream, 'MINID', '~', string.format('%.0f', oldest))
      end
    else
      memories[#memories + 1] = name
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
        start = 0
        try:
            while start < len(events):
                # What is made here is made while the store is at work on the batch before.
                before = batch
                keys, arguments, count = self._call(events, start)
                batch = events[start : start + count]
                start += count
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

    def _call(self, events: Sequence[Event], start: int) -> tuple[list[str], list[bytes | str], int]:
        """Keys and arguments of the script for a batch from `start` on, and how many events are in it."""
        streams: list[str] = []
        letter_of: dict[type[Event], int] = {}
        letters = bytearray()
        digests: list[str] = []
        texts: list[str] = []
        size = 0
        for event in events[start : start + BATCH]:
            kind = type(event)
            letter = letter_of.get(kind)
            if letter is None:
                stream = key(self._theatre, stream_of(event))
                if stream not in streams:
                    streams.append(stream)
                first = _SMALL if isinstance(event, PASSING) else _FIRST
                letter = letter_of[kind] = first + streams.index(stream)
            letters.append(letter)
            digests.append(_digest(event.id, event.revision))
            # The store's MessagePack is of before there were bytes in it: it knows text only.
            text = encode(event).decode()
            texts.append(text)
            size += len(text)
            if size > BATCH_BYTES:
                break
        packed = msgspec.msgpack.encode(texts)
        keys = [_memories(self._theatre), *streams]
        return keys, [bytes(letters), "".join(digests), packed], len(texts)

    async def _send(self, keys: Sequence[str], arguments: Sequence[bytes | str]) -> list[bytes]:
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
    return f"{_memories(theatre)}{_digest(event_id, revision)}"


def _memories(theatre: str) -> str:
    return key(theatre, "seen:")


def _digest(event_id: str, revision: int) -> str:
    return blake2b(f"{revision}:{event_id}".encode(), digest_size=16).hexdigest()
