"""The picture as a whole: any order, any repetition, any cancellation of the same events ends the same."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Literal, cast

import pytest
from msgspec.structs import replace

from config.theatre import Theatre, load_theatre
from dashboard.picture.patch import encode, fold, merge
from dashboard.picture.picture import Picture
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

ROUNDS = 120
"""Of each property and kind: more find nothing more, and cost time."""
NIGHT = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
THEATRE = load_theatre("eastern-flank")
LAST_TICK = NIGHT + dt.timedelta(hours=29)
"""In the night after the one that most of it is about."""
COUNTS = (
    None,
    Count(value=0),
    Count(value=20),
    Count(value=460),
    Count(value=479),
    Count(value=480, qualifier="nearly"),
    Count(min=500, qualifier="over"),
    Count(qualifier="unnumbered"),
)
PROOF = Evidence(document="a", text="All night. 479 drones. Morning.", spans={"launched.uav": ((11, 14),)})
KINDS_OF_FACTS = (AirRaidAlert, RaidReport, Threat, Scramble, Strike, Statement, AirspaceRestriction)
KINDS = (*KINDS_OF_FACTS, Marker, TrackSweep, LogEntry, FeedHealth)
Entry = tuple[Event, dt.datetime, str]


def some_event(random: Random, kind: type[Event], run: str, status: str) -> Event:
    """An event of few ids, regions and hours, so that events meet each other."""
    one_of = random.choice

    def hour() -> dt.datetime:
        # A closure that is older than memory may hang on a reopening that is forgotten.
        oldest = -20 if kind is AirspaceRestriction else -30
        return NIGHT + dt.timedelta(hours=one_of((oldest, -2, 0, 1, 2, 5, 30)))

    def quantities() -> Quantities | None:
        return one_of((None, Quantities(uav=one_of(COUNTS), missile=one_of(COUNTS))))

    fields: dict[str, Any] = {
        "id": f"{run}{kind.__name__}{random.randint(1, 3)}",
        "revision": random.randint(1, 2),
        "status": status,
        "run": run,
        "msg_type": one_of(("alert", "alert", "update", "cancel")),
        "feed": one_of(("channel", "paper")),
        "reliability": one_of("AC"),
        "valid_from": one_of((None, hour())),
        "valid_to": one_of((None, None, hour())),
        "published_at": one_of((None, hour())),
    }
    special: dict[type[Event], Callable[[], dict[str, Any]]] = {
        AirRaidAlert: lambda: {
            "region": one_of(("UA-46", "UA-07", "UA-46/raion/stryiskyi")),
            "level": one_of(("red", "yellow", "")),
            "calculated": random.random() < 0.2,
            "permanent": random.random() < 0.2,
        },
        RaidReport: lambda: {
            "claimant": one_of(("ua-air-force", "ua-president", "")),
            "evidence": one_of((None, PROOF)),
            "as_of": one_of((None, hour())),
            "night_of": one_of((None, None, dt.date(2025, 6, 9), dt.date(2025, 6, 1))),
            "retrospective": random.random() < 0.3,
            "ongoing": random.random() < 0.3,
            "launched": quantities(),
            "shot_down": quantities(),
            "suppressed": quantities(),
            "impact_places": one_of(COUNTS),
        },
        Threat: lambda: {
            "threat_type": one_of(("drones", "cruise_missiles")),
            "state": one_of(("announced", "moving", "ended")),
            "regions": one_of(((), ("UA-46",), ("UA-46/raion/stryiskyi",), ("UA-07",))),
            "position": one_of((None, None, Point(lon=24.0, lat=49.8), Point(lon=24.1, lat=49.8))),
            "weapon": one_of(("", "", "kh-101", "kalibr")),
        },
        Scramble: lambda: {
            "country": one_of(("PL", "RO")),
            "state": one_of(("start", "end")),
            "allied": one_of((None, True)),
            "bases": one_of(((), ("EPLK",), ("EPKS", "EPLK"))),
        },
        Strike: lambda: {
            "target": one_of(("Plant", "plant", "Depot")),
            "region": "RU-CU",
            "position": one_of((None, Point(lon=47.2, lat=56.1))),
            "count": one_of(COUNTS),
        },
        Statement: lambda: {"speaker": one_of(("A. Speaker", "B")), "topic": "defence"},
        AirspaceRestriction: lambda: {
            "subject": one_of(("EPRZ", "EPLB")),
            "state": one_of(("closed", "reopened")),
        },
        Marker: lambda: {"label": one_of("ab"), "position": Point(lon=24.0, lat=49.8)},
        TrackSweep: lambda: {"tracks": tuple(some_track(random) for _ in range(one_of((0, 1, 2))))},
        LogEntry: lambda: {
            "act": one_of(("ack", "merge", "merge", "merge", "note", "audit")),
            "by": one_of("pq"),
            "about": some_id(random, run),
            "others": tuple(some_id(random, run) for _ in range(one_of((0, 1, 2)))),
        },
        FeedHealth: lambda: {
            "subject": one_of(("a", "b")),
            "state": one_of(("fresh", "quiet", "dead")),
            "checked_at": hour(),
            "every_s": 60.0,
            "msg_type": "alert",
        },
        ExerciseClock: lambda: {
            "title": "t",
            "state": "running",
            "at": hour(),
            "speed": 300.0,
            "starts_at": NIGHT,
            "ends_at": NIGHT + dt.timedelta(days=1),
            "msg_type": "alert",
        },
    }
    return cast(Event, kind(**(fields | special[kind]())))


def some_id(random: Random, run: str) -> str:
    return f"{run}{random.choice(KINDS_OF_FACTS).__name__}{random.randint(1, 3)}"


def some_track(random: Random) -> Track:
    seen_at = LAST_TICK - dt.timedelta(minutes=random.choice((0, 1, 2, 4, 6, 200)))
    return Track(key=random.choice(("aa", "bb", "~c")), lon=random.randint(20, 30), lat=50, seen_at=seen_at)


def some_entries(
    random: Random, kinds: Sequence[type[Event]], runs: Sequence[tuple[str, str]] = (("", "actual"),)
) -> list[Entry]:
    """Events as they lie in the streams: an entry for each id and revision, by our own clock."""
    entries: dict[tuple[str, int], Entry] = {}
    for i in range(random.randint(2, 10)):
        event = some_event(random, random.choice(kinds), *random.choice(runs))
        received_at = NIGHT + dt.timedelta(hours=random.choice((0, 3, 28)))
        entries.setdefault((event.id, event.revision), (event, received_at, f"{i:06d}"))
    # An exercise's clock does not go back while the exercise lasts, and a later run does not play before.
    clocks = sorted(
        (entry for entry in entries.values() if isinstance(entry[0], ExerciseClock)),
        key=lambda entry: (entry[0].run, entry[2]),
    )
    stands = sorted(clock.at for clock, _, _ in clocks if isinstance(clock, ExerciseClock))
    for at, (clock, received_at, key) in zip(stands, clocks, strict=True):
        entries[clock.id, clock.revision] = (replace(clock, at=at), received_at, key)
    return list(entries.values())


def play(entries: Sequence[Entry], status: Literal["actual", "exercise"] = "actual") -> Any:
    """What is shown after everything in this order, and the time; a client's copy must keep up throughout."""
    picture = Picture(THEATRE, status)
    beginning = copy = picture.view()
    everything: dict[str, Any] = {}
    deltas = [picture.apply(*entries[0])] if entries else []
    for entry in entries[1:]:
        copy = merge(copy, deltas[-1])
        deltas.append(picture.apply(*entry))
    copy = merge(copy, deltas[-1]) if deltas else copy
    assert copy == picture.view()
    deltas.append(picture.tick(LAST_TICK))
    for delta in deltas:
        fold(everything, delta)
    assert merge(copy, deltas[-1]) == merge(beginning, everything) == picture.view()
    return json.loads(encode(picture.view()))


