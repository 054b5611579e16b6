"""The watched folder: each file once, and again when it changes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from ingest.transports.folder import MAX_FILE_BYTES, content, files


def watch(folder: Path) -> AsyncIterator[Path]:
    return files(folder, (".txt",), looked=lambda: None, every_s=0.01)


async def soon(watched: AsyncIterator[Path]) -> Path:
    return await asyncio.wait_for(anext(watched), 5)


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
