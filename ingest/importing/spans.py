"""Which stretches of time overlap others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable


def overlapping(spans: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> int:
    """How many of `spans` share more than an end with one of `others`. Both: (start, end) in seconds."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(others):
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    count = 0
    for start, end in spans:
        before = bisect_left(starts, end)
        count += before > 0 and ends[before - 1] > start
    return count
