"""Builds the theatre's borders once, from public-domain data in published packages; never run at start-up.

Makes, in the theatre's directory, three files that are committed:

    borders.geojson        the regions: one feature a region, its id the region's key
    background.geojson     the land around them, without meaning, so that the map has no holes
    country_lines.geojson  national borders as lines, each along the very same points

Natural Earth's 10 m boundaries, as two packages carry them (`config/PROVENANCE.md` says which and under what
licence), are mended, fitted together, thinned and rounded. Every border between two areas is thinned once
and used by both, so neighbours share their points exactly: no gap, no overlap.

How to run it, outside the project's environment:

    python -m venv /tmp/map && /tmp/map/bin/pip install shapely==2.2.0 msgspec==0.22.0
    /tmp/map/bin/pip download --no-deps --only-binary :all: --dest /tmp/map apache-superset==6.1.0
    (cd /tmp/map && npm pack world-atlas@2.0.2)
    /tmp/map/bin/python -m config.build_map /tmp/map/apache_superset-*.whl /tmp/map/world-atlas-*.tgz
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tarfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from config.theatre import THEATRES, Theatre, load_theatre

Point = tuple[float, float]
Segment = tuple[Point, Point]
Polygon = list[list[Point]]
"""Rings: the exterior first, counter-clockwise, then the holes, clockwise."""

DECIMALS = 4
"""Of a degree: 11 m at most, forty times finer than the thinning."""

GAP = 0.03
"""Degrees. Gaps narrower than this between two sources are slivers, not water."""

LARGEST_GAP = 2.0
"""Square degrees. What the land encloses and is smaller is no sea: a lake, a microstate, a fault."""

WITHOUT_BORDER = {
    "MD-BD": "Natural Earth draws Bender with Slobozia, so it is part of MD-SN here",
    "MD-DU": "Natural Earth has no such polygon apart from the left bank's, so it is part of MD-SN here",
}
"""Regions of the theatre that the source cannot give a border, and why."""

BACKGROUND = {
    "008": "AL", "020": "AD", "040": "AT", "051": "AM", "031": "AZ", "056": "BE", "070": "BA", "100": "BG",
    "191": "HR",
    "203": "CZ", "208": "DK", "246": "FI", "250": "FR", "268": "GE", "276": "DE", "300": "GR", "348": "HU",
    "364": "IR", "368": "IQ", "372": "IE", "380": "IT", "398": "KZ", "438": "LI", "442": "LU", "499": "ME",
    "528": "NL", "578": "NO", "688": "RS", "703": "SK", "705": "SI", "724": "ES", "752": "SE",
    "756": "CH", "760": "SY", "792": "TR", "795": "TM", "807": "MK", "826": "GB", "860": "UZ", "Kosovo": "XK",
}  # fmt: skip
"""ISO 3166-1 numeric (a name where there is none) to alpha-2: the countries drawn as background."""

BACKGROUND_BOX = (-11.0, 27.0, 90.0, 72.0)
"""Overseas parts of the background's countries lie outside it and are left out. Degrees W, S, E, N."""

# Natural Earth's codes are those of their time: what they are called now, or which two are confused.
POLAND_NOW = {
    "DS": "02", "KP": "04", "LU": "06", "LB": "08", "LD": "10", "MA": "12", "MZ": "14", "OP": "16",
    "PK": "18", "PD": "20", "PM": "22", "SL": "24", "SK": "26", "WN": "28", "WP": "30", "ZP": "32",
}  # fmt: skip
ESTONIA_NOW = {
    "44": "45", "49": "50", "51": "52", "57": "56", "59": "60", "65": "64", "67": "68", "70": "71",
    "78": "79", "82": "81", "86": "87",
}  # fmt: skip
LEFT_BANK = {"CAM", "GRI", "BD"}
FAR_EAST_OF = 66.0
"""Regions of Russia whose label lies east of this go to the background, thinned like it."""


