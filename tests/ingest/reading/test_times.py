from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.scene import Scene
from ingest.reading.times import Day, night_date, window_instants, written

MONDAY = date(2025, 6, 9)


def night(scene: Scene, published: date | None = MONDAY) -> date | None:
    for times in scene.times:
        for one in times.nights:
            return night_date(one, times.days, published)
    return None


@pytest.mark.parametrize(
    "text",
    [
        "Dans la nuit de dimanche à lundi, des drones ont été abattus.",
        "Dans la nuit du 8 au 9 juin, des drones ont été abattus.",
        "Dans la nuit du dimanche 8 au lundi 9 juin, des drones ont été abattus.",
        "In the night from Sunday to Monday, drones were shot down.",
        "On the night of June 9, drones were shot down.",
        "Overnight on Monday, June 9, the drones were shot down.",
        "W nocy z niedzieli na poniedziałek zestrzelono drony.",
        "W nocy z 8 na 9 czerwca zestrzelono drony.",
        "У ніч на 9 червня збито дрони.",
        "У ніч проти понеділка збито дрони.",
        "У ніч з 8 на 9 червня збито дрони.",
        "Минулої ночі збито дрони.",
        "The drones were shot down overnight.",
    ],
)
def test_a_night_has_the_date_of_its_morning(scene: Callable[..., Scene], text: str) -> None:
    assert night(scene(text)) == MONDAY


@pytest.mark.parametrize(
    "text", ["Dans la nuit de dimanche à lundi, des drones.", "У ніч на 9 червня збито дрони."]
)
def test_without_a_publication_date_a_night_stays_open(scene: Callable[..., Scene], text: str) -> None:
    assert night(scene(text, None), None) is None


def test_a_full_date_needs_no_publication_date(scene: Callable[..., Scene]) -> None:
    assert night(scene("У ніч на 9 червня 2025 року збито дрони.", None), None) == MONDAY


def test_a_date_without_a_year_is_the_nearest_that_is_over(scene: Callable[..., Scene]) -> None:
    new_year = scene("У ніч на 31 грудня збито дрони.")
    assert night(new_year, date(2026, 1, 2)) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("У ніч на 9 червня (з 20:00 8 червня) атакували дрони.", "2025-06-08T20:00+03:00", None),
        ("У ніч на 9 червня (з 18.00) атакували дрони.", "2025-06-08T18:00+03:00", None),
        (
            "Протягом дня 9 червня (із 6.30 до 18.00) атакували дрони.",
            "2025-06-09T06:30+03:00",
            "2025-06-09T18:00+03:00",
        ),
        (
            "From 20:00 on 8 June to 7:30 on 9 June the drones attacked.",
            "2025-06-08T20:00+03:00",
            "2025-06-09T07:30+03:00",
        ),
        ("Od godz. 20 8 czerwca atakowały drony.", "2025-06-08T20:00+03:00", None),
        ("À partir de 20 heures dimanche, des drones ont attaqué.", "2025-06-08T20:00+03:00", None),
    ],
)
def test_a_window_is_in_the_sources_zone(
    scene: Callable[..., Scene], text: str, start: str, end: str | None
) -> None:
    windows = [window for times in scene(text).times for window in times.windows]
    found = window_instants(windows[0], MONDAY, MONDAY, "Europe/Kyiv")
    assert [one and written(one) for one in found] == [start, end]


@pytest.mark.parametrize(
    "text", ["2.5 ракети на день", "понад 6.30 відсотка", "On 12 drones a tax of 7.45 applies"]
)
def test_a_decimal_is_no_clock_time(scene: Callable[..., Scene], text: str) -> None:
    assert [times.clocks for times in scene(text).times] == [{}]


def test_the_numbers_of_a_date_are_no_counts(scene: Callable[..., Scene]) -> None:
    assert not [
        claim
        for claims in scene("On 9 June drones were shot down.").claims
        for claim in claims
        if claim.amount.value
    ]


@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(0, 3000),
    st.one_of(st.none(), st.integers(0, 6)),
    st.dates(),
)
def test_a_day_resolves_or_does_not(
    day: int, month: int, year: int, weekday: int | None, published: date
) -> None:
    for one in (
        Day(0, 1, day=day, month=month, year=year),
        Day(0, 1, day=day, month=month),
        Day(0, 1, weekday=weekday),
    ):
        try:
            resolved = one.resolve(published)
        except OverflowError:
            assert published - date.min < timedelta(days=40) or date.max - published < timedelta(days=40)
        else:
            assert resolved is None or isinstance(resolved, date)


def test_publication_is_taken_in_the_sources_zone(scene: Callable[..., Scene]) -> None:
    late = scene("Минулої ночі збито дрони.", datetime(2025, 6, 8, 22, 30, tzinfo=UTC))
    assert late.published("UA") == MONDAY
