"""One row of the attack table comes apart into times with a zone, whole numbers and lists."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.importing.attack_rows import Attack, Moment, attack
from ingest.importing.table import Row

KYIV = ZoneInfo("Europe/Kyiv")


def row(**values: str) -> Row:
    whole = {
        "time_start": "2025-01-01 20:00",
        "time_end": "2025-01-02 08:00",
        "model": "Kalibr",
        "launched": "4.0",
        "destroyed": "3.0",
        "not_reach_goal": "",
        "source": "kpszsu/posts/test",
        **values,
    }
    return Row(7, whole, ",".join(whole.values()).encode("utf-8", "replace"))


def taken(**values: str) -> Attack:
    return attack(row(**values), KYIV)


def refusal(**values: str) -> DecodeError:
    with pytest.raises(DecodeError) as caught:
        taken(**values)
    return caught.value


@pytest.mark.parametrize(
    ("text", "at", "is_date"),
    [
        ("2025-01-01 20:00", dt.datetime(2025, 1, 1, 18, 0, tzinfo=dt.UTC), False),
        ("2025-07-01 20:00", dt.datetime(2025, 7, 1, 17, 0, tzinfo=dt.UTC), False),
        ("2025-01-01 3:30", dt.datetime(2025, 1, 1, 1, 30, tzinfo=dt.UTC), False),
        ("2025-01-01 20:00 ", dt.datetime(2025, 1, 1, 18, 0, tzinfo=dt.UTC), False),
        ("2025-01-01T20:00:30", dt.datetime(2025, 1, 1, 18, 0, 30, tzinfo=dt.UTC), False),
        ("2025-01-01", dt.datetime(2024, 12, 31, 22, 0, tzinfo=dt.UTC), True),
        ("2025-01-01 ", dt.datetime(2024, 12, 31, 22, 0, tzinfo=dt.UTC), True),
    ],
)
def test_times_are_kyivs_however_they_are_written(text: str, at: dt.datetime, is_date: bool) -> None:
    assert taken(time_start=text, time_end="2025-08-01").start == Moment(at.astimezone(KYIV), is_date)


def test_a_date_is_a_whole_day_also_where_the_clocks_change() -> None:
    found = taken(time_start="2025-03-30", time_end="2025-03-30")
    assert found.lower == dt.datetime(2025, 3, 29, 22, tzinfo=dt.UTC)
    assert found.upper == dt.datetime(2025, 3, 30, 21, tzinfo=dt.UTC)


def test_numbers_are_whole_and_may_be_missing() -> None:
    found = taken(launched="12.0", destroyed=" 7 ", not_reach_goal="", still_attacking="NaN")
    assert (found.launched, found.destroyed, found.not_reached_goal, found.still_attacking) == (
        12,
        7,
        None,
        None,
    )


def test_names_joined_by_and_come_apart() -> None:
    found = taken(launch_place="Chauda, Crimea and Black Sea", target="south and east", target_main="Kyiv")
    assert found.launch_places == ("Chauda, Crimea", "Black Sea")
    assert (found.targets, found.main_targets) == (("south", "east"), ("Kyiv",))


def test_literals_are_read_with_bare_nan() -> None:
    found = taken(
        **{
            "affected region": "['Odesa oblast', 'NaN oblast']",
            "launched_details": "{'Kalibr': 3, 'X-59': NaN}",
            "launch_place_details": "{'Kalibr': 'Black Sea and Caspian Sea'}",
            "border_crossing": "{'belarus': 2.0, 'russia': 1.0}",
            "destroyed_details": "{'south': 3, 'west': NaN}",
        }
    )
    assert found.affected == ("Odesa oblast", "NaN oblast")
    assert found.launched_details == {"Kalibr": 3}
    assert found.launch_places == ("Black Sea", "Caspian Sea")
    assert found.crossed == 3
    assert found.faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "{'a': __import__('os')}",
        "{'a': ",
        "[1]",
        "{1: 2}[0]",
        "[" * 10_000,
        "-" * 4_000 + "1",
        "{'a': 'b'}" * 1_000,
        "{'a': -1}",
        "{'a': 1e400}",
        "{'a': '7'}",
        "{[]: 1}",
    ],
)
def test_a_broken_literal_is_told_and_the_row_stands(text: str) -> None:
    found = taken(launched_details=text)
    assert (found.launched, found.launched_details) == (4, {})
    (fault,) = found.faults
    assert fault.path == "line 7: launched_details"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"time_start": ""}, "time_start", "empty"),
        ({"time_start": "yesterday"}, "time_start", "no date or time: 'yesterday'"),
        ({"time_start": "2025-02-30"}, "time_start", "day is out of range for month: '2025-02-30'"),
        ({"time_end": "2025-01-02 24:30"}, "time_end", "hour must be in 0..23: '2025-01-02 24:30'"),
        ({"time_start": "0001-01-01"}, "time_start", "date value out of range: '0001-01-01'"),
        ({"time_end": "2024-12-31"}, "time_end", "before time_start"),
        ({"model": " "}, "model", "empty"),
        ({"source": "x" * 501}, "source", "too long"),
        ({"launched": "many"}, "launched", "no number: 'many'"),
        ({"launched": "-1"}, "launched", "no count: '-1'"),
        ({"launched": "1.5"}, "launched", "no count: '1.5'"),
        ({"destroyed": "inf"}, "destroyed", "no count: 'inf'"),
        ({"destroyed": "1000001"}, "destroyed", "no count: '1000001'"),
    ],
)
def test_a_row_without_its_core_says_where_and_why(values: dict[str, str], field: str, reason: str) -> None:
    error = refusal(**values)
    assert (error.path, error.reason) == (f"line 7: {field}", reason)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "time_start",
                "time_end",
                "launched",
                "is_shahed",
                "launched_details",
                "affected region",
                "target",
            ]
        ),
        st.one_of(st.text(max_size=40), st.from_regex(r"\A[\[{('\"a1:,NaN)}\]]{0,20}\Z")),
    )
)
def test_any_text_is_an_attack_or_an_error(values: dict[str, str]) -> None:
    try:
        found = taken(**values)
    except DecodeError:
        return
    assert found.lower <= found.upper
