"""Mending: what a correction changes and what it leaves, and what nobody may change."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.theatre import load_theatre
from ingest.acts.mending import corrected, mended, restored, retracted
from ingest.acts.refusal import ActRefused
from streams.codec import decode, encode
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    Evidence,
    FeedHealth,
    LogEntry,
    Quantities,
    RaidReport,
    Track,
    TrackSweep,
)

THEATRE = load_theatre()
TEXT = "Russia launched 479 drones, 460 were neutralised."
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)
REPORT = RaidReport(
    id="f:1",
    revision=3,
    status="actual",
    feed="f",
    claimant="ua-air-force",
    confidence=0.8,
    doubts=("published_at is 3 h ahead of our clock",),
    launched=Quantities(uav=Count(value=479)),
    neutralised=Quantities(uav=Count(value=460)),
    valid_from=NOON,
    evidence=Evidence(
        document="d",
        text=TEXT,
        spans={"launched.uav": ((16, 19),), "neutralised.uav": ((28, 31),), "window_start": ((0, 6),)},
    ),
)


def correct(event: Event, **changes: Any) -> Any:
    named = {path.replace("__", "."): value for path, value in changes.items()}
    return corrected(event, named, revision=event.revision + 1, by="anna", theatre=THEATRE)


def test_a_correction_changes_what_is_named_and_shows_that_it_was_made_by_hand() -> None:
    made = correct(REPORT, launched__uav__value=497, regions=["UA-46"])

    assert made.launched == Quantities(uav=Count(value=497))
    assert made.regions == ("UA-46",)
    assert (made.revision, made.msg_type, made.by) == (4, "update", "anna")
    assert made.doubts == (*REPORT.doubts, "mended by hand: launched.uav.value, regions")
    assert made.confidence == 0.8
    assert made.evidence is not None
    assert made.evidence.text == TEXT
    assert set(made.evidence.spans) == {"neutralised.uav", "window_start"}
    assert made.neutralised == REPORT.neutralised


def test_a_span_goes_with_the_field_that_its_fact_is_in() -> None:
    made = correct(REPORT, valid_from="2025-06-09T10:00:00+03:00", launched=None)

    assert made.valid_from == dt.datetime(2025, 6, 9, 7, tzinfo=dt.UTC)
    assert made.launched is None
    assert set(made.evidence.spans) == {"neutralised.uav"}


def test_what_was_mended_before_is_still_named() -> None:
    once = correct(REPORT, launched__uav__value=497)
    twice = correct(once, attacker="RU")

    assert twice.doubts[1:] == ("mended by hand: attacker, launched.uav.value",)
    assert len(", ".join(mended((), [f"types.{number}" for number in range(300)]))) < 1_000


def test_a_part_of_a_list_can_be_changed() -> None:
    track = Track(key="a", lon=24, lat=50, seen_at=NOON)
    sweep = TrackSweep(id="s", status="actual", feed="desk", by="anna", tracks=(track,))

    assert correct(sweep, tracks__0__lon=25.5).tracks[0].lon == 25.5
    with pytest.raises(ActRefused, match=r"changes\.tracks\.1\.lon"):
        correct(sweep, tracks__1__lon=25.5)


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"launched.uav.value": "many"}, "changes.launched.uav.value"),
        ({"launched.uav.value": -1}, "changes.launched.uav.value"),
        ({"launched.uav.count": 5}, "changes.launched.uav.count"),
        ({"launched": 5}, "changes.launched"),
        ({"launch": 5}, "changes.launch"),
        ({"launched.uav.value.more": 5}, "changes.launched.uav.value.more"),
        ({"regions": ["UA-99"]}, "changes.regions"),
        ({"claimant": "nobody"}, "changes.claimant"),
        ({"valid_from": "yesterday"}, "changes.valid_from"),
        ({"valid_from": "2025-06-09T10:00:00"}, "changes.valid_from"),
        ({"valid_from": "0001-01-01T00:00:00+14:00"}, "changes.valid_from"),
        ({"launched.uav.value": 479}, "changes"),
        ({"attacker": None}, "changes"),
        ({"id": "x"}, "changes.id"),
        ({"by": ""}, "changes.by"),
        ({"status": "exercise"}, "changes.status"),
        ({"evidence.text": "other"}, "changes.evidence.text"),
        ({"doubts": []}, "changes.doubts"),
        ({"kind": "alert"}, "changes.kind"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_its_field(changes: dict[str, Any], parameter: str) -> None:
    with pytest.raises(ActRefused) as refused:
        corrected(REPORT, changes, revision=4, by="anna", theatre=THEATRE)

    assert (refused.value.problem.status, refused.value.problem.parameter) == (400, parameter)


def test_a_feeds_old_key_does_not_stand_in_the_way_of_a_correction() -> None:
    alert = AirRaidAlert(id="a", status="actual", feed="f", claimant="long-gone", region="UA-46")

    assert correct(alert, level="red").level == "red"


def test_what_is_retracted_is_said_again_as_it_was() -> None:
    gone = retracted(REPORT, revision=4, by="anna")
    back = restored(REPORT, revision=5, by="ben")

    assert (gone.msg_type, gone.by, gone.revision) == ("cancel", "anna", 4)
    assert (back.msg_type, back.by, back.revision) == ("update", "ben", 5)
    for again in (lambda: retracted(gone, revision=5, by="ben"), lambda: correct(gone, attacker="RU")):
        with pytest.raises(ActRefused, match="retracted"):
            again()


def test_what_is_said_about_us_is_not_changed() -> None:
    ours: list[Event] = [
        LogEntry(id="desk:1", status="actual", feed="desk", act="note", by="anna"),
        FeedHealth(id="h", status="actual", feed="f", subject="f", state="fresh", checked_at=NOON, every_s=1),
    ]
    for event in ours:
        with pytest.raises(ActRefused, match="is not changed by hand"):
            correct(event, note="other")
        with pytest.raises(ActRefused, match="is not changed by hand"):
            retracted(event, revision=2, by="anna")


PARTS = st.sampled_from(
    ("launched", "uav", "value", "types", "regions", "0", "", "evidence", "claimant", "valid_from", "é")
)
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(".".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(changes=st.dictionaries(PATHS, JSON, min_size=1, max_size=4))
def test_whatever_is_asked_is_an_event_of_the_contract_or_refused_by_name(changes: dict[str, Any]) -> None:
    problem = made = None
    try:
        made = corrected(REPORT, changes, revision=4, by="anna", theatre=THEATRE)
    except ActRefused as refused:
        problem = refused.problem
    if made is None:
        assert problem is not None
        assert (problem.status, problem.parameter.split(".")[0]) == (400, "changes")
    else:
        assert decode(encode(made)) == made
        assert (made.id, made.feed, made.by) == (REPORT.id, REPORT.feed, "anna")
