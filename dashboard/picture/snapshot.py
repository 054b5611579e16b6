"""Snapshots: what a picture remembers, as bytes, from which the same picture is made again.

A snapshot has the events that count, as they are held, and no tree: the tree follows from them. So it is as
large as what is on screen and in memory, not as history, and a reducer that shows more needs no other format.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec
from msgspec import Struct

from dashboard.picture.alert_nights import Settled
from dashboard.picture.held import Held, Stub
from dashboard.picture.records import WorkedOut
from dashboard.picture.shape import AdvisoryView, Clock, Quote
from dashboard.picture.tracks import TracksMemory
from streams.events import Event, FeedHealth

VERSION = 3
"""Of the format: another is refused, and the picture is built from the streams."""


class SnapshotError(Exception):
    """Bytes that are no snapshot of ours, of this version and for this picture."""


class Kept(Struct, frozen=True, array_like=True):
    """A `Held`, with the kinds of events named so that they can be read again."""

    event: Event
    received_at: dt.datetime
    order: str
    at: dt.datetime
    said_at: dt.datetime
    quotes: dict[str, Quote]
    lang: str
    link: str
    title: str


class Memory(Struct, frozen=True, kw_only=True):
    """All that a picture remembers: with equal memories two show the same, now and after any event."""

    version: int = VERSION
    theatre: str
    status: Literal["actual", "exercise"]
    run: str
    others: frozenset[tuple[str, int]]
    unreadable: frozenset[str]
    now: dt.datetime | None
    """Of the last tick, by our clock."""
    instant: dt.datetime | None
    """In the picture's world, as of that tick."""
    latest_received: dt.datetime | None
    clock: tuple[Clock, str] | None
    kept: tuple[Kept, ...]
    stubs: tuple[Stub, ...]
    heard: tuple[Kept, ...]
    """Every revision of the kinds of which more than the highest is shown."""
    alert_nights: dict[int, Settled]
    floor: dt.datetime | None
    """Where the memory of what is shown begins."""
    worked_out: WorkedOut
    advisories: dict[str, AdvisoryView]
    """As the last tick worked them out."""
    feeds: tuple[tuple[FeedHealth, str], ...]
    tracks: TracksMemory


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Memory)


def kept_of(held: Held) -> Kept:
    """What is stored of a held event."""
    return Kept(*(getattr(held, name) for name in Kept.__struct_fields__))


def held_of(kept: Kept) -> Held:
    """The held event that was stored."""
    return Held(*(getattr(kept, name) for name in Kept.__struct_fields__))


def encode(memory: Memory) -> bytes:
    """A picture's memory as MessagePack."""
    return _encoder.encode(memory)


def decode(payload: bytes) -> Memory:
    """The memory in `payload`.

    Raises SnapshotError where it is none, or one of another version.
    """
    try:
        memory = _decoder.decode(payload)
    except (msgspec.DecodeError, RecursionError) as error:
        raise SnapshotError(f"not a snapshot: {error}") from error
    if memory.version != VERSION:
        raise SnapshotError(f"a snapshot of version {memory.version}, not {VERSION}")
    return memory
