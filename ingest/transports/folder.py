"""A watched folder: each file in it, once at the start and again whenever it changes."""

from __future__ import annotations

import asyncio
import datetime as dt
import stat
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from pathlib import Path

import structlog

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.transport import Payload

MAX_FILE_BYTES = 1_000_000
LOOK_EVERY_S = 0.5

log = structlog.get_logger("ingest")


class FolderTransport:
    """The files of the folder `feed.url`, each a payload, with no cursor: all come again at a start.

    The feed's option `suffixes` names those to take (`[".json", ".xml"]`); without it, all but hidden ones. A
    file over `feed.max_bytes` comes cut.
    """

    def __init__(self, feed: FeedConfig) -> None:
        self._feed = feed
        self._path = Path(feed.url)
        self._suffixes = tuple(map(str, feed.options.get("suffixes", ())))

    async def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """A payload for each file, None after each look at the folder.

        Raises TransportError when the folder cannot be read.
        """
        watch = _Watch(self._path, self._suffixes)
        while True:
            try:
                paths = await watch.look()
            except OSError as error:
                raise TransportError(f"cannot read the folder {self._path.name}: {error.strerror}") from None
            for path in paths:
                body = await content(path, self._feed.max_bytes)
                if body is None:
                    continue
                if len(body) > self._feed.max_bytes:
                    log.warning("file is cut", feed=self._feed.name, file=path.name)
                yield Payload(
                    body=body[: self._feed.max_bytes],
                    received_at=dt.datetime.now(dt.UTC),
                    link=path.name,
                )
            yield None
            await asyncio.sleep(min(LOOK_EVERY_S, self._feed.every_s))


async def files(
    folder: Path,
    suffixes: tuple[str, ...],
    *,
    looked: Callable[[], None],
    every_s: float = LOOK_EVERY_S,
) -> AsyncIterator[Path]:
    """Paths of the folder's files with one of `suffixes`, hidden ones left out, until cancelled.

    The folder is made where it is missing. looked: called after each look. Raises OSError when the folder
    cannot be read.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    watch = _Watch(folder, suffixes)
    while True:
        paths = await watch.look()
        looked()
        for path in paths:
            yield path
        await asyncio.sleep(every_s)


async def content(path: Path, max_bytes: int = MAX_FILE_BYTES) -> bytes | None:
    """A file's bytes, one more than `max_bytes` at most; None where it has gone meanwhile."""
    return await asyncio.to_thread(_head, path, max_bytes)


class _Watch:
    """What a folder held at the last look, and what of it was given.

    A file is given once it is the same at two looks, so that one which is still being written waits. It is
    polled, since a network share tells no kernel of its changes.
    """

    def __init__(self, folder: Path, suffixes: tuple[str, ...]) -> None:
        self._folder = folder
        self._suffixes = suffixes
        self._seen: dict[Path, tuple[int, int]] = {}
        self._given: dict[Path, tuple[int, int]] = {}

    async def look(self) -> list[Path]:
        """The files that are new or changed. Raises OSError when the folder cannot be read."""
        found = await asyncio.to_thread(_look, self._folder, self._suffixes)
        ready = [
            path
            for path, stamp in found.items()
            if self._seen.get(path) == stamp and self._given.get(path) != stamp
        ]
        self._given = {path: stamp for path, stamp in self._given.items() if path in found}
        self._given |= {path: found[path] for path in ready}
        self._seen = found
        return ready


def _look(folder: Path, suffixes: tuple[str, ...]) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in sorted(folder.iterdir()):
        if (not suffixes or path.suffix in suffixes) and not path.name.startswith("."):
            try:
                there = path.stat()
            except OSError:
                continue
            if stat.S_ISREG(there.st_mode):
                found[path] = (there.st_mtime_ns, there.st_size)
    return found


def _head(path: Path, max_bytes: int) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError:
        return None
