"""The events of a stretch, flat: one row for each, in the order received; the audit's are in none."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from config.theatre import Theatre
from dashboard.api.moments import touches
from dashboard.exports.asked import Asked, Here
from streams.archive.history import History
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Event,
    LogEntry,
    Marker,
    Point,
    RaidReport,
    Scramble,
    Strike,
    Threat,
)
from streams.names import STREAMS
from streams.position import Position
from streams.read import Entry
from streams.store import connect

TOLD = tuple(stream for stream in STREAMS if stream not in ("tracks", "health"))
"""The streams that are exported. Sweeps are a megabyte a minute, and the archive has them as Parquet."""

Progress = Callable[[float], None]
"""Is told how far it is, from 0 to 1."""


class Row(NamedTuple):
    """One event as a line of a table. `regions` are keys of the theatre, with spaces between."""

    entry: str
    received_at: dt.datetime
    id: str
    revision: int
    kind: str
    status: str
    msg_type: str
    run: str
    feed: str
    claimant: str
    grade: str
    by: str
    valid_from: dt.datetime | None
    valid_to: dt.datetime | None
    published_at: dt.datetime | None
    regions: str
    lon: float | None
    lat: float | None
    is_approximate: bool
    """The position is a region's label point and nobody stated it."""
    title: str
    link: str
    event: str
    """The whole event as JSON, as the stream has it."""


async def rows(asked: Asked, here: Here, theatre: Theatre, progress: Progress) -> AsyncIterator[list[Row]]:
    """Pages of rows. Known then: what was received in the stretch. Known now: the last revision of each event
    that is about it, in the order in which these came.

    Raises StoreError or ArchiveError when what it needs cannot be reached.
    """
    client = connect(here.store_url)
    try:
        history = History(here.shelf, here.theatre, client)
        epoch = asked.epoch or await history.epoch()
        if asked.known == "then":
            place = History.place(epoch, asked.from_)
            async for page in history.entries(place, until=asked.to, streams=TOLD):
                progress(_share(page[-1].received_at, asked.from_, asked.to))
                yield [row_of(entry, theatre) for entry in page if _is_told(entry, here.status)]
            return
        last: dict[str, Entry] = {}
        count = max(1, sum(span.entries for span in await history.spans() if span.epoch == epoch))
        seen = 0
        async for page in history.entries(Position(epoch), streams=TOLD):
            seen += len(page)
            progress(min(1.0, seen / count))
            for entry in page:
                if entry.event is not None and _is_told(entry, here.status):
                    before = last.get(entry.event.id)
                    if before is None or before.event is None or before.event.revision < entry.event.revision:
                        last.pop(entry.event.id, None)
                        last[entry.event.id] = entry
        yield [
            row_of(entry, theatre)
            for entry in last.values()
            if entry.event is not None
            and entry.event.msg_type not in ("cancel", "error")
            and touches(entry.event, entry.received_at, asked.from_, asked.to)
        ]
    finally:
        await client.aclose()


def row_of(entry: Entry, theatre: Theatre) -> Row:
    """An entry that is an event, as a row."""
    event = entry.event
    if event is None:
        raise ValueError(f"{entry.entry_id} is no event")
    point, is_approximate = place_of(event, theatre)
    return Row(
        entry=f"{entry.stream}/{entry.entry_id}",
        received_at=entry.received_at,
        id=event.id,
        revision=event.revision,
        kind=str(event.__struct_config__.tag),
        status=event.status,
        msg_type=event.msg_type,
        run=event.run,
        feed=event.feed,
        claimant=event.claimant,
        grade=f"{event.reliability}{event.credibility}",
        by=event.by,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        published_at=event.published_at,
        regions=" ".join(regions_of(event)),
        lon=point.lon if point is not None else None,
        lat=point.lat if point is not None else None,
        is_approximate=is_approximate,
        title=event.evidence.title if event.evidence is not None else "",
        link=event.evidence.link if event.evidence is not None else "",
        event=entry.payload.decode("utf-8", "replace"),
    )


def regions_of(event: Event) -> tuple[str, ...]:
    """The regions that an event names, as keys of the theatre."""
    match event:
        case AirRaidAlert() | Strike():
            return (event.region,) if event.region else ()
        case RaidReport() | Threat():
            return event.regions
        case Scramble():
            return event.cause_regions
        case _:
            return ()


def place_of(event: Event, theatre: Theatre) -> tuple[Point | None, bool]:
    """Where an event is, and whether that is only the label point of what it names."""
    stated: Point | None = None
    match event:
        case Threat() | Strike() | Marker():
            stated = event.position
        case AirspaceRestriction():
            stated = event.centre
    if stated is not None:
        return stated, False
    for key in regions_of(event)[:1]:
        try:
            region = theatre.region_of(key)
        except KeyError:
            group = theatre.groups.get(key)
            if group is None:
                continue
            region = theatre.region_of(group.members[0])
        return Point(lon=region.lon, lat=region.lat), True
    return None, False


def _is_told(entry: Entry, status: str) -> bool:
    event = entry.event
    return (
        event is not None
        and event.status == status
        and not (isinstance(event, LogEntry) and event.act == "audit")
    )


def _share(at: dt.datetime, begin: dt.datetime, end: dt.datetime) -> float:
    return min(1.0, max(0.0, (at - begin) / (end - begin)))
