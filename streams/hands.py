"""Hands: the revisions that our operators made of an event, and how its source's own go on around them.

An operator's revision takes the next number. What the source numbers itself then goes round the numbers that
are taken: its n-th revision has the n-th number that no hand has, which for what was published before is the
number it has. While a hand's is the last revision, what says the fact as the source said it before is no
news; a change of the fact is the next revision, and from then on all is as before.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from redis.asyncio import Redis

from streams.codec import encode
from streams.events import Event
from streams.names import key
from streams.store import answering

VERSION = ""
"""The field of the numbers that counts how often any of this changed; no event has this id."""
STALE = b"hands"
"""What a script answers, having done nothing, where this changed since it was read."""

REFUSE_STALE_HANDS = """
local function changed_by_hand(numbers, version)
  return (redis.call('HGET', numbers, '') or '') ~= version
end
local function let_source_speak(numbers, said, id)
  if redis.call('HDEL', said, id) == 1 then redis.call('HINCRBY', numbers, '', 1) end
end
"""
"""Lua, before a script that publishes what a source says of what an operator may have changed."""

# KEYS: the numbers, what was said, what remembers the revision, its stream. ARGV: the version, the id, the
# event's bytes. Publishes once one event of which there are revisions by hand.
_PUBLISH = f"""
{REFUSE_STALE_HANDS}
if changed_by_hand(KEYS[1], ARGV[1]) then return 'hands' end
local entry = redis.call('GET', KEYS[3])
if entry then return '=' .. entry end
entry = redis.call('XADD', KEYS[4], '*', 'event', ARGV[3])
redis.call('SET', KEYS[3], entry)
let_source_speak(KEYS[1], KEYS[2], ARGV[2])
return entry
"""

_canonical = msgspec.json.Encoder(order="deterministic")


class Hand(Struct, frozen=True):
    """What operators did to one event."""

    taken: tuple[int, ...]
    """The revisions that are theirs, in order."""
    said: str = ""
    """The fact as its source last said it (`fact_of`), while the last revision is an operator's."""

    def around(self, revision: int) -> int:
        """The number under which the source's own `revision` is published."""
        for taken in self.taken:
            if revision >= taken:
                revision += 1
        return revision


class Hands:
    """What is known of one theatre's, as of when it was last read: at first, that there is nothing."""

    def __init__(self, client: Redis, theatre: str) -> None:
        self._client = client
        self._theatre = theatre
        self._publish = client.register_script(_PUBLISH)
        self.version = ""
        self.of: dict[str, Hand] = {}

    @property
    def keys(self) -> list[str]:
        """The numbers, and what was said."""
        return [numbers_key(self._theatre), said_key(self._theatre)]

    async def read(self) -> None:
        """Read it anew. Raises StoreError when the store cannot be reached."""
        reading = answering("read what was changed by hand")
        async with reading, self._client.pipeline(transaction=True) as pipeline:
            for name in self.keys:
                pipeline.hgetall(name)
            numbers, said = await pipeline.execute()
        self.version = numbers.pop(VERSION.encode(), b"").decode()
        self.of = {
            event_id.decode(): Hand(
                tuple(int(number) for number in taken.split()), said.get(event_id, b"").decode()
            )
            for event_id, taken in numbers.items()
        }

    def is_known(self, event: Event) -> bool:
        """Whether it says what its source said before an operator changed it, and nothing new."""
        hand = self.of.get(event.id)
        return hand is not None and bool(hand.said) and hand.said == fact_of(event)

    def around(self, event: Event) -> Event:
        """What a source numbers itself, with the number that it is published under."""
        hand = self.of.get(event.id)
        return replace(event, revision=hand.around(event.revision)) if hand is not None else event

    async def publish(self, event: Event, memory: str, stream: str) -> str | None:
        """Publish once what is numbered `around`; `=` before its entry where it was, None where it is stale.

        memory: the key of what remembers it. Raises StoreError when the store cannot be reached.
        """
        async with answering("publish"):
            answer: Any = await self._publish(
                keys=[*self.keys, memory, stream], args=[self.version, event.id, encode(event)]
            )
        return None if answer == STALE else str(answer.decode())


def fact_of(event: Event) -> str:
    """A digest of what an event states of the world: not of when it was said, how, or how surely."""
    plain = replace(
        event,
        revision=1,
        msg_type="alert" if event.msg_type == "update" else event.msg_type,
        published_at=None,
        evidence=None,
        confidence=1.0,
        doubts=(),
        by="",
    )
    return blake2b(_canonical.encode(plain), digest_size=12).hexdigest()


def numbers_key(theatre: str) -> str:
    """The hash of the revisions that are operators', by event."""
    return key(theatre, "hands")


def said_key(theatre: str) -> str:
    """The hash of what sources said before, by event whose last revision is an operator's."""
    return key(theatre, "hands:said")
