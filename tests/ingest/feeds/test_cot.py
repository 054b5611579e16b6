"""Cursor on Target: airborne atoms as tracks, what else stands on the map as markers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from takproto import TAKProtoVer, xml2proto  # type: ignore[import-untyped]

from ingest.errors import DecodeError
from ingest.feeds.cot import decode
from streams.events import Event, Marker, Point, Track, TrackSweep
from tests.ingest.feeds.given import RECEIVED_AT, as_read, context, garbled, sample, survives

AT = dt.datetime(2026, 11, 22, 20, 0, 0, 250_000, tzinfo=dt.UTC)
REVISION = 1_795_377_600_250


def cot(detail: str = "", *, point: str = "", **attributes: str) -> bytes:
    """One event, of an aircraft over Lublin if nothing else is asked for."""
    told = {
        "version": "2.0",
        "uid": "UAV-7",
        "type": "a-f-A-M-F-Q",
        "how": "m-g",
        "time": "2026-11-22T20:00:00.25Z",
        "start": "2026-11-22T20:00:00.25Z",
        "stale": "2026-11-22T20:05:00Z",
        **attributes,
    }
    written = " ".join(f"{name}='{value}'" for name, value in told.items() if value)
    point = point or "<point lat='51.25' lon='22.57' hae='304.8' ce='10' le='9999999.0'/>"
    return f"<?xml version='1.0'?><event {written}>{point}<detail>{detail}</detail></event>".encode()


def events(payload: bytes, **options: Any) -> list[Event]:
    decoded = decode(payload, context("tak", **options))
    assert not decoded.refused
    return as_read(decoded)


def marker(payload: bytes) -> Marker:
    (event,) = events(payload)
    assert isinstance(event, Marker)
    return event


def sweep(payload: bytes) -> TrackSweep:
    (event,) = events(payload)
    assert isinstance(event, TrackSweep)
    return event


def test_a_real_aircraft_is_a_sweep_of_one_track() -> None:
    event = sweep(sample("cot/adsbcot_aircraft_a-.-A-C-F.xml"))

    assert (event.id, event.revision) == ("tak:ICAO-A9EE47", 1621462058929)
    (track,) = event.tracks
    assert (track.key, track.callsign, track.altitude_ft, track.speed_kt) == (
        "ICAO-A9EE47",
        "N739UL--",
        3_750,
        79.0,
    )
    assert (track.track_deg, track.affiliation, track.military) == (50.1, "unknown", False)
    assert event.doubts == ("was stale when it came: since 2021-05-19 22:09:38 UTC",)


def test_a_real_drone_is_a_friends_military_aircraft() -> None:
    (track,) = sweep(sample("cot/uas_tool_a-f-A-M-H-Q.xml")).tracks

    assert (track.affiliation, track.military, track.speed_kt, track.altitude_ft) == (
        "friend",
        True,
        0,
        4_532,
    )


def test_a_real_position_on_the_ground_is_a_marker() -> None:
    event = marker(sample("cot/taky_atak_position.xml"))

    assert (event.id, event.label, event.symbol) == ("tak:ANDROID-deadbeef", "JENNY", "a-f-G-U-C")
    assert event.position == Point(lon=-3.141592, lat=1.234567)
    assert event.valid_to == dt.datetime(2021, 2, 27, 20, 38, 39, 771_000, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "label", "radius_m"),
    [
        ("circle_u-d-c-c", "Filled", 2908.096601511143),
        ("circle_u-r-b-c-c", "R&B Circle 1", 185753.64687066682),
    ],
)
def test_a_real_circle_has_its_radius(name: str, label: str, radius_m: float) -> None:
    event = marker(sample(f"cot/{name}.xml"))

    assert (event.label, event.radius_m, event.area) == (label, radius_m, ())


def test_a_real_polygon_has_its_corners_once() -> None:
    event = marker(sample("cot/polygon_u-d-f.xml"))

    assert len(event.area) == 4
    assert event.area[0] == Point(lon=-104.6769122, lat=38.370053)
    assert not any("line" in doubt for doubt in event.doubts)


def test_a_real_emergency_says_what_it_is() -> None:
    event = marker(sample("cot/emergency_b-a-o.xml"))

    assert (event.label, event.note) == ("SP-Dev Manual Alert: Gunshot", "Manual Alert: Gunshot SP-Dev")


def test_an_airborne_atom_is_told_in_feet_and_knots_and_goes_stale() -> None:
    event = sweep(cot("<contact callsign=' BIRD 7 '/><track course='271.5' speed='100'/>"))

    assert (event.id, event.revision, event.published_at) == ("tak:UAV-7", REVISION, AT)
    assert event.valid_to == dt.datetime(2026, 11, 22, 20, 5, tzinfo=dt.UTC)
    assert event.doubts == ()
    assert event.tracks == (
        Track(
            key="UAV-7",
            lon=22.57,
            lat=51.25,
            seen_at=AT,
            callsign="BIRD 7",
            altitude_ft=1_000,
            speed_kt=194.4,
            track_deg=271.5,
            military=True,
            affiliation="friend",
        ),
    )


@pytest.mark.parametrize(
    ("letter", "affiliation", "doubt"),
    [
        ("f", "friend", ""),
        ("h", "hostile", ""),
        ("n", "neutral", ""),
        ("u", "unknown", ""),
        (".", "unknown", ""),
        ("s", "unknown", "suspect"),
        ("a", "unknown", "assumed friend"),
        ("j", "unknown", "joker"),
    ],
)
def test_nobody_is_made_more_than_the_sender_says(letter: str, affiliation: str, doubt: str) -> None:
    event = sweep(cot(type=f"a-{letter}-A"))

    assert event.tracks[0].affiliation == affiliation
    assert len(event.doubts) == bool(doubt)
    assert doubt in "".join(event.doubts)


def test_what_is_not_known_is_not_told() -> None:
    unknown = "<point lat='51' lon='22' hae='9999999.0' ce='9999999' le='9999999'/>"
    (track,) = sweep(cot("<track course='-1.0' speed='9999999.0'/>", point=unknown)).tracks
    (other,) = sweep(cot("<track course='NaN' speed='-1'/>", point="<point lat='51' lon='22'/>")).tracks

    for each in (track, other):
        assert (each.altitude_ft, each.speed_kt, each.track_deg) == (None, None, None)


@pytest.mark.parametrize("kind", ["a-f-G-U-C", "a-h-S", "a-f-AX", "a-u-P"])
def test_what_does_not_fly_is_a_marker(kind: str) -> None:
    event = marker(cot("<remarks>two\n trucks</remarks>", type=kind))

    assert (event.symbol, event.note, event.radius_m, event.area) == (kind, "two trucks", None, ())


@pytest.mark.parametrize("kind", ["b-t-f", "b-f-t-r", "t-x-c-t", "t-x-takp-v", "b-m-r", "y-a", "u-rb-a"])
def test_what_has_no_place_on_the_map_is_left_out(kind: str) -> None:
    assert events(cot(type=kind)) == []


def test_a_device_without_a_position_is_left_out() -> None:
    nowhere = "<point lat='0.0' lon='0.0' hae='9999999.0' ce='9999999.0' le='9999999.0'/>"

    assert events(cot(point=nowhere)) == []
    assert events(cot(point=nowhere, type="a-f-G")) == []


def test_a_place_at_zero_is_a_place() -> None:
    assert marker(cot(point="<point lat='0' lon='0' ce='5'/>", type="b-m-p-s-m")).position == Point(
        lon=0, lat=0
    )


def test_an_open_line_says_that_it_was_one_and_a_rectangle_need_not_be_closed() -> None:
    corners = "".join(
        f"<link point='{lat},{lon},0.0'/>" for lat, lon in ((51, 22), (51, 23), (52, 23), (52, 22))
    )

    line, box = marker(cot(corners, type="u-d-f")), marker(cot(corners, type="u-d-r"))
    assert len(line.area) == len(box.area) == 4
    assert "a line" in line.doubts[0]
    assert box.doubts == ()


def test_an_ellipse_is_the_circle_around_it_and_of_rings_the_largest_counts() -> None:
    rings = "".join(f"<ellipse major='{size}' minor='{size}' angle='0'/>" for size in (100, 300, 200))
    round_one = marker(cot(f"<shape>{rings}</shape>", type="u-d-c-c"))
    long_one = marker(cot("<shape><ellipse major='50' minor='300'/></shape>", type="u-d-c-e"))

    assert (round_one.radius_m, round_one.doubts) == (300, ())
    assert long_one.radius_m == 300
    assert "ellipse" in long_one.doubts[0]


def test_a_cancelled_emergency_and_a_deleted_point_are_cancelled() -> None:
    over = marker(cot("<emergency cancel='true'>JENNY</emergency>", type="b-a-o-tbl", uid="E-1"))
    can = marker(cot(type="b-a-o-can", uid="E-1"))
    gone = marker(cot("<link uid='POINT-9' relation='p-p' type='none'/><__forcedelete/>", type="t-x-d-d"))

    assert [event.msg_type for event in (over, can, gone)] == ["cancel"] * 3
    assert [event.id for event in (over, can, gone)] == ["tak:E-1", "tak:E-1", "tak:POINT-9"]
    assert gone.revision == REVISION


def test_a_stale_event_and_one_of_the_future_are_kept_and_the_stale_one_says_so() -> None:
    stale = sweep(cot(stale="2026-11-22T20:00:09Z"))
    future = sweep(
        cot(time="2026-11-23T20:00:00Z", start="2026-11-23T20:00:00Z", stale="2026-11-23T20:01:00Z")
    )

    assert stale.doubts == ("was stale when it came: since 2026-11-22 20:00:09 UTC",)
    assert future.published_at is not None
    assert future.published_at - RECEIVED_AT > dt.timedelta(hours=23)


def test_an_offset_is_told_in_utc() -> None:
    event = sweep(cot(time="2026-11-22T22:00:00.25+02:00"))

    assert event.published_at == AT
    assert event.revision == REVISION


def test_many_events_one_after_another_or_in_a_root_are_all_taken() -> None:
    one, two = cot(uid="A"), cot(uid="B")
    wrapped = b"<events>" + one.split(b"?>")[1] + two.split(b"?>")[1] + b"</events>"

    blank = one.replace(b"</event>", b"</event\r\n>")
    for payload in (one + two, one + b"\n" + two + b"\n\0", wrapped, blank + two):
        assert [event.id for event in events(payload)] == ["tak:A", "tak:B"]


def test_what_is_cut_short_is_refused_and_its_neighbours_stand() -> None:
    one, two = cot(uid="A"), cot(uid="B")
    torn = cot(uid="TORN")
    decoded = decode(torn[70:] + one + torn[:90] + two + torn[:100], context("tak"))

    assert [event.id for event in as_read(decoded)] == ["tak:A", "tak:B"]
    assert [refused.path for refused in decoded.refused] == ["event[0]", "event[2]", "event[3]"]
    assert decoded.refused[2].sample == torn[:100]


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (cot(uid=""), "/@uid"),
        (cot(uid="x" * 129), "/@uid"),
        (cot(type=""), "/@type"),
        (cot(type="a-f-&lt;"), "/@type"),
        (cot(time=""), "/@time"),
        (cot(time="2026-11-22T20:00:00"), "/@time"),
        (cot(time="2026-11-32T20:00:00Z"), "/@time"),
        (cot(time="1969-01-01T00:00:00Z"), "/@time"),
        (cot(stale="0001-01-01T00:00:00+05:00"), "/@stale"),
        (cot(start="yesterday"), "/@start"),
        (cot(point="<spot/>"), "/point"),
        (cot(point="<point lat='91' lon='0'/>"), "/point"),
        (cot(point="<point lat='51'/>"), "/point"),
        (cot(point="<point lat='51' lon='NaN'/>"), "/point"),
        (cot(point="<point lat='51' lon='1e999'/>"), "/point/@lon"),
        (cot(point="<point lat='5_1' lon='1'/>"), "/point/@lat"),
        (cot("<track speed='fast'/>"), "/detail/track/@speed"),
        (cot("<link point='north,south'/>", type="u-d-f"), "/detail/link/@point"),
        (cot("<link point='51,22'/>" * 2_001, type="u-d-f"), "/detail/link/@point"),
        (cot("<shape><ellipse major='-1' minor='1'/></shape>", type="u-d-c-c"), "/detail/shape/ellipse"),
        (cot("<shape><ellipse major='1'/></shape>", type="u-d-c-c"), "/detail/shape/ellipse"),
        (cot("<open>"), ""),
        (cot("&lol;"), ""),
        (cot("\x01"), ""),
        (cot("<a>" * 200 + "</a>" * 200), ""),
    ],
)
def test_one_bad_event_is_refused_by_path_with_its_bytes_and_the_others_stand(bad: bytes, path: str) -> None:
    decoded = decode(cot(uid="A") + bad + cot(uid="B"), context("tak"))

    assert [event.id for event in as_read(decoded)] == ["tak:A", "tak:B"]
    (refused,) = decoded.refused
    assert (refused.feed, refused.path) == ("tak", f"event[1]{path}")
    assert refused.sample == bad.split(b"?>")[1]


@pytest.mark.parametrize("payload", [b"", b"hello", b"<alert/>", b"<eventful/>", b"\x00" * 100])
def test_what_has_no_event_is_refused_whole(payload: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(payload, context("tak"))
    assert (refused.value.path, refused.value.sample) == ("$", payload)


@pytest.mark.parametrize(
    "head",
    [
        "<!DOCTYPE event [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>",
        "<!DOCTYPE event [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE event SYSTEM 'http://127.0.0.1/x.dtd'>",
    ],
)
def test_no_entity_is_ever_looked_up(head: str) -> None:
    payload = cot("<remarks>&b;&a;</remarks>", type="a-f-G").replace(b"?>", f"?>{head}".encode())
    decoded = decode(payload, context("tak"))

    assert decoded.events == []
    assert len(decoded.refused) == 2


@pytest.mark.parametrize("version", [TAKProtoVer.MESH, TAKProtoVer.STREAM])
@pytest.mark.parametrize(
    "written",
    [
        cot("<contact callsign='BIRD 7'/><track course='271.5' speed='100'/>"),
        cot("<contact callsign='Hill'/><remarks>seen</remarks>", type="a-h-G"),
    ],
)
def test_protobuf_says_the_same_as_xml(version: TAKProtoVer, written: bytes) -> None:
    assert events(bytes(xml2proto(written, version))) == events(written)


def test_a_stream_of_messages_is_taken_up_to_where_it_is_cut() -> None:
    one = bytes(xml2proto(cot(uid="A"), TAKProtoVer.STREAM))
    two = bytes(xml2proto(cot(uid="B"), TAKProtoVer.STREAM))
    decoded = decode(one + two + one[:-1], context("tak"))

    assert [event.id for event in as_read(decoded)] == ["tak:A", "tak:B"]
    assert [refused.path for refused in decoded.refused] == ["message[2]"]


@pytest.mark.parametrize(
    "payload", [b"\xbf", b"\xbf\xff\xff\xff\xff\xff\xff", b"\xbf\x05ab", b"\xbf\x7f" + b"a" * 9]
)
def test_a_first_message_that_is_none_is_refused_whole(payload: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(payload, context("tak"))
    assert (refused.value.path, refused.value.sample) == ("message[0]", payload)


def test_a_bad_message_is_refused_and_the_others_stand() -> None:
    good = bytes(xml2proto(cot(uid="A"), TAKProtoVer.STREAM))
    bad = b"\xbf\x03\x12\x7f\x00"
    dirty = bytes(xml2proto(cot("<remarks>seen</remarks>", type="a-h-G"), TAKProtoVer.STREAM))
    dirty = dirty.replace(b"<remarks>", b"<remarkZ>")
    decoded = decode(good + bad + dirty + good, context("tak"))

    assert len(decoded.events) == 2
    assert [refused.path for refused in decoded.refused] == [
        "message[1]",
        "message[2].cotEvent.detail.xmlDetail",
    ]


def test_a_message_of_the_protocols_own_is_left_out() -> None:
    assert events(b"\xbf\x01\xbf\x0a\x02\x08\x01") == []


def test_the_largest_payload_takes_bounded_time() -> None:
    one = cot()
    for payload in (
        one * 20_000,
        b"<event " * 1_000_000,
        b"<event " + b"<?xml" * 1_500_000,
        b"<?xml " * 1_200_000 + b"<event>",
        b"<events " * 900_000 + b"<event>",
        b"<event>" + b"<a>" * 2_600_000,
        b"</event>" * 49_000 + b"<event>",
        b"<event>" + b"\0" * 7_900_000 + b"</event>",
        b"\xbf\x00" * 4_000_000,
        cot("<remarks>" + "x" * 7_900_000 + "</remarks>", type="a-f-G"),
    ):
        survives(decode, payload, context("tak"))


PROTO = bytes(xml2proto(cot("<contact callsign='B'/><status battery='7'/><x y='1'/>"), TAKProtoVer.STREAM))
DRAWN = cot(
    "<shape><ellipse major='9' minor='9'/></shape><link point='1,2'/><contact callsign='B'/>", type="u-d-f"
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), garbled(cot("<track speed='1' course='2'/>"), DRAWN * 2, PROTO * 2))
)
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, context("tak"))
