"""Snapshots: a picture made again from its bytes goes on as if it had never been away."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.theatre import Theatre, load_theatre
from dashboard.picture.patch import encode as encode_view
from dashboard.picture.picture import Picture
from dashboard.picture.snapshot import VERSION, SnapshotError, decode, encode
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Count,
    Event,
    Evidence,
    ExerciseClock,
    FeedHealth,
    Quantities,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
)

Step = tuple[dt.datetime, Event | None]
"""When by our clock, and what came; nothing is a tick."""
THEATRE = load_theatre("eastern-flank")
NIGHT = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
HOURS = st.integers(-60, 60).map(lambda hours: NIGHT + dt.timedelta(hours=hours))
COUNTS = st.none() | st.builds(
    Count, value=st.sampled_from((0, 20, 460, 479)), qualifier=st.sampled_from(("", "nearly"))
)
QUANTITIES = st.none() | st.builds(Quantities, uav=COUNTS, missile=COUNTS)
PROOF = Evidence(document="a", text="All night. 479 drones.", lang="en", spans={"launched.uav": ((11, 14),)})
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


STEPS = st.lists(st.tuples(HOURS, st.none() | events()), max_size=25)


def play(picture: Picture, steps: list[Step], first: int = 0) -> None:
    for i, (now, event) in enumerate(steps, first):
        if event is None:
            picture.tick(now)
        else:
            picture.apply(event, now, f"{i:06d}")


def shown(picture: Picture) -> Any:
    return json.loads(encode_view(picture.view()))


@settings(max_examples=300, deadline=None)
@given(before=STEPS, after=STEPS, status=st.sampled_from(("actual", "exercise")))
def test_a_snapshot_and_the_rest_are_the_whole(
    before: list[Step],
    after: list[Step],
    status: Literal["actual", "exercise"],
) -> None:
    whole = Picture(THEATRE, status)
    play(whole, before)
    memory = whole.memory()
    assert decode(encode(memory)) == memory
    again = Picture.remembering(memory, THEATRE)
    assert shown(again) == shown(whole)
    play(whole, after, len(before))
    play(again, after, len(before))
    assert shown(again) == shown(whole)


def test_a_delta_after_a_snapshot_is_the_same_delta(theatre: Theatre) -> None:
    whole = Picture(theatre, "actual")
    alert = AirRaidAlert(id="a", status="actual", feed="f", region="UA-46", valid_from=NIGHT)
    whole.apply(alert, NIGHT, "1")
    again = Picture.remembering(decode(encode(whole.memory())), theatre)
    over = msgspec.structs.replace(alert, revision=2, valid_to=NIGHT + dt.timedelta(hours=1))
    assert again.apply(over, NIGHT, "2").keys() == whole.apply(over, NIGHT, "2").keys()


def test_it_is_as_large_as_what_is_remembered_and_not_as_history(theatre: Theatre) -> None:
    def size(nights: int) -> int:
        picture = Picture(theatre, "actual")
        for i in range(nights * 20):
            begun = NIGHT + dt.timedelta(hours=i)
            picture.apply(
                AirRaidAlert(
                    id=f"a{i:06d}",
                    status="actual",
                    feed="f",
                    region="UA-46",
                    valid_from=begun,
                    valid_to=begun + dt.timedelta(minutes=30),
                ),
                begun + dt.timedelta(minutes=30),
                f"{i:06d}",
            )
        return len(encode(picture.memory()))

    assert size(200) < 1.2 * size(20)


def test_what_is_no_snapshot_is_refused(theatre: Theatre) -> None:
    memory = Picture(theatre, "actual").memory()
    for payload in (b"", b"{}", b"\xff" * 50, b"\x91" * 200_000):
        with pytest.raises(SnapshotError, match="not a snapshot"):
            decode(payload)
    with pytest.raises(SnapshotError, match=f"not {VERSION}"):
        decode(encode(msgspec.structs.replace(memory, version=VERSION + 1)))
    with pytest.raises(SnapshotError, match="other-theatre"):
        Picture.remembering(msgspec.structs.replace(memory, theatre="other-theatre"), theatre)
