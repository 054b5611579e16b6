"""The ticker: the last lines of what happened, by when it happened, whatever order it was heard in."""

from __future__ import annotations

import datetime as dt

from dashboard.picture.shape import Tick
from dashboard.picture.tail import Tail
from dashboard.picture.tree import Tree

SHOWN = 60


def line_key(at: dt.datetime, kind: str, subject: str) -> str:
    """The key of a line; keys sort by instant."""
    return f"{int(at.timestamp() * 1_000):014d}|{kind}|{subject}"


class Ticker:
    """All lines that are remembered, of which the tree has the last 60."""

    def __init__(self, tree: Tree) -> None:
        self._tail = Tail(tree, "ticker", SHOWN)

    def put(self, key: str, line: Tick) -> None:
        """Add a line, or change it."""
        self._tail.put(key, key, line)

    def drop(self, key: str) -> None:
        """Take a line away; the one before the shown ones comes back in its place."""
        self._tail.drop(key)
