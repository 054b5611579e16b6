"""A figure reads as it was stated: absent, zero and hedged are three things."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("count", "line", "state"),
    [
        (None, "—", "absent"),
        ({}, "—", "absent"),
        ({"value": 0}, "0", "exact"),
        ({"value": 479}, "479", "exact"),
        ({"value": 12345}, "12,345", "exact"),
        ({"value": 480, "qualifier": "nearly"}, "nearly 480", "hedged"),
        ({"value": 50, "qualifier": "over", "min": 51}, "over 50", "hedged"),
        ({"value": 100, "qualifier": "up to"}, "up to 100", "hedged"),
        ({"value": 7, "qualifier": "roughly"}, "roughly 7", "hedged"),
        ({"min": 50}, "≥ 50", "hedged"),
        ({"max": 50}, "≤ 50", "hedged"),
        ({"min": 50, "max": 60}, "50–60", "hedged"),
        ({"value": 50, "min": 50, "max": 60}, "50–60", "hedged"),
        ({"qualifier": "unnumbered"}, "some", "hedged"),
    ],
)
def test_a_count_reads_as_it_was_stated(
    modules: Callable[..., Any], count: object, line: str, state: str
) -> None:
    got = modules(
        "count", "(m, c) => [m.line(c ?? undefined, words), m.reading(c ?? undefined, words).state]", count
    )
    assert got == [line, state]


@pytest.mark.parametrize(
    ("count", "number"),
    [
        ({"value": 0}, 0),
        ({"value": 20}, 20),
        ({"value": 20, "qualifier": "about"}, None),
        ({"value": 20, "min": 20}, None),
        ({"min": 20}, None),
        (None, None),
    ],
)
def test_only_an_unhedged_count_may_be_reckoned_with(
    modules: Callable[..., Any], count: object, number: int | None
) -> None:
    assert modules("count", "(m, c) => m.exact(c)", count) == number
