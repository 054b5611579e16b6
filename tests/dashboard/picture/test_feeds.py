"""Feeds age by our clock when nobody looks at them: fresh, slow, dead."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from streams.events import FeedHealth

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]


def health(state: str = "fresh", **fields: Any) -> FeedHealth:
    defaults = {"status": "actual", "feed": "siren", "subject": "siren", "every_s": 10.0}
    return FeedHealth(id="health", state=state, **(defaults | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, "quiet"), (15, "quiet"), (16, "slow"), (30, "slow"), (31, "dead")]
)
def test_three_missed_checks_are_a_dead_feed(watch: Watch, at: At, seconds: int, state: str) -> None:
    watch.hear(health("quiet", checked_at=at("01:00")))
    watch.tick(at("01:00") + dt.timedelta(seconds=seconds))
    assert watch.view["feeds"]["siren"]["state"] == state


def test_a_check_brings_it_back(watch: Watch, at: At) -> None:
    watch.hear(health(checked_at=at("01:00")))
    watch.tick(at("01:05"))
    assert watch.view["feeds"]["siren"]["state"] == "dead"
    watch.hear(health(checked_at=at("01:05")))
    assert watch.view["feeds"]["siren"]["state"] == "fresh"


def test_an_older_look_that_comes_late_is_ignored(watch: Watch, at: At) -> None:
    watch.hear(health("dead", checked_at=at("01:05"), detail="no answer"))
    watch.hear(health("fresh", checked_at=at("01:00")))
    assert watch.view["feeds"]["siren"]["state"] == "dead"


def test_a_feeds_health_is_shown_in_an_exercise_when_it_is_the_systems(exercise: Watch, at: At) -> None:
    exercise.hear(health(status="system", checked_at=at("01:00")))
    assert list(exercise.view["feeds"]) == ["siren"]
    assert exercise.view["other_events"] == 0


def test_who_comes_back_is_told_every_field_of_every_feed(watch: Watch, at: At) -> None:
    watch.hear(health(checked_at=at("01:00")))
    assert watch.picture.refreshed()["feeds"]["siren"] == {
        "state": "fresh",
        "checked_at": "2025-06-09T01:00:00Z",
        "spoke_at": None,
        "every_s": 10.0,
        "delay_s": None,
        "detail": None,
    }
