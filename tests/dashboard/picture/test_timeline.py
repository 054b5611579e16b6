"""The timeline: the picture about any instant, as known now or as known then."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.theatre import Theatre
from dashboard.picture.patch import encode
from dashboard.picture.picture import Picture
from dashboard.picture.timeline import Heard, Timeline
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    ExerciseClock,
    FeedHealth,
    LogEntry,
    Quantities,
    RaidReport,
    Scramble,
    Threat,
    Track,
    TrackSweep,
)
from tests.dashboard.picture.drawn import HOURS, NIGHT, THEATRE, events

LATER = dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC)
"""When all this history was imported."""
Status = Literal["actual", "exercise"]


def hour(hours: float) -> dt.datetime:
    return NIGHT + dt.timedelta(hours=hours)


def heard(*events: Event, at: dt.datetime = LATER) -> list[Heard]:
    return [Heard(event, at, f"{i:06d}") for i, event in enumerate(events)]


def shown(picture: Picture) -> Any:
    return json.loads(encode(picture.view()))


def alert(number: int, begun: float, over: float | None = None, **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(
        id=f"a{number}",
        status="actual",
        feed="sirens",
        region="UA-46",
        valid_from=hour(begun),
        valid_to=None if over is None else hour(over),
        **fields,
    )


def in_force(theatre: Theatre, entries: list[Heard], hours: float, **known: Any) -> list[str]:
    return list(Timeline(theatre, "actual", entries, **known).picture(hour(hours)).view()["alerts"])


def test_an_alert_is_in_force_from_its_first_instant_to_before_its_last(theatre: Theatre) -> None:
    entries = heard(alert(1, 1, 3))
    key = "UA-46|air_raid|"
    assert [in_force(theatre, entries, at) for at in (0.99, 1, 2.99, 3)] == [[], [key], [key], []]


def test_an_alert_that_history_tells_in_two_revisions_or_in_one_is_the_same(theatre: Theatre) -> None:
    told_once = heard(alert(1, 1, 3))
    told_twice = heard(alert(1, 1, 3, revision=2), alert(1, 1))
    for at in (0.5, 2, 4):
        assert in_force(theatre, told_once, at) == in_force(theatre, told_twice, at)


def test_what_was_cancelled_never_was(theatre: Theatre) -> None:
    entries = heard(alert(1, 1, 3), alert(1, 1, 3, revision=2, msg_type="cancel"))
    assert in_force(theatre, entries, 2) == []


def test_what_came_later_is_not_known_then(theatre: Theatre) -> None:
    entries = [*heard(alert(1, 1), at=hour(1)), *heard(alert(1, 1, 3, revision=2), at=hour(3.5))]
    assert in_force(theatre, entries, 3.2) == []
    assert in_force(theatre, entries, 3.2, known_at=hour(3.2)) == ["UA-46|air_raid|"]
    assert in_force(theatre, entries, 2, known_at=hour(0.5)) == []


def test_a_raid_report_is_about_its_window_and_its_night(theatre: Theatre) -> None:
    launched = Quantities(uav=Count(value=479))
    fields: dict[str, Any] = {
        "status": "actual",
        "feed": "paper",
        "claimant": "ua-air-force",
        "published_at": hour(18),
        "launched": launched,
    }
    windowed = RaidReport(id="r1", valid_from=hour(2), valid_to=hour(16), **fields)
    dated = RaidReport(id="r2", night_of=dt.date(2025, 6, 9), **fields)

    def claims(event: Event, at: float) -> int:
        view = Timeline(theatre, "actual", heard(event)).picture(hour(at)).view()
        return sum(claim.get("tonight", False) for claim in view["claims"].values())

    assert [claims(windowed, at) for at in (1, 2, 10, 23, 25)] == [0, 1, 1, 1, 0]
    assert [claims(dated, at) for at in (-1, 0, 23, 25)] == [0, 1, 1, 0]


def test_a_threat_is_where_it_was_at_each_step(theatre: Theatre) -> None:
    steps = [("announced", "UA-59"), ("moving", "UA-53"), ("ended", "UA-53")]
    entries = heard(
        *(
            Threat(
                id="t",
                revision=i + 1,
                status="actual",
                feed="channel",
                threat_type="drones",
                state=state,  # type: ignore[arg-type]
                regions=(region,),
                valid_from=hour(1),
                published_at=hour(1 + i),
                valid_to=hour(3) if state == "ended" else None,
            )
            for i, (state, region) in enumerate(steps)
        )
    )
    walk = Timeline(theatre, "actual", entries).walk()
    found = [
        [t["regions"] for t in walk.to(hour(at)).view()["threats"].values()] for at in (0, 1.2, 2.2, 3.5)
    ]
    assert found == [[], [("UA-59",)], [("UA-53",)], []]


def test_a_scramble_ends_when_it_ended(theatre: Theatre) -> None:
    jets = {"status": "actual", "feed": "dorsz", "country": "PL"}
    entries = heard(
        Scramble(id="s", state="start", valid_from=hour(10), **jets),  # type: ignore[arg-type]
        Scramble(id="e", state="end", valid_to=hour(14), **jets),  # type: ignore[arg-type]
    )
    timeline = Timeline(theatre, "actual", entries)
    states = [
        [s["state"] for s in timeline.picture(hour(at)).view()["scrambles"].values()] for at in (9, 12, 15)
    ]
    assert states == [[], ["start"], ["end"]]


def test_an_exercise_is_asked_by_its_own_clock_and_in_its_last_run(theatre: Theatre) -> None:
    def of_run(run: str, number: int) -> Event:
        return replace(
            alert(number, 1), id=f"{run}{number}", status="exercise", run=run, region=f"UA-4{number}"
        )

    clock = ExerciseClock(
        id="c",
        status="exercise",
        run="r2",
        feed="exercise",
        title="t",
        state="ended",
        at=hour(19),
        speed=480,
        starts_at=hour(0),
        ends_at=hour(19),
    )
    looked_at = FeedHealth(
        id="h",
        status="exercise",
        run="r2",
        feed="x",
        subject="dorsz",
        state="quiet",
        checked_at=LATER,
        every_s=2,
    )
    timeline = Timeline(theatre, "exercise", heard(of_run("r1", 6), of_run("r2", 8), clock, looked_at))
    view = timeline.picture(hour(2)).view()
    assert list(view["alerts"]) == ["UA-48|air_raid|"]
    assert view["feeds"]["dorsz"]["state"] == "quiet"
    assert view["night"]["start"] == "2025-06-08T15:00:00Z"
    assert Timeline(theatre, "actual", heard(of_run("r1", 6))).picture(hour(2)).view()["alerts"] == {}


def test_a_walk_does_not_go_back(theatre: Theatre) -> None:
    walk = Timeline(theatre, "actual", []).walk()
    walk.to(hour(1))
    with pytest.raises(ValueError, match="before"):
        walk.to(hour(0))


@settings(max_examples=300, deadline=None)
@given(
    drawn=st.lists(events(), max_size=20),
    instants=st.lists(HOURS, min_size=1, max_size=5).map(sorted),
    status=st.sampled_from(("actual", "exercise")),
)
def test_a_walk_shows_at_each_instant_what_a_picture_of_it_alone_does(
    drawn: list[Event], instants: list[dt.datetime], status: Status
) -> None:
    entries = heard(*drawn, at=hour(-1_000))
    timeline = Timeline(THEATRE, status, entries)
    walk = timeline.walk()
    for at in instants:
        assert shown(walk.to(at)) == shown(timeline.picture(at))


@settings(max_examples=200, deadline=None)
@given(drawn=st.lists(events(), max_size=15), at=HOURS, random=st.randoms(use_true_random=False))
def test_the_order_in_which_history_was_imported_does_not_matter(
    drawn: list[Event], at: dt.datetime, random: Any
) -> None:
    entries = heard(*drawn)
    shuffled = random.sample(entries, len(entries))
    assert shown(Timeline(THEATRE, "actual", entries).picture(at)) == shown(
        Timeline(THEATRE, "actual", shuffled).picture(at)
    )


def test_a_region_and_its_parts_under_alert_count_once(theatre: Theatre) -> None:
    raion = next(key for key, region in theatre.regions.items() if region.parent == "UA-46")
    entries = heard(
        alert(1, 1, 3),
        replace(alert(2, 2, 4), region=raion),
        alert(3, 6),
        alert(4, 1, permanent=True),
        replace(alert(5, 1, 9), region="UA-07", alert_type="chemical"),
    )
    found = Timeline(theatre, "actual", entries).under_alert(hour(7))
    hours = [[(end - start) / 3_600 for start, end in spans] for spans in found.values()]
    assert (list(found), hours) == (["UA-46"], [[3, 1]])


def test_a_track_is_where_it_was_seen_by_then(theatre: Theatre) -> None:
    sweeps = [
        TrackSweep(
            id=f"adsb:{i}",
            status="actual",
            feed="adsb",
            tracks=(Track(key="a", lon=20 + i, lat=50, seen_at=hour(1) + dt.timedelta(minutes=i)),),
        )
        for i in range(3)
    ]
    entries = [Heard(sweep, sweep.tracks[0].seen_at, f"{i}") for i, sweep in enumerate(sweeps)]
    timeline = Timeline(theatre, "actual", entries)
    for minutes, lon in ((0, 20.0), (1.5, 21.0), (6.9, 22.0), (7, None)):
        tracks = timeline.picture(hour(1) + dt.timedelta(minutes=minutes)).view()["tracks"]
        assert (tracks["a"][0] if tracks else None) == lon


def test_what_was_merged_later_is_one_at_any_instant_and_what_was_undone_never_was(theatre: Theatre) -> None:
    common: dict[str, Any] = {"status": "actual", "feed": "f"}
    threats = [
        Threat(id=name, threat_type="drones", regions=(region,), valid_from=hour(1), **common)
        for name, region in (("a", "UA-46"), ("b", "UA-07"))
    ]
    merge = LogEntry(id="desk:1", act="merge", by="anna", about="a", others=("b",), **common)
    ack = LogEntry(id="desk:2", act="ack", by="anna", about="a", published_at=hour(2), **common)
    timeline = Timeline(theatre, "actual", heard(*threats, merge, ack))
    for at, acks in ((hour(1.2), []), (hour(2), ["a"])):
        view = timeline.picture(at).view()
        assert (len(view["threats"]), list(view["acks"])) == (1, acks)
        assert "2026-11-22T20:00:00Z" in {line["at"] for line in view["log"].values()}
    undone = replace(merge, revision=2, msg_type="cancel")
    view = Timeline(theatre, "actual", heard(*threats, merge, undone)).picture(hour(1.2)).view()
    assert (len(view["threats"]), view["log"]) == (2, {})
