"""Events on demand: a page of what was received, filtered, from a cursor on."""

from __future__ import annotations

import asyncio
import datetime as dt

from msgspec import Raw

from config.theatre import Theatre
from dashboard.api.problems import ApiError
from dashboard.api.question import EventsQuestion
from dashboard.api.shape import EventRow, EventRows, encoded
from dashboard.picture.night import credible
from dashboard.picture.region_tree import RegionTree
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.events import AirRaidAlert, Event, EventBase, LogEntry, RaidReport, Scramble, Strike, Threat
from streams.position import Position
from streams.read import Entry
from streams.store import connect

MOST_LOOKED_AT = 50_000
"""Entries looked at for one page; it may have less than was asked for, and a cursor to go on with."""


def events_answer(
    url: str, archive: Archive, theatre: Theatre, question: EventsQuestion, *, audit: bool
) -> bytes:
    """A page of events as JSON. Blocks: a server calls it in a thread.

    audit: whether the audit's entries may be seen.

    Raises ApiError for a cursor of another life of the store, StoreError when it cannot be reached, and
    ArchiveError when the archive cannot.
    """
    return asyncio.run(_answer(url, archive, theatre, _Filter(question, theatre, audit=audit)))


async def _answer(url: str, archive: Archive, theatre: Theatre, wanted: _Filter) -> bytes:
    client = connect(url)
    try:
        history = History(archive, theatre.name, client)
        epoch = await history.epoch()
        position = wanted.question.cursor or Position(epoch)
        if position.epoch != epoch:
            raise ApiError(
                "parameter", "is of data that the store no longer holds: begin without one", "cursor"
            )
        rows, position, is_end = await _page(history, position, wanted)
    finally:
        await client.aclose()
    cursor = str(position)
    return encoded(EventRows(events=tuple(rows), next=None if is_end else cursor, position=cursor))


async def _page(
    history: History, position: Position, wanted: _Filter
) -> tuple[list[EventRow], Position, bool]:
    rows: list[EventRow] = []
    looked_at = 0
    while looked_at < MOST_LOOKED_AT:
        entries, after = await history.read(position)
        if not entries:
            return rows, position, True
        ids = dict(position.ids)
        for entry in entries:
            ids[entry.stream] = entry.entry_id
            looked_at += 1
            if entry.event is not None and wanted.has(entry.event, entry.received_at):
                rows.append(_row(entry))
                if len(rows) == wanted.question.limit:
                    return rows, Position(position.epoch, ids), False
        position = after
    return rows, position, False


def _row(entry: Entry) -> EventRow:
    return EventRow(
        entry=f"{entry.stream}/{entry.entry_id}", received_at=entry.received_at, event=Raw(entry.payload)
    )


class _Filter:
    """Which events are asked for."""

    def __init__(self, question: EventsQuestion, theatre: Theatre, *, audit: bool) -> None:
        self.question = question
        self._audit = audit
        self._tree = RegionTree(theatre)

    def has(self, event: Event, received_at: dt.datetime) -> bool:
        question = self.question
        if isinstance(event, LogEntry) and event.act == "audit" and not self._audit:
            return False
        for name in ("feed", "claimant", "status"):
            wanted = getattr(question, name)
            if wanted and getattr(event, name) != wanted:
                return False
        if question.kind and event.__struct_config__.tag != question.kind:
            return False
        if question.region and not any(self._is_in(key, question.region) for key in _regions(event)):
            return False
        if question.since is None and question.until is None:
            return True
        begin, end = _lasts(event, received_at)
        is_before = question.since is not None and end is not None and end < question.since
        is_after = question.until is not None and begin >= question.until
        return not is_before and not is_after

    def _is_in(self, key: str, region: str) -> bool:
        return key == region or region in self._tree.above(key)


def _regions(event: Event) -> tuple[str, ...]:
    match event:
        case AirRaidAlert() | Strike():
            return (event.region,)
        case RaidReport() | Threat():
            return event.regions
        case Scramble():
            return event.cause_regions
        case _:
            return ()


def _lasts(event: EventBase, received_at: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    """From when to when it is about; an alert without an end lasts."""
    published_at = credible(event.published_at)
    begin, end = credible(event.valid_from), credible(event.valid_to)
    if begin is None and end is None:
        said_at = published_at or received_at
        return said_at, said_at
    if end is None and not isinstance(event, AirRaidAlert):
        end = max(begin or received_at, published_at) if published_at is not None else begin
    return begin or end or received_at, end
