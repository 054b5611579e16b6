"""A file that grows: its lines as they are added, through rotation and truncation, each once."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import stat
import threading
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import NamedTuple

import structlog

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.transport import Payload

LOOK_EVERY_S = 0.5
TOGETHER_BYTES = 65_536
"""So much of short lines goes into one payload."""
LEAVE_AFTER_LOOKS = 4
"""Looks without anything new at a file that was renamed: whoever writes may take a while to change over."""
ABSENT_S = 5.0
"""How long the file may be away, as between the two halves of a rotation."""

log = structlog.get_logger("ingest")


class TailTransport:
    """Lines of the file `feed.url`, from its beginning where there is no cursor.

    The cursor is `inode:offset`, after the last line that was given. A line over `feed.max_bytes` is given
    cut, alone, and the rest of it is skipped. A file that was rotated away is finished first, under its new
    name (`name.1`, `name-20261122`).
    """

    def __init__(self, feed: FeedConfig) -> None:
        self._feed = feed
        self._path = Path(feed.url)
        self._look_every_s = min(LOOK_EVERY_S, feed.every_s)

    async def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """Several lines in a payload, None after a look that found none.

        Raises TransportError when the file cannot be read, or has been away for a while.
        """
        loop = asyncio.get_running_loop()
        tail = _Tail(self._path, self._feed.max_bytes)
        try:
            await asyncio.to_thread(tail.open, cursor)
            there_at = loop.time()
            while True:
                lines = await asyncio.to_thread(tail.take)
                if lines is None:
                    yield None
                    await asyncio.sleep(self._look_every_s)
                    if await asyncio.to_thread(tail.look):
                        there_at = loop.time()
                    elif loop.time() - there_at > ABSENT_S:
                        raise TransportError(f"{self._path.name} is not there")
                    continue
                if lines.is_cut:
                    log.warning("line is cut", feed=self._feed.name, max_bytes=self._feed.max_bytes)
                yield Payload(
                    body=lines.body,
                    received_at=dt.datetime.now(dt.UTC),
                    link=self._path.name,
                    cursor=lines.cursor,
                )
        except OSError as error:
            raise TransportError(f"cannot read {self._path.name}: {error.strerror}") from None
        finally:
            tail.close()


class _Lines(NamedTuple):
    body: bytes
    cursor: str
    is_cut: bool = False


class _Tail:
    """The open file and how far it was given; for one thread at a time, and closing waits for that one."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._rotated = re.compile(re.escape(path.name) + r"[.-][0-9][0-9T:_.-]*")
        self._lock = threading.Lock()
        self._file = -1
        self._inode = 0
        self._offset = 0
        self._skipped_to = 0
        self._looks_after = 0

    def open(self, cursor: str) -> None:
        """Open the file that the cursor is of, be it renamed by now, or else the one that has the name."""
        inode, _, offset = cursor.partition(":")
        with self._lock:
            if inode.isdecimal() and offset.isdecimal():
                for path in self._all():
                    if path.stat().st_ino == int(inode):
                        self._open(path, int(offset))
                        return
                log.warning("file is gone, and what was added to it last", file=self._path.name)
            self._open(self._path)

    def take(self) -> _Lines | None:
        """The next whole lines, or None where there are none yet."""
        with self._lock:
            if self._file < 0:
                return None
            if os.fstat(self._file).st_size < max(self._offset, self._skipped_to):
                self._offset = self._skipped_to = 0
            if self._skipped_to and not self._skip():
                return None
            lines = self._lines()
        if lines is not None:
            self._looks_after = 0
        return lines

    def look(self) -> bool:
        """Whether the file has its name still; where another has it, go on with that in time."""
        with self._lock:
            try:
                current = self._path.stat().st_ino
            except FileNotFoundError:
                return False
            if current != self._inode and self._file >= 0:
                self._looks_after += 1
                if self._looks_after > LEAVE_AFTER_LOOKS:
                    self._open(self._following())
            return True

    def close(self) -> None:
        with self._lock:
            self._close()

    def _lines(self) -> _Lines | None:
        several = min(TOGETHER_BYTES, self._max_bytes + 1)
        piece = os.pread(self._file, several, self._offset)
        end = piece.rfind(b"\n") + 1
        if not end and len(piece) == several:
            piece = os.pread(self._file, self._max_bytes + 1, self._offset)
            end = piece.find(b"\n") + 1
        if not end and len(piece) > self._max_bytes:
            self._skipped_to = self._offset + self._max_bytes
            return _Lines(piece[: self._max_bytes], self._cursor, is_cut=True)
        if not end and self._looks_after >= LEAVE_AFTER_LOOKS:
            end = len(piece)
        if not end:
            return None
        self._offset += end
        return _Lines(piece[:end].removesuffix(b"\n"), self._cursor)

    def _skip(self) -> bool:
        """Go to the end of a line that was cut; False where it has none yet."""
        while piece := os.pread(self._file, TOGETHER_BYTES, self._skipped_to):
            end = piece.find(b"\n") + 1
            self._skipped_to += end or len(piece)
            if end:
                self._offset, self._skipped_to = self._skipped_to, 0
                return True
        return False

    @property
    def _cursor(self) -> str:
        return f"{self._inode}:{self._offset}"

    def _all(self) -> list[Path]:
        """The file and those that had its name, the oldest first."""
        rotated = [path for path in self._path.parent.iterdir() if self._rotated.fullmatch(path.name)]
        rotated = [path for path in rotated if path.is_file()]
        rotated.sort(key=lambda path: path.stat().st_mtime_ns)
        return [*rotated, *([self._path] if self._path.exists() else [])]

    def _following(self) -> Path:
        left_at = os.fstat(self._file).st_mtime_ns
        for path in self._all():
            there = path.stat()
            if there.st_ino != self._inode and there.st_mtime_ns >= left_at:
                return path
        return self._path

    def _open(self, path: Path, offset: int = 0) -> None:
        # Not blocking, so that a pipe under this name is refused and not waited for.
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._close()
        self._file = file
        there = os.fstat(file)
        if not stat.S_ISREG(there.st_mode):
            raise TransportError(f"{path.name} is not a file")
        # Another file may have got the number of one that was deleted; a line begins elsewhere in it.
        if offset and os.pread(file, 1, offset - 1) != b"\n":
            offset = 0
        self._inode, self._offset, self._skipped_to, self._looks_after = there.st_ino, offset, 0, 0

    def _close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
