"""Our own events, pushed as JSON by a neighbour's sensor or script; docs/push.md tells them how."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw

from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.origin import origin
from ingest.records import MAX_RECORDS, whole
from ingest.refusals import MALFORMED, Refusals, refusal
from ingest.stated import Stated, stated
from streams.codec import MAX_EVENT_BYTES, encode
from streams.errors import EventError

SET_HERE = frozenset({"feed", "status", "run", "by"})
"""What an installation says of itself, and nobody says for it."""
OWN_KINDS = frozenset({"log", "feed_health", "exercise_clock"})
"""What only the installation itself can know: its operators' acts, its feeds and its clock."""

_any = msgspec.json.Decoder()


def decode(payload: bytes, context: Context) -> Decoded:
    """One event, an array of them, or one a line (NDJSON), each of docs/events.schema.json.

    An event's id becomes `{feed}:{id}`, its revision stands; claimant, reliability and credibility are the
    feed's where it names none. Refused by name: fields that are not of the kind, also inside of it; `feed`,
    `status`, `run` and `by`; keys that the theatre does not have; kinds that are the installation's own.
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


def _event(record: bytes, at: str, said_here: dict[str, Any], context: Context) -> Stated:
    def wrong(path: str, reason: str) -> DecodeError:
        return DecodeError(context.feed, f"{at}{path}", reason)

    try:
        said = _any.decode(record)
    except MALFORMED as error:
        raise refusal(context.feed, error, record, at=at) from error
    if not isinstance(said, dict):
        raise wrong("", "is not an object")
    kind = said.get("kind")
    if isinstance(kind, str) and kind in OWN_KINDS:
        raise wrong(".kind", f"{kind} is the installation's own, and may not be pushed")
    for field in sorted(said.keys() & SET_HERE):
        raise wrong(f".{field}", "is set by the installation, and may not be pushed")
    if isinstance(said.get("id"), str) and said["id"]:
        said["id"] = f"{context.feed}:{said['id']}"
    event = stated({**said_here, **said}, context.theatre, feed=context.feed, at=at)
    if len(record) > MAX_EVENT_BYTES // 4:
        try:
            encode(event)
        except EventError as error:
            raise wrong("", error.reason) from error
    return event
