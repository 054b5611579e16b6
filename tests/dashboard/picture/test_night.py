"""The operational night, across the changes of the clocks too."""

import datetime as dt

import pytest

from dashboard.picture.night import Nights, credible
from dashboard.picture.rules import NightRule


@pytest.mark.parametrize(
    ("instant", "start", "end"),
    [
        ("2025-06-08T14:59:59", "2025-06-07T15:00", "2025-06-08T15:00"),
        ("2025-06-08T15:00:00", "2025-06-08T15:00", "2025-06-09T15:00"),
        ("2025-06-09T08:00:00", "2025-06-08T15:00", "2025-06-09T15:00"),
        ("2025-03-30T02:00:00", "2025-03-29T16:00", "2025-03-30T15:00"),
        ("2025-10-26T02:00:00", "2025-10-25T15:00", "2025-10-26T16:00"),
    ],
)
def test_a_night_is_from_six_to_six_by_kyivs_clocks(instant: str, start: str, end: str) -> None:
    night = Nights(NightRule()).of(dt.datetime.fromisoformat(f"{instant}+00:00"))
    assert (night.start, night.end) == (
        dt.datetime.fromisoformat(f"{start}+00:00"),
        dt.datetime.fromisoformat(f"{end}+00:00"),
    )


def test_reports_name_a_night_by_its_morning() -> None:
    nights = Nights(NightRule())
    night = nights.of_morning(dt.date(2025, 6, 9))
    assert night == nights.of(dt.datetime(2025, 6, 9, 1, tzinfo=dt.UTC))
    assert nights.morning(night) == dt.date(2025, 6, 9)


@pytest.mark.parametrize("morning", [dt.date.min, dt.date.max])
def test_a_date_that_no_clock_means_is_still_a_night(morning: dt.date) -> None:
    night = Nights(NightRule()).of_morning(morning)
    assert night.end - night.start == dt.timedelta(days=1)


def test_what_no_clock_means_is_not_credible() -> None:
    assert credible(dt.datetime(1, 1, 1, tzinfo=dt.UTC)) is None
    assert credible(dt.datetime(9999, 12, 31, tzinfo=dt.UTC)) is None
    assert credible(None) is None
