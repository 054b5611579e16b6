"""The events of a stretch as GeoJSON (RFC 7946): a feature each, where it was stated to be."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from dashboard.exports.stretch import Row

_encoder = msgspec.json.Encoder()
_LEFT_OUT = frozenset({"lon", "lat", "event"})


async def write_geojson(file: Path, pages: AsyncIterator[list[Row]], about: Mapping[str, Any]) -> int:
    """Write a FeatureCollection; how many features. about: further members of it. Raises OSError."""
    count = 0
    with file.open("wb") as out:
        head = _encoder.encode({"type": "FeatureCollection", **about})
        out.write(head[:-1] + b',"features":[')
        async for page in pages:
            for row in page:
                out.write((b",\n" if count else b"\n") + _encoder.encode(feature(row)))
                count += 1
        out.write(b"\n]}\n")
    return count


def feature(row: Row) -> dict[str, Any]:
    """A row as a feature; without a geometry where nothing is known of its place."""
    event = msgspec.json.decode(row.event)
    properties = {
        name: value.isoformat().replace("+00:00", "Z") if isinstance(value, dt.datetime) else value
        for name, value in zip(Row._fields, row, strict=True)
        if name not in _LEFT_OUT and value not in (None, "")
    }
    return {
        "type": "Feature",
        "id": f"{row.id}#{row.revision}",
        "geometry": _geometry(row, event),
        "properties": {**properties, "event": event},
    }


def _geometry(row: Row, event: Mapping[str, Any]) -> dict[str, Any] | None:
    corners = [(point["lon"], point["lat"]) for point in event.get("area", ())]
    if len(corners) >= 3:
        return {"type": "Polygon", "coordinates": [_ring(corners)]}
    if row.lon is None or row.lat is None:
        return None
    return {"type": "Point", "coordinates": [row.lon, row.lat]}


def _ring(corners: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Closed, and against the clock, as the outer ring of a polygon is."""
    closed = [*corners, corners[0]] if corners[0] != corners[-1] else list(corners)
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(closed))
    return closed if twice >= 0 else closed[::-1]