def smallest(entries: list[Entry], differs: Callable[[list[Entry]], bool]) -> list[Entry]:
    """The entries without those that a difference does not need, to be read by whoever mends it."""
    for i in reversed(range(len(entries))):
        fewer = entries[:i] + entries[i + 1 :]
        if differs(fewer):
            entries = fewer
    return entries


def hold_in_any_order(
    seed: int, entries: list[Entry], status: Literal["actual", "exercise"] = "actual"
) -> None:
    def shuffled(some: list[Entry]) -> list[Entry]:
        # Some come again as the same entry, some as another one later.
        again = [(event, received_at, f"{key}again") for event, received_at, key in some[::3]]
        entries = [*some, *some[::2], *again]
        return sorted(entries, key=lambda entry: Random(f"{seed}{entry[2]}").random())

    def differs(some: list[Entry]) -> bool:
        return bool(play(some, status) != play(shuffled(some), status))

    if differs(entries):
        few = smallest(entries, differs)
        assert play(shuffled(few), status) == play(few, status), few


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_any_order_and_any_repetition_end_in_the_same_picture(kind: type[Event]) -> None:
    for seed in range(ROUNDS):
        random = Random(seed)
        kinds = [kind, kind, random.choice(KINDS)]
        hold_in_any_order(seed, some_entries(random, kinds))


