"""Tracks: the newest fix of each aircraft, whoever saw it, until it is too old."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from config.theatre import Theatre
from dashboard.picture.patch import merge
from dashboard.picture.picture import Picture
from dashboard.picture.rules import Rules, TrackRule
from streams.events import Marker, Point, Track, TrackSweep
from tests.dashboard.picture.conftest import Watch

NOW = dt.datetime(2025, 6, 9, 1, tzinfo=dt.UTC)


def later(seconds: float) -> dt.datetime:
    return NOW + dt.timedelta(seconds=seconds)


def track(key: str = "4b1815", seconds: float = 0, **fields: Any) -> Track:
    return Track(key=key, seen_at=later(seconds), **({"lon": 22.0, "lat": 50.1} | fields))


def sweep(name: str, *tracks: Track, **fields: Any) -> TrackSweep:
    return TrackSweep(id=name, status="actual", tracks=tracks, **({"feed": name.partition(":")[0]} | fields))


def many(name: str, seconds: float, count: int = 50) -> TrackSweep:
    return sweep(name, *(track(f"{i:06x}", seconds) for i in range(count)))


def test_it_is_a_list_of_what_is_known_and_the_newest_fix_of_all_feeds(watch: Watch) -> None:
    seen = track(
        lon=22.1234567,
        callsign="PLF101",
        aircraft_type="F16",
        altitude_ft=21_000.0,
        speed_kt=450.5,
        track_deg=87.5,
        military=True,
        affiliation="friend",
    )
    watch.hear(sweep("adsb:1", seen), NOW)
    watch.hear(sweep("opensky:1", track(seconds=-10, lon=21.0)), NOW)
    watch.hear(sweep("adsb:2", track("~abc", on_ground=True)), NOW)
    ms = int(NOW.timestamp() * 1_000)
    assert watch.view["tracks"] == {
        "4b1815": (22.12346, 50.1, ms, 87.5, 450.5, 21_000.0, 2, "friend", "PLF101", "F16", "adsb"),
        "~abc": (22.0, 50.1, ms, None, None, None, 1 | 4, "unknown", "", "", "adsb"),
    }
    assert watch.view["track_ages"] == {"stale_after_s": 60.0, "gone_after_s": 300.0}


@pytest.mark.parametrize("count", [1, 50])
def test_it_goes_when_it_was_not_seen_for_too_long(watch: Watch, count: int) -> None:
    watch.hear(many("adsb:1", 0, count), NOW)
    watch.tick(later(299))
    assert len(watch.view["tracks"]) == count
    watch.tick(later(300))
    assert watch.view["tracks"] == {}
    watch.tick(later(302))
    assert watch.hear(many("adsb:2", 1, count), later(302)) == {}


def test_only_what_changed_is_told(watch: Watch) -> None:
    watch.hear(many("adsb:1", 0), NOW)
    moved = replace(many("adsb:2", 0), tracks=(*many("adsb:2", 0).tracks[1:], track("000000", 5)))
    delta = watch.hear(moved, later(5))
    assert list(delta["tracks"]) == ["000000"]


def test_a_source_whose_clock_is_ahead_does_not_hold_its_track(watch: Watch) -> None:
    watch.hear(sweep("ahead:1", track(seconds=3_600, lon=10.0)), NOW)
    watch.hear(sweep("adsb:1", track(seconds=1)), later(1))
    assert watch.view["tracks"]["4b1815"][0] == 22.0


def test_one_entered_by_hand_is_corrected_and_taken_back_exactly(watch: Watch) -> None:
    watch.hear(many("adsb:1", 0), NOW)
    by_hand = sweep("desk:1", track("000001", 5, lon=30.0), feed="desk", by="anna", valid_to=later(3_600))
    watch.hear(by_hand, later(5))
    shown = watch.view["tracks"]["000001"]
    assert (shown[0], shown[6], shown[10]) == (30.0, 8, "desk")
    watch.hear(replace(by_hand, revision=2, tracks=(track("000001", 5, lon=31.0),)), later(6))
    assert watch.view["tracks"]["000001"][0] == 31.0
    watch.tick(later(3_000))
    assert list(watch.view["tracks"]) == ["000001"]
    watch.hear(replace(by_hand, revision=3, msg_type="cancel"), later(3_001))
    assert watch.view["tracks"] == {}
    watch.hear(by_hand, later(3_002), "9")
    assert watch.view["tracks"] == {}


def test_what_was_overridden_by_hand_is_shown_again_when_that_is_taken_back(watch: Watch) -> None:
    watch.hear(many("adsb:1", 0), NOW)
    by_hand = sweep("desk:1", track("000001", 5, lon=30.0), feed="desk", by="anna")
    watch.hear(by_hand, later(5))
    watch.hear(replace(by_hand, revision=2, msg_type="cancel"), later(6))
    assert watch.view["tracks"]["000001"][0] == 22.0
    watch.hear(many("adsb:2", 7), later(7))
    watch.hear(replace(many("adsb:2", 7), revision=2, msg_type="cancel"), later(8))
    assert watch.view["tracks"] == {}


def test_a_neighbour_says_that_an_id_is_gone_without_its_kind(watch: Watch) -> None:
    watch.hear(sweep("cot:x", track("x"), revision=1_000), NOW)
    gone = Marker(
        id="cot:x",
        revision=2_000,
        status="actual",
        msg_type="cancel",
        feed="cot",
        position=Point(lon=0, lat=0),
    )
    watch.hear(gone, later(1))
    assert watch.view["tracks"] == {}
    watch.hear(sweep("cot:x", track("x", 1), revision=1_500), later(2))
    assert watch.view["tracks"] == {}
    watch.hear(sweep("cot:x", track("x", 3), revision=3_000), later(3))
    assert list(watch.view["tracks"]) == ["x"]


def test_of_too_many_those_seen_last_are_shown(theatre: Theatre) -> None:
    watch = Watch(theatre, "actual", Rules(tracks=TrackRule(number=3)))
    watch.hear(sweep("a:1", *(track(f"{i}", -i) for i in range(3))), NOW)
    watch.hear(sweep("b:1", track("new", 0)), NOW)
    assert set(watch.view["tracks"]) == {"0", "1", "new"}
    watch.hear(sweep("b:2", *(track(f"m{i:02}", -50 + i) for i in range(40))), NOW)
    assert set(watch.view["tracks"]) == {"0", "1", "new"}


def test_a_client_of_another_gateway_lets_go_of_what_went_here(theatre: Theatre) -> None:
    ahead, behind = Picture(theatre, "actual"), Picture(theatre, "actual")
    for picture in (ahead, behind):
        picture.apply(sweep("a:1", track("old"), track("new", 250)), later(251), "1")
    ahead.tick(later(310))
    behind.tick(later(290))
    client = merge(behind.view(), ahead.refreshed())
    assert client["tracks"] == ahead.view()["tracks"]
    client = merge(ahead.view(), behind.refreshed())
    assert client["tracks"] == behind.view()["tracks"]


def test_an_exercise_keeps_those_of_no_run_when_it_begins_again(exercise: Watch) -> None:
    for run in ("", "r1", "r2"):
        seen = track(run or "live")
        exercise.hear(replace(sweep(f"f{run}:1", seen), status="exercise", run=run), NOW)
    assert set(exercise.view["tracks"]) == {"live", "r2"}


def test_markers_go_at_their_end_and_can_be_taken_back(watch: Watch) -> None:
    bridge = Marker(
        id="m",
        status="actual",
        feed="cot",
        label="Bridge",
        position=Point(lon=24, lat=50),
        valid_to=later(60),
    )
    watch.tick(NOW)
    watch.hear(bridge, NOW)
    shown = watch.view["markers"]["m"]
    assert (shown["label"], shown["position"], shown["until"]) == (
        "Bridge",
        {"lon": 24.0, "lat": 50.0},
        "2025-06-09T01:01:00Z",
    )
    copy = watch.picture.view()
    watch.tick(later(60))
    assert watch.view["markers"] == {}
    assert merge(copy, watch.picture.refreshed())["markers"] == {}
    watch.hear(replace(bridge, revision=2, valid_to=None, label="Dam"), later(61))
    assert watch.view["markers"]["m"]["label"] == "Dam"
    watch.hear(replace(bridge, revision=3, msg_type="cancel"), later(62))
    assert watch.view["markers"] == {}
