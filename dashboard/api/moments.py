"""What came of a stretch of time, in order: as it was received then, or as it is known now to have been."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Literal, NamedTuple

from config.theatre import Theatre
from dashboard.api.ledger import heard
from dashboard.picture.night import credible
from dashboard.picture.timeline import Heard, Timeline
from streams.archive.history import History
from streams.events import AirRaidAlert, AirspaceRestriction, Event, RaidReport, Scramble, Threat
from streams.position import Position


class Moment(NamedTuple):
    """An event, and when it came. is_first: it was not there before."""

    at: dt.datetime
    event: Event
    is_first: bool


async def moments(
    history: History,
    theatre: Theatre,
    status: Literal["actual", "exercise"],
    streams: Sequence[str],
    begin: dt.datetime,
    end: dt.datetime,
    *,
    known: Literal["then", "now"] = "then",
    epoch: str = "",
) -> AsyncIterator[Moment]:
    """The moments from `begin` up to `end`. epoch: "" for the live one.

    As known now an alert comes when it began and again when it was over, however late that was received; an
    exercise's world has another clock, and its moments are when they were received. Raises StoreError or
    ArchiveError.
    """
    epoch = epoch or await history.epoch()
    if known == "then" or status == "exercise":
        async for page in history.entries(History.place(epoch, begin), until=end, streams=streams):
            for entry in page:
                event = entry.event
                if event is not None and event.status == status:
                    yield Moment(entry.received_at, event, event.revision == 1 and event.msg_type == "alert")
        return
    told: list[Heard] = []
    last: dict[str, int] = {}
    async for page in history.entries(Position(epoch), streams=streams):
        for each in map(heard, page):
            if each is None or each.event.status != status:
                continue
            if each.event.id in last or touches(each.event, each.received_at, begin, end):
                last[each.event.id] = max(each.event.revision, last.get(each.event.id, 0))
                told.append(each)
    for change in Timeline(theatre, status, told).changes:
        event = change.event
        if not begin <= change.at < end or (
            isinstance(event, RaidReport) and event.revision < last[event.id]
        ):
            continue
        yield Moment(change.at, event, _is_first(event, is_over=change.until is None))


def _is_first(event: Event, *, is_over: bool) -> bool:
    match event:
        case Scramble(state="end"):
            return True
        case Threat(revision=revision) if revision > 1:
            return False
        case _:
            return event.valid_to is None or not is_over


def touches(event: Event, received_at: dt.datetime, begin: dt.datetime, end: dt.datetime) -> bool:
    """Whether an event is about a stretch of time."""
    stated = [
        at
        for at in (credible(event.valid_from), credible(event.valid_to), credible(event.published_at))
        if at is not None
    ] or [received_at]
    is_lasting = isinstance(event, AirRaidAlert | AirspaceRestriction) and event.valid_to is None
    return min(stated) < end and (is_lasting or max(stated) >= begin)
