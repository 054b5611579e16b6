"""A watched folder: each file in it, once at the start and again whenever it changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

MAX_FILE_BYTES = 1_000_000
LOOK_EVERY_S = 0.5


async def files(
    folder: Path,
    suffixes: tuple[str, ...],
    *,
    looked: Callable[[], None],
    every_s: float = LOOK_EVERY_S,
) -> AsyncIterator[Path]:
    """Paths of the folder's files with one of `suffixes`, hidden ones left out, until cancelled.

    The folder is made where it is missing. A file comes once it is the same at two looks, so that one which
    is still being written waits. It is polled, since a network share tells no kernel of its changes.
    looked: called after each look. Raises OSError when the folder cannot be read.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    seen: dict[Path, tuple[int, int]] = {}
    given: dict[Path, tuple[int, int]] = {}
    while True:
        found = await asyncio.to_thread(_look, folder, suffixes)
        looked()
        for path, stamp in found.items():
            if seen.get(path) == stamp and given.get(path) != stamp:
                given[path] = stamp
                yield path
        seen = found
        await asyncio.sleep(every_s)


async def content(path: Path) -> bytes | None:
    """A file's bytes, one more than MAX_FILE_BYTES at most; None where it has gone meanwhile."""
    return await asyncio.to_thread(_head, path)


def _look(folder: Path, suffixes: tuple[str, ...]) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in suffixes and not path.name.startswith("."):
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path] = (stat.st_mtime_ns, stat.st_size)
    return found


def _head(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return None
