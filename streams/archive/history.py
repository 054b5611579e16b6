"""History: what was archived and what is in the streams still, as one row in the order received."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import AsyncIterator, Sequence
from typing import Any

from msgspec import Struct
from redis.asyncio import Redis

from streams.archive.archive import FOREVER, Archive
from streams.archive.errors import ArchiveError
from streams.archive.segment import Row
from streams.archive.shelf import Shelf
from streams.names import STREAMS, TRIMMED, key
from streams.position import BEGINNING, EntryId, Position
from streams.read import MAX_BLOCK_MS, Entry, entry_of
from streams.store import answering

PASSING = ("tracks",)
"""Streams of which a part may be missing: the store lets sweeps go that nobody archives."""
_NEWEST_MS = 2**63 - 1
_ORDER = {stream: i for i, stream in enumerate(STREAMS)}
_LAST_SEQ = 10**19 - 1
"""More than any ms has entries, in as many digits as a position may have."""
_Stored = tuple[EntryId, bytes, Any]


class Span(Struct, frozen=True):
    """One life of a store, or what was carried here of one: its entries' first and last instants, in ms."""

    epoch: str
    first_ms: int
    last_ms: int
    entries: int
    is_live: bool


class History:
    """Reads one theatre's entries, of any epoch, wherever they are by now.

    archive: where it stands, or the archive itself, which several may share. client: of the store; None for
    what is archived alone. Every method raises StoreError when the store cannot be reached, and ArchiveError
    when a part of the archive cannot be, or is missing.
    """

    def __init__(self, archive: Shelf | Archive, theatre: str, client: Redis | None) -> None:
        self.archive = archive if isinstance(archive, Archive) else Archive(archive, theatre)
        self._theatre = theatre
        self._client = client
        self._live = ""

    @staticmethod
    def place(epoch: str, at: dt.datetime) -> Position:
        """Before all that was received at `at` or later, and after all else."""
        before = _ms(at) - 1
        return Position(epoch, dict.fromkeys(STREAMS, f"{before}-{_LAST_SEQ}") if before >= 0 else {})

    async def epoch(self) -> str:
        """This life of the store; made by whoever asks first."""
        if self._client is None:
            return ""
        async with answering("read"):
            name = key(self._theatre, "epoch")
            await self._client.set(name, secrets.token_hex(8), nx=True)
            stored: Any = await self._client.get(name)
        self._live = str(stored.decode())
        return self._live

    async def ends(self, streams: Sequence[str] = STREAMS) -> tuple[str, ...]:
        """The id of the last entry that each stream has or had."""
        if self._client is None:
            raise ValueError("without a store nothing has an end")
        found = []
        async with answering("read"), self._client.pipeline(transaction=False) as pipeline:
            pipeline.hgetall(key(self._theatre, TRIMMED))
            for stream in streams:
                pipeline.xrevrange(key(self._theatre, stream), count=1)
            marks, *answers = await pipeline.execute()
        for stream, rows in zip(streams, answers, strict=True):
            mark = marks.get(stream.encode(), BEGINNING.encode()).decode()
            found.append(rows[0][0].decode() if rows else mark)
        return tuple(found)

    async def trimmed(self) -> dict[str, EntryId]:
        """By stream, the last entry that it was trimmed of."""
        if self._client is None:
            return {}
        async with answering("ask what is trimmed"):
            marks: Any = await self._client.hgetall(key(self._theatre, TRIMMED))
        return {name.decode(): EntryId.parse(mark.decode()) for name, mark in marks.items()}

    async def oldest(self) -> dt.datetime | None:
        """When the oldest entry was received that a stream still holds; None where they are empty."""
        if self._client is None:
            return None
        _, in_store = await self._in_store(self._client)
        first_ms = min((first for first, _, _ in in_store), default=None)
        return None if first_ms is None else dt.datetime.fromtimestamp(first_ms / 1_000, dt.UTC)

    async def spans(self) -> list[Span]:
        """What there is to be read, oldest first."""
        live = await self.epoch()
        trimmed, in_store = await self._in_store(self._client) if self._client is not None else ({}, [])
        found: dict[str, list[int]] = {}
        if in_store:
            found[live] = [
                min(first for first, _, _ in in_store),
                max(last for _, last, _ in in_store),
                sum(count for _, _, count in in_store),
            ]
        catalogue = await asyncio.to_thread(self.archive.catalogue)
        for segment in catalogue.segments:
            first_ms, last_ms = segment.first_id.ms, segment.last_id.ms
            span = found.setdefault(segment.epoch, [first_ms, last_ms, 0])
            span[0], span[1] = min(span[0], first_ms), max(span[1], last_ms)
            if segment.epoch != live or segment.last_id <= trimmed.get(segment.stream, EntryId(0, 0)):
                span[2] += segment.rows
        spans = [
            Span(epoch, first_ms, last_ms, entries, epoch == live)
            for epoch, (first_ms, last_ms, entries) in found.items()
        ]
        return sorted(spans, key=lambda span: (span.first_ms, span.epoch))

    async def entries(
        self, position: Position, *, until: dt.datetime | None = None, streams: Sequence[str] = STREAMS
    ) -> AsyncIterator[list[Entry]]:
        """Pages of what follows, until there is no more."""
        while True:
            page, position = await self.read(position, until=until, streams=streams)
            if not page:
                return
            yield page

    async def read(
        self,
        position: Position,
        *,
        block_ms: int | None = None,
        count: int = 1_000,
        streams: Sequence[str] = STREAMS,
        until: dt.datetime | None = None,
        may_lack: bool = False,
    ) -> tuple[list[Entry], Position]:
        """Up to `count` entries of each stream after `position`, oldest first, and the position after them.

        block_ms: how long to wait where there is nothing, 2,000 at most; None not to. until: only what was
        received before it. Order holds across calls: where a stream has more than `count`, the others' are
        held back to the same instant. may_lack: pass over what was trimmed and is not in the archive.
        """
        if self._client is not None and self._live != position.epoch:
            await self.epoch()
        in_store: dict[str, list[_Stored]] = {}
        trimmed: dict[str, EntryId] = {}
        is_live = False
        if self._client is not None and self._live == position.epoch:
            in_store, trimmed, is_live = await self._read_store(
                self._client, position, block_ms, count, streams
            )
        behind = [
            stream
            for stream in streams
            if not is_live or trimmed.get(stream, EntryId(0, 0)) > EntryId.parse(position.at(stream))
        ]
        archived: dict[str, tuple[list[Row], bool]] = {}
        end = EntryId(_ms(until), 0) if until is not None else FOREVER
        if behind:
            archived = await asyncio.to_thread(
                self._read_archive, position, behind, {} if may_lack or not is_live else trimmed, count, end
            )
        return _merged(position, streams, in_store, archived, count, end)

    async def newest(
        self, epoch: str, stream: str, *, by: dt.datetime | None = None, count: int = 1_000
    ) -> list[Entry]:
        """Up to `count` entries of one stream, received by `by`, or until now; the newest first."""
        if self._client is not None and self._live != epoch:
            await self.epoch()
        rows: dict[EntryId, Entry] = {}
        last = EntryId(int(by.timestamp() * 1_000) if by is not None else _NEWEST_MS, _LAST_SEQ)
        if self._client is not None and self._live == epoch:
            async with answering("read"):
                found: Any = await self._client.xrevrange(
                    key(self._theatre, stream), f"{last.ms}-{last.seq}", "-", count
                )
            for raw_id, fields in found:
                entry = entry_of(stream, raw_id.decode(), fields or {})
                rows[EntryId.parse(entry.entry_id)] = entry
        if len(rows) < count:
            before = min(rows, default=EntryId(last.ms + 1, 0))
            older = await asyncio.to_thread(self.archive.before, epoch, stream, before, count - len(rows))
            rows |= {row.at: _entry(stream, row) for row in older}
        return [rows[at] for at in sorted(rows, reverse=True)][:count]

    async def entry(self, epoch: str, stream: str, entry_id: str) -> Entry | None:
        """One entry, wherever it is by now; None where there is none of this id."""
        at = EntryId.parse(entry_id)
        after = EntryId(at.ms, at.seq - 1) if at.seq else EntryId(at.ms - 1, _LAST_SEQ)
        position = Position(epoch, {stream: f"{after.ms}-{after.seq}"} if at.ms else {})
        entries, _ = await self.read(position, count=1, streams=(stream,))
        return entries[0] if entries and entries[0].entry_id == entry_id else None

    async def _read_store(
        self, client: Redis, position: Position, block_ms: int | None, count: int, streams: Sequence[str]
    ) -> tuple[dict[str, list[_Stored]], dict[str, EntryId], bool]:
        names = {key(self._theatre, stream): stream for stream in streams}
        block = None if block_ms is None else max(1, min(block_ms, MAX_BLOCK_MS))
        # What was trimmed is asked for after what was read: nothing can be trimmed in between unseen.
        async with answering("read"), client.pipeline(transaction=False) as pipeline:
            pipeline.xread({name: position.at(stream) for name, stream in names.items()}, count, block)
            pipeline.hgetall(key(self._theatre, TRIMMED))
            pipeline.get(key(self._theatre, "epoch"))
            answer, marks, epoch = await pipeline.execute()
        self._live = epoch.decode() if epoch else ""
        found: dict[str, list[_Stored]] = {}
        for name, raw in answer.items() if isinstance(answer, dict) else answer or ():
            pages = raw[0] if raw and isinstance(raw[0], list) else raw
            found[names[name.decode()]] = [
                (EntryId.parse(raw_id.decode()), raw_id, fields) for raw_id, fields in pages
            ]
        trimmed = {name.decode(): EntryId.parse(mark.decode()) for name, mark in marks.items()}
        return found, trimmed, self._live == position.epoch

    def _read_archive(
        self,
        position: Position,
        streams: Sequence[str],
        trimmed: dict[str, EntryId],
        count: int,
        end: EntryId,
    ) -> dict[str, tuple[list[Row], bool]]:
        found = {}
        for stream in streams:
            after = EntryId.parse(position.at(stream))
            if stream in trimmed and stream not in PASSING:
                self._check(position.epoch, stream, after, trimmed[stream])
            found[stream] = self.archive.after(position.epoch, stream, after, count, end)
        return found

    def _check(self, epoch: str, stream: str, after: EntryId, to: EntryId) -> None:
        """Nothing is missing between two ids: what is trimmed from the stream is in the archive."""
        for segment in self.archive.catalogue().of(epoch, stream, after):
            if segment.after_id > after or after >= to:
                break
            after = max(after, segment.last_id)
        if after < to:
            raise ArchiveError(
                f"the archive lacks {stream} after {after.ms}-{after.seq}, which the stream has no more; "
                "see `watchfloor archive verify`"
            )

    async def _in_store(self, client: Redis) -> tuple[dict[str, EntryId], list[tuple[int, int, int]]]:
        found = []
        async with answering("read"), client.pipeline(transaction=False) as pipeline:
            pipeline.hgetall(key(self._theatre, TRIMMED))
            for stream in STREAMS:
                name = key(self._theatre, stream)
                pipeline.xrange(name, count=1)
                pipeline.xrevrange(name, count=1)
                pipeline.xlen(name)
            marks, *answers = await pipeline.execute()
        for first, last, count in zip(answers[::3], answers[1::3], answers[2::3], strict=True):
            if first:
                ends = (EntryId.parse(rows[0][0].decode()).ms for rows in (first, last))
                found.append((*ends, count))
        return {name.decode(): EntryId.parse(mark.decode()) for name, mark in marks.items()}, found


