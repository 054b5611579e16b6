"""Rows: what was received, an entry a row, for a table; compact, and never with the text of its evidence.

The newest come first, from the end or from a cursor back; from a cursor on what has come since, in its order.
Left out are sweeps, looks at feeds and clocks, which tell of how it reached us, and of the log what only an
admin may see.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Raw, Struct
from redis.asyncio import Redis

from dashboard.api.problems import ApiError
from dashboard.api.question import RowsQuestion
from dashboard.api.shape import Row, RowsAnswer, encoded
from dashboard.picture.counts import words
from dashboard.picture.held import PLANNED_AHEAD
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.events import Quantities
from streams.names import key
from streams.position import BEGINNING, EntryId, Position
from streams.store import answering, connect

STREAMS = ("alerts", "raids", "scrambles", "threats", "log")
"""The streams that rows are of, in the order in which entries of one instant are read."""
PAGE = 1_000
"""Entries of one stream read at once."""
_LAST = EntryId(2**63 - 1, 0)
_MOST_REGIONS = 20
_MOST_ABOUT = 20
_MOST_CHARS = 200


class _Evidence(Struct):
    text: Raw
    lang: str = ""
    title: str = ""


class _Event(Struct):
    """As much of an event of any kind as a row tells."""

    kind: str
    id: str
    status: str
    feed: str
    revision: int = 1
    msg_type: str = "alert"
    claimant: str = ""
    reliability: str = "F"
    credibility: int = 6
    valid_from: str = ""
    valid_to: str = ""
    published_at: str = ""
    as_of: str = ""
    by: str = ""
    evidence: _Evidence | None = None
    region: str = ""
    regions: tuple[str, ...] = ()
    cause_regions: tuple[str, ...] = ()
    state: str = ""
    alert_type: str = "air_raid"
    level: str = ""
    calculated: bool = False
    threat_type: str = ""
    weapon: str = ""
    toward: str = ""
    country: str = ""
    allied: bool | None = None
    target: str = ""
    speaker: str = ""
    topic: str = ""
    subject: str = ""
    label: str = ""
    launched: Quantities | None = None
    neutralised: Quantities | None = None
    shot_down: Quantities | None = None
    act: str = ""
    about: str = ""
    others: tuple[str, ...] = ()
    note: str = ""


_decoder = msgspec.json.Decoder(_Event)


class _Stored(NamedTuple):
    """One entry as it lies in a stream."""

    at: EntryId
    payload: bytes


def rows_answer(url: str, archive: Archive, theatre: str, question: RowsQuestion, *, audit: bool) -> bytes:
    """A page of rows as JSON. audit: with those of the audit. Blocks: a server calls it in a thread.

    Raises ApiError for a cursor of another life of the store, StoreError when it cannot be reached, and
    ArchiveError when the archive cannot.
    """
    return asyncio.run(_answer(url, archive, theatre, question, audit=audit))


async def _answer(url: str, archive: Archive, theatre: str, question: RowsQuestion, *, audit: bool) -> bytes:
    client = connect(url)
    try:
        history = History(archive, theatre, client)
        epoch = await history.epoch()
        for name, cursor in (("before", question.before), ("after", question.after)):
            if cursor is not None and cursor.epoch != epoch:
                raise ApiError(
                    "parameter", "is of data that the store no longer holds: begin without one", name
                )
        if question.after is not None:
            answer = await _newer(history, question.after, question.limit, audit=audit)
        else:
            back = _Back(client, archive, theatre, question.before or Position(epoch))
            answer = await _older(back, question.limit, audit=audit)
    finally:
        await client.aclose()
    return encoded(answer)


async def _newer(history: History, after: Position, limit: int, *, audit: bool) -> RowsAnswer:
    rows: list[Row] = []
    position, is_end = after, False
    while len(rows) < limit and not is_end:
        entries, further = await history.read(position, count=limit - len(rows), streams=STREAMS)
        is_end = not entries
        ids = dict(position.ids)
        for entry in entries:
            ids[entry.stream] = entry.entry_id
            row = row_of(entry.stream, EntryId.parse(entry.entry_id), entry.payload, audit=audit)
            if row is not None:
                rows.append(row)
                if len(rows) == limit:
                    break
        else:
            ids = dict(further.ids)
        position = Position(position.epoch, ids)
    cursor = str(position)
    return RowsAnswer(rows=tuple(rows), next=None if is_end else cursor, position=cursor)


class _Back:
    """Entries of all streams together, the newest first, from a cursor back.

    start: of each stream the first that is not wanted any more; a stream that it lacks is read from its end.
    """

    def __init__(self, client: Redis, archive: Archive, theatre: str, start: Position) -> None:
        self._client = client
        self._archive = archive
        self._theatre = theatre
        self._epoch = start.epoch
        self._bounds = {
            stream: EntryId.parse(start.at(stream)) if stream in start.ids else _LAST for stream in STREAMS
        }
        self._held: dict[str, list[_Stored]] = {}
        self._ended: set[str] = set()

    async def begin(self) -> Position:
        """Read the first of each stream. Gives back the position after all of them."""
        for stream in STREAMS:
            await self._read(stream)
        newest = {stream: held[-1].at for stream, held in self._held.items() if held}
        return Position(self._epoch, {stream: _text(at) for stream, at in newest.items()})

    async def next(self) -> tuple[str, _Stored] | None:
        """The newest entry that is left; None where there is none."""
        best: str | None = None
        for stream in STREAMS:
            if not self._held[stream] and stream not in self._ended:
                await self._read(stream)
            # Of one instant the later stream's is read later, and so shown before.
            if self._held[stream] and (best is None or self._held[stream][-1].at >= self._held[best][-1].at):
                best = stream
        if best is None:
            return None
        stored = self._held[best].pop()
        self._bounds[best] = stored.at
        return best, stored

    @property
    def position(self) -> Position | None:
        """Where to go on; None at the beginning of everything."""
        ids = {}
        for stream in STREAMS:
            if self._held[stream]:
                newest = self._held[stream][-1].at
                ids[stream] = _text(EntryId(newest.ms, newest.seq + 1))
            else:
                ids[stream] = BEGINNING if stream in self._ended else _text(self._bounds[stream])
        return Position(self._epoch, ids) if any(at != BEGINNING for at in ids.values()) else None

    async def _read(self, stream: str) -> None:
        """The next page of a stream; what the store has no more is in the archive."""
        before = self._bounds[stream]
        last = "+" if before == _LAST else f"({_text(before)}"
        async with answering("read"):
            rows: Any = (
                await self._client.xrevrange(key(self._theatre, stream), last, "-", PAGE)
                if before > EntryId(0, 0)
                else []
            )
        found = [
            _Stored(EntryId.parse(entry_id.decode()), (fields or {}).get(b"event", b""))
            for entry_id, fields in rows
        ]
        if len(found) < PAGE and before > EntryId(0, 0):
            oldest = found[-1].at if found else before
            left = PAGE - len(found)
            older = await asyncio.to_thread(self._archive.before, self._epoch, stream, oldest, left)
            found += [_Stored(row.at, row.payload) for row in older]
            if not older:
                self._ended.add(stream)
        elif not found:
            self._ended.add(stream)
        self._held[stream] = found[::-1]


async def _older(back: _Back, limit: int, *, audit: bool) -> RowsAnswer:
    newest = await back.begin()
    rows: list[Row] = []
    while len(rows) < limit and (found := await back.next()) is not None:
        stream, stored = found
        row = row_of(stream, stored.at, stored.payload, audit=audit)
        if row is not None:
            rows.append(row)
    position = back.position
    return RowsAnswer(
        rows=tuple(rows), next=str(position) if position is not None else None, position=str(newest)
    )


def row_of(stream: str, at: EntryId, payload: bytes, *, audit: bool) -> Row | None:
    """The row of an entry; None for one that has none. audit: whether the audit's have."""
    try:
        event = _decoder.decode(payload)
        return None if event.act == "audit" and not audit else _row(stream, at, event)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None  # what lies in a stream and is no event of ours


