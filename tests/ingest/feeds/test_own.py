"""The JSON push: our own kinds of events, less what a neighbour may not say."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.own import decode
from ingest.records import MAX_RECORDS
from streams.codec import MAX_EVENT_BYTES
from streams.events import AirRaidAlert, RaidReport, TrackSweep
from tests.ingest.feeds.given import as_read, context, garbled, survives

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "push.md"
EXAMPLES = re.findall(r"^```json\n(.*?)^```$", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
AT = "2026-11-22T20:00:00Z"


def alert(**fields: Any) -> dict[str, Any]:
    return {"kind": "alert", "id": "siren-12", "region": "UA-46", "valid_from": AT, **fields}


def raid(**fields: Any) -> dict[str, Any]:
    """With structs inside of structs."""
    launched = {"uav": {"value": 12, "qualifier": "about"}, "types": {"shahed-136": {"value": 9}}}
    return {"kind": "raid_report", "id": "r1", "launched": launched, "regions": ["UA-46", "donbas"], **fields}


def body(said: Any) -> bytes:
    return json.dumps(said).encode()


def test_an_event_is_the_feeds_own_whatever_its_name() -> None:
    decoded = decode(body(alert(level="red", revision=3)), context("radar-7", status="exercise"))

    (event,) = as_read(decoded)
    assert event == AirRaidAlert(
        id="radar-7:siren-12",
        revision=3,
        feed="radar-7",
        status="exercise",
        run="run-1",
        region="UA-46",
        level="red",
        valid_from=dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC),
    )
    assert not decoded.refused


def test_the_grade_and_the_claimant_are_the_feeds_unless_the_event_has_its_own() -> None:
    given = context("radar-7")
    given = type(given)(
        feed=given.feed,
        theatre=given.theatre,
        received_at=given.received_at,
        claimant="ua-air-force",
        reliability="B",
        credibility=2,
    )
    plain, graded = decode(body([alert(), alert(claimant="pl-dorsz", credibility=4)]), given).events

    assert (plain.claimant, plain.reliability, plain.credibility) == ("ua-air-force", "B", 2)
    assert (graded.claimant, graded.reliability, graded.credibility) == ("pl-dorsz", "B", 4)


@pytest.mark.parametrize(
    "payload",
    [
        body([alert(), alert(id="b")]),
        body(alert()) + b"\n" + body(alert(id="b")) + b"\n",
        b"\r\n" + body(alert()) + b"\r\n\r\n" + body(alert(id="b")),
    ],
)
def test_an_array_and_one_event_a_line_say_the_same(payload: bytes) -> None:
    events = as_read(decode(payload, context()))

    assert [event.id for event in events] == ["a-feed:siren-12", "a-feed:b"]


def test_one_event_may_be_written_over_several_lines() -> None:
    (event,) = as_read(decode(json.dumps(alert(), indent=2).encode(), context()))

    assert event.id == "a-feed:siren-12"


def test_nothing_to_say_is_no_error() -> None:
    decoded = decode(b"[]", context())

    assert (decoded.events, decoded.refused) == ([], [])


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_what_the_guide_shows_is_taken(number: int) -> None:
    decoded = decode(EXAMPLES[number].encode(), context())

    assert as_read(decoded)
    assert not decoded.refused


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize(
    ("bad", "path", "reason"),
    [
        (alert(feed="kpszsu"), ".feed", "set by the installation"),
        (alert(status="test"), ".status", "set by the installation"),
        (alert(run="r"), ".run", "set by the installation"),
        ({"kind": "log", "id": "a", "act": "ack", "by": "me"}, ".kind", "log is the installation's own"),
        ({"kind": "feed_health", "id": "a"}, ".kind", "installation's own"),
        ({"kind": "exercise_clock", "id": "a"}, ".kind", "installation's own"),
        (alert(kind="siren"), ".kind", "siren"),
        (alert(kind=["alert"]), ".kind", "str"),
        ({"id": "a"}, "", "kind"),
        (alert(valid_form=AT), ".valid_form", "no field of alert"),
        (raid(launched={"uavs": {"value": 1}}), ".launched.uavs", "no field of raid_report"),
        (raid(launched={"types": {"kh-101": {"values": 1}}}), ".launched.types.kh-101.values", "no field"),
        (alert(evidence={"document": "d", "text": "t", "spam": {}}), ".evidence.spam", "no field"),
        (alert(region="UA-99"), ".region", "'UA-99'"),
        (raid(regions=["UA-46", "mordor"]), ".regions", "'mordor'"),
        (alert(claimant="nobody"), ".claimant", "'nobody'"),
        ({"kind": "threat", "id": "t", "threat_type": "drones", "weapon": "v2"}, ".weapon", "'v2'"),
        (alert(valid_from="2026-11-22T20:00:00"), ".valid_from", "timezone"),
        (alert(valid_from="0001-01-01T00:00:00+23:00"), ".valid_from", "calendar"),
        (alert(id=""), ".id", "length"),
        (alert(id="x" * 256), ".id", "length"),
        (alert(revision=0), ".revision", ">= 1"),
        ([], "", "not an object"),
        (None, "", "not an object"),
    ],
)
def test_a_bad_event_is_refused_by_field_with_its_bytes_and_the_others_stand(
    bad: Any, path: str, reason: str
) -> None:
    decoded = decode(body([alert(id="a"), bad, alert(id="b")]), context())

    assert [event.id for event in as_read(decoded)] == ["a-feed:a", "a-feed:b"]
    (refused,) = decoded.refused
    assert (refused.feed, refused.path) == ("a-feed", f"$[1]{path}")
    assert reason in refused.reason
    assert json.loads(refused.sample) == bad


def test_a_bad_line_is_named_by_its_number() -> None:
    decoded = decode(body(alert()) + b"\n\n{oops\n" + body(alert(region=1)), context())

    assert len(decoded.events) == 1
    assert [refused.path for refused in decoded.refused] == ["line 3 $", "line 4 $.region"]


def test_an_unknown_field_of_one_track_among_many_is_found() -> None:
    track = {"key": "48d960", "lon": 22.5, "lat": 51.2, "seen_at": AT}
    tracks = [dict(track, key=f"{number:06x}") for number in range(300)]
    sweep = {"kind": "tracks", "id": "s", "tracks": tracks}

    (event,) = as_read(decode(body(sweep), context()))
    assert isinstance(event, TrackSweep)
    assert len(event.tracks) == 300

    tracks[250]["altitude"] = 31_000
    (refused,) = decode(body(sweep), context()).refused
    assert refused.path == "$.tracks[250].altitude"


def test_instants_with_another_offset_are_told_in_utc() -> None:
    track = {"key": "48d960", "lon": 22.5, "lat": 51.2, "seen_at": "2026-11-22T22:00:00+02:00"}
    said = [raid(as_of="2026-11-22T21:00:00+01:00"), {"kind": "tracks", "id": "s", "tracks": [track]}]
    report, sweep = decode(body(said), context()).events

    assert isinstance(report, RaidReport)
    assert isinstance(sweep, TrackSweep)
    for instant in (report.as_of, sweep.tracks[0].seen_at):
        assert instant is not None
        assert instant.isoformat() == "2026-11-22T20:00:00+00:00"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\n\n",
        b"hello",
        b"1",
        b"null",
        b'"alert"',
        b'{"kind": "alert"',
        b"[" + body(alert()),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe",
        b"[" + b"1," * MAX_RECORDS + b"1]",
    ],
)
def test_what_is_no_such_json_is_refused_whole(payload: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(payload, context())
    assert (refused.value.feed, refused.value.path, refused.value.sample) == ("a-feed", "$", payload)


def test_an_event_that_no_reader_could_take_is_refused() -> None:
    track = {
        "key": "k" * 100,
        "lon": 1,
        "lat": 1,
        "seen_at": AT,
        "callsign": "c" * 32,
        "aircraft_type": "t" * 32,
    }
    sweep = {"kind": "tracks", "id": "s", "tracks": [track] * 20_000}
    decoded = decode(body(sweep), context())

    assert not decoded.events
    assert f"of {MAX_EVENT_BYTES:,} allowed" in decoded.refused[0].reason


def test_the_largest_payload_takes_bounded_time() -> None:
    many = [alert(id=str(number)) for number in range(MAX_RECORDS)]
    for payload in (body(many), b"\n".join(map(body, many)), body([alert(nope=1)] * MAX_RECORDS)):
        survives(decode, payload, context())
    survives(decode, b"{\n" * 4_000_000, context())


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), garbled(body(alert()), body([raid(), alert()]), EXAMPLES[2].encode()))
)
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, context())