def _merged(
    position: Position,
    streams: Sequence[str],
    in_store: dict[str, list[_Stored]],
    archived: dict[str, tuple[list[Row], bool]],
    count: int,
    end: EntryId,
) -> tuple[list[Entry], Position]:
    """The next entries of all streams, up to where the first of them has more than was read."""
    found: list[tuple[EntryId, int, str, Row | _Stored]] = []
    horizon: EntryId | None = None
    for stream in streams:
        rows, has_more = archived.get(stream, ([], False))
        stored = in_store.get(stream, [])
        last: EntryId | None = rows[-1].at if rows else None
        taken: list[Row | _Stored] = list(rows)
        if not has_more:
            taken += [each for each in stored if last is None or each[0] > last]
            has_more = len(stored) >= count
        if taken and has_more and (horizon is None or taken[-1][0] < horizon):
            horizon = taken[-1][0]
        found += [(each[0], _ORDER[stream], stream, each) for each in taken]
    found.sort(key=lambda item: item[:2])
    ids = dict(position.ids)
    entries = []
    for at, _, stream, each in found:
        if at >= end or (horizon is not None and at > horizon):
            break
        if isinstance(each, Row):
            entries.append(_entry(stream, each))
        else:
            entries.append(entry_of(stream, each[1].decode(), each[2] or {}))
        ids[stream] = entries[-1].entry_id
    return entries, Position(position.epoch, ids)


def _entry(stream: str, row: Row) -> Entry:
    return entry_of(stream, row.entry_id, {b"event": row.payload})


def _ms(instant: dt.datetime) -> int:
    """In ms since 1970, rounded up: an entry received before the instant is one whose ms is less."""
    return max(0, -int(-instant.timestamp() * 1_000 // 1))
