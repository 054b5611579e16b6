"""The committed map: a coverage without gaps or overlaps, checked here without any geometry library.

Areas that share a border share its very points, so each stretch of it is walked twice, once each way. What is
walked once only is shore or the edge of the map. If no stretch is walked twice the same way, no two stretches
cross, no area lies within another, and the stretches walked once enclose nothing but a sea, then there
is neither overlap nor gap.
"""

import gzip
import json
from collections import defaultdict
from functools import cache
from itertools import pairwise

import pytest

from config.build_map import WITHOUT_BORDER
from config.theatre import load_theatre

Point = tuple[float, float]
Stretch = tuple[Point, Point]
Ring = list[Point]

CASPIAN_SEA = (51.0, 42.0)
"""A point in the only water that the map's land encloses."""

CELL = 0.25
"""Degrees: stretches are looked for in squares of this size."""


@cache
def features(file: str) -> list[dict]:
    theatre = load_theatre()
    raw = {
        "borders": theatre.borders_geojson,
        "background": theatre.background_geojson,
        "lines": theatre.country_lines_geojson,
    }[file]
    return json.loads(raw)["features"]


def polygons(feature: dict) -> list[list[Ring]]:
    geometry = feature["geometry"]
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[[(x, y) for x, y in ring] for ring in part] for part in parts]


def area2(ring: Ring) -> float:
    """Twice the signed area: positive when counter-clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def box(ring: Ring) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    lons, lats = zip(*ring, strict=True)
    return min(lons), min(lats), max(lons), max(lats)


def within(point: Point, rings: list[Ring]) -> bool:
    """Whether a point is inside a polygon, by the even-odd rule."""
    x, y = point
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                crossings += 1
    return crossings % 2 == 1


def cross(one: Stretch, other: Stretch) -> bool:
    """Whether two stretches meet anywhere but at a point that ends both."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other

    def side(px: float, py: float, qx: float, qy: float, rx: float, ry: float) -> int:
        # Whole numbers of the map's own grid, so that "on the line" is exact.
        figures = [round(value * 10_000) for value in (px, py, qx, qy, rx, ry)]
        px_, py_, qx_, qy_, rx_, ry_ = figures
        turn = (qx_ - px_) * (ry_ - py_) - (qy_ - py_) * (rx_ - px_)
        return (turn > 0) - (turn < 0)

    def on(px: float, py: float, qx: float, qy: float, rx: float, ry: float) -> bool:
        return min(px, qx) <= rx <= max(px, qx) and min(py, qy) <= ry <= max(py, qy)

    s1, s2 = side(ax, ay, bx, by, cx, cy), side(ax, ay, bx, by, dx, dy)
    s3, s4 = side(cx, cy, dx, dy, ax, ay), side(cx, cy, dx, dy, bx, by)
    if s1 * s2 < 0 and s3 * s4 < 0:
        return True
    shared = set(one) & set(other)
    touched = {
        point
        for turn, segment, point in (
            (s1, one, other[0]),
            (s2, one, other[1]),
            (s3, other, one[0]),
            (s4, other, one[1]),
        )
        if turn == 0 and on(*segment[0], *segment[1], *point)
    }
    return bool(touched - shared)


@cache
def walked() -> dict[Stretch, list[str]]:
    """Every stretch in the direction it is walked, with the areas that walk it."""
    found: dict[Stretch, list[str]] = {}
    for feature in (*features("borders"), *features("background")):
        for rings in polygons(feature):
            for ring in rings:
                for stretch in pairwise(ring):
                    found.setdefault(stretch, []).append(feature["id"])
    return found


def shore_rings() -> list[Ring]:
    """The stretches walked once, joined to rings."""
    after: dict[Point, list[Point]] = defaultdict(list)
    for start, end in walked():
        if (end, start) not in walked():
            after[start].append(end)
    rings = []
    while after:
        start = point = next(iter(after))
        ring = [start]
        while True:
            ends = after[point]
            before = ring[-2] if len(ring) > 1 else None
            step = ends.pop(0 if len(ends) == 1 or before is None else leftmost(before, point, ends))
            if not ends:
                del after[point]
            ring.append(step)
            point = step
            if point == start:
                break
        rings.append(ring)
    return rings


def leftmost(before: Point, at: Point, ends: list[Point]) -> int:
    """Which end turns most to the left: it keeps the land of one area on the left hand."""

    def turn(end: Point) -> float:
        ux, uy = at[0] - before[0], at[1] - before[1]
        vx, vy = end[0] - at[0], end[1] - at[1]
        size = (ux * ux + uy * uy) ** 0.5 * (vx * vx + vy * vy) ** 0.5
        straight = (ux * vx + uy * vy) / size
        return 1 - straight if ux * vy - uy * vx > 0 else straight - 1

    return max(range(len(ends)), key=lambda index: turn(ends[index]))


def test_every_region_has_a_border_or_a_written_reason() -> None:
    theatre = load_theatre()
    drawn = {feature["id"] for feature in features("borders")}
    behind = {feature["properties"].get("key") for feature in features("background")}
    countries = set(theatre.countries)
    right_below = {key for key, region in theatre.regions.items() if region.parent in countries}
    missing = right_below - drawn - behind
    assert missing == set(WITHOUT_BORDER)
    assert set(theatre.alert_regions) <= drawn


