"""The tail: of all items of one collection that are remembered, the last so many are in the tree."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import NamedTuple

import msgspec
from msgspec import Struct

from dashboard.picture.tree import Tree


class _Item(NamedTuple):
    key: str
    view: Struct


class Tail:
    """Items by what they sort by; one has one such order, and its key in the tree.

    collection: member of the root. shown: how many.
    """

    def __init__(self, tree: Tree, collection: str, shown: int) -> None:
        self._tree = tree
        self._collection = collection
        self._shown = shown
        self._orders: list[str] = []
        self._items: dict[str, _Item] = {}

    def put(self, order: str, key: str, view: Struct) -> None:
        """Add an item, or change it."""
        known = self._items.get(order)
        self._items[order] = _Item(key, view)
        orders = self._orders
        if known is None:
            if not orders or order > orders[-1]:
                orders.append(order)
            else:
                insort(orders, order)
            if len(orders) > self._shown:
                if order < orders[-self._shown]:
                    return
                self._tree.put(None, self._collection, self._items[orders[-self._shown - 1]].key)
        elif len(orders) > self._shown and order < orders[-self._shown]:
            return
        self._tree.put(msgspec.to_builtins(view), self._collection, key)

    def drop(self, order: str) -> None:
        """Take an item away; the one before the shown ones comes back in its place."""
        gone = self._items.pop(order, None)
        if gone is None:
            return
        orders = self._orders
        position = bisect_left(orders, order)
        is_shown = position >= len(orders) - self._shown
        del orders[position]
        if is_shown:
            self._tree.put(None, self._collection, gone.key)
            if len(orders) >= self._shown:
                again = self._items[orders[-self._shown]]
                self._tree.put(msgspec.to_builtins(again.view), self._collection, again.key)