def _row(stream: str, at: EntryId, event: _Event) -> Row:
    received_at = dt.datetime.fromtimestamp(at.ms / 1_000, dt.UTC)
    what, when = _what(event, received_at)
    evidence = event.evidence
    return Row(
        entry=f"{stream}/{_text(at)}",
        id=event.id,
        revision=event.revision,
        msg_type=event.msg_type,
        kind=event.kind,
        what=what,
        at=dt.datetime.fromisoformat(when) if when else received_at,
        received_at=received_at,
        status=event.status,
        feed=event.feed,
        claimant=event.claimant,
        grade=f"{event.reliability}{event.credibility}",
        regions=((event.region,) if event.region else event.regions or event.cause_regions)[:_MOST_REGIONS],
        subject=_subject(event)[:_MOST_CHARS],
        detail=dict(_detail(event)),
        about=tuple(each for each in (event.about, *event.others) if each)[:_MOST_ABOUT],
        by=event.by,
        lang=evidence.lang if evidence is not None else "",
        title=evidence.title[:_MOST_CHARS] if evidence is not None else "",
        has_text=evidence is not None and memoryview(evidence.text).nbytes > len('""'),
    )


def _what(event: _Event, received_at: dt.datetime) -> tuple[str, str]:
    """What happened, in the words of the ticker, and when."""
    begin = event.valid_from or event.published_at or event.as_of
    match event.kind:
        case "alert":
            is_over = bool(event.valid_to) and not event.calculated and _has_come(event.valid_to, received_at)
            return ("alert.end", event.valid_to) if is_over else ("alert.start", begin)
        case "threat":
            if event.state == "ended" or event.valid_to:
                return "threat.end", event.valid_to or event.published_at
            word = event.state if event.state in ("moving", "lost") else "start"
            return f"threat.{word}", event.published_at or begin if word != "start" else begin
        case "scramble":
            if event.state == "end":
                return "scramble.end", event.valid_to or begin
            return "scramble.start", begin
        case "restriction":
            is_over = event.state == "reopened" or (
                bool(event.valid_to) and _has_come(event.valid_to, received_at)
            )
            return (
                ("restriction.reopened", event.valid_to or begin)
                if is_over
                else (
                    "restriction.closed",
                    begin,
                )
            )
        case "raid_report":
            return "raid_report", event.published_at or event.as_of or event.valid_to
        case "log":
            return f"log.{event.act}", event.published_at or event.valid_from
        case _:
            return event.kind, begin


