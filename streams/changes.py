"""Changes: of what a feed says again and again, what is new or different enters its stream, as a revision."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from redis.asyncio import Redis

from streams.codec import decode, encode
from streams.cursors import cursors_key
from streams.errors import EventError, FencedError
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Event,
    ExerciseClock,
    FeedHealth,
    Marker,
    Scramble,
    Status,
    Threat,
    TrackSweep,
)
from streams.hands import REFUSE_STALE_HANDS, STALE, VERSION, Hands
from streams.lease import REFUSE_STALE, Fence, fence_key
from streams.names import key, stream_of
from streams.position import EntryId
from streams.publish import BATCH, SHORT_MEMORY_S, Published, memory_of
from streams.store import answering

REMEMBERED_DAYS = 7
"""A fact that a feed has not said for so long is forgotten: longer than a source is down or lists what has
ended. When it does come again it is recalled from its stream, which costs a few calls more."""
_LOOKED_THROUGH = 100
"""Facts that are looked at, after each publishing, for whether they may be forgotten."""
_PROBED = 16
"""Revisions that are asked for in one call, where the last of them is not known."""
_DAY_S = 86_400
_UNKNOWN = "-"
"""The digest of what is no longer in its stream: like no other."""

_Lasting = AirRaidAlert | AirspaceRestriction | Marker | Scramble | Threat
"""What goes on until its end is told; of all else only what names an end that is to come lasts."""
_Passing = ExerciseClock | FeedHealth | TrackSweep
"""What is never said again: it is published once, and not compared with what was before."""

_canonical = msgspec.json.Encoder(order="deterministic")

# What is known of a fact is `REVISION DIGEST DAY ENTRY`; day is when it was last said, by the store's clock.
# KEYS: the fence, the facts, those that are open, the cursors, the parts, what hands took, what was said
# before; then of each event what remembers it and its stream. ARGV: the token; the feed; its cursor to keep,
# or none; its part to keep, or none; the hands' version; of each event its act, its id, what is known
# (`REVISION DIGEST `, or nothing), what will be, its bytes, and 1 where it lasts.
#   once   its source numbers it, or it is not compared: publish it where it is not remembered
#   next   publish it where what is known is so still
#   said   it is the same: note the day
# The first event that is not as was known (!) or not as is remembered (?) stops the batch, and the rest is
# looked at anew. Answers, for each event up to there, what became of it and its entry.
_PUBLISH = f"""
{REFUSE_STALE}
{REFUSE_STALE_HANDS}
if #ARGV > 5 and changed_by_hand(KEYS[6], ARGV[5]) then return 'hands' end
local day = math.floor(redis.call('TIME')[1] / {_DAY_S})
local answers = {{}}
local at = 8
for i = 6, #ARGV, 6 do
  local act, id, known, new, bytes, lasts = unpack(ARGV, i, i + 5)
  local memory, stream = KEYS[at], KEYS[at + 1]
  local fact = redis.call('HGET', KEYS[2], id)
  local answer, entry = '=', ''
  if act == 'once' then
    entry = redis.call('GET', memory)
    if entry and new ~= '' and not fact then answer = '?' end
  elseif known == '' and fact or known ~= string.sub(fact or '', 1, #known) then
    answer = '!'
  elseif act == 'said' then
    local said, its = string.match(fact, '^(%S+ %S+ )%S+ (%S+)$')
    redis.call('HSET', KEYS[2], id, said .. day .. ' ' .. its)
    entry = its
  elseif redis.call('EXISTS', memory) == 1 then
    answer = '?'
  else
    entry = false
  end
  if not entry then
    answer = '+'
    entry = redis.call('XADD', stream, '*', 'event', bytes)
    let_source_speak(KEYS[6], KEYS[7], id)
    if new == '' then
      redis.call('SET', memory, entry, 'EX', {SHORT_MEMORY_S})
    else
      redis.call('SET', memory, entry)
      if tonumber(string.match(new, '^%d+')) > tonumber(string.match(fact or '0', '^%d+')) then
        redis.call('HSET', KEYS[2], id, new .. day .. ' ' .. entry)
        if lasts == '1' then redis.call('HSET', KEYS[3], id, bytes) else redis.call('HDEL', KEYS[3], id) end
      end
    end
  end
  answers[#answers + 1] = answer
  answers[#answers + 1] = entry
  if answer == '!' or answer == '?' then return answers end
  at = at + 2
end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[5], ARGV[2], ARGV[4]) end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[4], ARGV[2], ARGV[3])
  redis.call('HDEL', KEYS[5], ARGV[2])
end
return answers
"""

# KEYS: the facts, those that are open. ARGV: the id, all that was known, what was recalled, its entry, and
# its bytes where it lasts.
_RECALL = f"""
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
local day = math.floor(redis.call('TIME')[1] / {_DAY_S})
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. day .. ' ' .. ARGV[4])
if ARGV[5] == '' then return redis.call('HDEL', KEYS[2], ARGV[1]) end
return redis.call('HSET', KEYS[2], ARGV[1], ARGV[5])
"""

# KEYS: those that are open. ARGV: of each its id and its bytes.
_CLOSE = """
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end
"""

# KEYS: the facts, those that are open. ARGV: where to go on, how many to look at, days to remember.
_FORGET = f"""
local day = math.floor(redis.call('TIME')[1] / {_DAY_S})
local found = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
for i = 1, #found[2], 2 do
  if tonumber(string.match(found[2][i + 1], '^%S+ %S+ (%d+)')) < day - ARGV[3] then
    redis.call('HDEL', KEYS[1], found[2][i])
    redis.call('HDEL', KEYS[2], found[2][i])
  end
