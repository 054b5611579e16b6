"""The night file: what was received in a stretch of time as one file, to be carried to another machine.

A ZIP, nothing in it compressed again: `manifest.json`, and the segments and keyframes that it names. What
comes in by such a file is somebody else's word: all of it is verified before anything is taken, and what is
taken are the entries, in segments of our own making.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import os
import re
import secrets
import struct
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.archive.segment import MAX_BYTES, MAX_ROWS, Row, Segment, build, day_of, examine, read_rows
from streams.archive.shelf import Shelf
from streams.names import STREAMS
from streams.position import BEGINNING, EntryId, Position

VERSION = 1
KEYFRAMES = "keyframes/"
MANIFEST = "manifest.json"
MOST_MEMBERS = 10_000
MOST_MEMBER_BYTES = 512_000_000
MOST_MANIFEST_BYTES = 8_000_000
_EPOCH = re.compile(r"[0-9a-zA-Z_-]{1,64}", re.ASCII)
_KEYFRAME = re.compile(r"keyframes/([0-9a-zA-Z_-]{1,64})/(\d{14})[A-Za-z0-9._=-]{0,200}", re.ASCII)
_ENTRY_ID = re.compile(r"\d{1,19}-\d{1,20}", re.ASCII)
_BORN = (1980, 1, 1, 0, 0, 0)
"""What a member says of its age: the same night makes the same file."""


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """A keyframe in the file."""

    name: str
    sha256: str
    size: int


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What is in the file."""

    version: int
    theatre: str
    since: dt.datetime
    until: dt.datetime
    segments: Annotated[tuple[Segment, ...], Meta(max_length=MOST_MEMBERS)]
    keyframes: Annotated[tuple[Part, ...], Meta(max_length=MOST_MEMBERS)] = ()

    @property
    def entries(self) -> int:
        return sum(segment.rows for segment in self.segments)


class Taken(Struct, frozen=True):
    """What became of a night file. keyframes, entries: that were not here yet."""

    manifest: Manifest
    entries: int
    keyframes: int


# Out.


async def export(
    history: History, since: dt.datetime, until: dt.datetime, file: Path, *, epoch: str = ""
) -> Manifest:
    """Write what was received from `since` on and before `until` to `file`: whole, or not at all.

    epoch: of this life of a store only. Raises ArchiveError where nothing was received then, or what was
    cannot be read; StoreError where the store cannot be reached; OSError where the file cannot be written.
    """
    theatre = history.archive.theatre
    spans = [span for span in await history.spans() if epoch in ("", span.epoch)]
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with zipfile.ZipFile(unfinished, "x", zipfile.ZIP_STORED) as night:
            segments, keyframes = [], []
            for span in spans:
                if span.last_ms < _ms(since) or span.first_ms >= _ms(until):
                    continue
                for stream in STREAMS:
                    last = dt.datetime.fromtimestamp((_ms(since) - 1) / 1_000, dt.UTC)
                    before = await history.newest(span.epoch, stream, by=last, count=1)
                    after = EntryId.parse(before[0].entry_id if before else BEGINNING)
                    async for rows in _segments(history, span.epoch, stream, since, until):
                        segment, payload = await asyncio.to_thread(
                            build, theatre, span.epoch, stream, after, rows
                        )
                        night.writestr(zipfile.ZipInfo(segment.name, _BORN), payload)
                        segments.append(segment)
                        after = segment.last_id
                for name in _keyframes_of(history.archive.shelf, span.epoch, _ms(since), _ms(until)):
                    payload = await asyncio.to_thread(history.archive.shelf.get, name)
                    night.writestr(zipfile.ZipInfo(name, _BORN), payload)
                    keyframes.append(Part(name, hashlib.sha256(payload).hexdigest(), len(payload)))
            manifest = Manifest(VERSION, theatre, since, until, tuple(segments), tuple(keyframes))
            if not segments:
                raise ArchiveError(
                    f"nothing was received from {since:%Y-%m-%d %H:%MZ} to {until:%Y-%m-%d %H:%MZ}"
                )
            night.writestr(zipfile.ZipInfo(MANIFEST, _BORN), msgspec.json.encode(manifest))
        await asyncio.to_thread(read_manifest, unfinished, theatre)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


async def _segments(
    history: History, epoch: str, stream: str, since: dt.datetime, until: dt.datetime
) -> AsyncIterator[list[Row]]:
    rows: list[Row] = []
    size = 0
    position = history.place(epoch, since)
    async for page in history.entries(position, until=until, streams=(stream,)):
        for entry in page:
            row = Row(EntryId.parse(entry.entry_id), entry.payload)
            is_full = len(rows) >= MAX_ROWS or size + len(row.payload) > MAX_BYTES
            if rows and (is_full or day_of(row.at) != day_of(rows[0].at)):
                yield rows
                rows, size = [], 0
            rows.append(row)
            size += len(row.payload)
    if rows:
        yield rows


def _keyframes_of(shelf: Shelf, epoch: str, since_ms: int, until_ms: int) -> list[str]:
    """Those of the stretch, and the newest before it."""
    found = []
    newest = 0
    for name in shelf.names(f"{KEYFRAMES}{epoch}/"):
        match = _KEYFRAME.fullmatch(name)
        if match and int(match[2]) < until_ms:
            found.append((int(match[2]), name))
            if int(match[2]) <= since_ms:
                newest = int(match[2])
    return [name for ms, name in found if ms >= newest]


# In.