def test_a_border_is_named_by_its_region_and_nothing_else() -> None:
    theatre = load_theatre()
    for feature in features("borders"):
        region = theatre.regions[feature["id"]]
        assert feature["properties"] == {"key": region.key, "country": region.country}
    for feature in features("background"):
        assert feature["id"].startswith("bg-")
        assert feature["properties"]["role"] == "background"


def test_feature_ids_are_unique() -> None:
    ids = [feature["id"] for feature in (*features("borders"), *features("background"))]
    assert len(ids) == len(set(ids))


def test_crimea_and_sevastopol_are_drawn_once_as_ukraine() -> None:
    countries = {feature["id"]: feature["properties"]["country"] for feature in features("borders")}
    assert countries["UA-43"] == countries["UA-40"] == "UA"
    for feature in features("borders"):
        if feature["id"] not in ("UA-43", "UA-40"):
            assert not any(within((34.1, 45.3), rings) for rings in polygons(feature)), feature["id"]


def test_rings_are_closed_and_turn_as_rfc_7946_says() -> None:
    for feature in (*features("borders"), *features("background")):
        for exterior, *holes in polygons(feature):
            assert all(len(ring) >= 4 and ring[0] == ring[-1] for ring in (exterior, *holes))
            assert area2(exterior) > 0, feature["id"]
            assert all(area2(hole) < 0 for hole in holes), feature["id"]


def test_coordinates_are_rounded_and_on_earth() -> None:
    for (x, y), _ in walked():
        assert -180 <= x <= 180
        assert -90 <= y <= 90
        assert round(x, 4) == x
        assert round(y, 4) == y


def test_no_stretch_of_border_is_walked_twice_the_same_way() -> None:
    twice = {stretch: areas for stretch, areas in walked().items() if len(areas) > 1}
    assert twice == {}


def test_no_two_stretches_of_border_cross() -> None:
    squares: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
    for start, end in {(min(s, e), max(s, e)) for s, e in walked()}:
        for column in range(int(min(start[0], end[0]) // CELL), int(max(start[0], end[0]) // CELL) + 1):
            for line in range(int(min(start[1], end[1]) // CELL), int(max(start[1], end[1]) // CELL) + 1):
                squares[column, line].append((start, end))
    crossing = {
        (one, other)
        for together in squares.values()
        for number, one in enumerate(together)
        for other in together[number + 1 :]
        if max(one[0][0], other[0][0]) <= min(one[1][0], other[1][0]) and cross(one, other)
    }
    assert crossing == set()


def test_no_area_lies_within_another() -> None:
    solids = [
        (feature["id"], rings, box(rings[0]))
        for feature in (*features("borders"), *features("background"))
        for rings in polygons(feature)
    ]
    for ident, rings, (west, south, east, north) in solids:
        for other, others, (west2, south2, east2, north2) in solids:
            if rings is others or west < west2 or south < south2 or east > east2 or north > north2:
                continue
            theirs = {point for ring in others for point in ring}
            free = next((point for point in rings[0] if point not in theirs), None)
            assert free is None or not within(free, others), (ident, other)


def test_the_land_encloses_nothing_but_the_caspian_sea() -> None:
    gaps = [(-area2(ring) / 2, ring[0]) for ring in shore_rings() if area2(ring) < 0]
    seas = [ring for ring in shore_rings() if area2(ring) < 0 and within(CASPIAN_SEA, [ring])]
    assert len(seas) == 1
    assert [gap for gap in gaps if gap[1] not in seas[0]] == []


def test_a_region_holds_its_own_label_point() -> None:
    theatre = load_theatre()
    for feature in features("borders"):
        region = theatre.regions[feature["id"]]
        assert any(within((region.lon, region.lat), rings) for rings in polygons(feature)), region.key


def test_the_vniir_works_lie_in_chuvashia() -> None:
    works = load_theatre().places["vniir-cheboksary"]
    holders = [
        feature["id"]
        for feature in features("borders")
        if any(within((works.lon, works.lat), rings) for rings in polygons(feature))
    ]
    assert holders == ["RU-CU"]


def test_a_national_border_runs_along_the_areas_own_points() -> None:
    countries = {
        feature["id"]: feature["properties"]["country"]
        for feature in (*features("borders"), *features("background"))
    }
    for feature in features("lines"):
        between = feature["properties"]["between"].split("-")
        line = [(x, y) for x, y in feature["geometry"]["coordinates"]]
        for start, end in pairwise(line):
            beside = {
                countries[area] for way in ((start, end), (end, start)) for area in walked().get(way, [])
            }
            assert sorted(beside) == between


def test_ukraine_has_a_line_with_each_of_its_neighbours() -> None:
    pairs = {feature["properties"]["between"] for feature in features("lines")}
    expected = {"PL-UA", "SK-UA", "HU-UA", "RO-UA", "MD-UA", "BY-UA", "RU-UA"}
    assert {pair for pair in pairs if "UA" in pair.split("-")} == expected


@pytest.mark.parametrize(
    "point", [(13.0, 52.5), (19.0, 47.3), (25.0, 42.5), (33.0, 39.5), (25.5, 61.0), (43.5, 42.1)]
)
def test_the_map_has_land_around_the_theatre(point: Point) -> None:
    assert any(within(point, rings) for feature in features("background") for rings in polygons(feature))


def test_the_map_is_small_enough_to_send() -> None:
    theatre = load_theatre()
    files = (theatre.borders_geojson, theatre.background_geojson, theatre.country_lines_geojson)
    assert sum(map(len, files)) < 1_100_000
    assert sum(len(gzip.compress(file)) for file in files) < 400_000
