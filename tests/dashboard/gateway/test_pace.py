"""The pace: entries and whole seconds reach the picture in one order, whoever leads it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dashboard.gateway.pace import Pace
from streams.events import AirRaidAlert
from streams.read import Entry


class Told:
    """A picture that only notes what it is told."""

    def __init__(self) -> None:
        self.log: list[str] = []

    def apply(self, event: Any, received_at: dt.datetime, key: str) -> dict[str, Any]:
        self.log.append(event.id)
        return {"alerts": {event.id: {"region": "R"}}}

    def unreadable(self, key: str) -> dict[str, Any]:
        self.log.append("unreadable")
        return {"unreadable": 1}

    def tick(self, now: dt.datetime) -> dict[str, Any]:
        self.log.append(f"second {int(now.timestamp())}")
        return {"feeds": {}}


def entry(name: str, ms: int, *, is_event: bool = True) -> Entry:
    event = AirRaidAlert(id=name, status="actual", feed="f", region="R") if is_event else None
    return Entry("alerts", f"{ms}-0", b"", event)


def test_a_second_comes_after_all_before_it_and_before_all_in_it() -> None:
    picture = Told()
    pace = Pace(picture, 99)  # type: ignore[arg-type]
    patches = [pace.take(entry(name, ms)) for name, ms in (("a", 99_999), ("b", 100_000), ("c", 100_001))]
    pace.reach(101)
    pace.take(entry("d", 103_500))
    # A second that is past is not told again, whoever says it.
    assert pace.reach(102) == {}
    assert picture.log == ["a", "second 100", "b", "c", "second 101", "second 103", "d"]
    assert patches[1].keys() == {"feeds", "alerts"}
    assert patches[2].keys() == {"alerts"}


def test_before_the_first_second_entries_come_alone() -> None:
    picture = Told()
    pace = Pace(picture)  # type: ignore[arg-type]
    pace.take(entry("a", 5_000))
    pace.take(entry("b", 9_000, is_event=False))
    pace.reach(12)
    assert picture.log == ["a", "unreadable", "second 12"]
