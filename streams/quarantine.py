"""Quarantine and review: what could not be taken, or only doubtfully, kept whole with the reason, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from hashlib import blake2b
from typing import Any

from msgspec import Struct
from redis.asyncio import Redis

from streams.codec import encode
from streams.events import Event
from streams.names import QUARANTINE, key, stream_of
from streams.position import EntryId
from streams.publish import memory_of
from streams.store import answering

MAX_BYTES = 8_000_000
"""More than any transport lets in, so that what is kept is whole."""
MAX_FEED_BYTES = 64_000_000
"""Of one feed's payloads in one stream. A source that sends garbage without end must not fill the store,
which would stop every feed; the first of it says what is wrong, and how much more came is counted."""
SET_ASIDE_S = 86_400
"""For how long what was let go can be put back."""
PAGE = 50
_LOOKED_AT = 1_000
"""Entries that one call looks at for a page, so that it does not hold the store up."""
NEWEST = "+"

# KEYS: what remembers this refusal, the stream, how often and when last of each entry, the feeds' use of it.
# ARGV: feed, path, reason, payload, the bytes that a feed may have.
_KEEP = """
local now = redis.call('TIME')
local now_ms = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
local entry = redis.call('GET', KEYS[1])
if entry then
  redis.call('HINCRBY', KEYS[3], 'times:' .. entry, 1)
  redis.call('HSET', KEYS[3], 'last:' .. entry, now_ms)
  return 0
end
local used = tonumber(redis.call('HGET', KEYS[4], 'bytes:' .. ARGV[1]) or '0')
if used + #ARGV[4] > tonumber(ARGV[5]) then
  redis.call('HINCRBY', KEYS[4], 'unkept:' .. ARGV[1], 1)
  redis.call('HSET', KEYS[4], 'last:' .. ARGV[1], now_ms)
  return 0