def read_manifest(file: Path, theatre: str) -> Manifest:
    """What is in a night file of this theatre, after all of it was read and verified.

    Raises ArchiveError for anything else, and for one of which any byte is not as it should be.
    """
    with _opened(file) as night:
        manifest = _manifest(night, theatre)
        for segment in manifest.segments:
            _rows(night, segment)
        for part in manifest.keyframes:
            _keyframe(night, part)
    return manifest


async def take(history: History, file: Path) -> Taken:
    """Take what is in a night file into the archive; what is here already is not taken again.

    Raises ArchiveError for a file that is not whole, of another theatre, or at odds with what is here, and
    then takes nothing. Raises StoreError where the store cannot be reached.
    """
    archive = history.archive
    manifest = await asyncio.to_thread(read_manifest, file, archive.theatre)
    live = await history.epoch()
    marks = await history.trimmed()
    added: list[Segment] = []
    entries = keyframes = 0
    with _opened(file) as night:
        missing = []
        for segment in manifest.segments:
            rows = await asyncio.to_thread(_rows, night, segment)
            here = await _here(history, segment)
            new = [row for row in rows if _is_new(segment, row, here)]
            if segment.epoch == live and any(
                row.at > marks.get(segment.stream, EntryId(0, 0)) for row in new
            ):
                raise ArchiveError(f"{segment.name} has entries of this very store that it never had")
            if new:
                missing.append(segment)
                entries += len(new)
        for segment in missing:
            rows = await asyncio.to_thread(_rows, night, segment)
            ours, payload = await asyncio.to_thread(
                build, archive.theatre, segment.epoch, segment.stream, segment.after_id, rows
            )
            await asyncio.to_thread(archive.place, ours, payload)
            added.append(ours)
        for part in manifest.keyframes:
            if not part.name.startswith(f"{KEYFRAMES}{live}/") and archive.shelf.stamp(part.name) is None:
                await asyncio.to_thread(archive.shelf.put, part.name, _keyframe(night, part))
                keyframes += 1
    if added:
        await asyncio.to_thread(archive.enter, added)
    return Taken(manifest, entries, keyframes)


async def _here(history: History, segment: Segment) -> dict[EntryId, bytes]:
    """What is here already of the stretch that a segment is of."""
    here: dict[EntryId, bytes] = {}
    position = Position(segment.epoch, {segment.stream: segment.after})
    while True:
        entries, position = await history.read(position, streams=(segment.stream,), may_lack=True)
        for entry in entries:
            at = EntryId.parse(entry.entry_id)
            if at > segment.last_id:
                return here
            here[at] = entry.payload
        if not entries:
            return here


def _is_new(segment: Segment, row: Row, here: dict[EntryId, bytes]) -> bool:
    if row.at not in here:
        return True
    if here[row.at] != row.payload:
        raise ArchiveError(f"{segment.name} has another entry {row.entry_id} than is here")
    return False


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as night:
            yield night
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        EOFError,
        RuntimeError,
        ValueError,
        struct.error,
    ) as error:
        raise ArchiveError(f"{file.name} is not a night file: {error}") from error
    except OSError as error:
        raise ArchiveError(f"{file.name} cannot be read: {error.strerror or error}") from error


def _manifest(night: zipfile.ZipFile, theatre: str) -> Manifest:
    members = night.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or len(set(names)) < len(names):
        raise ArchiveError("not a night file: too many parts, or one twice")
    for member in members:
        is_plain = member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1
        if not is_plain or member.file_size != member.compress_size or member.file_size > MOST_MEMBER_BYTES:
            raise ArchiveError(f"not a night file: {member.filename[:200]!r} is not stored as it is")
    if MANIFEST not in names or night.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
        raise ArchiveError("not a night file: it has no manifest")
    try:
        manifest = msgspec.json.decode(night.read(MANIFEST), type=Manifest)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ArchiveError(f"not a night file: {error}") from error
    if manifest.version != VERSION:
        raise ArchiveError(f"a night file of version {manifest.version}, not {VERSION}")
    if manifest.theatre != theatre:
        raise ArchiveError(f"is of the theatre {manifest.theatre[:100]!r}, not {theatre!r}")
    told = [segment.name for segment in manifest.segments] + [part.name for part in manifest.keyframes]
    if sorted([MANIFEST, *told]) != sorted(names):
        raise ArchiveError("not a night file: its parts are not those of its manifest")
    return manifest


def _rows(night: zipfile.ZipFile, segment: Segment) -> list[Row]:
    payload = _part(night, segment.name, segment.sha256, segment.size)
    if not _EPOCH.fullmatch(segment.epoch) or not all(
        _ENTRY_ID.fullmatch(each) for each in (segment.after, segment.first, segment.last)
    ):
        raise ArchiveError(f"{segment.name[:200]!r} is of no epoch, or has no entries")
    if examine(payload) != segment:
        raise ArchiveError(f"{segment.name} is not as the manifest has it")
    return read_rows(payload)


def _keyframe(night: zipfile.ZipFile, part: Part) -> bytes:
    if not _KEYFRAME.fullmatch(part.name):
        raise ArchiveError(f"{part.name[:200]!r} is no name of a keyframe")
    return _part(night, part.name, part.sha256, part.size)


def _part(night: zipfile.ZipFile, name: str, sha256: str, size: int) -> bytes:
    payload = night.read(name)
    if len(payload) != size or hashlib.sha256(payload).hexdigest() != sha256:
        raise ArchiveError(f"{name[:200]!r} is damaged")
    return payload


def _ms(instant: dt.datetime) -> int:
    """In ms since 1970, rounded up: what was received before the instant has a lower one."""
    return -int(-instant.timestamp() * 1_000 // 1)
