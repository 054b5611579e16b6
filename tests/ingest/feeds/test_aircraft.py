"""aircraft.json: one sweep a payload, in feet and knots, with what the receiver says of age and military."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.aircraft import decode
from ingest.refusals import MOST
from ingest.sweeps import MOST_TRACKS
from streams.codec import MAX_EVENT_BYTES, encode
from streams.events import Track, TrackSweep
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

NOW = dt.datetime(2026, 11, 22, 20, 0, 0, 100_000, tzinfo=dt.UTC)


def aircraft(**fields: Any) -> dict[str, Any]:
    """One over Lublin, as readsb writes it."""
    return {"hex": "48d960", "lat": 51.25, "lon": 22.57, "seen_pos": 1.5, "seen": 0.2, **fields}


def payload(*aircraft: Any, key: str = "aircraft", **fields: Any) -> bytes:
    return json.dumps({"now": NOW.timestamp(), "messages": 7, key: list(aircraft), **fields}).encode()


def sweep(body: bytes, **options: Any) -> TrackSweep:
    (event,) = as_read(decode(body, context("readsb", **options)))
    assert isinstance(event, TrackSweep)
    return event


def track(**fields: Any) -> Track:
    (only,) = sweep(payload(aircraft(**fields))).tracks
    return only


def test_a_real_answer_has_the_two_aircraft_that_have_a_position() -> None:
    decoded = decode(sample("aircraft/aircraft_sample_adsbcot.json"), context("readsb", everywhere=True))

    (event,) = as_read(decoded)
    assert isinstance(event, TrackSweep)
    assert event.id == "readsb:1602849987100"
    assert [(each.key, each.callsign, each.altitude_ft, each.speed_kt) for each in event.tracks] == [
        ("a9ee47", "N739UL", 3_700, 79.5),
        ("a18b41", "", 39_000, None),
    ]
    said_at = dt.datetime.fromtimestamp(1602849987.1, dt.UTC)
    assert decoded.said_at == event.published_at == said_at
    assert event.tracks[1].seen_at == said_at - dt.timedelta(seconds=12.6)
    assert not decoded.refused


def test_every_state_of_a_real_flight_is_taken() -> None:
    trace = json.loads(sample("aircraft/readsb_trace_full_ac671b.json"))
    flown = [
        {
            **(point[8] or {}),
            "hex": f"{number:06x}",
            "lat": point[1],
            "lon": point[2],
            "alt_baro": point[3],
            "gs": point[4],
            "track": point[5],
            "seen_pos": 0.1,
        }
        for number, point in enumerate(trace["trace"])
    ]
    decoded = decode(payload(*flown), context("readsb", everywhere=True))

    (event,) = as_read(decoded)
    assert isinstance(event, TrackSweep)
    assert not decoded.refused
    assert len(event.tracks) == len(flown) > 1_000
    assert {track.on_ground for track in event.tracks} == {point[3] == "ground" for point in trace["trace"]}


def test_a_real_trace_is_not_taken_for_a_sweep() -> None:
    with pytest.raises(DecodeError, match="now"):
        decode(sample("aircraft/readsb_trace_full_ac671b.json"), context("readsb"))


def test_a_track_says_what_the_receiver_says() -> None:
    full = track(flight="PLF101  ", t="C295", dbFlags=1, alt_baro=12_000, gs=201.4, track=87.5)

    assert full == Track(
        key="48d960",
        lon=22.57,
        lat=51.25,
        seen_at=NOW - dt.timedelta(seconds=1.5),
        callsign="PLF101",
        aircraft_type="C295",
        altitude_ft=12_000,
        speed_kt=201.4,
        track_deg=87.5,
        military=True,
        affiliation="unknown",
    )


def test_the_aggregators_shape_is_the_same_under_another_key_with_milliseconds() -> None:
    body = payload(aircraft(), key="ac", now=NOW.timestamp() * 1_000, msg="No error", total=1)

    assert sweep(body) == sweep(payload(aircraft()))


@pytest.mark.parametrize("body", [payload(), payload(key="ac"), b'{"now": 1.5, "ac": null}'])
def test_an_empty_sky_is_a_sweep_too(body: bytes) -> None:
    assert sweep(body).tracks == ()


def test_on_the_ground_is_no_altitude() -> None:
    landed = track(alt_baro="ground", alt_geom=650)

    assert (landed.on_ground, landed.altitude_ft) == (True, None)


def test_without_a_barometric_altitude_the_geometric_one_counts() -> None:
    assert track(alt_geom=650).altitude_ft == 650


@pytest.mark.parametrize(("flags", "military"), [(0, False), (1, True), (2, False), (3, True), (12, False)])
def test_the_first_bit_of_the_flags_is_military(flags: int, military: bool) -> None:
    assert track(dbFlags=flags).military is military


def test_an_address_that_is_not_icaos_keeps_its_mark() -> None:
    assert track(hex="~2A1B3C").key == "~2a1b3c"


def test_a_stale_position_is_left_out_and_the_limit_is_the_feeds() -> None:
    body = payload(aircraft(seen_pos=59.9), aircraft(hex="48d961", seen_pos=60.1))

    assert [each.key for each in sweep(body).tracks] == ["48d960"]
    assert len(sweep(body, stale_s=90).tracks) == 2


def test_what_is_outside_the_theatre_is_left_out_unless_all_is_wanted() -> None:
    body = payload(aircraft(lat=37.8, lon=-122.0))

    assert sweep(body).tracks == ()
    assert len(sweep(body, everywhere=True).tracks) == 1


def test_of_two_with_one_address_the_fresher_position_counts_wherever_it_stands() -> None:
    old, new = aircraft(seen_pos=9, lat=51.0), aircraft(hex="48D960", seen_pos=2, lat=51.5)

    for body in (payload(old, new), payload(new, old)):
        assert [each.lat for each in sweep(body).tracks] == [51.5]


def test_only_a_military_aircraft_of_a_configured_block_is_a_friend() -> None:
    flying = [
        aircraft(hex="48d960", dbFlags=1),
        aircraft(hex="48d961"),
        aircraft(hex="14f001", dbFlags=1),
        aircraft(hex="~48d960", dbFlags=1),
    ]
    friends = sweep(payload(*flying), friend_hex=["48d"]).tracks

    assert [each.affiliation for each in friends] == ["friend", "unknown", "unknown", "unknown"]
    assert {each.affiliation for each in sweep(payload(*flying)).tracks} == {"unknown"}


def test_a_callsign_shows_nothing_that_cannot_be_printed() -> None:
    assert track(flight="\u0000LOT\u202e1 \u0000").callsign == "LOT1"


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (aircraft(lat="x"), "$.aircraft[1].lat"),
        (aircraft(lat=91), "$.aircraft[1].lat"),
        (aircraft(hex="48d96"), "$.aircraft[1].hex"),
        (aircraft(hex="48d960\n"), "$.aircraft[1].hex"),
        (aircraft(alt_baro="high"), "$.aircraft[1].alt_baro"),
        (aircraft(track=361), "$.aircraft[1].track"),
        (aircraft(gs=-1), "$.aircraft[1].gs"),
        (aircraft(seen_pos=None), "$.aircraft[1].seen_pos"),
        ([1, 2], "$.aircraft[1]"),
    ],
)
def test_one_bad_record_is_refused_by_path_with_its_bytes_and_the_others_stand(bad: Any, path: str) -> None:
    first, last = aircraft(hex="48d001"), aircraft(hex="48d002")
    decoded = decode(payload(first, bad, last), context("readsb"))

    (event,) = as_read(decoded)
    assert isinstance(event, TrackSweep)
    assert [each.key for each in event.tracks] == ["48d001", "48d002"]
    (refused,) = decoded.refused
    assert (refused.feed, refused.path) == ("readsb", path)
    kept = json.loads(refused.sample)
    assert kept == bad or kept["hex"] == bad["hex"]


def test_a_flood_of_bad_records_is_refused_as_a_hundred_and_one() -> None:
    bad: list[Any] = [{"hex": 1}] * 1_000
    decoded = decode(payload(*bad), context("readsb"))

    assert len(decoded.refused) == MOST + 1
    assert "900 more" in decoded.refused[-1].reason
    assert decoded.refused[-1].sample == b""


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", "$"),
        (b"<html>502</html>", "$"),
        (b"[]", "$"),
        (b'{"now": 1}', "$.aircraft"),
        (b'{"aircraft": []}', "$"),
        (b'{"now": "x", "aircraft": []}', "$.now"),
        (b'{"now": 1e300, "aircraft": []}', "$.now"),
        (b'{"now": 1, "aircraft": {}}', "$.aircraft"),
        (payload(aircraft())[:-5], "$"),
        (b'{"now": 1, "x": "\xff", "aircraft": ' + b"[" * 100_000, "$"),
    ],
)
def test_what_is_not_aircraft_json_is_refused_whole(body: bytes, path: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(body, context("readsb"))
    assert (refused.value.feed, refused.value.path, refused.value.sample) == ("readsb", path, body)


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(DecodeError, match="stale_s") as refused:
        decode(payload(), context("readsb", stale_s="soon"))
    assert refused.value.path == "options.stale_s"


def test_a_sweep_holds_no_more_than_an_event_may_and_says_so() -> None:
    flying = [aircraft(hex=f"{number:06x}", seen_pos=number / 1_000) for number in range(MOST_TRACKS + 10)]
    kept = sweep(payload(*reversed(flying)))

    assert len(kept.tracks) == MOST_TRACKS
    assert max(each.seen_at for each in kept.tracks) == NOW
    assert kept.doubts == ("20,010 aircraft, of which the 20,000 seen last are kept",)


def test_a_sweep_of_many_full_tracks_is_cut_to_what_an_event_may_have_and_says_so() -> None:
    full = {
        "flight": "\U00020000" * 32,
        "t": "\U00020000" * 32,
        "alt_baro": 12_345.678_901,
        "gs": 456.789_012,
    }
    full |= {"track": 123.456_789, "dbFlags": 1, "lat": 51.123_456_789, "lon": 22.123_456_789}
    flying = [
        aircraft(hex=f"~{number:06x}", seen_pos=number / 1_000, **full) for number in range(MOST_TRACKS)
    ]
    kept = sweep(payload(*reversed(flying)))

    assert MAX_EVENT_BYTES - 20_000 < len(encode(kept)) <= MAX_EVENT_BYTES
    assert max(each.seen_at for each in kept.tracks) == NOW
    assert kept.doubts == (f"20,000 aircraft, of which the {len(kept.tracks):,} seen last are kept",)


def test_an_exercises_sweep_is_marked_as_one() -> None:
    (event,) = decode(payload(), context("readsb", status="exercise")).events

    assert (event.status, event.run) == ("exercise", "run-1")


def test_the_largest_payload_takes_bounded_time() -> None:
    good = payload(*[aircraft()] * 49_000)
    assert len(good) > 3_500_000
    for body in (
        good,
        good[:-1],
        payload(*[{"hex": 1}] * 500_000),
        b'{"now": 1, "ac": [' + b"1," * 3_000_000 + b"1]}",
    ):
        survives(decode, body, context("readsb"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=200),
        garbled(payload(aircraft(flight="A", alt_baro=1, gs=2), aircraft(hex="000001"))),
    )
)
def test_any_bytes_are_decoded_or_refused(body: bytes) -> None:
    survives(decode, body, context("readsb"))