end
redis.call('HINCRBY', KEYS[4], 'bytes:' .. ARGV[1], #ARGV[4])
entry = redis.call(
  'XADD', KEYS[2], '*', 'feed', ARGV[1], 'path', ARGV[2], 'reason', ARGV[3], 'payload', ARGV[4]
)
redis.call('SET', KEYS[1], entry)
return 1
"""

# One entry at a time, so that no more than one payload is in the script's memory; of each its size is told.
# KEYS: the stream, how often and when last. ARGV: before which entry, how many, whose or empty for all, how
# many to look at. Answers where to go on, or empty, and then of each entry: id, feed, path, reason, size, how
# often again, when last.
_LIST = """
local found = {''}
local before = ARGV[1]
local wanted = tonumber(ARGV[2])
for _ = 1, ARGV[4] do
  local row = redis.call('XREVRANGE', KEYS[1], before, '-', 'COUNT', 1)[1]
  if not row then return found end
  if wanted == 0 then break end
  before = '(' .. row[1]
  local fields = {}
  for i = 1, #row[2], 2 do fields[row[2][i]] = row[2][i + 1] end
  if ARGV[3] == '' or fields.feed == ARGV[3] then
    wanted = wanted - 1
    local times, last = unpack(redis.call('HMGET', KEYS[2], 'times:' .. row[1], 'last:' .. row[1]))
    local size = #fields.payload
    found[#found + 1] = {row[1], fields.feed, fields.path, fields.reason, size, times or 0, last or 0}
  end
end
found[1] = before
return found
"""

# KEYS: as for _KEEP. ARGV: the entry, the feed.
_LET_GO = """
local row = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])[1]
if not row then return 0 end
local size = 0
for i = 1, #row[2], 2 do if row[2][i] == 'payload' then size = #row[2][i + 1] end end
redis.call('XDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[1])
redis.call('HDEL', KEYS[3], 'times:' .. ARGV[1], 'last:' .. ARGV[1])
if redis.call('HINCRBY', KEYS[4], 'bytes:' .. ARGV[2], -size) <= 0 then
  redis.call('HDEL', KEYS[4], 'bytes:' .. ARGV[2], 'unkept:' .. ARGV[2], 'last:' .. ARGV[2])
end
return 1
"""

# KEYS: as for _KEEP; what is set aside; then of each event what remembers it and its stream. ARGV: the entry,
# the feed, for how long it is set aside; then each event's bytes. The events are published and the entry
# goes, or neither.
_SETTLE = f"""
local kept = redis.call('XRANGE', KEYS[2], ARGV[1], ARGV[1])[1]
if not kept then return 0 end
for i = 4, #ARGV do
  local at = 2 * i - 2
  local entry = redis.call('XADD', KEYS[at + 1], '*', 'event', ARGV[i])
  redis.call('SET', KEYS[at], entry)
end
redis.call('HSET', KEYS[5], unpack(kept[2]))
redis.call('EXPIRE', KEYS[5], ARGV[3])
{_LET_GO}
"""


class Refused(Struct, frozen=True):
    """One input that could not be taken, without its bytes."""

    entry_id: str
    feed: str
    path: str
    """The first field that is wrong."""
    reason: str
    size: int
    """Bytes of the payload."""
    times: int
    """How often it was refused for that reason."""
    last_at: dt.datetime
    """When the last time."""

    @property
    def received_at(self) -> dt.datetime:
        """When we first had it, by the store's clock."""
        return _instant(EntryId.parse(self.entry_id).ms)


class Unkept(Struct, frozen=True):
    """What a feed sent beyond what is kept of it: only counted."""

    times: int
    last_at: dt.datetime


class Quarantine:
    """Keeps one theatre's refused input."""

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre
        self._keep = client.register_script(_KEEP)
        self._list = client.register_script(_LIST)
        self._let_go = client.register_script(_LET_GO)
        self._settle = client.register_script(_SETTLE)

    async def keep(
        self, feed: str, path: str, reason: str, payload: bytes, *, stream: str = QUARANTINE
    ) -> bool:
        """Keep `payload` in `stream`; False where it is only counted.

        It is where that feed's same input was refused for that reason before, and where the feed has
        MAX_FEED_BYTES there already. Raises StoreError when the store cannot be reached.
        """
        payload = payload[:MAX_BYTES]
        feed, path, reason = (_plain(said) for said in (feed, path, reason))
        async with answering("quarantine"):
            return bool(
                await self._keep(
                    keys=self._keys(stream, feed, path, reason, payload),
                    args=[feed, path, reason, payload, MAX_FEED_BYTES],
                )
            )

    async def page(
        self, *, stream: str = QUARANTINE, feed: str = "", before: str = NEWEST, count: int = PAGE
    ) -> tuple[list[Refused], str]:
        """Up to `count` of what is kept, newest first, and what to ask `before` for the next page.

        feed: of this feed only. The latter is empty where there is no more; a page can have fewer, or none,
        and yet more follow. Raises StoreError when the store cannot be reached.
        """
        async with answering("list what was refused"):
            before_next, *rows = await self._list(
                keys=self._keys(stream)[1:3], args=[before, count, feed, _LOOKED_AT]
            )
        return [_refused(*row) for row in rows], before_next.decode()

    async def each(self, *, stream: str = QUARANTINE, feed: str = "") -> AsyncIterator[Refused]:
        """All that is kept, newest first. Raises StoreError when the store cannot be reached."""
        before = NEWEST
        while before:
            found, before = await self.page(stream=stream, feed=feed, before=before)
            for refused in found:
                yield refused

    async def whole(self, entry_id: str, *, stream: str = QUARANTINE) -> tuple[Refused, bytes] | None:
        """One entry with its payload; None where there is none. Raises StoreError."""
        _, name, refusals, _ = self._keys(stream)
        async with answering("read what was refused"):
            rows: Any = await self._client.xrange(name, entry_id, entry_id)
            counted: Any = await self._client.hmget(refusals, [f"times:{entry_id}", f"last:{entry_id}"])
        if not rows:
            return None
        fields = rows[0][1]
        payload: bytes = fields[b"payload"]
        feed, path, reason = (fields[field] for field in (b"feed", b"path", b"reason"))
        again, last_ms = (value or 0 for value in counted)
        return _refused(rows[0][0], feed, path, reason, len(payload), again, last_ms), payload

    async def let_go(self, entry_id: str, *, stream: str = QUARANTINE) -> bool:
        """Remove what was taken after all; False where it is not there. Raises StoreError."""
        found = await self.whole(entry_id, stream=stream)
        if found is None:
            return False
        refused, payload = found
        keys = self._keys(stream, refused.feed, refused.path, refused.reason, payload)
        async with answering("let go of what was refused"):
            return bool(await self._let_go(keys=keys, args=[entry_id, refused.feed]))

    async def settle(
        self, entry_id: str, events: Sequence[Event], *, under: str, stream: str = QUARANTINE
    ) -> bool:
        """Remove an entry and publish these new events, at once; False, and neither, where it is not there.

        under: a name by which it can be put back for `SET_ASIDE_S`. Raises StoreError.
        """
        found = await self.whole(entry_id, stream=stream)
        if found is None:
            return False
        refused, payload = found
        keys = self._keys(stream, refused.feed, refused.path, refused.reason, payload)
        keys.append(self._aside(under))
        for event in events:
            keys.append(memory_of(self._theatre, event.id, event.revision))
            keys.append(key(self._theatre, stream_of(event)))
        arguments: list[str | bytes | int] = [entry_id, refused.feed, SET_ASIDE_S]
        arguments += [encode(event) for event in events]
        async with answering("settle what was refused"):
            return bool(await self._settle(keys=keys, args=arguments))

    async def put_back(self, under: str, *, stream: str = QUARANTINE) -> bool:
        """Keep again what was settled under this name; False where it was too long ago. Raises StoreError."""
        async with answering("put back what was refused"):
            found: Any = await self._client.hgetall(self._aside(under))
        if not found:
            return False
        told = (found[field].decode(errors="replace") for field in (b"feed", b"path", b"reason"))
        feed, path, reason = told
        await self.keep(feed, path, reason, found[b"payload"], stream=stream)
        return True

    async def can_put_back(self, under: str) -> bool:
        """Whether it is not too long ago. Raises StoreError."""
        async with answering("look for what was refused"):
            return bool(await self._client.exists(self._aside(under)))

    def _aside(self, under: str) -> str:
        return key(self._theatre, f"aside:{under}")

    async def count(self, *, stream: str = QUARANTINE) -> int:
        """How many are kept. Raises StoreError when the store cannot be reached."""
        async with answering("count what was refused"):
            return int(await self._client.xlen(key(self._theatre, stream)))

    async def unkept(self, *, stream: str = QUARANTINE) -> dict[str, Unkept]:
        """By feed, what came when the feed had MAX_FEED_BYTES there already. Raises StoreError."""
        async with answering("count what was refused"):
            found: Any = await self._client.hgetall(self._keys(stream)[3])
        told = {name.decode(): int(value) for name, value in found.items()}
        return {
            feed: Unkept(times, _instant(told[f"last:{feed}"]))
            for what, _, feed, times in ((*name.partition(":"), value) for name, value in told.items())
            if what == "unkept"
        }

    def _keys(
        self, stream: str, feed: str = "", path: str = "", reason: str = "", payload: bytes = b""
    ) -> list[str]:
        """Of a stream: what remembers this refusal, itself, its entries' counts, its feeds' use."""
        told = "\0".join((stream, feed, path, reason, "")).encode()
        digest = blake2b(told + payload, digest_size=16).hexdigest()
        names = (f"seen:{digest}", stream, f"{stream}:refusals", f"{stream}:use")
        return [key(self._theatre, name) for name in names]


def _refused(
    entry_id: bytes,
    feed: bytes,
    path: bytes,
    reason: bytes,
    size: int,
    again: bytes | int,
    last_ms: bytes | int,
) -> Refused:
    at = entry_id.decode()
    return Refused(
        entry_id=at,
        feed=feed.decode(errors="replace"),
        path=path.decode(errors="replace"),
        reason=reason.decode(errors="replace"),
        size=size,
        times=1 + int(again),
        last_at=_instant(max(int(last_ms), EntryId.parse(at).ms)),
    )


def _plain(said: str) -> str:
    """The text without what UTF-8 cannot carry: a source's JSON may name half a character."""
    return said.encode(errors="replace").decode()


def _instant(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)