def tool(name: str) -> Any:
    """A package that only this script needs. Exits with the command that installs it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        sys.exit(f"{name} is not installed here; the opening lines of {__file__} say how")


@dataclass
class Area:
    """A piece of land on its way to the map. tolerance, smallest: degrees and square degrees."""

    ident: str
    country: str
    region: str | None
    shape: Any
    tolerance: float
    smallest: float

    @property
    def background(self) -> bool:
        return self.ident.startswith("bg-")


def regions_of(wheel: Path, theatre: Theatre) -> Iterator[tuple[str, dict[str, Any]]]:
    """(region key, GeoJSON geometry) of every admin-1 polygon of the theatre's own countries, mended."""
    wanted = {country.key for country in theatre.countries.values() if not country.neighbour}
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if not name.startswith("superset/static/assets/") or not name.endswith(".geojson"):
                continue
            features = json.loads(archive.read(name))["features"]
            codes = [str(feature["properties"].get("ISO") or "") for feature in features]
            country = Counter(code[:2] for code in codes).most_common(1)[0][0]
            if country not in wanted:
                continue
            for code, feature in zip(codes, features, strict=True):
                if code[:2] == country:  # Russia's file holds Crimea and Sevastopol too; they are Ukraine's
                    yield key_now(code, feature["geometry"]), feature["geometry"]


def key_now(code: str, geometry: dict[str, Any]) -> str:
    """Natural Earth's code as ISO 3166-2 has it today."""
    country, _, part = code.partition("-")
    if country == "PL":
        return f"PL-{POLAND_NOW[part]}"
    if country == "EE":
        return f"EE-{ESTONIA_NOW.get(part, part)}"
    if country == "RU" and part in ("MOS", "MOW"):  # exchanged at the source
        return "RU-MOW" if part == "MOS" else "RU-MOS"
    if country == "MD" and part in LEFT_BANK:
        return "MD-SN"
    if country == "MD" and part == "RE":  # both Rezina and, across the Dniester, Rîbnița
        return "MD-SN" if tool("shapely").geometry.shape(geometry).centroid.x > 29.0 else "MD-RE"
    return code


def countries_of(package: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(ISO alpha-2, GeoJSON geometry) of the background's countries, from world-atlas' TopoJSON."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/countries-10m.json")
        if member is None:
            sys.exit(f"{package} holds no countries-10m.json")
        topology = json.load(member)
    scale, offset = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * scale[0] + offset[0], y * scale[1] + offset[1]))
        arcs.append(arc)

    def ring(numbers: Iterable[int]) -> list[Point]:
        points: list[Point] = []
        for number in numbers:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            points.extend(part if not points else part[1:])
        return points

    for geometry in topology["objects"]["countries"]["geometries"]:
        country = BACKGROUND.get(geometry.get("id") or geometry["properties"]["name"])
        if country is None:
            continue
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        drawn = [[ring(part) for part in polygon] for polygon in polygons]
        solid = [polygon for polygon in drawn if all(len(part) >= 4 for part in polygon)]
        yield country, {"type": "MultiPolygon", "coordinates": solid}


def gather(theatre: Theatre, wheel: Path, package: Path) -> list[Area]:
    """Every area, the theatre's regions first. Exits when a region has no polygon or a polygon no region."""
    shapely = tool("shapely")
    shape = tool("shapely.geometry").shape
    parts: dict[str, list[Any]] = defaultdict(list)
    for key, geometry in regions_of(wheel, theatre):
        parts[key].append(only_land(shape(geometry)))
    own = {key for key, region in theatre.regions.items() if region.parent in theatre.countries}
    if unknown := sorted(set(parts) - own):
        sys.exit(f"polygons of regions that the theatre does not have: {unknown}")
    if missing := sorted(own - set(parts) - set(WITHOUT_BORDER)):
        sys.exit(f"regions without a polygon: {missing}")
    parts["RU-CHU"] = [east_and_west(part) for part in parts["RU-CHU"]]
    areas = []
    for key, shapes in sorted(parts.items()):
        region = theatre.regions[key]
        far = region.country == "RU" and not 0 < region.lon < FAR_EAST_OF
        tolerance = 0.08 if far else (0.012 if region.country == "RU" else 0.004)
        smallest = 0.3 if far else (0.01 if region.country == "RU" else 0.0008)
        ident = f"bg-{key}" if far else key
        areas.append(Area(ident, region.country, key, shapely.union_all(shapes), tolerance, smallest))
    modelled = {area.country for area in areas}
    box = shapely.box(*BACKGROUND_BOX)
    for country, geometry in countries_of(package):
        if country not in modelled:
            land = only_land(shape(geometry))
            near = shapely.multipolygons([part for part in land.geoms if box.contains(part.centroid)])
            areas.append(Area(f"bg-{country}", country, None, near, 0.04, 0.03))
    areas.sort(key=lambda area: (area.background, area.ident))
    return areas


