"""Where things go: labels that do not touch, marks on the strip, points on the map."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from config.theatre import load_theatre
from dashboard.views.basemap import view_of


def test_labels_never_touch_each_other(modules: Callable[..., Any]) -> None:
    boxes = modules(
        "labels",
        """(m) => {
            const room = new m.Room(600, 400);
            const boxes = [];
            let seed = 7;
            const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
            for (let n = 0; n < 300; n += 1) {
                const [width, height] = [40 + 50 * random(), 14];
                const [x, y] = [600 * random(), 400 * random()];
                const spot = m.place(room, { x, y, half: 8, width, height, gap: 4 });
                if (spot) boxes.push([spot[0], spot[1], spot[0] + width, spot[1] + height]);
            }
            return boxes;
        }""",
    )
    assert len(boxes) > 30
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= 600
        assert bottom <= 400
        for other_left, other_top, other_right, other_bottom in boxes[n + 1 :]:
            apart = left >= other_right or other_left >= right or top >= other_bottom or other_top >= bottom
            assert apart


def test_a_label_that_must_stand_stands_where_there_is_no_room(modules: Callable[..., Any]) -> None:
    function = """(m, must) => {
        const room = new m.Room(100, 100);
        room.take([0, 0, 100, 100]);
        return m.place(room, { x: 50, y: 50, half: 5, width: 20, height: 10, gap: 2, must });
    }"""
    assert modules("labels", function, False) is None
    assert modules("labels", function, True) == [57, 45, "right"]


def test_a_room_above_another_keeps_to_both_and_leaves_it_as_it_was(
    modules: Callable[..., Any],
) -> None:
    function = """(m) => {
        const below = new m.Room(100, 100);
        below.take([0, 0, 20, 20]);
        const above = below.above();
        above.take([50, 50, 60, 60]);
        const [low, high] = [[10, 10, 30, 30], [55, 55, 70, 70]];
        return [above.isFree(low), above.isFree(high), below.isFree(high)];
    }"""
    assert modules("labels", function) == [False, False, True]


def test_strip_labels_do_not_touch_and_the_telling_ones_come_first(modules: Callable[..., Any]) -> None:
    placed = modules(
        "strip",
        """(m) => m.placeLabels(
            [{ x: 100, width: 90, rank: 2 }, { x: 105, width: 90, rank: 5 }, { x: 110, width: 90, rank: 1 },
             { x: 115, width: 90, rank: 1 }, { x: 120, width: 90, rank: 1 }],
            { lanes: 2, width: 300, gap: 6 })""",
    )
    assert placed[0]["mark"]["rank"] == 5
    assert 2 <= len(placed) < 5
    for n, one in enumerate(placed):
        for other in placed[n + 1 :]:
            if one["lane"] == other["lane"]:
                assert one["left"] + 90 <= other["left"] or other["left"] + 90 <= one["left"]


def test_the_strips_axis_stands_still_for_hours(modules: Callable[..., Any]) -> None:
    night = {"start": "2025-06-08T15:00:00Z", "end": "2025-06-09T15:00:00Z"}
    function = (
        "(m, [night, at]) => new Date(m.axis(night, at && Date.parse(at)).end).toISOString().slice(11, 16)"
    )
    ends = [
        modules("strip", function, [night, at])
        for at in (
            None,
            "2025-06-08T16:00:00Z",
            "2025-06-09T02:00:00Z",
            "2025-06-09T03:00:00Z",
            "2025-06-09T14:59:00Z",
        )
    ]
    assert ends == ["03:00", "03:00", "03:00", "06:00", "15:00"]


def test_server_and_page_frame_the_same_view(modules: Callable[..., Any]) -> None:
    bounds = load_theatre("eastern-flank").bounds
    box = [bounds.west, bounds.south, bounds.east, bounds.north]
    page = modules("geometry", "(m, box) => m.fit(box, 1290, 760)", box)
    lon, lat, zoom = view_of(bounds, 1290, 760)
    assert (page["lon"], page["lat"], page["zoom"]) == pytest.approx((lon, lat, zoom))


def test_the_framed_corners_are_on_the_screen(modules: Callable[..., Any]) -> None:
    corners = modules(
        "geometry",
        """(m) => {
            const project = m.projection({ ...m.fit([14, 44, 41, 57], 1000, 600), width: 1000, height: 600 });
            return [project(14, 57), project(41, 44)];
        }""",
    )
    (left, top), (right, bottom) = corners
    assert top == pytest.approx(0, abs=1e-6)
    assert bottom == pytest.approx(600, abs=1e-6)
    assert 0 <= left < right <= 1000


def test_distances_are_great_circles(modules: Callable[..., Any]) -> None:
    # Kyiv to Cheboksary, by the formula of the spherical law of cosines.
    (lon1, lat1), (lon2, lat2) = (30.52, 50.45), (47.2, 56.1)
    a, b, c = map(math.radians, (lat1, lat2, lon2 - lon1))
    expected = 6371.0088 * math.acos(math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(c))
    got = modules("geometry", "(m, [p, q]) => m.distanceKm(p, q)", [[lon1, lat1], [lon2, lat2]])
    assert got == pytest.approx(expected, rel=1e-6)


def test_a_point_of_the_screen_is_the_place_that_is_shown_there(modules: Callable[..., Any]) -> None:
    function = """(m) => {
        const view = { lon: 28, lat: 50, zoom: 5.5, width: 1000, height: 600 };
        return m.unprojection(view)(...m.projection(view)(21.01, 52.23));
    }"""
    assert modules("geometry", function) == pytest.approx([21.01, 52.23])


def test_bearings_and_destinations_go_along_great_circles(modules: Callable[..., Any]) -> None:
    bearing = "(m, [p, q]) => m.bearingDeg(p, q)"
    assert modules("geometry", bearing, [[20, 0], [30, 0]]) == pytest.approx(90)
    assert modules("geometry", bearing, [[20, 50], [20, 40]]) == pytest.approx(180)
    # Warsaw to Kyiv begins more to the north than it ends.
    warsaw, kyiv = [21.0122, 52.2297], [30.5234, 50.4501]
    assert modules("geometry", bearing, [warsaw, kyiv]) == pytest.approx(103.0, abs=0.1)
    function = """(m) => {
        const [from, to] = [[21.0122, 52.2297], [30.5234, 50.4501]];
        const end = m.destination(from, m.bearingDeg(from, to), m.distanceKm(from, to));
        const line = m.greatCircle(from, to, 4);
        const ring = m.circle(from, 60).map((corner) => m.distanceKm(from, corner));
        const along = line.map((point) => m.distanceKm(from, point));
        return [end, line.length, along, Math.min(...ring), Math.max(...ring)];
    }"""
    end, points, distances, least, most = modules("geometry", function)
    assert end == pytest.approx([30.5234, 50.4501])
    assert points == 5
    assert distances == pytest.approx([n * distances[-1] / 4 for n in range(5)], abs=1e-6)
    assert (least, most) == pytest.approx((60, 60))


def test_what_is_off_the_map_stands_at_its_edge(modules: Callable[..., Any]) -> None:
    box = {"left": 10, "top": 10, "right": 990, "bottom": 590}
    function = "(m, [point, box]) => m.edgePoint(point, box)"
    assert modules("geometry", function, [[500, 300], box]) is None
    east = modules("geometry", function, [[2000, 300], box])
    assert (east["x"], east["y"], east["angle"]) == (990, 300, 0)
    north = modules("geometry", function, [[500, -700], box])
    assert (north["x"], north["y"]) == (500, 10)


def test_the_scale_bar_is_a_round_number_that_fits(modules: Callable[..., Any]) -> None:
    assert modules("geometry", "(m) => m.scaleBar(140, 1.6)") == {"km": 200, "px": 125}
