"""Threats grow stale by the time that is told, and end when somebody says so."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from streams.events import ExerciseClock, Point, Threat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]


def threat(name: str = "t", **fields: Any) -> Threat:
    defaults = {"status": "actual", "feed": "f", "threat_type": "drones", "stale_after_s": 600}
    return Threat(id=name, **(defaults | fields))


def test_a_threat_nobody_speaks_of_grows_stale_and_fresh_again(watch: Watch, at: At) -> None:
    watch.hear(threat(valid_from=at("01:00"), published_at=at("01:00")), at="01:00")
    watch.tick(at("01:10"))
    assert "stale" not in watch.view["threats"]["t"]
    assert watch.tick(at("01:11")) == {"threats": {"t": {"stale": True}}}
    watch.hear(
        threat(revision=2, state="moving", valid_from=at("01:00"), published_at=at("01:11")), at="01:11"
    )
    assert "stale" not in watch.view["threats"]["t"]
    assert watch.view["threats"]["t"]["state"] == "moving"
    assert watch.view["threats"]["t"]["since"] == "2025-06-09T01:00:00Z"


def test_a_source_that_dates_itself_into_the_future_does_not_keep_a_threat_fresh(
    watch: Watch, at: At
) -> None:
    watch.hear(threat(published_at=at("2030-01-01T00:00+00:00")), at="01:00")
    watch.tick(at("01:11"))
    assert watch.view["threats"]["t"]["stale"] is True


def test_an_ended_threat_is_removed(watch: Watch, at: At) -> None:
    watch.hear(threat(valid_from=at("01:00")))
    watch.hear(threat(revision=2, state="ended", valid_from=at("01:00"), valid_to=at("01:30")))
    assert watch.view["threats"] == {}
    assert [line["kind"] for _, line in sorted(watch.view["ticker"].items())] == [
        "threat.start",
        "threat.end",
    ]


def test_a_stale_threat_goes_with_its_night(watch: Watch, at: At) -> None:
    watch.hear(threat(valid_from=at("01:00")), at="01:00")
    watch.tick("2025-06-09T14:59+00:00")
    assert watch.view["threats"]["t"]["stale"] is True
    watch.tick("2025-06-09T15:00+00:00")
    assert watch.view["threats"] == {}


def test_a_threat_that_is_fresh_at_the_turn_of_the_night_stays(watch: Watch) -> None:
    at = dt.datetime(2025, 6, 9, 14, 55, tzinfo=dt.UTC)
    watch.hear(threat(valid_from=at), at=at)
    watch.tick("2025-06-09T15:00+00:00")
    assert list(watch.view["threats"]) == ["t"]


def test_in_an_exercise_the_exercises_time_makes_stale(exercise: Watch, at: At) -> None:
    received_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    clock = ExerciseClock(
        id="c",
        status="exercise",
        run="1",
        feed="x",
        title="t",
        state="running",
        at=at("01:00"),
        speed=300,
        starts_at=at("17:00"),
        ends_at=at("12:00"),
    )
    exercise.hear(clock, at=received_at)
    exercise.hear(threat(status="exercise", run="1", valid_from=at("01:00")), at=received_at)
    exercise.tick(received_at + dt.timedelta(seconds=1.9))
    assert "stale" not in exercise.view["threats"]["t"]
    exercise.tick(received_at + dt.timedelta(seconds=2.1))
    assert exercise.view["threats"]["t"]["stale"] is True


def test_missiles_are_marked_on_the_strip_and_drones_are_counted_there(watch: Watch, at: At) -> None:
    watch.hear(threat("d", valid_from=at("01:03")))
    watch.hear(threat("m", threat_type="cruise_missiles", weapon="kh101", valid_from=at("01:07")))
    strip = watch.view["strip"]
    assert strip["bins"] == {"2025-06-09T01:00:00Z": {"threats": 2}}
    (mark,) = strip["marks"].values()
    assert mark["detail"] == {"type": "cruise_missiles", "weapon": "kh101"}
    watch.hear(threat("m", revision=2, msg_type="cancel", threat_type="cruise_missiles"))
    strip = watch.view["strip"]
    assert (strip["bins"], strip["marks"]) == ({"2025-06-09T01:00:00Z": {"threats": 1}}, {})


def test_what_ticks_made_is_told_whole_to_who_comes_back(watch: Watch, at: At) -> None:
    watch.hear(threat("a", valid_from=at("01:00")), at="01:00")
    watch.hear(threat("b", valid_from=at("01:20")), at="01:20")
    watch.tick(at("01:21"))
    assert watch.picture.refreshed()["threats"] == {"a": {"stale": True}, "b": {"stale": None}}


def test_several_posts_about_one_group_are_one_threat_with_witnesses(watch: Watch, at: At) -> None:
    watch.hear(threat("a", feed="one", regions=("UA-59",), valid_from=at("01:00")), at="01:00")
    watch.hear(threat("b", feed="two", regions=("UA-59",), valid_from=at("01:09")), at="01:09")
    watch.hear(threat("c", feed="one", regions=("UA-59",), valid_from=at("01:20")), at="01:20")
    assert list(watch.view["threats"]) == ["a"]
    item = watch.view["threats"]["a"]
    assert set(item["witnesses"]) == {"a", "b", "c"}
    assert (item["since"], item["updated_at"]) == ("2025-06-09T01:00:00Z", "2025-06-09T01:20:00Z")
    assert watch.view["strip"]["bins"] == {"2025-06-09T01:00:00Z": {"threats": 1}}
    watch.hear(threat("b", revision=2, msg_type="cancel"), at="01:30")
    assert set(watch.view["threats"]) == {"a", "c"}


def test_what_differs_in_type_place_weapon_or_time_is_another_threat(watch: Watch, at: At) -> None:
    watch.hear(threat("a", regions=("UA-59",), valid_from=at("01:00")))
    watch.hear(threat("type", threat_type="cruise_missiles", regions=("UA-59",), valid_from=at("01:00")))
    watch.hear(threat("place", regions=("UA-18",), valid_from=at("01:00")))
    watch.hear(threat("time", regions=("UA-59",), valid_from=at("01:16")))
    missiles = {"threat_type": "cruise_missiles", "regions": ("UA-07",), "valid_from": at("01:00")}
    watch.hear(threat("x", weapon="kh-101", **missiles))
    watch.hear(threat("y", weapon="kalibr", **missiles))
    assert set(watch.view["threats"]) == {"a", "type", "place", "time", "x", "y"}


def test_where_both_state_a_position_that_decides(watch: Watch, at: At) -> None:
    here, near, far = (Point(lon=lon, lat=50.0) for lon in (34.0, 34.3, 35.5))
    for name, position in (("here", here), ("near", near), ("far", far)):
        watch.hear(threat(name, regions=("UA-59",), position=position, valid_from=at("01:00")))
    assert set(watch.view["threats"]) == {"far", "here"}


def test_an_oblast_and_its_raion_are_one_place_and_two_raions_are_two(watch: Watch, at: At) -> None:
    stryi, lviv = "UA-46/raion/stryiskyi", "UA-46/raion/lvivskyi"
    watch.hear(threat("s", regions=(stryi,), valid_from=at("01:00")))
    watch.hear(threat("l", regions=(lviv,), valid_from=at("01:00")))
    assert set(watch.view["threats"]) == {"l", "s"}
    watch.hear(threat("o", regions=("UA-46",), valid_from=at("01:05")))
    assert set(watch.view["threats"]) == {"l"}
    assert set(watch.view["threats"]["l"]["witnesses"]) == {"l", "o", "s"}


def test_what_was_said_last_holds(watch: Watch, at: At) -> None:
    watch.hear(threat("a", regions=("UA-59",), valid_from=at("01:00"), course_deg=270.0))
    watch.hear(threat("b", state="lost", regions=("UA-59",), valid_from=at("01:05")))
    assert watch.view["threats"]["a"]["state"] == "lost"
    assert watch.view["threats"]["a"]["course_deg"] == 270.0
    watch.hear(threat("c", state="ended", regions=("UA-59",), valid_from=at("01:10")))
    assert watch.view["threats"] == {}
    watch.hear(threat("d", regions=("UA-59",), valid_from=at("01:12")))
    assert watch.view["threats"]["a"]["state"] == "announced"


def test_a_threat_that_moves_leaves_its_path_whatever_order_it_is_told_in(watch: Watch, at: At) -> None:
    steps = [
        threat(
            "t",
            revision=i + 1,
            state="moving",
            position=Point(lon=34.0 - i / 10, lat=51.0),
            valid_from=at("01:00"),
            published_at=at(f"01:{10 * i:02d}"),
        )
        for i in range(4)
    ]
    watch.hear_all([steps[3], steps[0], steps[2], steps[1]])
    path = watch.view["threats"]["t"]["path"]
    assert [point["lon"] for point in path] == [34.0, 33.9, 33.8, 33.7]
    assert watch.view["threats"]["t"]["position"] == {"lon": 33.7, "lat": 51.0}