def east_and_west(geometry: Any) -> Any:
    """What the source draws beyond 180 degrees, put where RFC 7946 wants it."""
    shapely = tool("shapely")
    near = shapely.intersection(geometry, shapely.box(-180, -90, 180, 90))
    beyond = shapely.intersection(geometry, shapely.box(180, -90, 360, 90))
    return shapely.union_all([near, shapely.transform(beyond, lambda points: points - [360, 0])])


def only_land(geometry: Any) -> Any:
    """The polygons of a geometry, valid, as one MultiPolygon."""
    shapely = tool("shapely")
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(geometry)))
    return shapely.multipolygons([part for part in parts if part.geom_type == "Polygon" and part.area > 0])


def close_gaps(areas: Sequence[Area]) -> None:
    """Grows the theatre's areas over the slivers between two countries, those open to the sea among them.

    What lies within half of GAP of both countries and belongs to nobody is such a sliver.
    """
    shapely = tool("shapely")
    grown = {
        country: shapely.union_all([area.shape for area in areas if area.country == country]).buffer(GAP / 2)
        for country in {area.country for area in areas}
    }
    land = shapely.union_all([area.shape for area in areas])
    for country in sorted({area.country for area in areas if not area.background}):
        others = [shape for other, shape in grown.items() if other != country]
        slivers = shapely.intersection(grown[country], shapely.union_all(others)).difference(land)
        land = land.union(slivers)
        for area in areas:
            if area.country == country and not area.background:
                share = area.shape.buffer(GAP / 2).intersection(slivers)
                if not share.is_empty:
                    area.shape = only_land(area.shape.union(share))
                    slivers = slivers.difference(share)


def fit(areas: Sequence[Area]) -> None:
    """Makes the areas a coverage: overlaps go to the first of the two, slivers between them are closed."""
    shapely = tool("shapely")
    close_gaps(areas)
    fitted = shapely.coverage_clean([area.shape for area in areas], gap_width=GAP, merge_strategy="min_index")
    pieces = shapely.get_parts(fitted)
    tree = shapely.STRtree(pieces)

    def among_neighbours(part: Any) -> bool:
        beside = pieces[tree.query(part, predicate="touches")]
        return bool((shapely.length(shapely.intersection(part, beside)) > 0).any())

    for area, shape in zip(areas, fitted, strict=True):
        parts = sorted(
            (part for part in shapely.get_parts(shape) if part.area > 0), key=lambda part: -part.area
        )
        # A small island may go; a small part among neighbours would leave a hole.
        area.shape = shapely.multipolygons(
            [
                part
                for number, part in enumerate(parts)
                if number == 0 or part.area >= area.smallest or among_neighbours(part)
            ]
        )
    fill_gaps(areas)
    if not shapely.coverage_is_valid([area.shape for area in areas]):
        sys.exit("the areas do not fit together")


def fill_gaps(areas: Sequence[Area]) -> None:
    """Gives what land encloses and is no sea to the area that has the longest border with it."""
    shapely = tool("shapely")
    land = shapely.coverage_union_all([area.shape for area in areas])
    tree = shapely.STRtree([area.shape for area in areas])
    for part in shapely.get_parts(land):
        for hole in map(shapely.Polygon, part.interiors):
            if hole.area < LARGEST_GAP:
                around = tree.query(hole, predicate="intersects")
                borders = [
                    shapely.intersection(hole.boundary, areas[n].shape.boundary).length for n in around
                ]
                area = areas[max(zip(borders, around, strict=True))[1]]
                area.shape = only_land(shapely.coverage_union_all([area.shape, hole]))


