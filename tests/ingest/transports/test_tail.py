"""The tail of a file: each whole line once, whatever is done to the file, from where it was left."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports import tail
from ingest.transports.tail import TailTransport
from ingest.transports.transport import Payload
from tests.promises import PATIENCE_S

Payloads = AsyncGenerator[Payload | None, None]


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "LOOK_EVERY_S", 0.01)
    monkeypatch.setattr(tail, "ABSENT_S", PATIENCE_S)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "alerts.log"
    path.write_bytes(b"")
    return path


@asynccontextmanager
async def following(path: Path, cursor: str = "", **fields: Any) -> AsyncIterator[Payloads]:
    feed = FeedConfig(name="feed", format="any", transport="file", url=str(path), **fields)
    payloads = TailTransport(feed).payloads(cursor)
    yield payloads
    await payloads.aclose()


async def something(payloads: Payloads) -> Payload:
    """The next payload, after looks that found nothing."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            payload = await anext(payloads)
            if payload is not None:
                return payload


async def nothing(payloads: Payloads, looks: int = 10) -> None:
    for _ in range(looks):
        assert await anext(payloads) is None


def add(path: Path, text: bytes) -> None:
    with path.open("ab") as file:
        file.write(text)


async def test_lines_there_before_and_after_the_start_come_once(path: Path) -> None:
    path.write_bytes(b"one\ntwo\n")
    async with following(path) as payloads:
        first = await something(payloads)
        assert (first.body, first.link) == (b"one\ntwo", "alerts.log")
        await nothing(payloads)
        add(path, b"three\n")
        assert (await something(payloads)).body == b"three"
        await nothing(payloads)


async def test_a_line_still_being_written_waits(path: Path) -> None:
    async with following(path) as payloads:
        add(path, b"one\nhal")
        assert (await something(payloads)).body == b"one"
        await nothing(payloads)
        add(path, b"f\n")
        assert (await something(payloads)).body == b"half"


async def test_it_goes_on_from_the_cursor(path: Path) -> None:
    path.write_bytes(b"one\ntwo\n")
    async with following(path) as payloads:
        cursor = (await something(payloads)).cursor
    assert cursor == f"{path.stat().st_ino}:8"
    add(path, b"three\n")
    async with following(path, cursor) as payloads:
        assert (await something(payloads)).body == b"three"


@pytest.mark.parametrize("cursor", ["", "nonsense", "12:", ":12", "99999999999:5", "-1:-1"])
async def test_without_a_cursor_of_this_file_it_begins_at_the_beginning(cursor: str, path: Path) -> None:
    path.write_bytes(b"one\ntwo\n")
    async with following(path, cursor) as payloads:
        assert (await something(payloads)).body == b"one\ntwo"