def _has_come(at: str, received_at: dt.datetime) -> bool:
    """Whether what was told is no plan."""
    return dt.datetime.fromisoformat(at) <= received_at + PLANNED_AHEAD


def _subject(event: _Event) -> str:
    match event.kind:
        case "alert":
            return event.region
        case "threat":
            return event.regions[0] if event.regions else event.toward
        case "scramble":
            return event.country
        case "strike":
            return event.target or event.region
        case "statement":
            return event.speaker
        case "raid_report":
            return event.claimant
        case "marker":
            return event.label
        case "log":
            return event.about
        case _:
            return event.subject


def _detail(event: _Event) -> Iterator[tuple[str, str]]:
    if event.kind == "raid_report":
        outcomes: tuple[Literal["launched", "neutralised", "shot_down"], ...]
        outcomes = ("launched", "neutralised", "shot_down")
        for outcome in outcomes:
            quantities: Quantities | None = getattr(event, outcome)
            if quantities is not None and quantities.uav is not None:
                yield f"{outcome}.uav", words(quantities.uav)
            if quantities is not None and quantities.missile is not None:
                yield f"{outcome}.missile", words(quantities.missile)
    elif event.kind in ("alert", "threat"):
        yield "type", event.alert_type if event.kind == "alert" else event.threat_type
    elif event.kind == "scramble":
        if event.cause_regions:
            yield "cause_regions", ",".join(event.cause_regions[:_MOST_REGIONS])
        if event.allied is not None:
            yield "allied", "yes" if event.allied else "no"
    elif event.kind == "strike" and event.region:
        yield "region", event.region
    for name in ("level", "weapon", "toward", "topic"):
        if value := getattr(event, name):
            yield name, value[:_MOST_CHARS]
    if event.kind == "log" and event.note:
        yield "note", event.note[:_MOST_CHARS]


def _text(at: EntryId) -> str:
    return f"{at.ms}-{at.seq}"
