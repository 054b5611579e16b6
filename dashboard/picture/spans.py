"""Spans of time in whole seconds: merged where they touch, and how long they are together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]
"""Half-open [start, end), seconds since 1970."""


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time with no overlap, in order. What touches is one; what is empty or inverted goes."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def length(intervals: Iterable[Interval]) -> int:
    """Seconds in intervals that do not overlap."""
    return sum(end - start for start, end in intervals)


def within(intervals: Iterable[Interval], start: int, end: int) -> list[Interval]:
    """What of the intervals lies in [start, end)."""
    return [(max(first, start), min(last, end)) for first, last in intervals if first < end and last > start]


def most_at_once(sets: Iterable[Sequence[Interval]]) -> tuple[int, int]:
    """How many of the sets hold at the same instant at most, and the first such instant.

    Each set's own intervals do not overlap. (0, 0) where there are none.
    """
    changes = sorted(
        change for intervals in sets for start, end in intervals for change in ((start, 1), (end, -1))
    )
    most = at = count = 0
    for when, change in changes:
        count += change
        if count > most:
            most, at = count, when
    return most, at
