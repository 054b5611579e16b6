"""Events for Hypothesis to draw: few ids, regions and hours, so that they meet each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from config.theatre import load_theatre
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Count,
    Event,
    Evidence,
    ExerciseClock,
    FeedHealth,
    LogEntry,
    Marker,
    Point,
    Quantities,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
    Track,
    TrackSweep,
)

THEATRE = load_theatre("eastern-flank")
NIGHT = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
HOURS = st.integers(-60, 60).map(lambda hours: NIGHT + dt.timedelta(hours=hours))
COUNTS = st.none() | st.builds(
    Count, value=st.sampled_from((0, 20, 460, 479)), qualifier=st.sampled_from(("", "nearly"))
)
QUANTITIES = st.none() | st.builds(Quantities, uav=COUNTS, missile=COUNTS)
PROOF = Evidence(document="a", text="All night. 479 drones.", lang="en", spans={"launched.uav": ((11, 14),)})
IDS = st.builds(
    "{}{}".format, st.sampled_from(("Threat", "Scramble", "Strike", "RaidReport")), st.integers(1, 4)
)
FIELDS: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    AirRaidAlert: {
        "region": st.sampled_from(("UA-46", "UA-07")),
        "level": st.sampled_from(("red", "yellow", "")),
        "permanent": st.booleans(),
    },
    RaidReport: {
        "claimant": st.sampled_from(("ua-air-force", "ua-president", "ru-mod")),
        "launched": QUANTITIES,
        "shot_down": QUANTITIES,
        "suppressed": QUANTITIES,
        "evidence": st.sampled_from((None, PROOF)),
        "night_of": st.sampled_from((None, dt.date(2025, 6, 9), dt.date(2025, 6, 1))),
        "as_of": st.none() | HOURS,
        "ongoing": st.booleans(),
    },
    Threat: {
        "threat_type": st.sampled_from(("drones", "cruise_missiles")),
        "state": st.sampled_from(("announced", "moving", "ended")),
        "regions": st.sampled_from(((), ("UA-46",))),
    },
    Scramble: {
        "country": st.sampled_from(("PL", "RO")),
        "state": st.sampled_from(("start", "end")),
        "bases": st.sampled_from(((), ("EPLK",))),
    },
    Strike: {"target": st.sampled_from(("Plant", "Depot")), "region": st.just("RU-CU"), "count": COUNTS},
    Statement: {"speaker": st.sampled_from(("A", "B")), "topic": st.just("defence")},
    Marker: {"label": st.sampled_from("ab"), "position": st.just(Point(lon=24, lat=50))},
    TrackSweep: {
        "tracks": st.lists(
            st.builds(
                Track,
                key=st.sampled_from(("a", "b", "~c")),
                lon=st.integers(20, 22),
                lat=st.just(50),
                seen_at=HOURS,
            ),
            max_size=2,
        ).map(tuple),
        "by": st.sampled_from(("", "", "operator")),
    },
    LogEntry: {
        "act": st.sampled_from(("ack", "note", "merge", "merge", "audit")),
        "by": st.sampled_from("pq"),
        "about": IDS,
        "others": st.lists(IDS, max_size=2).map(tuple),
    },
    AirspaceRestriction: {
        "subject": st.sampled_from(("EPRZ", "EPLB")),
        "state": st.sampled_from(("closed", "reopened")),
    },
}


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event of few ids, so that revisions, cancellations and late arrivals meet."""
    status = draw(st.sampled_from(("actual", "actual", "exercise", "test")))
    run = draw(st.sampled_from(("", "r1", "r2"))) if status == "exercise" else ""
    kind = draw(st.sampled_from((*FIELDS, FeedHealth, ExerciseClock)))
    common = {"status": status, "run": run, "feed": draw(st.sampled_from(("channel", "paper")))}
    if kind is FeedHealth:
        return FeedHealth(id="h", subject="s", state="fresh", checked_at=draw(HOURS), every_s=60, **common)
    if kind is ExerciseClock:
        ends_at = NIGHT + dt.timedelta(days=1)
        return ExerciseClock(
            id="c",
            title="t",
            state="running",
            at=draw(HOURS),
            speed=300,
            starts_at=NIGHT,
            ends_at=ends_at,
            **common,
        )
    fields = {name: draw(strategy) for name, strategy in FIELDS[kind].items()}
    made: Event = kind(
        id=f"{run}{kind.__name__}{draw(st.integers(1, 4))}",
        revision=draw(st.integers(1, 3)),
        msg_type=draw(st.sampled_from(("alert", "alert", "update", "cancel"))),
        valid_from=draw(st.none() | HOURS),
        valid_to=draw(st.none() | HOURS),
        published_at=draw(st.none() | HOURS),
        **common,
        **fields,
    )
    return made
