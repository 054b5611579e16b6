"""Areas as others draw them, and the theatre's regions that they cover."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Raw, Struct

from streams.events import Point

if TYPE_CHECKING:
    from config.theatre import Region, Theatre

EARTH_RADIUS_M = 6_371_000.0
"""Of the sphere whose circles differ least from the Earth's."""
SHAPE_EFFORT = 50
"""Corners that take as long as what every shape takes."""

Ring = list[tuple[float, float]]


class Circle(Struct, frozen=True):
    """Everything within `radius_m` metres of `centre`."""

    centre: Point
    radius_m: float


class Polygon(Struct, frozen=True):
    """Everything inside of the corners, which need not be closed. Never across 180° of longitude."""

    corners: tuple[Point, ...]


class _Outline(Struct, frozen=True):
    """A border, its holes, and the box around it."""

    rings: list[Ring]
    west: float
    south: float
    east: float
    north: float

    def has(self, lon: float, lat: float) -> bool:
        """Whether a place is inside of the border and of no hole."""
        if not (self.west <= lon <= self.east and self.south <= lat <= self.north):
            return False
        border, *holes = self.rings
        return _is_inside(lon, lat, border) and not any(_is_inside(lon, lat, hole) for hole in holes)


class _Geometry(Struct):
    type: Literal["Polygon", "MultiPolygon"]
    coordinates: Raw


class _Feature(Struct):
    id: str
    geometry: _Geometry


class _Borders(Struct):
    features: list[_Feature]


def effort(shape: Circle | Polygon) -> int:
    """How much work `covered` has with a shape, in corners: for whoever has to bound it."""
    return SHAPE_EFFORT + (len(shape.corners) if isinstance(shape, Polygon) else 0)


def covered(shapes: Iterable[Circle | Polygon], theatre: Theatre) -> set[str]:
    """The regions right below a country that the shapes cover.

    A region is covered where its label point is; a shape in which there is no label point is taken for the
    region that its centre lies in. That says which regions are meant, not that all of each is.
    """
    keys: set[str] = set()
    for shape in shapes:
        inside = {region.key for region in _regions(theatre) if _has(shape, region.lon, region.lat)}
        keys |= inside or _around(shape, theatre)
    return keys


def _regions(theatre: Theatre) -> Iterator[Region]:
    return (region for region in theatre.regions.values() if region.parent in theatre.countries)


def _has(shape: Circle | Polygon, lon: float, lat: float) -> bool:
    if isinstance(shape, Circle):
        return _distance_m(shape.centre, lon, lat) <= shape.radius_m
    return _is_inside(lon, lat, [(corner.lon, corner.lat) for corner in shape.corners])


def _around(shape: Circle | Polygon, theatre: Theatre) -> set[str]:
    if isinstance(shape, Circle):
        lon, lat = shape.centre.lon, shape.centre.lat
    else:
        lon = math.fsum(corner.lon for corner in shape.corners) / len(shape.corners)
        lat = math.fsum(corner.lat for corner in shape.corners) / len(shape.corners)
    known = {region.key for region in _regions(theatre)}
    for key, outlines in _outlines(theatre.borders_geojson):
        if key in known and any(outline.has(lon, lat) for outline in outlines):
            return {key}
    return set()


def _is_inside(lon: float, lat: float, ring: Ring) -> bool:
    """Whether a ray to the east crosses the ring an odd number of times."""
    is_inside = False
    before_lon, before_lat = ring[-1]
    for corner_lon, corner_lat in ring:
        if (corner_lat > lat) != (before_lat > lat):
            along = (lat - corner_lat) / (before_lat - corner_lat)
            if lon < corner_lon + along * (before_lon - corner_lon):
                is_inside = not is_inside
        before_lon, before_lat = corner_lon, corner_lat
    return is_inside


def _distance_m(centre: Point, lon: float, lat: float) -> float:
    """Along a great circle, by the haversine."""
    here, there = math.radians(centre.lat), math.radians(lat)
    half = (
        math.sin((there - here) / 2) ** 2
        + math.cos(here) * math.cos(there) * math.sin(math.radians(lon - centre.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(half, 1.0)))


@cache
def _outlines(geojson: bytes) -> list[tuple[str, list[_Outline]]]:
    """Each region's key and outlines."""
    borders = msgspec.json.decode(geojson, type=_Borders)
    return [
        (feature.id, [_outline(rings) for rings in _polygons(feature.geometry)])
        for feature in borders.features
    ]


def _polygons(geometry: _Geometry) -> list[list[Ring]]:
    if geometry.type == "Polygon":
        return [msgspec.json.decode(geometry.coordinates, type=list[Ring])]
    return msgspec.json.decode(geometry.coordinates, type=list[list[Ring]])


def _outline(rings: list[Ring]) -> _Outline:
    lons, lats = zip(*rings[0], strict=True)
    return _Outline(rings, min(lons), min(lats), max(lons), max(lats))
