"""Reads a TOML file into a Struct and finds the line of a mistake in it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from config.errors import ConfigError

_T = TypeVar("_T")
_HEADER = re.compile(r"\s*\[\[?[\w\s.\"-]+\]\]?\s*(?:#.*)?$")


class SourceError(ConfigError):
    """Data that cannot be used, and where its mistake is.

    file: the file at fault. line: counted from 1, None where it cannot be had. reason: what is wrong.
    """

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class TomlSource(msgspec.Struct, frozen=True):
    """One TOML file: its text, to find the line of a mistake in."""

    path: Path
    text: str
    error: type[SourceError]

    @classmethod
    def open(cls, path: Path, error: type[SourceError] = SourceError) -> TomlSource:
        """Read the file. error: what every mistake in it is raised as."""
        try:
            return cls(path, path.read_text(encoding="utf-8"), error)
        except (OSError, UnicodeDecodeError) as unreadable:
            raise error(path, None, f"cannot be read: {unreadable}") from unreadable

    def decode(self, shape: type[_T]) -> _T:
        """The file as `shape`. Raises this source's error at the line that does not fit."""
        try:
            document = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+)", str(error))
            line = int(at[1]) if at else self.text.count("\n") + 1
            raise self.error(self.path, line, str(error)) from error
        try:
            return msgspec.convert(document, shape)
        except msgspec.ValidationError as error:
            raise self.error(self.path, self._line_of_path(str(error)), str(error)) from error

    def fault(self, table: str, index: int, reason: str, field: str | None = None) -> SourceError:
        """The error to raise about the index-th [[table]], at the line of `field` if it has its own."""
        return self.error(self.path, self.line_of(table, index, field), reason)

    def fault_at(self, key: str, reason: str) -> SourceError:
        """The error to raise about a key outside the tables, at its line."""
        return self.error(self.path, self._line_of_key(key), reason)

    def line_of(self, table: str, index: int | None, field: str | None = None) -> int | None:
        """The line of a table's header, or of a field below it.

        index: which of the [[table]]s, from 0; None for the one [table].
        """
        lines = self.text.splitlines()
        name = re.escape(table)
        header = re.compile(rf"\s*\[\s*{name}\s*\]" if index is None else rf"\s*\[\[\s*{name}\s*\]\]")
        starts = [number for number, line in enumerate(lines, 1) if header.match(line)]
        if (index or 0) >= len(starts):
            return None
        start = starts[index or 0]
        if field is not None:
            named = re.compile(rf"\s*{re.escape(field)}\s*=")
            for number, line in enumerate(lines[start:], start + 1):
                if _HEADER.match(line):
                    break
                if named.match(line):
                    return number
        return start

    def _line_of_path(self, message: str) -> int | None:
        # msgspec says where in the document: "... - at `$.region[3].names[...]`"
        path = re.search(r"`\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?", message)
        unknown = re.search(r"unknown field `(\w+)`", message)
        if path is None:
            return self._line_of_key(unknown[1]) if unknown else None
        table, index, field = path[1], path[2], path[3] or (unknown and unknown[1])
        found = self.line_of(table, None if index is None else int(index), field)
        return found or self._line_of_key(table)

    def _line_of_key(self, key: str) -> int | None:
        named = re.compile(rf"\s*(?:\[+\s*{re.escape(key)}\s*\]|{re.escape(key)}\s*[=.])")
        lines = enumerate(self.text.splitlines(), 1)
        return next((number for number, line in lines if named.match(line)), None)
