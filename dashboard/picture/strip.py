"""The time strip of the night: what began in each ten minutes, and the instants worth a line."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from functools import lru_cache
from typing import Any, Literal

import msgspec

from dashboard.picture.patch import Delta
from dashboard.picture.shape import Bin, Mark, Night
from dashboard.picture.tree import Tree

BIN_S = 600
_HOUR_S = 3_600
_Member = tuple[str, str]
"""alerts or threats, and whose."""


def _bin_of(at: dt.datetime) -> int:
    return int(at.timestamp()) // BIN_S


@lru_cache(maxsize=1_024)
def _iso(number: int) -> str:
    return dt.datetime.fromtimestamp(number * BIN_S, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Strip:
    """Bins and marks of all nights that are remembered, of which the tree has the present one's."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._night: Night | None = None
        self._bins: dict[int, dict[_Member, list[float]]] = {}
        self._begun: dict[str, list[float]] = {"alerts": [], "threats": []}
        self._instant_s: float | None = None
        self._marks: dict[str, Mark] = {}

    def count(self, what: Literal["alerts", "threats"], at: dt.datetime, whose: str) -> None:
        """Something began. whose: its key; what two feeds tell of one key in one bin counts once."""
        number, at_s = _bin_of(at), at.timestamp()
        members = self._bins.setdefault(number, {})
        instants = members.setdefault((what, whose), [])
        if instants and instants[0] <= at_s:
            insort(instants, at_s)
            return
        begun = self._begun[what]
        if instants:
            _take_out(begun, instants[0])
        instants.insert(0, at_s)
        insort(begun, at_s)
        if len(instants) == 1:
            self._show_bin(number)
        self._show_hour()

    def uncount(self, what: Literal["alerts", "threats"], at: dt.datetime, whose: str) -> None:
        """It did not."""
        number, at_s = _bin_of(at), at.timestamp()
        members = self._bins.get(number, {})
        instants = members.get((what, whose))
        if not instants:
            return
        first = instants[0]
        _take_out(instants, at_s)
        if instants and instants[0] == first:
            return
        begun = self._begun[what]
        _take_out(begun, first)
        if instants:
            insort(begun, instants[0])
        else:
            del members[what, whose]
            if not members:
                del self._bins[number]
            self._show_bin(number)
        self._show_hour()

    def age(self, instant: dt.datetime | None) -> None:
        """Count what began within the hour before an instant."""
        self._instant_s = instant.timestamp() if instant is not None else None
        self._show_hour()

    def refreshed(self) -> Delta:
        """What `age` counts, whole."""
        hour = self._tree.root["strip"]["hour"]
        return {"hour": {name: hour.get(name) for name in Bin.__struct_fields__}}

    def mark(self, key: str, mark: Mark) -> None:
        """Put a mark, or change it."""
        self._marks[key] = mark
        self._tree.put(_builtins(mark) if self._is_tonight(mark.at) else None, "strip", "marks", key)

    def unmark(self, key: str) -> None:
        """Take a mark away."""
        if self._marks.pop(key, None) is not None:
            self._tree.put(None, "strip", "marks", key)

    def turn(self, night: Night) -> None:
        """Show another night."""
        self._night = night
        shown = self._tree.root["strip"]
        wanted = {_iso(number): number for number in self._bins if self._is_bin_tonight(number)}
        for name in [name for name in shown["bins"] if name not in wanted]:
            self._tree.put(None, "strip", "bins", name)
        for number in wanted.values():
            self._show_bin(number)
        for key in [key for key in shown["marks"] if not self._is_tonight(self._marks[key].at)]:
            self._tree.put(None, "strip", "marks", key)
        for key, mark in self._marks.items():
            if self._is_tonight(mark.at):
                self._tree.put(_builtins(mark), "strip", "marks", key)

    def _is_tonight(self, at: dt.datetime) -> bool:
        return self._night is not None and self._night.start <= at < self._night.end

    def _is_bin_tonight(self, number: int) -> bool:
        return self._night is not None and (
            self._night.start.timestamp() <= number * BIN_S < self._night.end.timestamp()
        )

    def _show_hour(self) -> None:
        view = {}
        if (now := self._instant_s) is not None:
            for what, begun in self._begun.items():
                if number := bisect_right(begun, now) - bisect_right(begun, now - _HOUR_S):
                    view[what] = number
        self._tree.put(view, "strip", "hour")

    def _show_bin(self, number: int) -> None:
        if not self._is_bin_tonight(number):
            return
        members = self._bins.get(number, {})
        alerts = sum([what == "alerts" for what, _ in members])
        view = Bin(alerts=alerts, threats=len(members) - alerts)
        self._tree.put(_builtins(view) if members else None, "strip", "bins", _iso(number))


def _take_out(sorted_s: list[float], at_s: float) -> None:
    position = bisect_left(sorted_s, at_s)
    if position < len(sorted_s) and sorted_s[position] == at_s:
        del sorted_s[position]


def _builtins(value: Bin | Mark) -> Any:
    return msgspec.to_builtins(value)
