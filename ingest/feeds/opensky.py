"""OpenSky's /states/all: state vectors, arrays whose fields are known by their place."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.records import MAX_RECORDS, whole
from ingest.refusals import MALFORMED, Refusals, refusal
from ingest.sweeps import FT_PER_M, KT_PER_M_S, Sweep, plain
from streams.events import Track

LATEST_S = 253_402_300_799
"""The last second of the year 9999, after which there is no instant."""

EpochSeconds = Annotated[int, Meta(gt=0, le=LATEST_S)]


class _State(Struct, array_like=True):
    """Source: OpenSky REST API, "All State Vectors". What follows the altitudes is not used."""

    icao24: Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{6}\Z")]
    callsign: Annotated[str, Meta(max_length=32)] | None
    origin_country: str | None
    time_position: EpochSeconds | None
    last_contact: EpochSeconds | None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None
    baro_altitude_m: float | None
    on_ground: bool
    velocity_m_s: Annotated[float, Meta(ge=0)] | None
    true_track_deg: Annotated[float, Meta(ge=0, le=360)] | None
    vertical_rate_m_s: float | None
    sensors: Any
    geo_altitude_m: float | None


class _States(Struct):
    time: EpochSeconds
    states: list[_State] | None


class _Records(Struct):
    time: EpochSeconds
    states: list[Raw] | None


_states = msgspec.json.Decoder(_States)
_state = msgspec.json.Decoder(_State)


def decode(payload: bytes, context: Context) -> Decoded:
    """One payload as one sweep; `states` is null where nothing is in the air.

    context.options: those of `ingest.sweeps`. Metres become feet (barometric, geometric where there is no
    other) and metres a second knots. The source does not tell which aircraft are military.
    Raises DecodeError for what is not such an answer. Source: OpenSky REST API, "All State Vectors".
    """
    refusals = Refusals(context.feed)
    time_s, states = _read(payload, refusals, context.feed)
    said_at = dt.datetime.fromtimestamp(time_s, dt.UTC)
    sweep = Sweep(context, said_at)
    for index, state in states:
        lon, lat = state.longitude, state.latitude
        if lon is None or lat is None:
            continue
        if state.time_position is None:
            reason = "is null, so how old the position is cannot be known"
            path = f"$.states[{index}][3]"
            refusals.add(DecodeError(context.feed, path, reason, msgspec.json.encode(state)))
            continue
        age_s = max(time_s - state.time_position, 0)
        if not sweep.wants(lon, lat, age_s):
            continue
        altitude_m = state.geo_altitude_m if state.baro_altitude_m is None else state.baro_altitude_m
        track = Track(
            key=state.icao24.lower(),
            lon=lon,
            lat=lat,
            seen_at=dt.datetime.fromtimestamp(state.time_position, dt.UTC),
            callsign=plain(state.callsign),
            altitude_ft=None if altitude_m is None else round(altitude_m * FT_PER_M),
            on_ground=state.on_ground,
            speed_kt=None if state.velocity_m_s is None else round(state.velocity_m_s * KT_PER_M_S, 1),
            track_deg=state.true_track_deg,
        )
        sweep.add(track, age_s)
    return Decoded(events=[sweep.event()], refused=refusals.all(), said_at=said_at)


def _read(payload: bytes, refusals: Refusals, feed: str) -> tuple[int, list[tuple[int, _State]]]:
    """When, and the state vectors, each with its place; one by one where one is not as documented."""
    try:
        answer = _states.decode(payload)
    except MALFORMED:
        pass
    else:
        return answer.time, list(enumerate(answer.states or ()))
    raw = whole(payload, _Records, feed)
    if raw.states is not None and len(raw.states) > MAX_RECORDS:
        reason = f"has {len(raw.states):,} records, of {MAX_RECORDS:,} allowed"
        raise DecodeError(feed, "$.states", reason, payload)
    states = []
    for index, record in enumerate(raw.states or ()):
        try:
            states.append((index, _state.decode(record)))
        except MALFORMED as error:
            refusals.add(refusal(feed, error, bytes(record), at=f"$.states[{index}]"))
    return raw.time, states
