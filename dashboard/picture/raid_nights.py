"""The nights of raids: the lead figures of each, of all history, and the greatest of them before a night."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dashboard.picture.claims import ClaimKey

RANKED = ("launched.uav", "launched.missile")
"""Figures of which the greatest is a record."""
_Undated = dt.date.min


class NightOfRaids(NamedTuple):
    """What the claim that leads a night says. figures: exact ones by dotted path."""

    claim: ClaimKey
    figures: dict[str, int]


class Greatest(NamedTuple):
    """A figure, sorting by it and then by the night."""

    value: int
    morning: dt.date
    text: str
    claim: ClaimKey


class RaidNights:
    """By the morning that a night leads to; what is undated is by its claim."""

    def __init__(self) -> None:
        self._nights: dict[dt.date, NightOfRaids] = {}
        self._undated: dict[ClaimKey, NightOfRaids] = {}
        self._ranking: dict[str, list[Greatest]] = {name: [] for name in RANKED}
        self._changed: set[dt.date] = set()
        self._has_changed = False

    def put(self, morning: dt.date | None, undated: ClaimKey | None, night: NightOfRaids | None) -> None:
        """This is what is known of a night now."""
        if morning is None:
            self._has_changed = True
            if undated is not None:
                before = self._undated.pop(undated, None)
                if night is not None:
                    self._undated[undated] = night
                self._rank(_Undated, before, night)
            return
        before = self._nights.pop(morning, None)
        if night is not None:
            self._nights[morning] = night
        if before != night:
            self._changed.add(morning)
            self._has_changed = True
            self._rank(morning, before, night)

    def get(self, morning: dt.date) -> NightOfRaids | None:
        """What is known of the night that leads to a morning."""
        return self._nights.get(morning)

    def has_changed(self) -> bool:
        """Whether anything is known that was not at the last call."""
        changed, self._has_changed = self._has_changed, False
        return changed

    def change_again(self, mornings: Iterable[dt.date]) -> None:
        """Let the next `take_changed` give these too."""
        self._changed.update(mornings)

    def changed(self) -> frozenset[dt.date]:
        """The mornings that `take_changed` would give."""
        return frozenset(self._changed)

    def take_changed(self) -> set[dt.date]:
        """The mornings of which something else is known than at the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def greatest(self, figure: str, before: dt.date | None) -> Greatest | None:
        """The greatest figure of all nights before one, or of all; None where none is above zero."""
        rows: Iterator[Greatest] = reversed(self._ranking[figure])
        found = next((row for row in rows if before is None or row.morning < before), None)
        return found if found is not None and found.value > 0 else None

    def last_at_least(self, figure: str, value: int, before: dt.date) -> dt.date | None:
        """The last morning before one whose night reached a figure."""
        ranking = self._ranking[figure]
        place = bisect_left(ranking, value, key=lambda row: row.value)
        mornings = (row.morning for row in ranking[place:] if _Undated < row.morning < before)
        return max(mornings, default=None)

    def _rank(self, morning: dt.date, before: NightOfRaids | None, night: NightOfRaids | None) -> None:
        for each, is_new in ((before, False), (night, True)):
            if each is None:
                continue
            for figure in RANKED:
                if (value := each.figures.get(figure)) is None:
                    continue
                ranking = self._ranking[figure]
                # Claims are told apart by their text, for their dates may be None and do not compare.
                row = Greatest(value, morning, str(each.claim), each.claim)
                if is_new:
                    insort(ranking, row, key=lambda row: row[:3])
                else:
                    del ranking[bisect_left(ranking, row[:3], key=lambda row: row[:3])]
