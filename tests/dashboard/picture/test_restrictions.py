"""Restrictions: closed until it or another text says reopened."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from streams.events import AirspaceRestriction

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]


def closure(name: str, state: str = "closed", **fields: Any) -> AirspaceRestriction:
    defaults = {"status": "actual", "feed": "f", "subject": "EPRZ"}
    return AirspaceRestriction(id=name, state=state, **(defaults | fields))  # type: ignore[arg-type]


def test_an_airport_is_closed_until_its_own_end(watch: Watch, at: At) -> None:
    watch.hear(closure("a", valid_from=at("01:00"), reason="military activity"))
    assert watch.view["restrictions"]["EPRZ"]["reason"] == "military activity"
    watch.hear(closure("a", revision=2, valid_from=at("01:00"), valid_to=at("03:00")))
    assert watch.view["restrictions"] == {}


def test_a_reopening_from_another_text_ends_it_and_an_older_one_does_not(watch: Watch, at: At) -> None:
    watch.hear(closure("a", valid_from=at("01:00")))
    watch.hear(closure("b", "reopened", valid_from=at("00:30")))
    assert list(watch.view["restrictions"]) == ["EPRZ"]
    watch.hear(closure("c", "reopened", valid_from=at("03:00")))
    assert watch.view["restrictions"] == {}


def test_a_closure_outlives_the_nights_that_are_remembered(watch: Watch, at: At) -> None:
    watch.hear(closure("a", valid_from=at("01:00")))
    watch.tick("2025-07-09T15:00+00:00")
    assert list(watch.view["restrictions"]) == ["EPRZ"]
    reopened_at = dt.datetime(2025, 7, 10, tzinfo=dt.UTC)
    watch.hear(closure("b", "reopened", valid_from=reopened_at), at=reopened_at)
    assert watch.view["restrictions"] == {}
    watch.tick("2025-08-09T15:00+00:00")
    assert watch.view["restrictions"] == {}
