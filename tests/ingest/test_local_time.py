"""Local times without a zone: over midnight, and over the two nights when clocks are changed."""

import datetime as dt

import pytest

from ingest.local_time import KYIV, WARSAW, nearest, resolve


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("clock", "near", "meant"),
    [
        ("15:44", "2026-08-08T12:44:20", "2026-08-08T12:44"),
        ("23:59", "2026-08-08T21:01:00", "2026-08-08T20:59"),
        ("00:00", "2026-08-08T20:59:50", "2026-08-08T21:00"),
        ("03:30", "2026-10-25T00:31:00", "2026-10-25T00:30"),
        ("03:30", "2026-10-25T01:31:00", "2026-10-25T01:30"),
        ("04:00", "2026-03-29T01:00:10", "2026-03-29T01:00"),
    ],
)
def test_a_clock_time_is_of_the_instant_nearest_by(clock: str, near: str, meant: str) -> None:
    assert nearest(dt.time.fromisoformat(clock), KYIV, utc(near)) == utc(meant)


def test_a_local_time_is_one_instant_and_no_doubt() -> None:
    assert resolve(dt.datetime(2026, 9, 16, 7, 36), WARSAW) == (utc("2026-09-16T05:36"), "")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("near", "meant"),
    [(None, "00:30"), ("2026-10-25T00:31", "00:30"), ("2026-10-25T01:31", "01:30")],
)
def test_the_hour_that_comes_twice_is_told_apart_by_what_is_near(near: str | None, meant: str) -> None:
    twice = dt.datetime(2026, 10, 25, 2, 30)  # noqa: DTZ001

    instant, doubt = resolve(twice, WARSAW, utc(near) if near else None)
    assert instant == utc(f"2026-10-25T{meant}")
    assert doubt == "02:30 came twice that day: clocks were put back"


def test_the_hour_that_is_left_out_is_doubted() -> None:
    never = dt.datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001

    instant, doubt = resolve(never, WARSAW)
    assert instant == utc("2026-03-29T01:30")
    assert doubt == "02:30 did not exist that day: clocks were put forward"


def test_the_ends_of_the_calendar_overflow() -> None:
    with pytest.raises(OverflowError):
        resolve(dt.datetime(1, 1, 1), WARSAW)  # noqa: DTZ001
    with pytest.raises(OverflowError):
        nearest(dt.time(12), KYIV, dt.datetime.max.replace(tzinfo=dt.UTC))
