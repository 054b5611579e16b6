"""The parts of the map's making that need no geometry library: codes, and lines cut and joined again."""

from itertools import pairwise

import pytest

from config.build_map import arcs_of, find_nodes, joined, key_now, way
from config.theatre import load_theatre

LEFT = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]
RIGHT = [(2.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 2.0), (2.0, 0.0)]


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("PL-PK", "PL-18"),
        ("EE-44", "EE-45"),
        ("EE-37", "EE-37"),
        ("RU-MOS", "RU-MOW"),
        ("RU-MOW", "RU-MOS"),
        ("MD-CAM", "MD-SN"),
        ("UA-43", "UA-43"),
    ],
)
def test_an_older_code_becomes_todays(code: str, key: str) -> None:
    assert key_now(code, {}) == key
    assert key in load_theatre().regions


def segments(ring: list[tuple[float, float]]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [(min(a, b), max(a, b)) for a, b in pairwise(ring)]


def test_nodes_are_where_the_areas_beside_a_border_change() -> None:
    owners: dict[tuple[tuple[float, float], tuple[float, float]], list[int]] = {}
    for number, ring in enumerate((LEFT, RIGHT)):
        for segment in segments(ring):
            owners.setdefault(segment, []).append(number)
    assert find_nodes(owners) == {(2.0, 0.0), (2.0, 2.0)}


def test_neighbours_have_their_common_border_as_one_line() -> None:
    nodes = {(2.0, 0.0), (2.0, 2.0)}
    left = {way(arc) for arc in arcs_of(LEFT, nodes)}
    right = {way(arc) for arc in arcs_of(RIGHT, nodes)}
    assert left & right == {((2.0, 0.0), (2.0, 2.0))}


def test_cut_lines_join_to_the_ring_they_came_from() -> None:
    arcs = list(arcs_of(LEFT, {(2.0, 0.0), (2.0, 2.0)}))
    rings = joined([arcs], {way(arc): list(way(arc)) for arc in arcs})
    assert len(rings) == 1
    assert sorted(segments(rings[0])) == sorted(segments(LEFT))
    assert rings[0][0] == rings[0][-1]


def test_an_island_is_one_line() -> None:
    assert [len(arc) for arc in arcs_of(LEFT, set())] == [5]


def test_an_area_that_vanished_is_left_out() -> None:
    arcs = list(arcs_of(LEFT, set()))
    assert joined([arcs], {way(arcs[0]): [(0.0, 0.0), (2.0, 0.0), (0.0, 0.0)]}) == []
