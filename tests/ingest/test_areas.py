"""Areas that others draw: which of the theatre's regions they mean."""

import pytest

from config.theatre import load_theatre
from ingest.areas import SHAPE_EFFORT, Circle, Polygon, covered, effort
from streams.events import Point


def circle(lat: float, lon: float, radius_m: float) -> Circle:
    return Circle(Point(lon=lon, lat=lat), radius_m)


def box(south: float, west: float, north: float, east: float) -> Polygon:
    corners = ((south, west), (north, west), (north, east), (south, east))
    return Polygon(tuple(Point(lon=lon, lat=lat) for lat, lon in corners))


@pytest.mark.parametrize(
    ("shape", "keys"),
    [
        (circle(49.84, 24.03, 20_000), {"UA-46"}),
        (circle(51.25, 22.57, 0), {"PL-06"}),
        (box(51.2, 22.5, 51.3, 22.6), {"PL-06"}),
        (circle(50.45, 30.52, 1_000), {"UA-30"}),
        (circle(0, 0, 1_000_000), set()),
        (box(-10, -10, -9, -9), set()),
    ],
)
def test_a_small_shape_means_the_region_that_it_lies_in(shape: Circle | Polygon, keys: set[str]) -> None:
    assert covered([shape], load_theatre()) == keys


def test_a_large_shape_means_every_region_whose_label_it_has_and_no_country() -> None:
    theatre = load_theatre()
    everything = covered([box(-90, -180, 90, 180)], theatre)
    around = covered([circle(50, 24, 300_000)], theatre)

    assert everything == {
        region.key for region in theatre.regions.values() if region.parent in theatre.countries
    }
    assert {"UA-46", "PL-06", "PL-18"} <= around < everything
    assert "UA-63" not in around


def test_a_region_in_the_hole_of_another_is_not_the_other() -> None:
    around_kyiv, kyiv = circle(50.2, 29.9, 0), circle(50.45, 30.52, 0)

    assert covered([around_kyiv], load_theatre()) == {"UA-32"}
    assert covered([kyiv], load_theatre()) == {"UA-30"}


def test_several_shapes_mean_all_that_each_means() -> None:
    assert covered([circle(49.84, 24.03, 0), circle(51.25, 22.57, 0)], load_theatre()) == {"UA-46", "PL-06"}


def test_the_effort_of_a_shape_grows_with_its_corners() -> None:
    assert effort(circle(0, 0, 1)) == SHAPE_EFFORT
    assert effort(box(0, 0, 1, 1)) == SHAPE_EFFORT + 4
