"""The archiver: moves what is old enough into segments, and trims of the streams what is verified there."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import structlog
from msgspec import Struct
from redis.asyncio import Redis

from streams.archive.archive import Archive
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.archive.segment import MAX_BYTES, MAX_ROWS, Row, Segment, build, day_of
from streams.archive.shelf import Shelf
from streams.errors import FencedError, StoreError
from streams.lease import REFUSE_STALE, Lease, fence_key
from streams.names import ARCHIVED, STREAMS, TRIMMED, key
from streams.position import EntryId
from streams.store import answering

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
EVERY_S = 15.0
"""Between two looks at the streams, and the beat of the lease: three are longer than a segment takes."""
PAGE = 1_000
SWEEPS = 8
"""Entries of `tracks` that are read at once: a sweep may have 4 MB."""

log = structlog.get_logger()

# KEYS: the fence, the epoch, the stream, what is trimmed. ARGV: the token, the epoch, the first id that stays
# and the last that goes, the stream's name. The epoch is asked for since the store may be another by now.
_TRIM = f"""
{REFUSE_STALE}
if redis.call('GET', KEYS[2]) ~= ARGV[2] then return 'other' end
local gone = redis.call('XTRIM', KEYS[3], 'MINID', '=', ARGV[3])
redis.call('HSET', KEYS[4], ARGV[5], ARGV[4])
return gone
"""


class Keeping(Struct, frozen=True):
    """How one stream is archived and trimmed.

    kept_ms: what is younger stays in the stream. grain_ms: what was received in one such stretch of UTC is
    archived when it is over, or once it is `kept_ms` old, in full hours.
    """

    kept_ms: int
    grain_ms: int = DAY_MS

    def archived_to(self, now_ms: int) -> int:
        """Before which instant everything is archived, in ms since 1970."""
        return max(
            now_ms - now_ms % self.grain_ms, _in_full(now_ms - self.kept_ms, min(self.grain_ms, HOUR_MS))
        )

    def trimmed_to(self, now_ms: int) -> int:
        """Before which instant the stream is trimmed."""
        return now_ms - self.kept_ms


def keepings(retention: dt.timedelta) -> dict[str, Keeping]:
    """By stream. Sweeps are large, so they stay two hours, and words on feeds are many: a day at most."""
    kept_ms = int(retention.total_seconds() * 1_000)
    return {stream: Keeping(kept_ms) for stream in STREAMS} | {
        "tracks": Keeping(min(kept_ms, 2 * HOUR_MS), HOUR_MS),
        "health": Keeping(min(kept_ms, DAY_MS)),
    }


class Archiver:
    """Archives one theatre's streams.

    client: of the store. keepings: by stream. sweeps_kept: for how long the archive itself keeps sweeps; None
    for good. now_ms: the store's clock, unless another is given.
    """

    def __init__(
        self,
        client: Redis,
        theatre: str,
        shelf: Shelf,
        keepings: dict[str, Keeping],
        now_ms: Callable[[], int] | None = None,
        sweeps_kept: dt.timedelta | None = None,
    ) -> None:
        self.archive = Archive(shelf, theatre)
        self._client = client
        self._theatre = theatre
        self._keepings = keepings
        self._now_ms = now_ms
        self._sweeps_kept = sweeps_kept
        self._history = History(shelf, theatre, client)
        self._lease = Lease(client, theatre, "archive", socket.gethostname(), beat_s=EVERY_S)
        self._trim_script = client.register_script(_TRIM)

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop. What fails is logged and tried again; nothing is trimmed meanwhile."""
        is_clean = False
        while not stop.is_set():
            try:
                if await self._lease.hold():
                    if not is_clean:
                        await self.recover()
                        is_clean = True
                    await self.look()
                else:
                    is_clean = False
            except (StoreError, ArchiveError) as error:
                log.warning("not archived", theatre=self._theatre, reason=str(error))
            try:
                async with asyncio.timeout(EVERY_S):
                    await stop.wait()
            except TimeoutError:
                continue
        await self.leave()

    async def leave(self) -> None:
        """Let another archive at once."""
        try:
            await self._lease.release()
        except StoreError:
            log.debug("the lease is left to end by itself")

    async def recover(self) -> None:
        """Enter what a fall left between the shelf and the catalogue. Raises ArchiveError."""
        for reason in await asyncio.to_thread(self.archive.recover):
            log.warning("not a segment", theatre=self._theatre, reason=reason)

    async def look(self) -> None:
        """Archive what is due and trim what is verified, once. The lease is held, or taken.

        Raises StoreError and ArchiveError; FencedError where another archives.
        """
        await self._hold()
        epoch = await self._history.epoch()
        now_ms = await self._now()
        for stream in STREAMS:
            keeping = self._keepings[stream]
            mark = await self._mark(stream)
            await self._take(epoch, stream, mark, keeping.archived_to(now_ms))
            await self._trim(epoch, stream, mark, keeping.trimmed_to(now_ms))
        if self._sweeps_kept is not None:
            await self._let_go_of_sweeps(epoch, now_ms - int(self._sweeps_kept.total_seconds() * 1_000))

    # From the stream to the shelf.

    async def _take(self, epoch: str, stream: str, after: EntryId, to_ms: int) -> None:
        """Archive what lies after an id and before an instant, where it is not archived yet."""
        end = EntryId(to_ms, 0)
        while after < end:
            catalogue = await asyncio.to_thread(self.archive.catalogue)
            following = next(iter(catalogue.of(epoch, stream, after)), None)
            if following is not None and following.after_id <= after:
                after = following.last_id
                continue
            # What is archived beyond a gap stays as it is: only the gap is filled.
            limit = EntryId(following.after_id.ms, following.after_id.seq + 1) if following else end
            async for rows in self._segments_of(stream, after, min(limit, end)):
                await self._hold()
                segment, payload = await asyncio.to_thread(build, self._theatre, epoch, stream, after, rows)
                if await self._history.epoch() != epoch:
                    raise StoreError("the store was emptied")
                await asyncio.to_thread(self.archive.add, segment, payload)
                after = segment.last_id
                log.info(
                    "archived", stream=stream, segment=segment.name, rows=segment.rows, size=segment.size
                )
            if following is None or limit > end:
                break
            after = following.last_id
        if stream == "tracks":
            async with answering("say what is archived"):
                await self._client.hset(key(self._theatre, ARCHIVED), stream, f"{after.ms}-{after.seq}")

    async def _segments_of(self, stream: str, after: EntryId, end: EntryId) -> AsyncIterator[list[Row]]:
        """The rows between two ids, as many at once as make one segment: of one day, and not too many."""
        rows: list[Row] = []
        size = 0
        async for row in self._rows(stream, after, end):
            is_full = len(rows) >= MAX_ROWS or size + len(row.payload) > MAX_BYTES
            if rows and (is_full or day_of(row.at) != day_of(rows[0].at)):
                yield rows
                rows, size = [], 0
            rows.append(row)
            size += len(row.payload)
        if rows:
            yield rows

    async def _rows(self, stream: str, after: EntryId, end: EntryId) -> AsyncIterator[Row]:
        """What the stream has after one id and before another."""
        name = key(self._theatre, stream)
        count = SWEEPS if stream == "tracks" else PAGE
        first = f"({after.ms}-{after.seq}" if after > EntryId(0, 0) else "-"
        while True:
            async with answering("read what is to be archived"):
                page: Any = await self._client.xrange(name, first, f"({end.ms}-{end.seq}", count)
            for raw_id, fields in page:
                yield Row(EntryId.parse(raw_id.decode()), (fields or {}).get(b"event", b""))
            if len(page) < count:
                return
            first = f"({page[-1][0].decode()}"

    # From the stream.

    async def _trim(self, epoch: str, stream: str, mark: EntryId, to_ms: int) -> None:
        """Trim whole segments, oldest first, each once it was read again and is what the stream still has."""
        catalogue = await asyncio.to_thread(self.archive.catalogue)
        for segment in catalogue.of(epoch, stream, mark):
            if segment.after_id > mark or segment.last_id.ms >= to_ms:
                return
            if not await self._is_same(segment, mark):
                return
            await self._hold()
            after = segment.last_id
            async with answering("trim a stream"):
                answer = await self._trim_script(
                    keys=[
                        fence_key(self._theatre, self._lease.name),
                        *(key(self._theatre, name) for name in ("epoch", stream, TRIMMED)),
                    ],
                    args=[self._lease.token, epoch, f"{after.ms}-{after.seq + 1}", segment.last, stream],
                )
            if answer == b"stale":
                raise FencedError(self._lease.name, self._lease.token)
            if answer == b"other":
                raise StoreError("the store was emptied")
            log.info("trimmed", stream=stream, to=segment.last, entries=answer)
            mark = after

    async def _let_go_of_sweeps(self, epoch: str, before_ms: int) -> None:
        mark = await self._mark("tracks")
        catalogue = await asyncio.to_thread(self.archive.catalogue)
        for segment in catalogue.of(epoch, "tracks"):
            if segment.last_id.ms < before_ms and segment.last_id <= mark:
                await asyncio.to_thread(self.archive.let_go, segment)
                log.info("let go of sweeps", segment=segment.name, rows=segment.rows)

    async def _is_same(self, segment: Segment, mark: EntryId) -> bool:
        """Whether a segment, verified once more, has byte for byte what the stream has there.

        One that has not is let go of: its stream has all of it still, and it is archived again.
        """
        try:
            rows = await asyncio.to_thread(self.archive.whole, segment)
            archived = dict(rows)
            end = EntryId(segment.last_id.ms, segment.last_id.seq + 1)
            async for row in self._rows(segment.stream, max(mark, segment.after_id), end):
                if archived.get(row.at) != row.payload:
                    raise ArchiveError(f"{segment.name} lacks entry {row.entry_id}")
        except ArchiveError as error:
            log.error("a segment is broken: it is archived again", stream=segment.stream, reason=str(error))
            await asyncio.to_thread(self.archive.let_go, segment)
            return False
        return True

    async def _mark(self, stream: str) -> EntryId:
        async with answering("ask what is trimmed"):
            found: Any = await self._client.hget(key(self._theatre, TRIMMED), stream)
        return EntryId.parse(found.decode()) if found else EntryId(0, 0)

    async def _now(self) -> int:
        if self._now_ms is not None:
            return self._now_ms()
        async with answering("ask for the time"):
            seconds, microseconds = await self._client.time()
        return int(seconds) * 1_000 + int(microseconds) // 1_000

    async def _hold(self) -> None:
        if not await self._lease.hold():
            raise FencedError(self._lease.name, self._lease.token)


def _in_full(ms: int, grain_ms: int) -> int:
    return ms - ms % grain_ms