def test_it_is_so_in_an_exercise_that_was_begun_again_too() -> None:
    runs = (("r1", "exercise"), ("r2", "exercise"), ("r2", "exercise"), ("", "exercise"), ("", "actual"))
    for seed in range(4 * ROUNDS):
        random = Random(seed)
        kinds = [ExerciseClock, *random.sample(KINDS, 2)]
        hold_in_any_order(seed, some_entries(random, kinds, runs), "exercise")


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in (FeedHealth, LogEntry)], ids=lambda kind: kind.__name__
)
def test_a_cancelled_event_is_as_if_it_had_never_been(kind: type[Event]) -> None:
    for seed in range(ROUNDS):
        random = Random(seed)
        entries = some_entries(random, [kind])
        gone, received_at, _ = random.choice(entries)
        cancel: Entry = (replace(gone, revision=9, msg_type="cancel"), received_at, "000500")
        # When we last heard anything is the only trace that it may leave.
        seen_at = max(received_at for _, received_at, _ in entries)
        other = FeedHealth(
            id="o", status="test", feed="x", subject="x", state="fresh", checked_at=NIGHT, every_s=1
        )
        last: Entry = (other, seen_at, "000600")

        def differs(
            some: list[Entry], gone: Event = gone, cancel: Entry = cancel, last: Entry = last
        ) -> bool:
            without = [entry for entry in some if entry[0].id != gone.id]
            return bool(play([*some, cancel, last]) != play([*without, last]))

        assert not differs(entries), (smallest(entries, differs), cancel)


@pytest.mark.parametrize("days", [1, 5])
def test_what_is_over_is_forgotten_when_its_night_is_long_past(theatre: Theatre, days: int) -> None:
    picture = Picture(theatre, "actual")
    for i in range(500):
        begun = NIGHT + dt.timedelta(seconds=i)
        over = begun + dt.timedelta(minutes=20)
        for revision, valid_to in ((1, None), (2, over)):
            picture.apply(
                AirRaidAlert(
                    id=f"a{i}",
                    revision=revision,
                    status="actual",
                    feed="f",
                    region="UA-46",
                    valid_from=begun,
                    valid_to=valid_to,
                ),
                valid_to or begun,
                f"{i:06d}-{revision}",
            )
    picture.tick(NIGHT + dt.timedelta(days=days))
    # What it remembers is nowhere on the screen: this looks inside.
    assert len(picture._known.latest) == (500 if days == 1 else 0)


def test_an_alert_without_an_end_outlives_every_night(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    alert = AirRaidAlert(id="a", status="actual", feed="f", region="UA-46", valid_from=NIGHT)
    picture.apply(alert, NIGHT, "1")
    picture.tick(NIGHT + dt.timedelta(days=40))
    assert list(picture.view()["alerts"]) == ["UA-46|air_raid|"]


def test_events_of_another_status_are_only_counted_and_each_once(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    drill = AirRaidAlert(id="a", status="test", feed="f", region="UA-46", valid_from=NIGHT)
    picture.apply(drill, NIGHT, "1")
    picture.apply(drill, NIGHT, "2")
    assert picture.view()["other_events"] == 1
    assert picture.view()["alerts"] == {}


def test_an_entry_that_is_no_event_is_counted(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    assert picture.unreadable("1") == {"unreadable": 1}
    assert picture.unreadable("1") == {}


def test_instants_that_no_clock_means_do_no_harm(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    for i, year in enumerate((1, 1969, 2300, 9999)):
        when = dt.datetime(year, 12, 31, tzinfo=dt.UTC)
        picture.apply(
            AirRaidAlert(id=f"a{i}", status="actual", feed="f", region="UA-46", valid_from=when),
            NIGHT,
            f"{i}",
        )
        picture.apply(
            RaidReport(
                id=f"r{i}",
                status="actual",
                feed="f",
                night_of=when.date(),
                valid_from=when,
                published_at=when,
            ),
            NIGHT,
            f"{i}r",
        )
    assert "since" not in picture.view()["alerts"]["UA-46|air_raid|"]


def test_a_later_run_of_an_exercise_begins_with_an_empty_picture(theatre: Theatre) -> None:
    picture = Picture(theatre, "exercise")
    for i, run in enumerate(("1", "2", "1")):
        alert = AirRaidAlert(
            id=f"{run}a{i}", status="exercise", run=run, feed="f", region=f"UA-{46 + i}", valid_from=NIGHT
        )
        picture.apply(alert, NIGHT, f"{i}")
    assert list(picture.view()["alerts"]) == ["UA-47|air_raid|"]
