"""Cursor on Target: what a neighbour's TAK system sees and draws, as tracks and markers."""

from __future__ import annotations

import math
import re
from typing import Any, Literal

from ingest.cursor_on_target import UNKNOWN, Cot, number, read, records
from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.origin import origin
from ingest.refusals import Refusals
from ingest.sweeps import FT_PER_M, KT_PER_M_S, plain
from streams.events import Marker, Point, Track, TrackSweep

MOST_CORNERS = 2_000
MOST_LINE_CHARS = 1_000
MOST_CALLSIGN_CHARS = 32
MOST_RADIUS_M = 20_040_000
"""Half the way round the Earth."""
AFFILIATIONS: dict[str, Literal["friend", "neutral", "hostile"]] = {
    "f": "friend",
    "n": "neutral",
    "h": "hostile",
}
UNSURE = {"a": "assumed friend", "s": "suspect", "j": "joker", "k": "faker"}
"""Affiliations that a track has no word for: it is shown as unknown, and says so."""
MARKED = ("a-", "b-a-", "b-m-p", "u-d-", "u-r-b-c")
"""What stands on the map. Chat, files, tasks, pings, routes and the protocol's own talk do not."""
DELETED = "t-x-d-d"
"""Its links name what is gone."""
EMERGENCY_OVER = "b-a-o-can"
"""The same uid as the emergency's."""

RECTANGLE = "u-d-r"
"""Its four corners are never closed, and never a line."""
ROUND_ENOUGH = 0.99
"""The shorter axis over the longer of an ellipse that is taken for a circle."""

_TYPE = re.compile(r"[A-Za-z0-9.*_-]{1,64}")
_AIRBORNE = re.compile(r"a-[^-]-A(?![^-])")
_CORNER = re.compile(r"\s*(?P<lat>-?\d{1,3}(\.\d+)?)\s*,\s*(?P<lon>-?\d{1,3}(\.\d+)?)\s*(,|$)")


def decode(payload: bytes, context: Context) -> Decoded:
    """One or many `<event>` elements, or protobuf messages of the TAK protocol's version 1.

    An airborne atom (`a-?-A`) becomes a sweep of one track, feet and knots, that goes stale at `valid_to`;
    what else stands on the map becomes a marker. Both have the id `{feed}:{uid}`, and `time` in epoch
    milliseconds as revision: what was overtaken on the way does not come back. What says that it has no
    position is left out. Raises DecodeError for what has no event in it.
    Sources: MITRE, Cursor on Target base schema 2.0; TAK protocol, version 1; ATAK's shapes and emergencies.
    """
    refusals = Refusals(context.feed)
    decoded = Decoded()
    for record in records(payload, context.feed):
        try:
            cot = read(record, context.feed)
            if cot is not None:
                decoded.events += _events(cot, record.at, context)
                decoded.said_at = max(cot.time, decoded.said_at or cot.time)
        except DecodeError as error:
            refusals.add(DecodeError(context.feed, error.path, error.reason, record.sample))
    decoded.refused = refusals.all()
    return decoded


def _events(cot: Cot, at: str, context: Context) -> list[Marker | TrackSweep]:
    if not 1 <= len(cot.uid) <= 128:
        raise DecodeError(context.feed, f"{at}/@uid", "has no character, or more than 128")
    if not _TYPE.fullmatch(cot.type):
        raise DecodeError(context.feed, f"{at}/@type", f"is no type: {cot.type[:80]!r}")
    if cot.time.timestamp() <= 0:
        raise DecodeError(context.feed, f"{at}/@time", "is a clock that was never set")
    if cot.type == DELETED:
        gone = [link.get("uid", "") for link in cot.detail.iter("link")]
        return [_cancelled(cot, uid, context) for uid in gone if 1 <= len(uid) <= 128]
    if cot.type == EMERGENCY_OVER:
        return [_cancelled(cot, cot.uid, context)]
    if not cot.type.startswith(MARKED):
        return []
    if _AIRBORNE.match(cot.type):
        return [] if cot.lon is None or cot.lat is None else [_sweep(cot, cot.lon, cot.lat, context)]
    marker = _marker(cot, at, context)
    return [] if marker is None else [marker]


def _sweep(cot: Cot, lon: float, lat: float, context: Context) -> TrackSweep:
    doubts = _doubts(cot, context)
    affiliation = cot.type[2].lower()
    if affiliation in UNSURE:
        doubts = (*doubts, f"its affiliation is {UNSURE[affiliation]!r}, which is shown as unknown")
    course_deg, speed_m_s = _stated(cot.course_deg), _stated(cot.speed_m_s)
    track = Track(
        key=cot.uid,
        lon=lon,
        lat=lat,
        seen_at=cot.time,
        callsign=_line(cot.callsign)[:MOST_CALLSIGN_CHARS],
        altitude_ft=None if cot.hae_m is None else round(cot.hae_m * FT_PER_M),
        speed_kt=None if speed_m_s is None else round(speed_m_s * KT_PER_M_S, 1),
        track_deg=None if course_deg is None else course_deg % 360,
        military=cot.type[6:7] == "M",
        affiliation=AFFILIATIONS.get(affiliation, "unknown"),
    )
    return TrackSweep(**_told(cot, cot.uid, context), doubts=doubts, tracks=(track,))