def thin(areas: Sequence[Area]) -> list[list[Polygon]]:
    """Thins every line between two nodes once.

    Returns each area's polygons. A line takes the finest tolerance among its areas; lines that would then
    cross themselves or each other are thinned half as much, until none does.
    """
    shapely = tool("shapely")
    rings: list[list[Polygon]] = []
    owners: dict[Segment, list[int]] = defaultdict(list)
    for number, area in enumerate(areas):
        polygons = []
        for part in shapely.get_parts(shapely.orient_polygons(area.shape)):
            polygon = []
            for ring in (part.exterior, *part.interiors):
                points = [(float(x), float(y)) for x, y in ring.coords]
                polygon.append(points)
                for start, end in pairwise(points):
                    owners[min(start, end), max(start, end)].append(number)
            polygons.append(polygon)
        rings.append(polygons)
    nodes = find_nodes(owners)
    cut = [[[list(arcs_of(ring, nodes)) for ring in polygon] for polygon in area] for area in rings]
    arcs: dict[tuple[Point, ...], tuple[int, ...]] = {}
    for area_arcs in cut:
        for polygon_arcs in area_arcs:
            for ring_arcs in polygon_arcs:
                for arc in ring_arcs:
                    arcs[way(arc)] = tuple(sorted(owners[min(arc[0], arc[1]), max(arc[0], arc[1])]))
    tolerances = {arc: min(areas[side].tolerance for side in sides) for arc, sides in arcs.items()}
    for _ in range(12):
        thinned = {arc: thin_line(arc, tolerance) for arc, tolerance in tolerances.items()}
        shapes = [
            [polygon for polygon in (joined(polygon_arcs, thinned) for polygon_arcs in area) if polygon]
            for area in cut
        ]
        faulty = faults(list(thinned), [shapely.LineString(line) for line in thinned.values()])
        if not faulty:
            solid = [shapely.multipolygons([shapely.Polygon(p[0], p[1:]) for p in area]) for area in shapes]
            if all(shape.is_valid for shape in solid) and shapely.coverage_is_valid(solid):
                return shapes
            edges = shapely.union_all(shapely.coverage_invalid_edges(solid))
            faulty = {arc for arc, line in thinned.items() if shapely.LineString(line).intersects(edges)}
        if not faulty:
            break
        print(f"{len(faulty)} lines are thinned again, half as much")
        for arc in faulty:
            tolerances[arc] /= 2
    sys.exit("the borders cannot be thinned without crossing each other")


def faults(arcs: Sequence[tuple[Point, ...]], lines: Sequence[Any]) -> set[tuple[Point, ...]]:
    """The lines that cross themselves, or meet another anywhere but at an end of both."""
    shapely = tool("shapely")
    bad = {arc for arc, line in zip(arcs, lines, strict=True) if not line.is_simple}
    ends = [{line.coords[0], line.coords[-1]} for line in lines]
    for one, other in zip(*shapely.STRtree(lines).query(lines, predicate="intersects"), strict=True):
        if one < other:
            met = shapely.get_coordinates(lines[one].intersection(lines[other]))
            shared = ends[one] & ends[other]
            if len(met) > len(shared) or any((float(x), float(y)) not in shared for x, y in met):
                bad |= {arcs[one], arcs[other]}
    return bad


def find_nodes(owners: dict[Segment, list[int]]) -> set[Point]:
    """The points where the areas along a border change."""
    around: dict[Point, set[tuple[int, ...]]] = defaultdict(set)
    degree: Counter[Point] = Counter()
    for (start, end), sides in owners.items():
        for point in (start, end):
            around[point].add(tuple(sorted(sides)))
            degree[point] += 1
    return {point for point, kinds in around.items() if len(kinds) > 1 or degree[point] != 2}


def arcs_of(ring: list[Point], nodes: set[Point]) -> Iterator[tuple[Point, ...]]:
    """A closed ring cut at the nodes; one without any (an island, an enclave) starts at its least point."""
    open_ring = ring[:-1]
    at = next((i for i, point in enumerate(open_ring) if point in nodes), open_ring.index(min(open_ring)))
    turned = [*open_ring[at:], *open_ring[: at + 1]]
    start = 0
    for index in range(1, len(turned)):
        if turned[index] in nodes or index == len(turned) - 1:
            yield tuple(turned[start : index + 1])
            start = index


