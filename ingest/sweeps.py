"""A sweep of aircraft put together: positions that count, each address once, no more than an event holds."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from ingest.decoding import Context
from ingest.origin import options, origin
from streams.codec import MAX_EVENT_BYTES
from streams.events import Track, TrackSweep

MOST_TRACKS = 20_000
"""As many as a sweep may have."""
MOST_BYTES = MAX_EVENT_BYTES - 10_000
"""Of all tracks; the rest of the event is what its feed is configured as."""
LONGEST_TRACK_BYTES = 600
"""Callsign and type of 32 characters of four bytes, and everything else there is."""
KT_PER_M_S = 3_600 / 1_852
"""A knot is a nautical mile of 1,852 m an hour."""
FT_PER_M = 1 / 0.3048
"""The international foot is 0.3048 m."""

_encoder = msgspec.json.Encoder()


class Options(Struct, frozen=True, kw_only=True):
    """What every format of aircraft asks of its feed's configuration.

    stale_s: positions that are older are left out. everywhere: keep those outside the theatre's bounds too.
    friend_hex: how the addresses begin (lower case) whose military aircraft are friends; there are none
    unless the configuration says so.
    """

    stale_s: Annotated[float, Meta(gt=0, le=3_600)] = 60.0
    everywhere: bool = False
    friend_hex: tuple[Annotated[str, Meta(pattern=r"^[0-9a-f]{1,6}\Z")], ...] = ()


class Sweep:
    """Takes one payload's positions and gives the event.

    said_at: the source's clock. Raises DecodeError for options that are not as documented.
    """

    def __init__(self, context: Context, said_at: dt.datetime) -> None:
        self._context = context
        self._said_at = said_at
        self._options = options(context, Options)
        self._bounds = context.theatre.bounds
        self._freshest: dict[str, tuple[float, Track]] = {}

    def wants(self, lon: float, lat: float, age_s: float) -> bool:
        """Whether a position counts: fresh enough, and in the theatre's bounds."""
        if age_s > self._options.stale_s:
            return False
        bounds = self._bounds
        is_inside = bounds.west <= lon <= bounds.east and bounds.south <= lat <= bounds.north
        return is_inside or self._options.everywhere

    def is_friend(self, address: str) -> bool:
        """Whether a military aircraft with this address is a friend's, as configured."""
        prefixes = self._options.friend_hex
        return bool(prefixes) and address.startswith(prefixes)

    def add(self, track: Track, age_s: float) -> None:
        """Take a position that counts; of two with one address the fresher stays."""
        known = self._freshest.get(track.key)
        if known is None or age_s < known[0]:
            self._freshest[track.key] = age_s, track

    def event(self) -> TrackSweep:
        """The sweep, `{feed}:{said_at in epoch milliseconds}`; of too many, or too much, the freshest."""
        seen = list(self._freshest.values())
        doubts: tuple[str, ...] = ()
        if len(seen) > MOST_BYTES // LONGEST_TRACK_BYTES:
            kept = _freshest(seen)
            if len(kept) < len(seen):
                doubts = (f"{len(seen):,} aircraft, of which the {len(kept):,} seen last are kept",)
                seen = kept
        return TrackSweep(
            **origin(self._context),
            id=f"{self._context.feed}:{round(self._said_at.timestamp() * 1_000)}",
            published_at=self._said_at,
            tracks=tuple(track for _, track in seen),
            doubts=doubts,
        )


def _freshest(seen: list[tuple[float, Track]]) -> list[tuple[float, Track]]:
    """As many as an event may have, in number and in bytes."""
    by_age = sorted(seen, key=lambda each: each[0])[:MOST_TRACKS]
    left = MOST_BYTES
    for count, (_, track) in enumerate(by_age):
        left -= len(_encoder.encode(track)) + 1
        if left < 0:
            return by_age[:count]
    return by_age if len(by_age) < len(seen) else seen


def plain(text: str | None) -> str:
    """A callsign or a type as it is shown: without padding and without what cannot be printed."""
    text = (text or "").strip()
    return text if text.isprintable() else "".join(filter(str.isprintable, text)).strip()
