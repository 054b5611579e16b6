"""A table of comma-separated values as rows, however it is broken: a bad line harms no other.

A quoted field may go over several lines (RFC 4180), but not over more than MOST_LINES: a quotation mark that
is never closed would swallow the rest of the table.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from ingest.errors import DecodeError

MOST_LINE_BYTES = 100_000
MOST_LINES = 20
"""Physical lines of one row."""
_SAMPLE_BYTES = 10_000


class Row(NamedTuple):
    """One row. line: where it starts, from 1. values: by the header's names. raw: as it stands."""

    line: int
    values: dict[str, str]
    raw: bytes

    def fault(self, feed: str, field: str, reason: str) -> DecodeError:
        """The error to give instead of what this row says."""
        return DecodeError(feed, f"line {self.line}: {field}", reason, self.raw)


class Table:
    """A table that is open. header: its first row; empty for a table that has none."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead: deque[bytes] = deque()
        self._line = 0
        self.read_bytes = 0
        """How much of the file was read."""
        first = next(self._records("table"), None)
        self.header: tuple[str, ...] = ()
        if isinstance(first, _Record):
            self.header = tuple(name.strip() for name in first.fields)

    def rows(self, feed: str) -> Iterator[Row | DecodeError]:
        """Every row after the header, or what is wrong with it. feed: whose the errors are.

        An OSError of the file passes through.
        """
        for record in self._records(feed):
            if isinstance(record, DecodeError):
                yield record
            elif len(record.fields) != len(self.header):
                reason = f"{len(record.fields)} fields, and the header has {len(self.header)}"
                yield DecodeError(feed, f"line {record.line}", reason, record.raw[:_SAMPLE_BYTES])
            else:
                yield Row(record.line, dict(zip(self.header, record.fields, strict=True)), record.raw)

    def _records(self, feed: str) -> Iterator[_Record | DecodeError]:
        while raw := self._next():
            line = self._line
            if len(raw) > MOST_LINE_BYTES:
                yield DecodeError(feed, f"line {line}", "the line is too long", raw[:_SAMPLE_BYTES])
                continue
            whole = self._closed(raw)
            if whole.strip(b"\r\n\t ,") == b"":
                continue
            try:
                text = whole.decode("utf-8-sig" if line == 1 else "utf-8")
                fields = next(csv.reader([text.removesuffix("\n").removesuffix("\r")], strict=True))
            except (UnicodeDecodeError, csv.Error, StopIteration) as error:
                yield DecodeError(feed, f"line {line}", str(error) or "no row", whole[:_SAMPLE_BYTES])
                continue
            yield _Record(line, fields, whole)

    def _next(self) -> bytes:
        """The next physical line; of one that is too long, its beginning."""
        if self._ahead:
            raw = self._ahead.popleft()
        else:
            raw = self._file.readline(MOST_LINE_BYTES + 1)
            self.read_bytes += len(raw)
            part = raw
            while len(part) > MOST_LINE_BYTES and not part.endswith(b"\n"):
                part = self._file.readline(MOST_LINE_BYTES + 1)
                self.read_bytes += len(part)
        if raw:
            self._line += 1
        return raw

    def _closed(self, raw: bytes) -> bytes:
        """`raw` with the lines that its open quotation mark takes in; `raw` alone where nothing closes it."""
        quotes = raw.count(b'"')
        taken: list[bytes] = []
        while quotes % 2 and len(taken) < MOST_LINES:
            following = self._next()
            if not following or len(following) > MOST_LINE_BYTES:
                self._push_back([*taken, following] if following else taken)
                return raw
            taken.append(following)
            quotes += following.count(b'"')
        if quotes % 2:
            self._push_back(taken)
            return raw
        return b"".join([raw, *taken])

    def _push_back(self, lines: Sequence[bytes]) -> None:
        self._ahead.extendleft(reversed(lines))
        self._line -= len(lines)


class _Record(NamedTuple):
    line: int
    fields: list[str]
    raw: bytes
