"""Questions: what a request or a command asks for, checked, with the parameter named that cannot be used."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, Literal

from msgspec import Struct, field

from config.theatre import Theatre
from dashboard.api.problems import ApiError
from dashboard.picture.night import credible
from streams.errors import PositionError
from streams.events import Event, Status
from streams.position import Position

UID_FEED = "alerts_in_ua"
"""Whose uids name regions below an oblast; the alert feeds share them."""
MOST_EVENTS = 1_000
EVENTS = 100
MOST_ROWS = 5_000
ROWS = 500
MOST_BINS = 2_000
BINS = 240
_MOST_CHARS = 400
KINDS = tuple(str(kind.__struct_config__.tag) for kind in Event.__args__)
STATUSES: tuple[str, ...] = Status.__args__  # type: ignore[attr-defined]


class ReplayQuestion(Struct, frozen=True, kw_only=True):
    """What came between two instants, in so many bins; as known when. epoch: "" for the live one."""

    from_: dt.datetime = field(name="from")
    to: dt.datetime
    bins: int
    known: Literal["then", "now"] = "then"
    epoch: str = ""


class PictureQuestion(Struct, frozen=True, kw_only=True):
    """at: the world's instant. known_at: only what had been received by then. status: None: chosen."""

    at: dt.datetime | None = None
    known_at: dt.datetime | None = None
    status: Literal["actual", "exercise"] | None = None


class HandoverQuestion(Struct, frozen=True, kw_only=True):
    """since: by our clock; None: since the last handover."""

    since: dt.datetime | None = None


class EventsQuestion(Struct, frozen=True, kw_only=True):
    """Which events: each filter that is given must hold.

    region: or any below it. since, until: what an event is about (its validity; else when it was published or
    received) touches [since, until).
    """

    kind: str = ""
    feed: str = ""
    claimant: str = ""
    region: str = ""
    status: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    cursor: Position | None = None
    limit: int = EVENTS


class RowsQuestion(Struct, frozen=True, kw_only=True):
    """Which rows: those before a cursor, the newest first; or those after one, the oldest first."""

    before: Position | None = None
    after: Position | None = None
    limit: int = ROWS


class EventQuestion(Struct, frozen=True, kw_only=True):
    """Which event. revision: one that is wanted at least, where its source numbers them by something else."""

    revision: int = 0


def rows_question(parameters: Iterable[tuple[str, str]]) -> RowsQuestion:
    """What `/rows` was asked.

    Raises ApiError naming the parameter that cannot be used.
    """
    given = _once(parameters, RowsQuestion)
    if "before" in given and "after" in given:
        raise ApiError("parameter", "cannot be given with before", "after")
    return RowsQuestion(
        before=_cursor(given.get("before"), "before"),
        after=_cursor(given.get("after"), "after"),
        limit=_whole(given.get("limit", str(ROWS)), MOST_ROWS, "limit"),
    )


def event_question(parameters: Iterable[tuple[str, str]]) -> EventQuestion:
    """What `/events/{id}` was asked.

    Raises ApiError naming the parameter that cannot be used.
    """
    given = _once(parameters, EventQuestion)
    return EventQuestion(revision=_whole(given.get("revision", "0"), 10**15, "revision", least=0))


def handover_question(parameters: Iterable[tuple[str, str]]) -> HandoverQuestion:
    """What `/handover` was asked.

    Raises ApiError naming the parameter that cannot be used.
    """
    return HandoverQuestion(since=instant("since", _once(parameters, HandoverQuestion).get("since")))


def replay_question(parameters: Iterable[tuple[str, str]]) -> ReplayQuestion:
    """What `/replay/density` was asked.

    Raises ApiError naming the parameter that cannot be used.
    """
    given = _once(parameters, ReplayQuestion)
    begin, end = instant("from", given.get("from")), instant("to", given.get("to"))
    if begin is None or end is None:
        raise ApiError("parameter", "must be given", "from" if begin is None else "to")
    if end <= begin:
        raise ApiError("parameter", "must be later than from", "to")
    bins = given.get("bins", str(BINS))
    if not (bins.isascii() and bins.isdigit() and len(bins) <= 4 and 1 <= int(bins) <= MOST_BINS):
        raise ApiError("parameter", f"must be a whole number from 1 to {MOST_BINS:,}", "bins")
    known: Any = _one_of("known", given.get("known", "then"), ("then", "now"))
    epoch = epoch_of(given.get("epoch"))
    return ReplayQuestion(from_=begin, to=end, bins=int(bins), known=known, epoch=epoch)


