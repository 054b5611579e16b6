"""Records inside a JSON payload: each is decoded by itself, so that one bad record takes no other with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Raw

from ingest.decoding import Decoded
from ingest.errors import DecodeError
from ingest.refusals import MALFORMED, Refusals, refusal

MAX_RECORDS = 50_000
"""In one payload: 1,600 regions with five types of alert, or a month of a channel."""

AwareInstant = Annotated[dt.datetime, Meta(tz=True)]
"""An instant with its offset from UTC, as RFC 3339 writes it."""

_Shape = TypeVar("_Shape")
_Said = TypeVar("_Said")


def whole(payload: bytes, shape: type[_Shape], feed: str) -> _Shape:
    """The payload as `shape`.

    Raises DecodeError with the path of the first field that is not so.
    """
    try:
        return msgspec.json.decode(payload, type=shape)
    except MALFORMED as error:
        raise refusal(feed, error, payload) from error


def each(
    records: Sequence[Raw],
    shape: type[_Shape],
    make: Callable[[_Shape, str], Iterable[_Said]],
    *,
    feed: str,
    path: str,
    into: Decoded,
) -> list[_Said]:
    """What `make` makes of every record; those that cannot be decoded go to the refused of `into`.

    make: gets a record and its path (`$.alerts[3]`), and may raise DecodeError.
    Raises DecodeError for more records than anybody sends.
    """
    if len(records) > MAX_RECORDS:
        raise DecodeError(feed, path, f"has {len(records):,} records, of {MAX_RECORDS:,} allowed")
    refusals = Refusals(feed)
    said: list[_Said] = []
    for index, raw in enumerate(records):
        at = f"{path}[{index}]"
        try:
            said += list(make(msgspec.json.decode(raw, type=shape), at))
        except MALFORMED as error:
            refusals.add(refusal(feed, error, bytes(raw), at=at))
        except DecodeError as error:
            refusals.add(DecodeError(feed, error.path, error.reason, bytes(raw)))
    into.refused += refusals.all()
    return said


def utc(at: dt.datetime, feed: str, path: str) -> dt.datetime:
    """The instant in UTC. Raises DecodeError where the calendar has no such day there."""
    try:
        return at.astimezone(dt.UTC)
    except OverflowError as error:
        raise DecodeError(feed, path, "is outside the calendar") from error
