"""Revising by hand: all revisions of one event, and the next one, by an operator, if nobody was quicker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from streams.codec import encode
from streams.events import Event, LogEntry
from streams.hands import fact_of, numbers_key, said_key
from streams.names import STREAMS, key, stream_of
from streams.publish import PASSING, SHORT_MEMORY_S, memory_of
from streams.read import Entry, entry_of
from streams.store import answering

FACTS = tuple(stream for stream in STREAMS if stream not in ("health", "log"))
"""The streams of what an operator may change."""
_LOOKED_AT = 1_000
"""Entries that one call looks through, inside the store."""

# KEYS: the stream. ARGV: from where on, how many, which ids as they begin, up to a quotation mark. Answers
# how many were looked at, the last of them, and of each that has such an id its entry and its bytes. An
# event's bytes begin with its kind and its id, as the codec writes them.
_LOOK = """
local wanted = {}
for i = 3, #ARGV do wanted[ARGV[i]] = true end
local rows = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])
local found = {#rows, #rows > 0 and rows[#rows][1] or ''}
for _, row in ipairs(rows) do
  local id = string.match(row[2][2] or '', '^{"kind":"[^"]*","id":"([^"]*)"')
  if id and wanted[id] then
    found[#found + 1] = row[1]
    found[#found + 1] = row[2][2]
  end
end
return found
"""

# KEYS: the event's stream, the log, what remembers the new revision, what remembers the act, the numbers that
# hands took, what was said before. ARGV: after which entry to look for another revision, by what; the event,
# the act; the event's id, the number; what was said; for how long it is remembered, or 0.
_REVISE = f"""
if redis.call('EXISTS', KEYS[4]) == 1 then return 'done' end
local rows = redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', {_LOOKED_AT})
if #rows == {_LOOKED_AT} or redis.call('EXISTS', KEYS[3]) == 1 then return 'changed' end
for _, row in ipairs(rows) do
  if string.find(row[2][2] or '', ARGV[2], 1, true) then return 'changed' end
end
local entry = redis.call('XADD', KEYS[1], '*', 'event', ARGV[3])
if ARGV[8] == '0' then
  redis.call('SET', KEYS[3], entry)
else
  redis.call('SET', KEYS[3], entry, 'EX', ARGV[8])
end
redis.call('SET', KEYS[4], redis.call('XADD', KEYS[2], '*', 'event', ARGV[4]))
local taken = redis.call('HGET', KEYS[5], ARGV[5])
redis.call('HSET', KEYS[5], ARGV[5], taken and taken .. ' ' .. ARGV[6] or ARGV[6])
if ARGV[7] ~= '' then redis.call('HSET', KEYS[6], ARGV[5], ARGV[7]) end
redis.call('HINCRBY', KEYS[5], '', 1)
return 'revised'
"""


class Revisions(Struct, frozen=True):
    """All revisions of one event that its stream has."""

    entries: tuple[Entry, ...]
    """By revision, the highest last; one of each."""
    end: str
    """The last entry of the stream that was looked at."""

    @property
    def events(self) -> tuple[Event, ...]:
        """The revisions themselves."""
        return tuple(entry.event for entry in self.entries if entry.event is not None)

    @property
    def last(self) -> Event:
        """What is known."""
        return self.events[-1]

    def number(self, revision: int) -> Event | None:
        """One of them."""
        return next((event for event in self.events if event.revision == revision), None)

    def before(self, revision: int) -> Event | None:
        """The one before a revision."""
        return next((event for event in reversed(self.events) if event.revision < revision), None)

    @property
    def from_source(self) -> Event | None:
        """The last that no operator made."""
        return next((event for event in reversed(self.events) if not event.by), None)


class Reviser:
    """Changes by hand what lies in one theatre's streams. All raise StoreError without the store."""

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre
        self._look = client.register_script(_LOOK)
        self._revise = client.register_script(_REVISE)

    async def find(self, event_id: str, revision: int) -> Revisions | None:
        """All revisions of the event of which `revision` was published; None where it is not there any more.

        An operator's act is looked for in the log, and everything else where it may lie.
        """
        async with answering("look for an event"):
            entry: Any = await self._client.get(memory_of(self._theatre, event_id, revision))
            if entry is None:
                return None
            async with self._client.pipeline(transaction=False) as pipeline:
                for stream in (*FACTS, "log"):
                    pipeline.xrange(key(self._theatre, stream), entry, entry)
                rows = await pipeline.execute()
        for stream, found in zip((*FACTS, "log"), rows, strict=True):
            event = entry_of(stream, entry.decode(), found[0][1]).event if found else None
            if event is not None and event.id == event_id:
                return (await self._all([event_id], [stream])).get(event_id)
        return None

    async def find_all(self, ids: Iterable[str], streams: Sequence[str] = FACTS) -> dict[str, Revisions]:
        """All revisions of each of these events that is in these streams."""
        return await self._all(list(dict.fromkeys(ids)), streams)

    async def revise(
        self, before: Revisions, event: Event, act: LogEntry
    ) -> Literal["revised", "changed", "done"]:
        """Publish `event`, the next revision after `before`, together with the act.

        `changed`: there is a later revision than `before` knows, and nothing was published. `done`: the act
        was done already. Raises EventError for an event that is too large.
        """
        source = before.from_source
        stream = key(self._theatre, stream_of(event))
        async with answering("revise"):
            answer: Any = await self._revise(
                keys=[
                    stream,
                    key(self._theatre, "log"),
                    memory_of(self._theatre, event.id, event.revision),
                    memory_of(self._theatre, act.id, act.revision),
                    numbers_key(self._theatre),
                    said_key(self._theatre),
                ],
                args=[
                    f"({before.end}",
                    _needle(event.id),
                    encode(event),
                    encode(act),
                    event.id,
                    event.revision,
                    fact_of(source) if source is not None else "",
                    SHORT_MEMORY_S if isinstance(event, PASSING) else 0,
                ],
            )
        said: Literal["revised", "changed", "done"] = answer.decode()
        return said

    async def _all(self, ids: list[str], streams: Sequence[str]) -> dict[str, Revisions]:
        begins = [msgspec.json.encode(event_id)[1:-1].split(b'"')[0] for event_id in ids]
        wanted = set(ids)
        found: dict[str, dict[int, Entry]] = {}
        ends: dict[str, str] = {}
        for stream in streams:
            name, start, ends[stream] = key(self._theatre, stream), "-", "0-0"
            while True:
                async with answering("look for an event"):
                    looked_at, last, *rows = await self._look(keys=[name], args=[start, _LOOKED_AT, *begins])
                for at in range(0, len(rows), 2):
                    entry = entry_of(stream, rows[at].decode(), {b"event": rows[at + 1]})
                    if entry.event is not None and entry.event.id in wanted:
                        found.setdefault(entry.event.id, {}).setdefault(entry.event.revision, entry)
                ends[stream] = last.decode() or ends[stream]
                if looked_at < _LOOKED_AT:
                    break
                start = f"({ends[stream]}"
        return {
            event_id: Revisions(
                tuple(entry for _, entry in sorted(revisions.items())),
                ends[next(iter(revisions.values())).stream],
            )
            for event_id, revisions in found.items()
        }


def _needle(event_id: str) -> bytes:
    """What the bytes of every event of this id have in them."""
    return b'"id":' + msgspec.json.encode(event_id)
