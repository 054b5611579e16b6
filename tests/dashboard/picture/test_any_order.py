"""Everything together: streams interleaved anyhow, anything twice, anything late, and the clock in between.

What is linked across kinds (scrambles to alerts and threats, advisories to all of them, claims to each other,
records to history) must come out the same, and a client that applies the deltas must hold the same.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from config.theatre import load_theatre
from dashboard.picture.patch import encode, merge
from dashboard.picture.picture import Picture
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    LogEntry,
    Point,
    Quantities,
    RaidReport,
    Scramble,
    Strike,
    Threat,
)

THEATRE = load_theatre("eastern-flank")
EVENING = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
MORNING = EVENING + dt.timedelta(hours=16)
MINUTES = st.integers(0, 20).map(lambda slot: EVENING + dt.timedelta(minutes=40 * slot))
OLD = st.integers(0, 30).map(
    lambda slot: dt.datetime(2023, 3, 1, tzinfo=dt.UTC) + dt.timedelta(hours=5 * slot)
)
INSTANTS = st.one_of(MINUTES, MINUTES, MINUTES, OLD)
COUNTS = st.sampled_from(
    (
        None,
        Count(value=479),
        Count(value=512),
        Count(value=480, qualifier="nearly"),
        Count(value=450, qualifier="over"),
    )
)
IDS = st.builds(
    "{}{}".format, st.sampled_from(("Threat", "Scramble", "Strike", "RaidReport")), st.integers(1, 5)
)
FIELDS: dict[type[Any], dict[str, st.SearchStrategy[Any]]] = {
    AirRaidAlert: {
        "region": st.sampled_from(("UA-46", "UA-46/raion/stryiskyi", "UA-07", "UA-51", "UA-63")),
        "level": st.sampled_from(("", "red", "yellow")),
        "permanent": st.sampled_from((False, False, False, True)),
        "calculated": st.sampled_from((False, False, False, True)),
    },
    Threat: {
        "threat_type": st.sampled_from(
            ("cruise_missiles", "drones", "mig31k_departure", "strategic_aircraft_activity")
        ),
        "state": st.sampled_from(("announced", "moving", "lost", "ended")),
        "regions": st.sampled_from(((), ("UA-46",), ("UA-46/raion/stryiskyi",), ("UA-63",))),
        "position": st.sampled_from((None, None, Point(lon=24.0, lat=49.8), Point(lon=24.2, lat=49.8))),
        "stale_after_s": st.sampled_from((600, 7_200)),
    },
    Scramble: {
        "country": st.sampled_from(("PL", "RO")),
        "state": st.sampled_from(("start", "end")),
        "airports_closed": st.sampled_from(((), ("EPRZ",))),
        "airports_reopened": st.sampled_from(((), ("EPRZ",))),
    },
    RaidReport: {
        "claimant": st.sampled_from(("ua-air-force", "ua-air-force", "ua-president", "")),
        "launched": st.none() | st.builds(Quantities, uav=COUNTS, missile=COUNTS),
        "neutralised": st.none() | st.builds(Quantities, uav=COUNTS),
        "ongoing": st.booleans(),
        "as_of": st.none() | MINUTES,
    },
    Strike: {"target": st.sampled_from(("Plant", "Depot")), "region": st.just("RU-CU"), "count": COUNTS},
    LogEntry: {
        "act": st.sampled_from(("merge", "merge", "ack")),
        "by": st.just("operator"),
        "about": IDS,
        "others": st.lists(IDS, min_size=1, max_size=2).map(tuple),
    },
}


@st.composite
def event(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(tuple(FIELDS)))
    start = draw(INSTANTS)
    length = draw(st.none() | st.integers(1, 12).map(lambda slot: dt.timedelta(minutes=40 * slot)))
    made: Event = kind(
        id=f"{kind.__name__}{draw(st.integers(1, 5))}",
        revision=draw(st.integers(1, 3)),
        status="actual",
        msg_type=draw(st.sampled_from(("alert", "alert", "alert", "update", "cancel"))),
        feed=draw(st.sampled_from(("one", "two"))),
        reliability=draw(st.sampled_from("AC")),
        valid_from=start,
        valid_to=start + length if length is not None else None,
        published_at=draw(st.none() | MINUTES),
        **{name: draw(strategy) for name, strategy in FIELDS[kind].items()},
    )
    return made


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[Event, dt.datetime, str]]:
    """An entry of each id and revision, received in the night or the day after it."""
    events = draw(st.lists(event(), min_size=1, max_size=14, unique_by=lambda each: (each.id, each.revision)))
    hours = [draw(st.integers(0, 14)) for _ in events]
    return [
        (each, EVENING + dt.timedelta(hours=hour), f"{i:03d}")
        for i, (each, hour) in enumerate(zip(events, hours, strict=True))
    ]


def shown(picture: Picture) -> Any:
    return json.loads(encode(picture.view()))


def played(some: list[tuple[Event, dt.datetime, str]], ticks: list[int]) -> Any:
    """What is shown after all of it and a last tick; ticks: after which entries the clock goes on."""
    picture = Picture(THEATRE, "actual")
    copy: dict[str, Any] = picture.view()
    for i, entry in enumerate(some):
        copy = merge(copy, picture.apply(*entry))
        if i in ticks:
            copy = merge(copy, picture.tick(EVENING + dt.timedelta(hours=i)))
        assert copy == picture.view()
    copy = merge(copy, picture.tick(MORNING))
    assert copy == picture.view()
    assert shown(Picture.remembering(picture.memory(), THEATRE)) == shown(picture)
    return shown(picture)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some=entries(), data=st.data())
def test_any_interleaving_any_duplication_and_any_late_arrival(
    some: list[tuple[Event, dt.datetime, str]], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(some), max_size=5))
    other = data.draw(st.permutations([*some, *again]))
    ticks = data.draw(st.lists(st.integers(0, 14), max_size=4))
    assert played(other, ticks) == played(some, [])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some=entries(), data=st.data())
def test_cancelling_an_event_undoes_exactly_it(
    some: list[tuple[Event, dt.datetime, str]], data: st.DataObject
) -> None:
    gone, received_at, _ = data.draw(st.sampled_from(some))
    cancel = (replace(gone, revision=9, msg_type="cancel"), received_at, "900")
    without = [entry for entry in some if entry[0].id != gone.id]
    undone, never = played(data.draw(st.permutations([*some, cancel])), []), played(without, [])
    if isinstance(gone, LogEntry):
        # That it was done and undone stays in the log; nothing else of it does.
        undone["log"] = {key: line for key, line in undone["log"].items() if line["id"] != gone.id}
    assert undone == never


def test_an_advisory_names_its_reports_in_one_order_whatever_they_came_in() -> None:
    told = [None, None, Quantities(missile=Count(value=479))]
    reports: list[tuple[Event, dt.datetime, str]] = [
        (
            RaidReport(id=f"r{i}", status="actual", feed="one", valid_from=EVENING, launched=launched),
            EVENING,
            f"{i:03d}",
        )
        for i, launched in enumerate(told)
    ]
    shown_so = played(reports, [])
    assert shown_so["advisories"]["great-raid"]["why"]
    assert played([reports[1], reports[0], reports[2]], []) == shown_so
