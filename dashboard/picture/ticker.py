"""The ticker: the last lines of what happened, by when it happened, whatever order it was heard in."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from typing import Any

import msgspec

from dashboard.picture.shape import Tick
from dashboard.picture.tree import Tree

SHOWN = 60


def line_key(at: dt.datetime, kind: str, subject: str) -> str:
    """The key of a line; keys sort by instant."""
    return f"{int(at.timestamp() * 1_000):014d}|{kind}|{subject}"


class Ticker:
    """All lines that are remembered, of which the tree has the last 60."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._keys: list[str] = []
        self._lines: dict[str, Tick] = {}

    def put(self, key: str, line: Tick) -> None:
        """Add a line, or change it."""
        known = self._lines.get(key)
        self._lines[key] = line
        keys = self._keys
        if known is None:
            if not keys or key > keys[-1]:
                keys.append(key)
            else:
                insort(keys, key)
            if len(keys) > SHOWN:
                if key < keys[-SHOWN]:
                    return
                self._tree.put(None, "ticker", keys[-SHOWN - 1])
        elif len(keys) > SHOWN and key < keys[-SHOWN]:
            return
        self._tree.put(_builtins(line), "ticker", key)

    def drop(self, key: str) -> None:
        """Take a line away; the one before the shown ones comes back in its place."""
        if self._lines.pop(key, None) is None:
            return
        keys = self._keys
        position = bisect_left(keys, key)
        shown = position >= len(keys) - SHOWN
        del keys[position]
        if shown:
            self._tree.put(None, "ticker", key)
            if len(keys) >= SHOWN:
                again = keys[-SHOWN]
                self._tree.put(_builtins(self._lines[again]), "ticker", again)


def _builtins(line: Tick) -> Any:
    return msgspec.to_builtins(line)
