"""Questions: what can be asked, and which parameter is named where it cannot."""

from __future__ import annotations

import datetime as dt

import pytest

from config.theatre import load_theatre
from dashboard.api.problems import ApiError
from dashboard.api.question import events_question, instant, picture_question

THEATRE = load_theatre("eastern-flank")
SIX = dt.datetime(2025, 6, 9, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "stated",
    ["2025-06-09T06:00:00Z", "2025-06-09T06:00Z", "2025-06-09T09:00:00+03:00", "2025-06-09T09:00:00 03:00"],
)
def test_an_instant_has_an_offset_which_a_query_may_have_spoilt(stated: str) -> None:
    assert instant("at", stated) == SIX


@pytest.mark.parametrize(
    "stated",
    [
        "now",
        "2025-06-09",
        "2025-06-09T06:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2025-06-31T00:00:00Z",
        "1749448800",
        "\ud800",
    ],
)
def test_what_is_no_instant_is_refused_by_name(stated: str) -> None:
    with pytest.raises(ApiError) as refusal:
        picture_question([("known_at", stated)])
    assert refusal.value.problem.parameter == "known_at"
    assert refusal.value.problem.status == 400


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ([("when", "x")], "when"),
        ([("at", "2025-06-09T06:00:00Z")] * 2, "at"),
        ([("status", "test")], "status"),
        ([("at", "")], "at"),
    ],
)
def test_a_picture_is_asked_for_in_known_words(parameters: list[tuple[str, str]], named: str) -> None:
    with pytest.raises(ApiError) as refusal:
        picture_question(parameters)
    assert refusal.value.problem.parameter == named


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "ufo"),
        ("region", "UA-99"),
        ("status", "real"),
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "-1"),
        ("limit", "1e3"),
        ("limit", "²"),
        ("cursor", "elsewhere; drop"),
        ("until", "x"),
        ("feed", "f" * 401),
        ("at", "2025-06-09T06:00:00Z"),
    ],
)
def test_events_are_asked_for_in_known_words(name: str, value: str) -> None:
    with pytest.raises(ApiError) as refusal:
        events_question([(name, value)], THEATRE)
    assert refusal.value.problem.parameter == name


def test_a_stretch_of_time_does_not_run_backwards() -> None:
    stretch = [("since", "2025-06-09T06:00:00Z"), ("until", "2025-06-09T06:00:00Z")]
    with pytest.raises(ApiError, match="later than since"):
        events_question(stretch, THEATRE)


def test_a_region_is_named_by_key_or_by_the_feeds_uid() -> None:
    assert events_question([("region", "UA-46")], THEATRE).region == "UA-46"
    uid = THEATRE.regions["UA-46"].uids["alerts_in_ua"]
    assert events_question([("region", uid)], THEATRE).region == "UA-46"
