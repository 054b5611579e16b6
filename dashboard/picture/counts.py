"""Counts as they were stated: what a hedge allows, and which of several statements is the one to show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from streams.events import Count

_NEARLY = 0.9
"""How much less than its number "nearly" can mean; "about" as much to both sides."""


class Stated(Struct, frozen=True):
    """One statement of a figure. rank: sorts by how much it is to be believed. by: whose it is."""

    count: Count
    rank: Any
    by: Any


def is_exact(count: Count | None) -> bool:
    """Whether it is a number without a hedge."""
    return exact(count) is not None


def exact(count: Count | None) -> int | None:
    """The number, where it was stated without a hedge."""
    if count is None or count.qualifier or count.min is not None or count.max is not None:
        return None
    return count.value


def allows(count: Count, value: int) -> bool:
    """Whether what was stated can mean `value`: "nearly 480" can mean 479, "over 500" cannot."""
    low, high = _bounds(count)
    return low <= value <= high


def choose(statements: Sequence[Stated]) -> Stated | None:
    """The statement to show: the most to be believed, but no hedge in place of a number that it allows."""
    ranked = sorted(statements, key=lambda stated: stated.rank, reverse=True)
    if not ranked:
        return None
    top = ranked[0]
    if is_exact(top.count):
        return top
    for stated in ranked[1:]:
        number = exact(stated.count)
        if number is not None:
            return stated if allows(top.count, number) else top
    numbered = (stated for stated in ranked if _bounds(stated.count) != (1, math.inf))
    return next(numbered, top)


def words(count: Count) -> str:
    """The count as a short text: "479", "nearly 480", "50–60"."""
    if count.value is not None:
        number = str(count.value)
    elif count.min is not None and count.max is not None:
        number = f"{count.min}–{count.max}"
    else:
        bound = count.max if count.min is None else count.min
        number = "" if bound is None else str(bound)
    return f"{count.qualifier} {number}".strip()


def _bounds(count: Count) -> tuple[float, float]:
    value = count.value
    if count.min is not None or count.max is not None:
        return (0 if count.min is None else count.min, math.inf if count.max is None else count.max)
    if value is None:
        return 1, math.inf
    match count.qualifier:
        case "":
            return value, value
        case "nearly":
            return _NEARLY * value, value
        case "over" | "more than":
            return value + 1, math.inf
        case "at least":
            return value, math.inf
        case "up to" | "at most":
            return 0, value
        case _:
            return _NEARLY * value, (2 - _NEARLY) * value
