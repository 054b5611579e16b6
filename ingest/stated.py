"""An event as somebody states it in our own words: every field is known, every key the theatre's, in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ingest.errors import DecodeError
from ingest.records import utc
from ingest.refusals import MALFORMED, refusal
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Marker,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
    TrackSweep,
)

if TYPE_CHECKING:
    from config.theatre import Theatre

Stated = (
    RaidReport
    | AirRaidAlert
    | Threat
    | Scramble
    | TrackSweep
    | Strike
    | AirspaceRestriction
    | Statement
    | Marker
)
"""What is said about the world, and not about us."""
INSTANT_FIELDS = ("valid_from", "valid_to", "published_at", "as_of")
REGION_FIELDS = ("region", "regions", "cause_regions")


def stated(said: Any, theatre: Theatre, *, feed: str, at: str = "$", keys: bool = True) -> Stated:
    """The event that the JSON object `said` is.

    at: the path where it stands. keys: whether the keys in it are looked at.

    Raises DecodeError with the path of the first field that is not of its kind, or that the kind does not
    have, also inside of it, and of the first key that the theatre does not have.
    """
    try:
        event: Stated = msgspec.convert(said, Stated)
    except (*MALFORMED, OverflowError) as error:
        raise refusal(feed, error, b"", at=at) from error
    unknown = _unknown(said, event, "")
    if unknown:
        raise DecodeError(feed, f"{at}{unknown}", f"is no field of {said.get('kind')}")
    event = _in_utc(event, feed, at)
    for path, key in strange_keys(event, theatre) if keys else ():
        raise DecodeError(feed, f"{at}{path}", f"{key!r} is not one of the theatre's")
    return event


def _unknown(said: Any, taken: Any, at: str) -> str:
    """Where in what was said the first field stands that was not taken, or nothing."""
    if isinstance(said, dict):
        if isinstance(taken, Struct):
            for field in sorted(said.keys() - _fields(type(taken))):
                return f"{at}.{field}"
            inner = [(f"{at}.{name}", value, getattr(taken, name, None)) for name, value in said.items()]
        else:
            inner = [(f"{at}.{name}", value, taken.get(name)) for name, value in said.items()]
    else:
        inner = [(f"{at}[{index}]", *pair) for index, pair in enumerate(zip(said, taken, strict=True))]
    for path, value, kept in inner:
        if isinstance(value, dict | list) and (found := _unknown(value, kept, path)):
            return found
    return ""


@cache
def _fields(kind: type[Struct]) -> frozenset[str]:
    tag = kind.__struct_config__.tag_field
    return frozenset((*kind.__struct_fields__, tag) if tag else kind.__struct_fields__)


def _in_utc(event: Stated, feed: str, at: str) -> Stated:
    """The event with its instants in UTC, whatever offset they were told with."""
    told = {field: getattr(event, field, None) for field in INSTANT_FIELDS}
    moved: dict[str, Any] = {
        field: utc(instant, feed, f"{at}.{field}")
        for field, instant in told.items()
        if instant is not None and instant.utcoffset()
    }
    if isinstance(event, TrackSweep) and any(track.seen_at.utcoffset() for track in event.tracks):
        moved["tracks"] = tuple(
            replace(track, seen_at=utc(track.seen_at, feed, f"{at}.tracks[{index}].seen_at"))
            for index, track in enumerate(event.tracks)
        )
    return replace(event, **moved) if moved else event


def strange_keys(event: Stated, theatre: Theatre) -> Iterator[tuple[str, str]]:
    """The keys in an event that the theatre does not have, with their paths."""
    if event.claimant and event.claimant not in theatre.claimants:
        yield ".claimant", event.claimant
    if isinstance(event, Threat) and event.weapon and event.weapon not in theatre.weapons:
        yield ".weapon", event.weapon
    for field in REGION_FIELDS:
        said: str | tuple[str, ...] = getattr(event, field, ())
        for key in (said,) if isinstance(said, str) else said:
            if key and key not in theatre.groups and not _is_region(key, theatre):
                yield f".{field}", key


def _is_region(key: str, theatre: Theatre) -> bool:
    try:
        theatre.region_of(key)
    except KeyError:
        return False
    return True
