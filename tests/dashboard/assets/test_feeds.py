"""The card of the feeds: each with its state, its ages, and how far its own time is from ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

AT = "2025-06-09T08:00:00Z"


@pytest.mark.parametrize(
    ("delay_s", "says"),
    [
        (95.0, "was 2 min old when it came"),
        (-240.0, "clock is 4 min ahead of ours"),
        (0.4, None),
        (None, None),
    ],
)
def test_how_late_a_source_was_is_said(
    modules: Callable[..., Any], delay_s: float | None, says: str | None
) -> None:
    feed = {"state": "fresh", "checked_at": AT, "spoke_at": AT, "delay_s": delay_s}
    feed = {key: value for key, value in feed.items() if value is not None}
    script = f"""(m, feeds) => new m.FeedsView({{ querySelector: () => null }}, words)
        .cardLines({{ feeds }}, Date.parse('{AT}'))"""
    (line,) = modules("feeds", script, {"radar": feed})

    assert line.startswith("radar: fresh")
    assert (says in line) if says else ("old when" not in line and "ahead" not in line)


def test_what_the_picture_could_not_read_comes_first(modules: Callable[..., Any]) -> None:
    feed = {"state": "fresh", "checked_at": AT, "spoke_at": AT}
    script = f"""(m, feeds) => new m.FeedsView({{ querySelector: () => null }}, words)
        .cardLines({{ feeds, unreadable: 2 }}, Date.parse('{AT}'))"""
    first, second = modules("feeds", script, {"radar": feed})
    assert "2" in first
    assert "lacking in the picture" in first
    assert second.startswith("radar")
