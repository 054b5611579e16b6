"""Entering by hand: each kind, with the text that it was read from or without, and what is refused."""

import datetime as dt
from typing import Any

import msgspec
import pytest

from config.theatre import load_theatre
from ingest.acts.asked import AskedReading, GivenEvidence
from ingest.acts.entering import Entered, entered
from ingest.acts.reading import readings_of
from ingest.acts.refusal import ActRefused
from streams.codec import decode, encode
from streams.events import AirRaidAlert, RaidReport, Scramble, Threat

THEATRE = load_theatre()
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)
GIVEN = Entered(id="desk:event-1", by="anna", status="exercise", run="run-1", now=NOON)
REPORT = (
    "In the night from Sunday to Monday, Russia launched 479 drones at Ukraine, Ukraine's air force said. "
    "Air defences neutralised 460 of the drones. Nobody saw the moon."
)
HERE = {"lon": 24.0, "lat": 50.0}


def enter(said: dict[str, Any], evidence: GivenEvidence | None = None) -> Any:
    return entered(said, evidence, GIVEN, THEATRE)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "alert", "region": "UA-46", "level": "red"},
        {"kind": "threat", "threat_type": "drones", "regions": ["UA-46"]},
        {"kind": "scramble", "country": "PL", "state": "start"},
        {"kind": "tracks", "tracks": [{"key": "~1", **HERE}]},
        {"kind": "restriction", "subject": "EPRZ", "state": "closed"},
        {"kind": "strike", "region": "UA-46", "weapon": "uav"},
        {"kind": "statement", "speaker": "A minister", "topic": "air defence"},
        {"kind": "raid_report", "claimant": "ua-air-force", "launched": {"uav": {"value": 12}}},
        {"kind": "marker", "label": "seen here", "position": HERE},
    ],
    ids=lambda said: str(said["kind"]),
)
def test_each_kind_can_be_entered(said: dict[str, Any]) -> None:
    event = enter(said)

    assert decode(encode(event)) == event
    assert (event.id, event.feed, event.by, event.status, event.run) == (
        "desk:event-1",
        "desk",
        "anna",
        "exercise",
        "run-1",
    )
    assert event.published_at == NOON
    assert event.revision == 1


@pytest.mark.parametrize(
    ("said", "parameter"),
    [
        ({}, "event"),
        ({"kind": "log", "act": "note"}, "event.kind"),
        ({"kind": "feed_health"}, "event.kind"),
        ({"kind": "alert"}, "event"),
        ({"kind": "alert", "region": "UA-99"}, "event.region"),
        ({"kind": "alert", "region": "UA-46", "colour": "red"}, "event.colour"),
        ({"kind": "alert", "region": "UA-46", "by": "ben"}, "event.by"),
        ({"kind": "alert", "region": "UA-46", "id": "x"}, "event.id"),
        ({"kind": "alert", "region": "UA-46", "status": "actual"}, "event.status"),
        ({"kind": "alert", "region": "UA-46", "msg_type": "cancel"}, "event.msg_type"),
        ({"kind": "alert", "region": "UA-46", "evidence": {"spans": {}}}, "event.evidence"),
        ({"kind": "alert", "region": "UA-46", "evidence": {"text": " "}}, "evidence.text"),
        ({"kind": "tracks", "tracks": []}, "event.tracks"),
        ({"kind": "tracks", "tracks": 7}, "event.tracks"),
        ({"kind": "marker", "position": {"lon": 240, "lat": 0}}, "event.position.lon"),
    ],
)
def test_what_cannot_be_entered_is_refused_by_its_field(said: dict[str, Any], parameter: str) -> None:
    with pytest.raises(ActRefused) as refused:
        enter(said)

    assert (refused.value.problem.status, refused.value.problem.parameter) == (400, parameter)


def test_what_the_reader_made_of_a_text_can_be_entered_as_it_is() -> None:
    found = readings_of(AskedReading(text=REPORT, published_at=NOON, title="A record"), THEATRE, NOON)

    assert found.lang == "en"
    (reading,) = found.readings
    assert reading.sure
    assert any("moon" in REPORT[start:end] for start, end in found.left)
    assert not any("479" in REPORT[start:end] for start, end in found.left)
    event = enter(msgspec.json.decode(msgspec.json.encode(reading.event)))
    assert isinstance(event, RaidReport)
    assert event.evidence is not None
    assert event.evidence.title == "A record"
    assert event.confidence == reading.confidence
    assert event.doubts == ()
    ((start, end),) = event.evidence.spans["launched.uav"]
    assert REPORT[start:end] == "479"


def test_a_number_that_was_mended_is_not_shown_as_read_whatever_spans_come_with_it() -> None:
    (reading,) = readings_of(AskedReading(text=REPORT, published_at=NOON), THEATRE, NOON).readings
    said = msgspec.to_builtins(reading.event)
    said["launched"]["uav"]["value"] = 497
    said["evidence"]["spans"]["launched.missile"] = [[0, 5]]

    event = enter(said)

    assert event.evidence.spans.keys().isdisjoint({"launched.uav", "launched.missile"})
    assert event.evidence.spans["neutralised.uav"]
    assert event.doubts == ("mended by hand: launched.uav",)
    assert event.confidence == reading.confidence


def test_a_text_that_says_something_else_is_evidence_without_spans() -> None:
    evidence = GivenEvidence(text=REPORT, spans={"region": ((0, 5),)})

    event = enter({"kind": "alert", "region": "UA-46"}, evidence)

    assert isinstance(event, AirRaidAlert)
    assert event.evidence is not None
    assert event.evidence.spans == {}
    assert (event.confidence, event.doubts) == (1.0, ())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Polish fighter jets were scrambled because of Russian strikes on Ukraine.", Scramble),
        ("Загроза застосування ударних БпЛА у Сумській області.", Threat),
    ],
)
def test_what_somebody_announces_is_read_as_of_when_it_was_published(text: str, kind: type) -> None:
    found = readings_of(AskedReading(text=text, published_at=NOON), THEATRE, NOON)

    events = [enter(msgspec.to_builtins(one.event)) for one in found.readings]
    assert [type(event) for event in events] == [kind]
    assert events[0].valid_from == NOON


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        (AskedReading(text=" "), "text"),
        (AskedReading(text="x", link="javascript:alert(1)"), "link"),
        (AskedReading(text="x", claimant="nobody"), "claimant"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_by_its_field(asked: AskedReading, parameter: str) -> None:
    with pytest.raises(ActRefused) as refused:
        readings_of(asked, THEATRE, NOON)

    assert refused.value.problem.parameter == parameter
