"""The handover: what a watch comes to, from entries alone, and over HTTP since the last one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from config.theatre import load_theatre
from dashboard.api.handover import HandoverAnswer, Watch
from streams.codec import encode
from streams.events import AirRaidAlert, Event, FeedHealth, LogEntry, Scramble
from streams.read import Entry
from tests.dashboard.api.conftest import Get

SINCE = dt.datetime(2026, 11, 23, 20, tzinfo=dt.UTC)
UNTIL = SINCE + dt.timedelta(hours=1)
THEATRE = load_theatre()


def at(minutes: float) -> dt.datetime:
    return SINCE + dt.timedelta(minutes=minutes)


def alert(name: str, region: str = "UA-46", **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(id=name, status="actual", feed="f", region=region, **fields)


def act(number: int, act: Any, by: str = "anna", **fields: Any) -> LogEntry:
    return LogEntry(id=f"desk:{number}", status="actual", feed="desk", act=act, by=by, **fields)


def health(minutes: float, state: Any, feed: str = "radar") -> Event:
    return FeedHealth(
        id=f"health:{feed}",
        status="actual",
        feed=feed,
        subject=feed,
        state=state,
        checked_at=at(minutes),
        every_s=60,
    )


def made_of(*told: tuple[float, Event], by: str = "") -> HandoverAnswer:
    """The handover of a watch in which these were received, at so many minutes."""
    watch = Watch(THEATRE, "actual", SINCE, UNTIL)
    for minutes, event in told:
        ms = int(at(minutes).timestamp() * 1_000)
        watch.take(Entry("any", f"{ms}-0", encode(event), event))
    return watch.handover(by, (), 2, 1)


def test_alerts_that_began_and_ended_are_counted_by_oblast() -> None:
    ended = at(30)
    told = made_of(
        (1, alert("a")),
        (2, alert("a", revision=2, msg_type="update", level="red")),
        (3, alert("a", revision=3, msg_type="update", valid_to=ended)),
        (4, alert("a", revision=4, msg_type="update")),
        (5, alert("b", "UA-05", revision=7, msg_type="update", valid_to=ended)),
        (6, alert("c", "UA-05", revision=2, msg_type="update", level="red")),
        (7, alert("imported", valid_from=at(-900), valid_to=at(-800))),
        (8, alert("gone")),
        (9, alert("gone", revision=2, msg_type="cancel")),
        (10, alert("crimea", permanent=True)),
    )

    assert (told.alerts.begun, told.alerts.ended) == (2, 2)
    assert told.alerts.regions == {"UA-05": (0, 1), "UA-46": (2, 1)}


def test_acts_are_told_by_whom_and_what_was_undone_is_not_counted() -> None:
    told = made_of(
        (1, act(1, "ack", about="a")),
        (2, act(2, "correction", about="a", note="a typing error", made=2)),
        (3, act(3, "note", by="ben", note="quiet")),
        (4, act(3, "note", by="anna", revision=2, msg_type="cancel", note="quiet")),
        (5, act(4, "audit", note="signed in")),
        by="carl",
    )

    assert told.acts == {"anna": {"ack": 1, "correction": 1}}
    assert [(one.log, one.undone_by) for one in told.log] == [
        ("desk:1", ""),
        ("desk:2", ""),
        ("desk:3", "anna"),
    ]
    assert [one.about for one in told.corrections] == ["a"]
    assert told.text == (
        "Watch from 2026-11-23 20:00Z to 2026-11-23 21:00Z, taken over from carl",
        "Alerts: 0 began, 0 ended",
        "Correction by anna of a: a typing error",
        "anna: 1 × ack, 1 × correction",
        "Open: 2 to review, 1 in quarantine",
    )


def test_scrambles_are_told_with_the_worlds_own_times() -> None:
    common: dict[str, Any] = {"status": "actual", "feed": "f", "country": "PL"}
    told = made_of(
        (1, Scramble(id="s", state="start", valid_from=at(-5), **common)),
        (2, Scramble(id="s", revision=2, state="end", valid_to=at(2), **common)),
        (3, Scramble(id="wrong", state="start", **common)),
        (4, Scramble(id="wrong", revision=2, msg_type="cancel", state="start", **common)),
    )

    assert [(one.state, one.at) for one in told.scrambles] == [("start", at(-5)), ("end", at(2))]
    assert "Scramble: PL launched 2026-11-23 19:55Z" in told.text


def test_a_feed_was_dead_while_it_said_so_or_nothing() -> None:
    told = made_of(
        *((minute, health(minute, "fresh")) for minute in range(10)),
        (10, health(10, "dead")),
        (15, health(15, "fresh")),
        # Nobody looked from here on for half an hour: after three checks it counts as dead.
        (45, health(45, "fresh")),
        *((minute, health(minute, "fresh")) for minute in range(46, 60)),
        *((minute, health(minute, "quiet", "well")) for minute in range(60)),
        (59, health(59, "fresh", "gone")),
    )

    (gap,) = told.feeds
    assert (gap.feed, gap.state, gap.dead_s) == ("radar", "fresh", 5 * 60 + 27 * 60)
    assert "Feed radar: dead for 32 min" in told.text


def test_a_later_run_of_an_exercise_begins_anew() -> None:
    watch = Watch(THEATRE, "exercise", SINCE, UNTIL)
    for number, run in enumerate(("run-1", "run-1", "run-2")):
        event = AirRaidAlert(id=f"a{number}", status="exercise", run=run, feed="f", region="UA-46")
        watch.take(Entry("alerts", f"{int(at(number).timestamp() * 1_000)}-0", b"", event))
    watch.take(Entry("alerts", "1-0", b"", alert("actual")))

    assert watch.handover("", (), 0, 0).alerts.begun == 1


def test_it_is_asked_for_since_the_last_one_that_stands(get: Get, publish: Any) -> None:
    publish([act(1, "handover", by="ben", note="quiet"), act(2, "handover", by="carl", note="by mistake")])
    publish([act(2, "handover", revision=2, msg_type="cancel"), act(3, "ack", about="a"), alert("a")])

    status, _, told = get("/api/v1/handover")
    _, _, all_told = get("/api/v1/handover?since=2026-01-01T00:00:00Z")

    assert (status, told["handed_over_by"]) == (200, "ben")
    assert told["acts"] == {"anna": {"ack": 1}}
    assert told["alerts"]["begun"] == 1
    assert told["text"][-1] == "Open: 0 to review, 0 in quarantine"
    assert (all_told["status"], all_told["parameter"]) == (400, "since")
