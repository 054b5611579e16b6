"""readsb's aircraft.json, and the same shape from the aggregators, where `aircraft` is called `ac`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.records import MAX_RECORDS, whole
from ingest.refusals import MALFORMED, Refusals, refusal
from ingest.sweeps import Sweep, plain
from streams.events import Track

MILITARY = 1
"""Bit of dbFlags. Source: readsb, README-json.md."""
MILLISECONDS_FROM = 100_000_000_000
"""readsb tells `now` in seconds, some aggregators in milliseconds; as seconds this is the year 5138."""
LATEST_S = 253_402_300_799
"""The last second of the year 9999, after which there is no instant."""

Record = TypeVar("Record")


class _Aircraft(Struct):
    hex: Annotated[str, Meta(pattern=r"^~?[0-9a-fA-F]{6}\Z")]
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None
    seen_pos: float | None = None
    flight: Annotated[str, Meta(max_length=32)] | None = None
    t: Annotated[str, Meta(max_length=32)] | None = None
    alt_baro: float | Literal["ground"] | None = None
    alt_geom: float | None = None
    gs: Annotated[float, Meta(ge=0)] | None = None
    track: Annotated[float, Meta(ge=0, le=360)] | None = None
    flags: int | None = msgspec.field(default=None, name="dbFlags")


class _Aircrafts(Struct):
    now: Annotated[float, Meta(gt=0)]
    aircraft: list[_Aircraft] | UnsetType | None = UNSET
    ac: list[_Aircraft] | UnsetType | None = UNSET


class _Records(Struct):
    now: Annotated[float, Meta(gt=0)]
    aircraft: list[Raw] | UnsetType | None = UNSET
    ac: list[Raw] | UnsetType | None = UNSET


_aircrafts = msgspec.json.Decoder(_Aircrafts)
_aircraft = msgspec.json.Decoder(_Aircraft)


def decode(payload: bytes, context: Context) -> Decoded:
    """One payload as one sweep, also where nothing is in the air.

    context.options: those of `ingest.sweeps`. Altitudes are in feet and barometric, geometric where there is
    no other; speeds in knots; `seen_at` is `now` less `seen_pos`. An aircraft without a position is left out.
    Raises DecodeError for what is not aircraft.json. Source: readsb, README-json.md.
    """
    refusals = Refusals(context.feed)
    now, key, listed = _read(payload, refusals, context.feed)
    now_s = now / 1_000 if now >= MILLISECONDS_FROM else now
    if now_s > LATEST_S:
        raise DecodeError(context.feed, "$.now", "is no instant", payload)
    said_at = dt.datetime.fromtimestamp(now_s, dt.UTC)
    sweep = Sweep(context, said_at)
    for index, aircraft in listed:
        lon, lat = aircraft.lon, aircraft.lat
        if lon is None or lat is None:
            continue
        if aircraft.seen_pos is None:
            reason = "is missing, so how old the position is cannot be known"
            path = f"$.{key}[{index}].seen_pos"
            refusals.add(DecodeError(context.feed, path, reason, msgspec.json.encode(aircraft)))
            continue
        age_s = max(aircraft.seen_pos, 0.0)
        if not sweep.wants(lon, lat, age_s):
            continue
        address = aircraft.hex.lower()
        altitude_ft = aircraft.alt_geom if aircraft.alt_baro is None else aircraft.alt_baro
        military = bool((aircraft.flags or 0) & MILITARY)
        track = Track(
            key=address,
            lon=lon,
            lat=lat,
            seen_at=said_at - dt.timedelta(seconds=age_s),
            callsign=plain(aircraft.flight),
            aircraft_type=plain(aircraft.t),
            altitude_ft=None if altitude_ft == "ground" else altitude_ft,
            on_ground=altitude_ft == "ground",
            speed_kt=aircraft.gs,
            track_deg=aircraft.track,
            military=military,
            affiliation="friend" if military and sweep.is_friend(address) else "unknown",
        )
        sweep.add(track, age_s)
    return Decoded(events=[sweep.event()], refused=refusals.all(), said_at=said_at)


def _read(
    payload: bytes, refusals: Refusals, feed: str
) -> tuple[float, str, Iterable[tuple[int, _Aircraft]]]:
    """When, under which key, and the aircraft with their places; one by one where one of them is wrong."""
    try:
        sweep = _aircrafts.decode(payload)
    except MALFORMED:
        pass
    else:
        key, aircraft = ("ac", sweep.ac) if sweep.aircraft is UNSET else ("aircraft", sweep.aircraft)
        return sweep.now, key, enumerate(_listed(aircraft, payload, feed))
    raw = whole(payload, _Records, feed)
    key, records = ("ac", raw.ac) if raw.aircraft is UNSET else ("aircraft", raw.aircraft)
    return raw.now, key, _one_by_one(_listed(records, payload, feed), key, refusals, feed)


def _listed(records: list[Record] | UnsetType | None, payload: bytes, feed: str) -> list[Record]:
    if isinstance(records, UnsetType):
        raise DecodeError(feed, "$.aircraft", "is missing, and so is $.ac", payload)
    if records is not None and len(records) > MAX_RECORDS:
        reason = f"has {len(records):,} records, of {MAX_RECORDS:,} allowed"
        raise DecodeError(feed, "$.aircraft", reason, payload)
    return records or []


def _one_by_one(
    records: list[Raw], key: str, refusals: Refusals, feed: str
) -> Iterator[tuple[int, _Aircraft]]:
    for index, record in enumerate(records):
        try:
            yield index, _aircraft.decode(record)
        except MALFORMED as error:
            refusals.add(refusal(feed, error, bytes(record), at=f"$.{key}[{index}]"))
