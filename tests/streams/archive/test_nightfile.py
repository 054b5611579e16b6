"""A night as a file: what goes out comes in elsewhere, once; what is not whole or not ours is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from redis.asyncio import Redis

from streams.archive.archiver import Archiver, keepings
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.archive.nightfile import MANIFEST, Manifest, export, read_manifest, take
from streams.archive.segment import Row, build
from streams.archive.shelf import FolderShelf
from streams.position import EntryId
from tests.streams.archive.filling import (
    DAY_MS,
    HOUR_MS,
    RETENTION,
    START,
    START_MS,
    THEATRE,
    all_of,
    health,
    put,
    put_alerts,
    sweep,
)

SINCE, UNTIL = START + dt.timedelta(hours=18), START + dt.timedelta(hours=42)


@pytest.fixture
async def home(redis_client: Redis, tmp_path: Path) -> History:
    """Three days, the first two of them archived, the first trimmed."""
    shelf = FolderShelf(tmp_path / "home")
    await put_alerts(redis_client, [START_MS + n * HOUR_MS for n in range(72)])
    for hour in range(0, 72, 5):
        await put(redis_client, sweep(hour), START_MS + hour * HOUR_MS, 3)
        await put(redis_client, health(hour), START_MS + hour * HOUR_MS, 3)
    now_ms = START_MS + 4 * DAY_MS
    await Archiver(redis_client, THEATRE, shelf, keepings(RETENTION), lambda: now_ms).look()
    return History(shelf, THEATRE, redis_client)


@pytest.fixture
async def elsewhere(tmp_path: Path) -> History:
    return History(FolderShelf(tmp_path / "elsewhere"), THEATRE, None)


async def test_a_night_is_the_same_elsewhere(home: History, elsewhere: History, tmp_path: Path) -> None:
    epoch = await home.epoch()
    frames = [f"keyframes/{epoch}/{START_MS + hour * HOUR_MS:014d}" for hour in (2, 17, 20, 50)]
    for name in frames:
        home.archive.shelf.put(name, name.encode())
    night = tmp_path / "night.wfn"
    manifest = await export(home, SINCE, UNTIL, night)
    whole = [each for each in await all_of(home, epoch) if SINCE <= instant(each[1]) < UNTIL]
    assert manifest.entries == len(whole) > 24

    for taken_before in (False, True):
        taken = await take(elsewhere, night)
        assert (taken.entries, taken.keyframes) == ((0, 0) if taken_before else (len(whole), 2))
        assert await all_of(elsewhere, epoch) == whole
        assert elsewhere.archive.shelf.names("keyframes/") == frames[1:3]
    assert [span.epoch for span in await elsewhere.spans()] == [epoch]
    (again := tmp_path / "again.wfn").touch()
    await export(elsewhere, SINCE, UNTIL, again)
    assert read_manifest(again, THEATRE).entries == manifest.entries


async def test_at_home_there_is_nothing_new_in_it(home: History, tmp_path: Path) -> None:
    night = tmp_path / "night.wfn"
    await export(home, SINCE, UNTIL, night)
    before = home.archive.shelf.names()

    assert (await take(home, night)).entries == 0
    assert home.archive.shelf.names() == before


async def test_what_was_lost_comes_back(home: History, tmp_path: Path) -> None:
    epoch = await home.epoch()
    before = await all_of(home, epoch)
    night = tmp_path / "night.wfn"
    await export(home, START, UNTIL, night)
    (lost,) = home.archive.shelf.names("segments/2026-03-01/alerts-")
    home.archive.shelf.remove(lost)
    home.archive.shelf.remove("catalogue.json")
    home.archive.recover()
    with pytest.raises(ArchiveError):
        await all_of(home, epoch)

    assert (await take(home, night)).entries == 24
    assert await all_of(home, epoch) == before


async def test_a_night_of_which_nothing_is_known_makes_no_file(home: History, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="nothing was received"):
        await export(home, UNTIL + 9 * (UNTIL - SINCE), UNTIL + 10 * (UNTIL - SINCE), tmp_path / "x")
    assert not list(tmp_path.glob("*x*"))


async def test_what_claims_to_be_of_this_store_must_be(home: History, tmp_path: Path) -> None:
    row = Row(EntryId(START_MS + 3 * DAY_MS, 0), b"{}")
    forged = made(tmp_path, await home.epoch(), [row])
    with pytest.raises(ArchiveError, match="of this very store"):
        await take(home, forged)
    forged = made(tmp_path, await home.epoch(), [Row(EntryId(START_MS, 0), b"{}")])
    with pytest.raises(ArchiveError, match="another entry"):
        await take(home, forged)


Change = Callable[[dict[str, bytes]], None]


def other_manifest(parts: dict[str, bytes], **fields: object) -> None:
    manifest = msgspec.json.decode(parts[MANIFEST])
    parts[MANIFEST] = msgspec.json.encode({**manifest, **fields})


def drop_segment(parts: dict[str, bytes]) -> None:
    del parts[next(name for name in parts if name.startswith("segments/"))]


def cut_segment(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("segments/"))
    parts[name] = parts[name][:-1]


def add_other(parts: dict[str, bytes]) -> None:
    parts["../../etc/passwd"] = b"x"


def odd_keyframe(parts: dict[str, bytes]) -> None:
    name = "keyframes/../catalogue.json"
    parts[name] = b"x"
    part = {"name": name, "sha256": hashlib.sha256(b"x").hexdigest(), "size": 1}
    other_manifest(parts, keyframes=[part])


def fewer_rows(parts: dict[str, bytes]) -> None:
    segments = msgspec.json.decode(parts[MANIFEST])["segments"]
    segments[0]["rows"] -= 1
    other_manifest(parts, segments=segments)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (drop_segment, "its parts are not those"),
        (cut_segment, "is damaged"),
        (add_other, "its parts are not those"),
        (odd_keyframe, "no name of a keyframe"),
        (fewer_rows, "not as the manifest has it"),
        (lambda parts: parts.pop(MANIFEST), "no manifest"),
        (lambda parts: parts.update({MANIFEST: b"[" * 100_000}), "not a night file"),
        (lambda parts: other_manifest(parts, theatre="elsewhere"), "of the theatre 'elsewhere'"),
        (lambda parts: other_manifest(parts, version=9), "version 9"),
        (lambda parts: other_manifest(parts, more=1), "not a night file"),
    ],
)
async def test_a_file_that_is_not_whole_is_refused_and_nothing_is_taken(
    elsewhere: History, tmp_path: Path, change: Change, says: str
) -> None:
    night = made(tmp_path, "epoch", [Row(EntryId(START_MS + n, 0), b"{}") for n in range(9)])
    with zipfile.ZipFile(night) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    change(parts)
    write(night, parts)

    with pytest.raises(ArchiveError, match=says):
        await take(elsewhere, night)
    assert elsewhere.archive.shelf.names() == []


async def test_what_is_no_such_file_is_refused(elsewhere: History, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for content in (b"", b"PK\x03\x04", b"PAR1" * 100):
        other.write_bytes(content)
        with pytest.raises(ArchiveError, match="not a night file"):
            await take(elsewhere, other)
    with pytest.raises(ArchiveError, match="cannot be read"):
        await take(elsewhere, tmp_path / "none")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(MANIFEST, b" " * 100_000)
    with pytest.raises(ArchiveError, match="not stored as it is"):
        await take(elsewhere, other)


@pytest.fixture
def small_night(tmp_path: Path) -> tuple[Path, bytes, Manifest]:
    night = made(tmp_path, "epoch", [Row(EntryId(START_MS + n, 0), b"{}") for n in range(3)])
    return night, night.read_bytes(), read_manifest(night, THEATRE)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=some.data())
def test_a_file_with_any_byte_changed_is_refused_or_says_the_same(
    small_night: tuple[Path, bytes, Manifest], change: some.DataObject
) -> None:
    night, whole, manifest = small_night
    payload = bytearray(whole)
    for _ in range(change.draw(some.integers(1, 3))):
        payload[change.draw(some.integers(0, len(payload) - 1))] = change.draw(some.integers(0, 255))
    cut = change.draw(some.just(0) | some.integers(0, len(payload) - 1))
    night.write_bytes(payload[: len(payload) - cut])

    try:
        found = read_manifest(night, THEATRE)
    except ArchiveError:
        return
    assert found.segments == manifest.segments


def instant(entry_id: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(EntryId.parse(entry_id).ms / 1_000, dt.UTC)


def made(folder: Path, epoch: str, rows: list[Row]) -> Path:
    """A night file with one segment, as somebody else's program may write it."""
    segment, payload = build(THEATRE, epoch, "alerts", EntryId(rows[0].at.ms - 1, 0), rows)
    manifest = Manifest(1, THEATRE, SINCE, UNTIL, (segment,))
    night = folder / "made.wfn"
    write(night, {segment.name: payload, MANIFEST: msgspec.json.encode(manifest)})
    return night


def write(night: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(night, "w") as file:
        for name, payload in parts.items():
            file.writestr(name, payload)