async def test_many_short_lines_come_together_and_none_is_missing(path: Path) -> None:
    lines = [f"line {number}".encode() for number in range(30_000)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    given: list[bytes] = []
    cursors = []
    async with following(path) as payloads:
        while len(given) < len(lines):
            payload = await something(payloads)
            assert len(payload.body) <= tail.TOGETHER_BYTES
            given += payload.body.split(b"\n")
            cursors.append(int(payload.cursor.partition(":")[2]))
    assert given == lines
    assert cursors == sorted(cursors)
    assert len(cursors) < 10


async def test_a_long_line_comes_alone_and_whole(path: Path) -> None:
    path.write_bytes(b"short\n" + b"x" * 200_000 + b"\nshort\n")
    async with following(path) as payloads:
        given = [(await something(payloads)).body for _ in range(3)]
    assert given == [b"short", b"x" * 200_000, b"short"]


@pytest.mark.parametrize("limit", [100, 100_000])
async def test_a_line_over_the_limit_comes_cut_and_the_next_whole(limit: int, path: Path) -> None:
    path.write_bytes(b"short\n" + b"x" * (limit * 3))
    async with following(path, max_bytes=limit) as payloads:
        assert [(await something(payloads)).body for _ in range(2)] == [b"short", b"x" * limit]
        await nothing(payloads)
        add(path, b"x" * limit + b"\nnext\n")
        after = await something(payloads)
    assert after.body == b"next"
    async with following(path, after.cursor, max_bytes=limit) as payloads:
        await nothing(payloads)


async def test_a_line_of_just_the_limit_is_whole(path: Path) -> None:
    path.write_bytes(b"x" * 100 + b"\nnext\n")
    async with following(path, max_bytes=100) as payloads:
        assert [(await something(payloads)).body for _ in range(2)] == [b"x" * 100, b"next"]


async def test_rotation_loses_nothing_even_what_comes_late(path: Path) -> None:
    async with following(path) as payloads:
        add(path, b"one\n")
        assert (await something(payloads)).body == b"one"
        old = path.rename(path.with_name("alerts.log.1"))
        add(old, b"two\n")
        path.write_bytes(b"four\n")
        add(old, b"three\nlast words")
        assert (await something(payloads)).body == b"two\nthree"
        assert (await something(payloads)).body == b"last words"
        assert (await something(payloads)).body == b"four"


async def test_a_rotation_in_two_steps_is_lived_through(path: Path) -> None:
    async with following(path) as payloads:
        add(path, b"one\n")
        assert (await something(payloads)).body == b"one"
        path.rename(path.with_name("alerts.log.1"))
        await nothing(payloads, 3)
        path.write_bytes(b"two\n")
        assert (await something(payloads)).body == b"two"


async def test_rotations_while_it_was_away_are_caught_up_with(path: Path) -> None:
    path.write_bytes(b"one\n")
    async with following(path) as payloads:
        cursor = (await something(payloads)).cursor
    add(path, b"two\n")
    second, first = path.with_name("alerts.log.1"), path.with_name("alerts.log.2")
    path.rename(first)
    second.write_bytes(b"three\n")
    path.write_bytes(b"four\n")
    path.with_name("alerts.log.3.gz").write_bytes(b"packed\n")
    path.with_name("alerts.log.swp").write_bytes(b"other\n")
    for age, rotated in enumerate((path, second, first)):
        os.utime(rotated, (1_000_000 - age, 1_000_000 - age))
    async with following(path, cursor) as payloads:
        given = [(await something(payloads)).body for _ in range(3)]
        await nothing(payloads)
    assert given == [b"two", b"three", b"four"]


async def test_truncation_begins_anew(path: Path) -> None:
    async with following(path) as payloads:
        add(path, b"one\ntwo\n")
        assert (await something(payloads)).body == b"one\ntwo"
        os.truncate(path, 0)
        await nothing(payloads, 2)
        add(path, b"three\n")
        assert (await something(payloads)).body == b"three"


async def test_another_file_of_the_same_number_is_not_read_from_its_middle(path: Path) -> None:
    path.write_bytes(b"one two three\n")
    async with following(path, f"{path.stat().st_ino}:4") as payloads:
        assert (await something(payloads)).body == b"one two three"


async def test_a_file_that_stays_away_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "ABSENT_S", 0.2)
    async with following(path) as payloads:
        await nothing(payloads, 1)
        path.unlink()
        with pytest.raises(TransportError, match=r"alerts\.log is not there"):
            await something(payloads)


@pytest.mark.parametrize("kind", ["nothing", "folder", "pipe"])
async def test_what_is_no_file_is_said(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "alerts.log"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    async with following(path) as payloads:
        with pytest.raises(TransportError, match=r"cannot read alerts\.log|is not a file"):
            await something(payloads)


async def test_cancelling_closes_the_file(path: Path) -> None:
    held = len(list(Path("/dev/fd").iterdir()))
    for _ in range(20):
        async with following(path) as payloads:
            await nothing(payloads, 1)
            waiting = asyncio.ensure_future(something(payloads))
            await asyncio.sleep(0.02)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    assert len(list(Path("/dev/fd").iterdir())) <= held + 2
