"""Clocks: what a source says of an impossible time is kept, and said to be odd."""

import datetime as dt

import pytest

from ingest.clocks import delay_s, flagged
from streams.events import AirRaidAlert

NOW = dt.datetime(2026, 1, 5, 3, tzinfo=dt.UTC)


def alert(**fields: object) -> AirRaidAlert:
    return AirRaidAlert(id="f:1", status="actual", feed="f", region="UA-46", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ahead", "doubt"),
    [
        (dt.timedelta(minutes=30), "valid_from is 30 min ahead of our clock"),
        (dt.timedelta(hours=3), "valid_from is 3 h ahead of our clock"),
        (dt.timedelta(days=400), "valid_from is 400 d ahead of our clock"),
    ],
)
def test_a_time_in_the_future_is_kept_and_said(ahead: dt.timedelta, doubt: str) -> None:
    event = flagged(alert(valid_from=NOW + ahead), NOW)

    assert event.valid_from == NOW + ahead
    assert event.doubts == (doubt,)


def test_a_time_of_a_clock_that_was_never_set_is_kept_and_said() -> None:
    event = flagged(alert(published_at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC)), NOW)

    assert event.doubts == ("published_at is 1970-01-01, long past",)


def test_an_alert_that_has_lasted_for_years_and_a_clock_a_little_ahead_are_not_odd() -> None:
    years_ago = dt.datetime(2022, 4, 4, 16, 45, tzinfo=dt.UTC)
    event = alert(valid_from=years_ago, published_at=NOW + dt.timedelta(seconds=40))

    assert flagged(event, NOW) is event


def test_a_doubt_is_said_once() -> None:
    once = flagged(alert(valid_from=NOW + dt.timedelta(hours=1)), NOW)

    assert flagged(once, NOW) == once


def test_the_delay_is_how_far_the_source_is_behind_us() -> None:
    assert delay_s(NOW - dt.timedelta(seconds=12.5), NOW) == 12.5
    assert delay_s(NOW + dt.timedelta(seconds=1), NOW) == -1.0
    assert delay_s(None, NOW) is None
