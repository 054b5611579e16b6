"""Our own events, pushed as JSON by a neighbour's sensor or script; docs/push.md tells them how."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import replace

from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.origin import origin
from ingest.records import MAX_RECORDS, utc, whole
from ingest.refusals import MALFORMED, Refusals, refusal
from streams.codec import MAX_EVENT_BYTES, encode
from streams.errors import EventError
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

SET_HERE = frozenset({"feed", "status", "run"})
"""What an installation says of itself, and nobody says for it."""
OWN_KINDS = frozenset({"log", "feed_health", "exercise_clock"})
"""What only the installation itself can know: its operators' acts, its feeds and its clock."""
INSTANT_FIELDS = ("valid_from", "valid_to", "published_at", "as_of")
REGION_FIELDS = ("region", "regions", "cause_regions")

Pushed = (
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
_any = msgspec.json.Decoder()


def decode(payload: bytes, context: Context) -> Decoded:
    """One event, an array of them, or one a line (NDJSON), each of docs/events.schema.json.

    An event's id becomes `{feed}:{id}`, its revision stands; claimant, reliability and credibility are the
    feed's where it names none. Refused by name: fields that are not of the kind, also inside of it; `feed`,
    `status` and `run`; keys that the theatre does not have; kinds that are the installation's own.
    Raises DecodeError for what is no JSON, or has more than `MAX_RECORDS` events.
    """
    feed = context.feed
    refusals = Refusals(feed)
    decoded = Decoded()
    said_here = {field: value for field, value in origin(context).items() if value}
    for at, record in _records(payload, feed):
        try:
            decoded.events.append(_event(record, at, said_here, context))
        except DecodeError as error:
            refusals.add(DecodeError(feed, error.path, error.reason, record))
    decoded.refused = refusals.all()
    return decoded


def _records(payload: bytes, feed: str) -> list[tuple[str, bytes]]:
    """Each event's bytes, and where they stand."""
    opening = payload.lstrip()[:1]
    if opening == b"[":
        told = [(f"$[{index}]", bytes(raw)) for index, raw in enumerate(whole(payload, list[Raw], feed))]
    else:
        try:
            whole(payload, Raw, feed)
        except DecodeError:
            lines = [(f"line {number} $", line) for number, line in enumerate(payload.split(b"\n"), 1)]
            told = [(at, line) for at, line in lines if line.strip()]
            if not any(_is_object(line) for _, line in told[:MAX_RECORDS]):
                raise
        else:
            if opening != b"{":
                raise DecodeError(feed, "$", "is neither an event nor an array of events", payload)
            told = [("$", payload)]
    if len(told) > MAX_RECORDS:
        raise DecodeError(feed, "$", f"has {len(told):,} events, of {MAX_RECORDS:,} allowed", payload)
    return told


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_any.decode(line), dict)
    except MALFORMED:
        return False


def _event(record: bytes, at: str, said_here: dict[str, Any], context: Context) -> Pushed:
    def wrong(path: str, reason: str) -> DecodeError:
        return DecodeError(context.feed, f"{at}{path}", reason)

    try:
        said = _any.decode(record)
    except MALFORMED as error:
        raise refusal(context.feed, error, record, at=at) from error
    if not isinstance(said, dict):
        raise wrong("", "is not an object")
    for field in sorted(said.keys() & SET_HERE):
        raise wrong(f".{field}", "is set by the installation, and may not be pushed")
    kind = said.get("kind")
    if isinstance(kind, str) and kind in OWN_KINDS:
        raise wrong(".kind", f"{kind} is the installation's own, and may not be pushed")
    if isinstance(said.get("id"), str) and said["id"]:
        said["id"] = f"{context.feed}:{said['id']}"
    try:
        event: Pushed = msgspec.convert({**said_here, **said}, Pushed)
    except MALFORMED as error:
        raise refusal(context.feed, error, record, at=at) from error
    unknown = _unknown(said, event, "")
    if unknown:
        raise wrong(unknown, f"is no field of {kind}")
    event = _in_utc(event, context.feed, at)
    for path, key in _strange_keys(event, context.theatre):
        raise wrong(path, f"{key!r} is not one of the theatre's")
    if len(record) > MAX_EVENT_BYTES // 4:
        try:
            encode(event)
        except EventError as error:
            raise wrong("", error.reason) from error
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


def _in_utc(event: Pushed, feed: str, at: str) -> Pushed:
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


def _strange_keys(event: Pushed, theatre: Theatre) -> Iterator[tuple[str, str]]:
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
