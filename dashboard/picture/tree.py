"""The picture's JSON tree, and the delta of what was put into it since the last look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.picture.patch import Delta, Gone, compose, diff

COLLECTIONS = (
    "alerts",
    "regions",
    "threats",
    "scrambles",
    "strikes",
    "statements",
    "restrictions",
    "claims",
    "records",
    "advisories",
    "feeds",
    "tracks",
    "markers",
    "log",
    "acks",
    "ticker",
)
"""Members of the root that hold items by key. They are there from the start, so that a collection that became
empty and one that always was are the same."""

NESTED = {"strip": ("bins", "marks", "hour"), "trend": ("nights", "weeks", "months", "compare", "breaks")}
"""Members of the root that hold several collections."""


class Tree:
    """Items are replaced, never changed: whoever holds one may keep it."""

    def __init__(self, **head: Any) -> None:
        self.root: dict[str, Any] = {**head, **{name: {} for name in COLLECTIONS}}
        for member, names in NESTED.items():
            self.root[member] = {name: {} for name in names}
        self._patch: Delta = {}

    def put(self, value: Any, *path: str) -> None:
        """Set what is at `path` (its containers exist), or remove it with None."""
        node = self.root
        for name in path[:-1]:
            node = node[name]
        last = path[-1]
        before = node.get(last)
        change: Any = value
        if value is None:
            if before is None:
                return
            del node[last]
            change = Gone(before) if isinstance(before, dict) else None
        else:
            if isinstance(before, dict) and isinstance(value, dict):
                change = diff(before, value)
                if not change:
                    return
            elif before == value:
                return
            node[last] = value
        patch = self._patch
        for name in path[:-1]:
            patch = patch.setdefault(name, {})
        known = patch.get(last)
        # What is shared with the tree is composed into a copy; most items change once.
        patch[last] = change if known is None else compose({last: known}, {last: change})[last]

    def put_all(self, collection: str, items: Mapping[str, Any]) -> None:
        """Set items that are no objects, each of which differs from what is there; None removes one."""
        node = self.root[collection]
        patch = self._patch.setdefault(collection, {})
        for key, value in items.items():
            if value is None:
                del node[key]
            else:
                node[key] = value
            patch[key] = value

    def take(self) -> Delta:
        """What changed since the last call. It shares items with the tree, and is not to be changed."""
        patch, self._patch = self._patch, {}
        return patch

    def copy(self) -> dict[str, Any]:
        """The tree as it is now: later puts do not show in it. Items are shared."""
        copied = {name: dict(value) if name in COLLECTIONS else value for name, value in self.root.items()}
        for member in NESTED:
            copied[member] = {name: dict(items) for name, items in self.root[member].items()}
        return copied
