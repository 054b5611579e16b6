"""Publish once: an event enters its stream if its id and revision never did, decided inside the store."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Literal

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from streams.codec import encode
from streams.events import Event, ExerciseClock, FeedHealth, TrackSweep
from streams.hands import REFUSE_STALE_HANDS, STALE, Hands, numbers_key
from streams.names import ARCHIVED, TRIMMED, key, stream_of
from streams.store import answering

BATCH = 500
"""Events in one call of the script: large enough to amortise it, small enough not to hold the store up."""
BATCH_BYTES = 8_000_000
"""Where one call ends before: a few large sweeps hold the store up as much as many small events."""
SHORT_MEMORY_S = 3_600
"""How long a sweep, a health report or a clock is remembered: none of them comes back later."""

TRACKS_KEPT_S = 7_200
"""For how long sweeps stay: one of 10,000 aircraft a second is 2 MB, which no store holds for a night."""
UNARCHIVED_S = 43_200
"""For how long they stay where somebody archives them, who trims them once he has: should he fall, the store
comes first."""
PASSING = TrackSweep | FeedHealth | ExerciseClock
"""What is remembered for SHORT_MEMORY_S."""
_FIRST, _SMALL = b"Aa"

# KEYS: how the names of what remembers events begin; the streams; the numbers that hands took. ARGV: of each
# event one letter, which stream it is for, small where it is remembered for a while only; of each 32 letters,
# what remembers it; their bytes, as an array of MessagePack; and what the hands' version is, without which
# nothing is done. A few long arguments cost less on the way than many short ones.
# All that is remembered is read at once and written at once, which is what makes this as fast as XADD alone.
# It is written also where an XADD fails, since what is in a stream by then must be remembered.
_SCRIPT = f"""
{REFUSE_STALE_HANDS}
if changed_by_hand(KEYS[#KEYS], ARGV[4]) then return 'hands' end
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
        local now = tonumber(string.match(entry, '^%d+'))
        local beside = string.sub(stream, 1, -7)
        if call('HEXISTS', beside .. '{ARCHIVED}', 'tracks') == 0 then
          call('XTRIM', stream, 'MINID', '~', string.format('%.0f', now - {TRACKS_KEPT_S * 1_000}))
        elseif call('XTRIM', stream, 'MINID', string.format('%.0f', now - {UNARCHIVED_S * 1_000})) > 0 then
          local last = string.format('%.0f-%s', now - {UNARCHIVED_S * 1_000} - 1, '{10**19 - 1}')
          call('HSET', beside .. '{TRIMMED}', 'tracks', last)
        end
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
        self._hands = Hands(client, theatre)

    async def publish(self, events: Sequence[Event]) -> list[Published]:
        """Publish in order; for each event, in the same order, whether it was new.

        What an operator changed is numbered around that (`Hands`), and is no news while it is as it was.
        Raises StoreError when the store cannot be reached: what is not answered is not acknowledged,
        and publishing it again is safe.
        """
        published: list[Published] = []
        while len(published) < len(events):
            start = len(published)
            if events[start].id in self._hands.of:
                published += await self._publish_around(events[start])
            else:
                await self._publish_alike(events, self._next_by_hand(events, start), published)
        return published

    def _next_by_hand(self, events: Sequence[Event], start: int) -> int:
        """Where, from `start` on, the first event stands that has revisions by hand."""
        if not self._hands.of:
            return len(events)
        return next((at for at in range(start, len(events)) if events[at].id in self._hands.of), len(events))

    async def _publish_around(self, event: Event) -> list[Published]:
        """Publish an event that has revisions by hand; nothing where another was made meanwhile."""
        await self._hands.read()
        numbered = self._hands.around(event)
        if self._hands.is_known(event):
            return [Published(event.id, numbered.revision, "duplicate", "")]
        memory = memory_of(self._theatre, event.id, numbered.revision)
        stream = key(self._theatre, stream_of(event))
        answer = await self._hands.publish(numbered, memory, stream)
        return [] if answer is None else [_published(numbered, answer.encode())]

    async def _publish_alike(self, events: Sequence[Event], end: int, published: list[Published]) -> None:
        """Publish the rest of `events` before `end`, or up to where something was changed by hand."""
        batch: Sequence[Event] = ()
        work: asyncio.Task[list[bytes] | None] | None = None
        start = len(published)
        try:
            while start < end:
                # What is made here is made while the store is at work on the batch before.
                before = batch
                keys, arguments, count = self._call(events, start, end)
                batch = events[start : start + count]
                start += count
                answers = await work if work else []
                work = None
                if answers is None:
                    break
                work = asyncio.create_task(self._send(keys, arguments))
                await asyncio.sleep(0)
                published += map(_published, before, answers)
            answers = await work if work else None
            if answers is None:
                await self._hands.read()
            else:
                published += map(_published, batch, answers)
        finally:
            if work and not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)

    def _call(
        self, events: Sequence[Event], start: int, end: int
    ) -> tuple[list[str], list[bytes | str], int]:
        """Keys and arguments of the script for a batch of `start` to `end`, and how many events are in it."""
        streams: list[str] = []
        letter_of: dict[type[Event], int] = {}
        letters = bytearray()
        digests: list[str] = []
        texts: list[str] = []
        size = 0
        for event in events[start : min(end, start + BATCH)]:
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
        keys = [_memories(self._theatre), *streams, numbers_key(self._theatre)]
        return keys, [bytes(letters), "".join(digests), packed, self._hands.version], len(texts)

    async def _send(self, keys: Sequence[str], arguments: Sequence[bytes | str]) -> list[bytes] | None:
        """What became of each; None where something was changed by hand, and nothing was done."""
        async with answering("publish"):
            answers: Any = await self._script(keys=keys, args=arguments)
        return None if answers == STALE else list(answers)


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
