"""The nights of alerts: time under alert, the longest, and the most at once, whatever order it is told in."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.theatre import load_theatre
from dashboard.picture.alert_nights import AlertNights, Trace
from dashboard.picture.night import Nights
from dashboard.picture.region_tree import RegionTree
from dashboard.picture.rules import NightRule

EVENING = int(dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC).timestamp())
HOUR = 3_600
DAY = 24 * HOUR
TREE = RegionTree(load_theatre("eastern-flank"))
RAION = "UA-46/raion/stryiskyi"


@pytest.fixture
def nights() -> AlertNights:
    return AlertNights(Nights(NightRule()), TREE)


def trace(region: str, start_h: float, end_h: float, *, is_whole: bool = True) -> Trace:
    return Trace(region, EVENING + int(start_h * HOUR), EVENING + int(end_h * HOUR), is_whole)


def test_a_parent_and_a_child_count_once(nights: AlertNights) -> None:
    nights.change(None, trace("UA-46", 1, 3))
    nights.change(None, trace(RAION, 2, 4))
    nights.change(None, trace("UA-07", 2, 3))
    (night,) = nights.take_changed().values()
    assert night is not None
    assert (night.most, night.most_at) == (2, EVENING + 2 * HOUR)
    assert night.alert_s == {"UA-46": 3 * HOUR, "UA-07": HOUR}


def test_the_longest_is_one_regions_own_alert(nights: AlertNights) -> None:
    nights.change(None, trace("UA-46", 1, 3))
    nights.change(None, trace(RAION, 3, 6))
    nights.change(None, trace("UA-07", 1, 9, is_whole=False))
    (night,) = nights.take_changed().values()
    assert night is not None
    assert night.longest is not None
    assert (night.longest.duration_s, night.longest.region) == (3 * HOUR, RAION)
    assert night.longest.start == EVENING + 3 * HOUR


def test_an_alert_over_several_nights_is_time_in_each_and_long_in_the_first(nights: AlertNights) -> None:
    nights.change(None, trace("UA-46", 23, 50))
    changed = nights.take_changed()
    assert [night.alert_s["UA-46"] for _, night in sorted(changed.items()) if night] == [HOUR, DAY, 2 * HOUR]
    assert [night.longest is not None for _, night in sorted(changed.items()) if night] == [
        True,
        False,
        False,
    ]


def test_time_under_alert_is_of_any_stretch_and_any_level(nights: AlertNights) -> None:
    nights.change(None, trace("UA-46", 1, 3))
    nights.change(None, trace(RAION, 2, 4))
    start, end = EVENING + HOUR // 2, EVENING + 4 * HOUR - 60
    assert nights.under_alert("UA-46", start, end) == [(EVENING + HOUR, end)]
    assert nights.under_alert(RAION, start, end) == [(EVENING + 2 * HOUR, end)]
    assert nights.under_alert("UA-07", start, end) == []


TRACES = st.builds(
    lambda region, start, length, is_whole: Trace(
        region, EVENING + start * 600, EVENING + (start + length) * 600, is_whole
    ),
    st.sampled_from(("UA-46", "UA-07", RAION)),
    st.integers(-300, 300),
    st.integers(1, 200),
    st.booleans(),
)


@settings(max_examples=200, deadline=None)
@given(kept=st.lists(TRACES, max_size=8), gone=st.lists(TRACES, max_size=4), data=st.data())
def test_what_was_taken_back_and_what_was_settled_when_makes_no_difference(
    kept: list[Trace], gone: list[Trace], data: st.DataObject
) -> None:
    plain = AlertNights(Nights(NightRule()), TREE)
    for each in kept:
        plain.change(None, each)
    expected = {start: night for start, night in plain.take_changed().items() if night is not None}
    busy = AlertNights(Nights(NightRule()), TREE)
    for each in gone:
        busy.change(None, each)
    open_still = []
    for each in data.draw(st.permutations(kept)):
        busy.change(None, each)
        if data.draw(st.booleans()):
            busy.settle([each])
        else:
            open_still.append(each)
    for each in data.draw(st.permutations(gone)):
        busy.change(each, None)
    assert {start: night for start, night in busy.take_changed().items() if night is not None} == expected
    busy.settle(open_still)
    again = AlertNights(Nights(NightRule()), TREE)
    again.recall(busy.settled())
    assert {start: night for start, night in again.take_changed().items() if night is not None} == expected