end
return found[1]
"""


class Superseded(Struct, frozen=True):
    """A thing of which a numbered message says all that is still so.

    What is open under the id `of`, or under `of` and one part more (`OF:PART`), of a lower revision and the
    same status, and not said anew, has ended: at `at`, by a `msg_type` of this revision.
    """

    of: str
    revision: int
    at: dt.datetime
    status: Status
    msg_type: Literal["update", "cancel"] = "update"


class _Fact(Struct, frozen=True):
    """What was last published of a fact."""

    revision: int = 0
    digest: str = ""
    day: int = 0
    entry_id: str = ""
    whole: str = ""

    @property
    def prefix(self) -> str:
        """What stays while the fact stays the same; nothing before it was ever said."""
        return f"{self.revision} {self.digest} " if self.revision else ""

    @classmethod
    def parse(cls, stored: bytes | None) -> _Fact:
        if stored is None:
            return cls()
        whole = stored.decode()
        revision, digest, day, entry_id = whole.split(" ")
        return cls(int(revision), digest, int(day), entry_id, whole)


class _Step(Struct, frozen=True):
    """What is to be done with one event, under what is known of it."""

    act: Literal["once", "next", "said", "same"]
    event: Event
    fact: _Fact
    new: str = ""


class Changes:
    """Publishes, for one theatre, what is new in what its feeds say.

    An event of revision 1 is a state of the fact that its id names: it is published as the fact's next
    revision where it differs, in more than its doubts, from what was last published. A fact may change back.
    An event of a higher revision is numbered by its source and published once as it is; so is a sweep, a
    health report or a clock.

    Each batch is compared and published in one script, so that hosts that race, or fall between two steps,
    leave what one host would have left.
    """

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre
        self._publish = client.register_script(_PUBLISH)
        self._recall = client.register_script(_RECALL)
        self._close = client.register_script(_CLOSE)
        self._forget = client.register_script(_FORGET)
        self._hands = Hands(client, theatre)
        self._looked_to: dict[str, bytes] = {}

    async def publish(
        self,
        feed: str,
        events: Sequence[Event],
        *,
        is_listing: bool = False,
        ended_at: dt.datetime | None = None,
        superseded: Sequence[Superseded] = (),
        fence: Fence | None = None,
        cursor: str = "",
        as_of: dt.datetime | None = None,
    ) -> list[Published]:
        """Publish in order what is new; for each event what became of it, and then for each that has ended.

        is_listing: the events are all that is in force, each id once (the last counts): what lasted and is
        not among them has ended, at `ended_at`. superseded: what else of it has ended with these events.
        cursor: where the feed goes on after all this, kept with the last of it; a payload that is given again
        with it goes on where it was left. as_of: what was published since then stands, whatever these events
        say of it: for a payload that comes late.

        Raises FencedError where the fence's lease has another holder: from there on nothing was written.
        Raises StoreError when the store cannot be reached; doing it all again is safe.
        """
        if is_listing:
            if ended_at is None:
                raise ValueError("a listing needs the instant at which what it leaves out has ended")
            events = list({event.id: event for event in events}.values())
        part = _part(events, cursor) if cursor and len(events) > BATCH else ""
        start = await self._part_done(feed, part) if part else 0
        published = await self._pass_over(feed, events[:start]) if start else []
        is_last, is_all = False, not (is_listing or superseded)
        while not is_last:
            batch = events[start : start + BATCH]
            start += BATCH
            is_last = start >= len(events)
            published += await self._settle(
                feed,
                batch,
                fence=fence,
                cursor=cursor if is_last and is_all else "",
                part=f"{start} {part}" if part and not is_last else "",
                as_of=as_of,
            )
        said = {event.id for event in events}
        if superseded:
            published += await self._end_superseded(feed, said, superseded, fence)
        if is_listing and ended_at is not None:
            published += await self._end_unlisted(feed, said, ended_at, fence)
        if cursor and not is_all:
            await self._settle(feed, [], fence=fence, cursor=cursor)
        if any(one.outcome == "published" for one in published):
            await self._forget_some(feed)
        return published

    async def _settle(
        self,
        feed: str,
        events: Sequence[Event],
        *,
        fence: Fence | None,
        cursor: str = "",
        part: str = "",
        as_of: dt.datetime | None = None,
    ) -> list[Published]:
        """Publish what is new of one batch, looking anew as often as another host was quicker."""
        published: list[Published] = []
        while True:
            rest = events[len(published) :]
            steps = self._plan(rest, await self._facts(feed, rest, fence), as_of)
            published += await self._run(feed, steps, fence=fence, cursor=cursor, part=part)
            if len(published) == len(events):
                return published

    async def _end_unlisted(
        self, feed: str, said: set[str], ended_at: dt.datetime, fence: Fence | None
    ) -> list[Published]:
        def ended(event: Event, fact: _Fact) -> _Step | None:
            if _is_over(event, ended_at):
                return None
            return self._next(replace(event, msg_type="update", valid_to=ended_at, by=""), fact)

        return await self._end(feed, await self._open_ids(feed) - said, ended, fence)

    async def _end_superseded(
        self, feed: str, said: set[str], superseded: Sequence[Superseded], fence: Fence | None
    ) -> list[Published]:
        last: dict[str, Superseded] = {}
        for one in superseded:
            if one.of not in last or last[one.of].revision < one.revision:
                last[one.of] = one

        def of(event_id: str) -> Superseded | None:
            return last.get(event_id) or last.get(event_id.rpartition(":")[0])

        def ended(event: Event, fact: _Fact) -> _Step | None:
            by = of(event.id)
            if by is None or by.status != event.status or _is_over(event, by.at):
                return None
            gone = self._hands.around(
                replace(
                    event,
                    revision=by.revision,
                    msg_type=by.msg_type,
                    published_at=by.at,
                    valid_to=by.at,
                    by="",
                )
            )
            if gone.revision <= fact.revision:
                return None
            return _Step("once", gone, fact, f"{gone.revision} {_digest(gone)} ")

        gone = {event_id for event_id in await self._open_ids(feed) - said if of(event_id)}
        return await self._end(feed, gone, ended, fence)

    async def _open_ids(self, feed: str) -> set[str]:
        async with answering("read what is open"):
            found: Any = await self._client.hkeys(self._key("open", feed))
        return {event_id.decode() for event_id in found}

    async def _end(
        self,
        feed: str,
        ids: set[str],
        ended: Callable[[Event, _Fact], _Step | None],
        fence: Fence | None,
    ) -> list[Published]:
        """End what is open under these ids as `ended` says; what another host changes is left to it.

        What named its end and is past it is open no more, and has nothing to be told.
        """
        gone = sorted(ids)
        now = dt.datetime.now(dt.UTC)
        published: list[Published] = []
        while gone:
            batch = gone[:BATCH]
            facts, payloads = await self._open(feed, batch)
            steps: list[_Step] = []
            over: list[str | bytes] = []
            for event_id, payload, fact in zip(batch, payloads, facts, strict=True):
                event = _event_of(payload)
                if event is None or not fact.revision:
                    continue
                if step := ended(event, fact):
                    steps.append(step)
                elif payload and _is_over(event, now):
                    over += (event_id, payload)
            done = await self._run(feed, steps, fence=fence)
            if over:
                async with answering("close what is over"):
                    await self._close(keys=[self._key("open", feed)], args=over)
            published += done
            passed = gone.index(steps[len(done)].event.id) + 1 if len(done) < len(steps) else BATCH
            gone = gone[passed:]
        return published

    def _plan(
        self, events: Sequence[Event], facts: dict[str, _Fact], as_of: dt.datetime | None
    ) -> list[_Step]:
        today = int(time.time() // _DAY_S)
        as_of_ms = as_of.timestamp() * 1_000 if as_of else None
        steps: list[_Step] = []
        anew: set[str] = set()
        for event in events:
            if isinstance(event, _Passing):
                steps.append(_Step("once", event, _Fact()))
                continue
            fact = facts[event.id]
            if event.id not in anew and self._hands.is_known(event):
                steps.append(_Step("same", event, fact))
                continue
            if event.revision > 1:
                event = self._hands.around(event)
            digest = _digest(event)
            is_known = fact.digest == digest and event.revision in (1, fact.revision)
            if is_known or (as_of_ms is not None and _published_ms(fact) > as_of_ms):
                steps.append(_Step("said" if is_known and fact.day < today else "same", event, fact))
            elif event.revision > 1:
                steps.append(_Step("once", event, fact, f"{event.revision} {digest} "))
                anew.add(event.id)
                if event.revision > fact.revision:
                    facts[event.id] = _Fact(event.revision, digest, today)
            else:
                steps.append(self._next(event, fact, digest))
                anew.add(event.id)
                facts[event.id] = _Fact(fact.revision + 1, digest, today)
        return steps

    def _next(self, event: Event, fact: _Fact, digest: str = "") -> _Step:
        revision = fact.revision + 1
        msg_type = "update" if revision > 1 and event.msg_type == "alert" else event.msg_type
        numbered = replace(event, revision=revision, msg_type=msg_type)
        return _Step("next", numbered, fact, f"{revision} {digest or _digest(event)} ")

    async def _run(
        self, feed: str, steps: Sequence[_Step], *, fence: Fence | None, cursor: str = "", part: str = ""
    ) -> list[Published]:
        """Do the steps, up to the first that does not find what was known; what became of each."""
        keys = [
            fence_key(self._theatre, fence.name if fence else ""),
            self._key("facts", feed),
            self._key("open", feed),
            cursors_key(self._theatre),
            key(self._theatre, "parts"),
            *self._hands.keys,
        ]
        arguments: list[str | bytes | int] = [
            fence.token if fence else "",
            feed,
            cursor,
            part,
            self._hands.version,
        ]
        bare = len(keys)
        for step in steps:
            if step.act != "same":
                event = step.event
                keys += (
                    memory_of(self._theatre, event.id, event.revision),
                    key(self._theatre, stream_of(event)),
                )
                lasts = int(_lasts(event))
                arguments += (step.act, event.id, step.fact.prefix, step.new, encode(event), lasts)
        raw: Any = []
        if cursor or len(keys) > bare:
            async with answering("publish"):
                raw = await self._publish(keys=keys, args=arguments)
            if raw == b"stale" and fence:
                raise FencedError(fence.name, fence.token)
            if raw == STALE:
                await self._hands.read()
                return []
        answers = iter([(raw[i].decode(), raw[i + 1].decode()) for i in range(0, len(raw), 2)])
        published: list[Published] = []
        entries: dict[str, str] = {}
        for step in steps:
            event_id = step.event.id
            same = ("=", entries.get(event_id, step.fact.entry_id))
            answer, entry_id = same if step.act == "same" else next(answers, ("!", ""))
            if answer == "?":
                await self._remember(feed, step)
            if answer in "!?":
                break
            entries[event_id] = entry_id
            revision = step.fact.revision if step.act in ("same", "said") else step.event.revision
            published.append(
                Published(event_id, revision, "published" if answer == "+" else "duplicate", entry_id)
            )
        return published

    async def _facts(self, feed: str, events: Sequence[Event], fence: Fence | None) -> dict[str, _Fact]:
        """What is known of each event that has a fact; a stale fence is found here too."""
        ids = list({event.id for event in events if not isinstance(event, _Passing)})
        async with answering("read what was published"), self._client.pipeline(transaction=False) as pipeline:
            pipeline.hget(fence_key(self._theatre, fence.name if fence else ""), "token")
            pipeline.hget(self._hands.keys[0], VERSION)
            if ids:
                pipeline.hmget(self._key("facts", feed), ids)
            token, version, *found = await pipeline.execute()
        if fence and token != str(fence.token).encode():
            raise FencedError(fence.name, fence.token)
        if (version or b"").decode() != self._hands.version:
            await self._hands.read()
        return {
            event_id: _Fact.parse(stored)
            for event_id, stored in zip(ids, found[0] if found else (), strict=True)
        }

    async def _open(self, feed: str, ids: Sequence[str]) -> tuple[list[_Fact], list[bytes | None]]:
        """The facts, and after them their last events: what changed in between will not be as was known."""
        async with answering("read what is open"), self._client.pipeline(transaction=False) as pipeline:
            pipeline.hmget(self._key("facts", feed), list(ids))
            pipeline.hmget(self._key("open", feed), list(ids))
            facts, payloads = await pipeline.execute()
        return [_Fact.parse(stored) for stored in facts], payloads

    async def _remember(self, feed: str, step: _Step) -> None:
        """Learn from its stream what was published of a fact that was forgotten, or by a `Publisher`."""
        revision, entry_id = step.event.revision, ""
        while True:
            names = [memory_of(self._theatre, step.event.id, revision + i) for i in range(_PROBED)]
            async with answering("read what was published"):
                found: Any = await self._client.mget(names)
            held = next((i for i, entry in enumerate(found) if entry is None), _PROBED)
            if held:
                entry_id = found[held - 1].decode()
            revision += held
            if held < _PROBED:
                break
        async with answering("read what was published"):
            rows: Any = await self._client.xrange(
                key(self._theatre, stream_of(step.event)), entry_id, entry_id
            )
        payload = rows[0][1][b"event"] if rows else None
        event = _event_of(payload)
        lasts = event is not None and _lasts(event) and not (event.by and event.msg_type == "cancel")
        async with answering("recall what was published"):
            await self._recall(
                keys=[self._key("facts", feed), self._key("open", feed)],
                args=[
                    step.event.id,
                    step.fact.whole,
                    f"{revision - 1} {_digest(event) if event else _UNKNOWN} ",
                    entry_id,
                    payload if lasts and payload else "",
                ],
            )

    async def _part_done(self, feed: str, part: str) -> int:
        """How many events of this payload were published before whoever did it fell."""
        async with answering("read what was published"):
            found: Any = await self._client.hget(key(self._theatre, "parts"), feed)
        done, _, of = found.decode().partition(" ") if found else ("0", "", "")
        return int(done) if of == part else 0

    async def _pass_over(self, feed: str, events: Sequence[Event]) -> list[Published]:
        facts = {}
        for start in range(0, len(events), BATCH):
            facts.update(await self._facts(feed, events[start : start + BATCH], None))
        known = [(event, facts.get(event.id, _Fact())) for event in events]
        return [
            Published(event.id, fact.revision or event.revision, "duplicate", fact.entry_id)
            for event, fact in known
        ]

    async def _forget_some(self, feed: str) -> None:
        async with answering("forget what is long past"):
            self._looked_to[feed] = await self._forget(
                keys=[self._key("facts", feed), self._key("open", feed)],
                args=[self._looked_to.get(feed, 0), _LOOKED_THROUGH, REMEMBERED_DAYS],
            )

    def _key(self, what: str, feed: str) -> str:
        return key(self._theatre, f"{what}:{feed}")


def _digest(event: Event) -> str:
    """Of what the fact is: not of its number, nor of doubts, which are ours and age."""
    plain = replace(
        event, revision=1, msg_type="alert" if event.msg_type == "update" else event.msg_type, doubts=()
    )
    return blake2b(_canonical.encode(plain), digest_size=12).hexdigest()


def _lasts(event: Event) -> bool:
    """Whether it is open until an end is told, or its own has come."""
    if event.valid_to is None:
        return isinstance(event, _Lasting)
    return not isinstance(event, _Passing) and not _is_over(event, dt.datetime.now(dt.UTC))


def _is_over(event: Event, at: dt.datetime) -> bool:
    return event.valid_to is not None and event.valid_to <= at


def _part(events: Sequence[Event], cursor: str) -> str:
    """Tells this payload from every other."""
    ids = "\n".join(event.id for event in events)
    return f"{blake2b(ids.encode(), digest_size=12).hexdigest()} {cursor}"


def _published_ms(fact: _Fact) -> int:
    return EntryId.parse(fact.entry_id).ms if fact.entry_id else 0


def _event_of(payload: bytes | None) -> Event | None:
    try:
        return decode(payload) if payload else None
    except EventError:
        return None
