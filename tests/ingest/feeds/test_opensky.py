"""OpenSky's state vectors: one sweep an answer, metres and metres a second as feet and knots."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.opensky import decode
from streams.events import Track, TrackSweep
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

TIME_S = 1_795_377_600


def state(**fields: Any) -> list[Any]:
    """One over Lublin, with all its fields in their places."""
    told: dict[str, Any] = {
        "icao24": "48d960",
        "callsign": "LOT1    ",
        "country": "Poland",
        "time_position": TIME_S - 5,
        "last_contact": TIME_S - 1,
        "lon": 22.57,
        "lat": 51.25,
        "baro_m": 10_668.0,
        "on_ground": False,
        "velocity": 231.5,
        "track": 90.0,
        "rate": 0.0,
        "sensors": None,
        "geo_m": 10_900.0,
        "squawk": "1000",
        "spi": False,
        "source": 0,
    }
    assert fields.keys() <= told.keys()
    return list((told | fields).values())


def payload(*states: Any) -> bytes:
    return json.dumps({"time": TIME_S, "states": list(states)}).encode()


def tracks(body: bytes, **options: Any) -> tuple[Track, ...]:
    (event,) = as_read(decode(body, context("opensky", **options)))
    assert isinstance(event, TrackSweep)
    return event.tracks


def test_a_real_vector_is_told_in_feet_and_knots() -> None:
    body = sample("opensky/states_all_real_vector.json")
    decoded = decode(body, context("opensky", everywhere=True))

    (event,) = as_read(decoded)
    assert isinstance(event, TrackSweep)
    assert event.id == "opensky:1507198218000"
    assert decoded.said_at == event.published_at == dt.datetime.fromtimestamp(1507198218, dt.UTC)
    assert event.tracks == (
        Track(
            key="a086d8",
            lon=-121.8445,
            lat=37.2541,
            seen_at=dt.datetime.fromtimestamp(1507198218, dt.UTC),
            callsign="FDX1869",
            altitude_ft=21_500,
            speed_kt=460.5,
            track_deg=142.23,
        ),
    )


def test_a_position_is_as_old_as_it_is_said_to_be() -> None:
    (track,) = tracks(payload(state()))

    assert track.seen_at == dt.datetime.fromtimestamp(TIME_S - 5, dt.UTC)


def test_nulls_are_not_known() -> None:
    nulls = dict.fromkeys(("callsign", "baro_m", "geo_m", "velocity", "track", "rate", "last_contact"))
    (track,) = tracks(payload(state(**nulls)))

    assert (track.callsign, track.altitude_ft, track.speed_kt, track.track_deg) == ("", None, None, None)


def test_the_geometric_altitude_stands_in_for_the_barometric_one() -> None:
    (track,) = tracks(payload(state(baro_m=None, geo_m=304.8)))

    assert track.altitude_ft == 1_000


def test_on_the_ground_is_kept() -> None:
    (track,) = tracks(payload(state(on_ground=True, baro_m=None, geo_m=None)))

    assert track.on_ground


def test_without_a_position_stale_elsewhere_or_twice_is_left_out() -> None:
    body = payload(
        state(icao24="000001", lat=None),
        state(icao24="000002", time_position=TIME_S - 61),
        state(icao24="000003", lat=1.0),
        state(time_position=TIME_S - 20, lat=51.0),
        state(icao24="48D960", lat=51.5),
        state(time_position=TIME_S - 9, lat=51.1),
    )

    assert [(track.key, track.lat) for track in tracks(body)] == [("48d960", 51.5)]


@pytest.mark.parametrize("longer", [[*state(), 1], [*state()[:15], False, *state()[15:]], state()[:14]])
def test_what_follows_the_altitudes_may_differ(longer: list[Any]) -> None:
    assert tracks(payload(longer)) == tracks(payload(state()))


def test_an_empty_sky_is_a_sweep_too() -> None:
    assert tracks(b'{"time": 1795377600, "states": null}') == ()


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (state(lat="51"), "$.states[1][6]"),
        (state(icao24="48d96g"), "$.states[1][0]"),
        (state(time_position=None), "$.states[1][3]"),
        (state(time_position=-1), "$.states[1][3]"),
        (state(on_ground=None), "$.states[1][8]"),
        (state()[:13], "$.states[1]"),
        ({}, "$.states[1]"),
    ],
)
def test_one_bad_vector_is_refused_by_its_place_and_the_others_stand(bad: Any, path: str) -> None:
    decoded = decode(payload(state(icao24="000001"), bad, state(icao24="000002")), context("opensky"))

    (event,) = as_read(decoded)
    assert isinstance(event, TrackSweep)
    assert [track.key for track in event.tracks] == ["000001", "000002"]
    (refused,) = decoded.refused
    assert (refused.feed, refused.path) == ("opensky", path)
    assert json.loads(refused.sample)[:3] == bad[:3] if isinstance(bad, list) else refused.sample == b"{}"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (b"", "$"),
        (b"Too many requests", "$"),
        (b"[]", "$"),
        (b'{"states": []}', "$"),
        (b'{"time": 1795377600}', "$"),
        (b'{"time": 1e20, "states": []}', "$.time"),
        (b'{"time": 1795377600, "states": 1}', "$.states"),
        (payload(state())[:-9], "$"),
        (b'{"time": 1795377600, "states": ' + b"[" * 100_000, "$"),
        (b'{"time": 1795377600, "states": [' + b"1," * 60_000 + b"1]}", "$.states"),
    ],
)
def test_what_is_no_such_answer_is_refused_whole(body: bytes, path: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(body, context("opensky"))
    assert (refused.value.feed, refused.value.path, refused.value.sample) == ("opensky", path, body)


def test_the_largest_payload_takes_bounded_time() -> None:
    states = payload(*[state()] * 45_000)
    assert len(states) > 6_000_000
    for body in (states, states[:-2]):
        survives(decode, body, context("opensky"))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(payload(state(), state(icao24="000001")))))
def test_any_bytes_are_decoded_or_refused(body: bytes) -> None:
    survives(decode, body, context("opensky"))