def epoch_of(stated: str | None) -> str:
    """An epoch's name as it was given; "" for the live one. Raises ApiError."""
    if not re.fullmatch(r"[0-9a-zA-Z_-]{0,64}", stated or "", re.ASCII):
        raise ApiError("parameter", "is no epoch of ours", "epoch")
    return stated or ""


def picture_question(parameters: Iterable[tuple[str, str]]) -> PictureQuestion:
    """What `/picture` was asked.

    Raises ApiError naming the parameter that cannot be used.
    """
    given = _once(parameters, PictureQuestion)
    status: Any = _one_of("status", given.get("status"), ("actual", "exercise")) or None
    at, known_at = instant("at", given.get("at")), instant("known_at", given.get("known_at"))
    return PictureQuestion(at=at, known_at=known_at, status=status)


def events_question(parameters: Iterable[tuple[str, str]], theatre: Theatre) -> EventsQuestion:
    """What `/events` was asked. A region may be a key of the theatre, or an alert feed's uid.

    Raises ApiError naming the parameter that cannot be used.
    """
    given = _once(parameters, EventsQuestion)
    region = given.get("region", "")
    if region:
        known = theatre.region_by_uid(UID_FEED, region)
        try:
            region = known.key if known is not None else theatre.region_of(region).key
        except KeyError:
            raise ApiError("parameter", "is no region of the theatre", "region") from None
    limit = _whole(given.get("limit", str(EVENTS)), MOST_EVENTS, "limit")
    since, until = instant("since", given.get("since")), instant("until", given.get("until"))
    if since is not None and until is not None and until <= since:
        raise ApiError("parameter", "must be later than since", "until")
    return EventsQuestion(
        kind=_one_of("kind", given.get("kind"), KINDS),
        feed=given.get("feed", ""),
        claimant=given.get("claimant", ""),
        region=region,
        status=_one_of("status", given.get("status"), STATUSES),
        since=since,
        until=until,
        cursor=_cursor(given.get("cursor")),
        limit=limit,
    )


def instant(parameter: str, stated: str | None) -> dt.datetime | None:
    """An instant with its offset, in UTC; None where none is stated.

    Raises ApiError for anything else.
    """
    if stated is None:
        return None
    try:
        # In a query an unescaped plus sign is a space.
        at = dt.datetime.fromisoformat(stated.strip().replace(" ", "+") if "T" in stated else stated)
    except ValueError as error:
        raise ApiError(
            "parameter", "is no instant of ISO 8601, as 2025-06-09T06:00:00Z is", parameter
        ) from error
    if at.tzinfo is None:
        raise ApiError("parameter", "has no offset; 2025-06-09T06:00:00Z has", parameter)
    if credible(at) is None:
        raise ApiError("parameter", "is before 1970 or after 2199", parameter)
    return at.astimezone(dt.UTC)


def _once(parameters: Iterable[tuple[str, str]], question: type[Struct]) -> dict[str, str]:
    allowed = question.__struct_encode_fields__
    given: dict[str, str] = {}
    for name, value in parameters:
        if name not in allowed:
            raise ApiError("parameter", f"is none of {', '.join(allowed)}", name[:_MOST_CHARS])
        if name in given:
            raise ApiError("parameter", "is given twice", name)
        if not value or len(value) > _MOST_CHARS:
            raise ApiError("parameter", f"must have 1 to {_MOST_CHARS} characters", name)
        given[name] = value
    return given


def _one_of(parameter: str, stated: str | None, allowed: tuple[str, ...]) -> str:
    if stated is not None and stated not in allowed:
        raise ApiError("parameter", f"must be one of {', '.join(allowed)}", parameter)
    return stated or ""


def _whole(stated: str, most: int, parameter: str, *, least: int = 1) -> int:
    is_number = stated.isascii() and stated.isdigit() and len(stated) <= len(str(most))
    if is_number and least <= int(stated) <= most:
        return int(stated)
    raise ApiError("parameter", f"must be a whole number from {least:,} to {most:,}", parameter)


def _cursor(stated: str | None, parameter: str = "cursor") -> Position | None:
    if stated is None:
        return None
    try:
        return Position.parse(stated)
    except PositionError as error:
        raise ApiError("parameter", "is no cursor of ours", parameter) from error