def _marker(cot: Cot, at: str, context: Context) -> Marker | None:
    doubts = _doubts(cot, context)
    area, is_closed = _outline(cot, at, context)
    if cot.lon is not None and cot.lat is not None:
        position = Point(lon=cot.lon, lat=cot.lat)
    elif area:
        position = area[0]
    else:
        return None
    if area and not is_closed:
        doubts = (*doubts, "drawn as a line, shown as the area inside of it")
    radius_m, is_round = _radius(cot, at, context)
    if not is_round:
        doubts = (*doubts, "drawn as an ellipse, shown as the circle around it")
    emergency = cot.detail.find("emergency")
    remarks = cot.detail.findtext("remarks", "")
    notes = [remarks] if emergency is None else [emergency.get("type", ""), emergency.text or "", remarks]
    told = _told(cot, cot.uid, context)
    if emergency is not None and emergency.get("cancel") == "true":
        told["msg_type"] = "cancel"
    return Marker(
        **told,
        doubts=doubts,
        label=_line(cot.callsign),
        symbol=cot.type,
        position=position,
        radius_m=radius_m,
        area=area,
        note=_line(" ".join(notes)),
    )


def _cancelled(cot: Cot, uid: str, context: Context) -> Marker:
    position = Point(lon=cot.lon or 0.0, lat=cot.lat or 0.0)
    told = _told(cot, uid, context) | {"msg_type": "cancel"}
    return Marker(**told, symbol=cot.type, position=position)


def _told(cot: Cot, uid: str, context: Context) -> dict[str, Any]:
    return {
        **origin(context),
        "id": f"{context.feed}:{uid}",
        "revision": round(cot.time.timestamp() * 1_000),
        "published_at": cot.time,
        "valid_from": cot.start,
        "valid_to": cot.stale,
    }


def _doubts(cot: Cot, context: Context) -> tuple[str, ...]:
    doubts = []
    if cot.stale <= context.received_at:
        doubts.append(f"was stale when it came: since {cot.stale:%Y-%m-%d %H:%M:%S} UTC")
    if cot.stale < cot.start:
        doubts.append("goes stale before it starts")
    return tuple(doubts)


def _outline(cot: Cot, at: str, context: Context) -> tuple[tuple[Point, ...], bool]:
    """The corners of a drawing, none of them twice, and whether it is closed rather than a line."""
    said = [link.attrib["point"] for link in cot.detail.findall("link") if "point" in link.attrib]
    path = f"{at}/detail/link/@point"
    if len(said) > MOST_CORNERS:
        reason = f"there are {len(said):,} corners, of {MOST_CORNERS:,} allowed"
        raise DecodeError(context.feed, path, reason)
    corners = []
    for corner in said:
        found = _CORNER.match(corner)
        lat, lon = (float(found["lat"]), float(found["lon"])) if found else (math.inf, math.inf)
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise DecodeError(context.feed, path, f"is no place on the Earth: {corner[:80]!r}")
        corners.append(Point(lon=lon, lat=lat))
    returns = len(corners) > 3 and corners[0] == corners[-1]
    return tuple(corners[:-1] if returns else corners), returns or cot.type.startswith(RECTANGLE)


def _radius(cot: Cot, at: str, context: Context) -> tuple[float | None, bool]:
    """Of the largest ring that is drawn, and whether it is a circle."""
    rings = []
    for ellipse in cot.detail.iterfind("shape/ellipse"):
        path = f"{at}/detail/shape/ellipse"
        axes = [number(ellipse, name, context.feed, path) for name in ("major", "minor")]
        major_m, minor_m = max(axes, key=lambda axis: axis or 0), min(axes, key=lambda axis: axis or 0)
        if major_m is None or minor_m is None or not 0 <= minor_m <= major_m <= MOST_RADIUS_M:
            raise DecodeError(context.feed, path, "is no ellipse on the Earth")
        rings.append((major_m, minor_m))
    if not rings:
        return None, True
    major_m, minor_m = max(rings)
    return major_m, minor_m >= ROUND_ENOUGH * major_m


def _stated(value: float | None) -> float | None:
    """A course or a speed; negative and very large ones stand for unknown."""
    return None if value is None or not 0 <= value < UNKNOWN else value


def _line(text: str) -> str:
    return plain(" ".join(text.split()))[:MOST_LINE_CHARS]
