"""The watched folder: each file once, and again when it changes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.folder import MAX_FILE_BYTES, FolderTransport, content, files
from ingest.transports.transport import Payload
from tests.promises import PATIENCE_S


def watch(folder: Path) -> AsyncIterator[Path]:
    return files(folder, (".txt",), looked=lambda: None, every_s=0.01)


async def soon(watched: AsyncIterator[Path]) -> Path:
    return await asyncio.wait_for(anext(watched), PATIENCE_S)


async def test_files_there_before_and_after_the_start_all_come_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    watched = watch(tmp_path)
    assert await soon(watched) == tmp_path / "a.txt"

    (tmp_path / "b.txt").write_text("two")
    assert await soon(watched) == tmp_path / "b.txt"

    (tmp_path / "a.txt").write_text("one, corrected")
    assert await soon(watched) == tmp_path / "a.txt"


async def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    arriving = asyncio.create_task(soon(watched))
    with (tmp_path / "slow.txt").open("w") as file:
        for _ in range(20):
            file.write("more ")
            file.flush()
            await asyncio.sleep(0.005)
    assert await arriving == tmp_path / "slow.txt"
    assert await content(tmp_path / "slow.txt") == b"more " * 20


async def test_other_and_hidden_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("notes.md", ".hidden.txt", "wanted.txt"):
        (tmp_path / name).write_text("x")

    assert await soon(watch(tmp_path)) == tmp_path / "wanted.txt"


async def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    watched = watch(tmp_path / "deep" / "inbox")
    arriving = asyncio.create_task(soon(watched))
    while not (tmp_path / "deep" / "inbox").exists():
        await asyncio.sleep(0.001)
    (tmp_path / "deep" / "inbox" / "a.txt").write_text("x")

    assert (await arriving).name == "a.txt"


async def test_a_huge_file_is_read_no_further_than_its_bound(tmp_path: Path) -> None:
    (tmp_path / "huge.txt").write_bytes(b"x" * (MAX_FILE_BYTES * 2))

    assert len(await content(tmp_path / "huge.txt") or b"") == MAX_FILE_BYTES + 1
    assert await content(tmp_path / "gone.txt") is None


def transport(folder: Path, **fields: Any) -> FolderTransport:
    known = {"name": "feed", "format": "any", "transport": "folder", "url": str(folder), "every_s": 0.01}
    return FolderTransport(FeedConfig(**{**known, **fields}))


async def bodies(payloads: AsyncGenerator[Payload | None, None], count: int) -> list[tuple[str, bytes]]:
    given: list[tuple[str, bytes]] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(given) < count:
            payload = await anext(payloads)
            if payload is not None:
                given.append((payload.link, payload.body))
    return given


class TestFolderTransport:
    async def test_each_file_is_a_payload_and_each_look_without_one_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text("[1]")
        (tmp_path / ".hidden.json").write_text("[0]")
        (tmp_path / "folder.json").mkdir()
        payloads = transport(tmp_path).payloads("")
        assert await anext(payloads) is None
        assert await bodies(payloads, 1) == [("a.json", b"[1]")]
        assert await anext(payloads) is None
        (tmp_path / "a.json").write_text("[1, 2]")
        assert await bodies(payloads, 1) == [("a.json", b"[1, 2]")]
        await payloads.aclose()

    async def test_only_files_of_the_named_kinds_are_taken(self, tmp_path: Path) -> None:
        for name in ("a.json", "b.xml", "c.txt"):
            (tmp_path / name).write_text(name)
        payloads = transport(tmp_path, options={"suffixes": [".json", ".xml"]}).payloads("")
        assert await bodies(payloads, 2) == [("a.json", b"a.json"), ("b.xml", b"b.xml")]
        assert await anext(payloads) is None
        await payloads.aclose()

    async def test_a_file_over_the_limit_comes_cut(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text("x" * 50)
        payloads = transport(tmp_path, max_bytes=20).payloads("")
        assert await bodies(payloads, 1) == [("a.json", b"x" * 20)]
        await payloads.aclose()

    async def test_a_folder_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(TransportError, match="cannot read the folder gone"):
            await anext(transport(tmp_path / "gone").payloads(""))