def way(arc: tuple[Point, ...]) -> tuple[Point, ...]:
    """The same line whichever side it is walked from."""
    return min(arc, arc[::-1])


def thin_line(arc: tuple[Point, ...], tolerance: float) -> list[Point]:
    """Douglas and Peucker's, rounded, never less than a triangle for a closed line."""
    shapely = tool("shapely")
    thinned = shapely.LineString(arc).simplify(tolerance, preserve_topology=False).coords
    points = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in thinned]
    points = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    if arc[0] == arc[-1] and len(points) < 4:
        points = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in arc]
    return points


def joined(
    polygon: list[list[tuple[Point, ...]]], thinned: dict[tuple[Point, ...], list[Point]]
) -> list[list[Point]]:
    """A polygon's rings put together from thinned lines; what vanished in thinning is left out."""
    rings = []
    for arcs in polygon:
        ring: list[Point] = []
        for arc in arcs:
            same = way(arc)
            line = thinned[same] if same == arc else thinned[same][::-1]
            ring.extend(line if not ring else line[1:])
        if len(ring) >= 4:
            rings.append(ring)
        elif not rings:
            return []
    return rings


def collection(features: Iterable[dict[str, Any]]) -> str:
    """A FeatureCollection with one feature a line, so that a change can be read in a diff."""
    rows = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{rows}\n]}}\n'


def area_feature(area: Area, polygons: list[Polygon]) -> dict[str, Any]:
    """One feature by RFC 7946; `key` names the region, for far regions in the background too."""
    properties: dict[str, str] = {"country": area.country}
    if area.region:
        properties = {"key": area.region, **properties}
    if area.background:
        properties["role"] = "background"
    one = len(polygons) == 1
    return {
        "type": "Feature",
        "id": area.ident,
        "properties": properties,
        "geometry": {
            "type": "Polygon" if one else "MultiPolygon",
            "coordinates": polygons[0] if one else polygons,
        },
    }


def line_features(areas: Sequence[Area], shapes: Sequence[list[Polygon]]) -> Iterator[dict[str, Any]]:
    """Lines where two countries touch: `between` names them, `role` is "theatre" or "background"."""
    shapely = tool("shapely")
    beside: dict[Segment, set[str]] = defaultdict(set)
    for area, polygons in zip(areas, shapes, strict=True):
        for ring in (ring for polygon in polygons for ring in polygon):
            for start, end in pairwise(ring):
                beside[min(start, end), max(start, end)].add(area.country)
    between: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for segment, countries in beside.items():
        if len(countries) == 2:
            between[tuple(sorted(countries))].append(shapely.LineString(segment))
    modelled = {area.country for area in areas if not area.background}
    for pair, parts in sorted(between.items()):
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts)))
        role = "theatre" if modelled & set(pair) else "background"
        for number, line in enumerate(merged):
            yield {
                "type": "Feature",
                "id": f"{'-'.join(pair)}-{number}",
                "properties": {"between": "-".join(pair), "role": role},
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[float(x), float(y)] for x, y in line.coords],
                },
            }


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the three files and prints their sizes."""
    parser = argparse.ArgumentParser(prog="python -m config.build_map", description=__doc__.splitlines()[0])
    parser.add_argument("superset", type=Path, help="the wheel of apache-superset 6.1.0")
    parser.add_argument("world_atlas", type=Path, help="the npm package world-atlas 2.0.2")
    parser.add_argument("--theatre", default="eastern-flank")
    options = parser.parse_args(arguments)
    theatre = load_theatre(options.theatre)
    areas = gather(theatre, options.superset, options.world_atlas)
    fit(areas)
    shapes = thin(areas)
    features = [area_feature(area, polygons) for area, polygons in zip(areas, shapes, strict=True)]
    files = {
        "borders.geojson": [f for f, area in zip(features, areas, strict=True) if not area.background],
        "background.geojson": [f for f, area in zip(features, areas, strict=True) if area.background],
        "country_lines.geojson": list(line_features(areas, shapes)),
    }
    for name, rows in files.items():
        path = THEATRES / options.theatre / name
        path.write_text(collection(rows), encoding="utf-8")
        print(f"{name}: {len(rows)} features, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
