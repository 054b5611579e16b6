"""Positions in the military grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

KNOWN = {
    (30.5234, 50.4501): "36U UA 24182 91607",
    (24.0297, 49.8397): "35U KR 86436 25040",
    (22.0189, 50.11): "34U EA 72854 51358",
    (21.0122, 52.2297): "34U EC 00833 86586",
    (25.2797, 54.6872): "35U LA 89106 61342",
    (24.7536, 59.437): "35V LF 72593 90864",
    (26.1025, 44.4268): "35T MK 28561 19670",
    (28.8638, 47.0105): "35T PN 41666 08016",
    (47.25, 56.13): "38V PH 39842 22828",
    (41.9999, 57.0001): "37V FD 82203 21398",
    (-0.1276, 51.5072): "30U XC 99330 10142",
    (5.3221, 60.3913): "32V KN 97353 00648",
    (15.6267, 78.2232): "33X WG 14278 83355",
    (-70.6693, -33.4489): "19H CC 44846 97700",
    (151.2093, -33.8688): "56H LH 34368 50948",
    (0.0, 0.0): "31N AA 66021 00000",
    (-179.5, -16.5): "1K BB 33124 74101",
}
"""As GEOTRANS has them, the United States' own converter, through the Python package mgrs 1.6.0."""


def test_positions_are_named_as_geotrans_names_them(modules: Callable[..., Any]) -> None:
    got = modules("mgrs", "(m, all) => all.map(([lon, lat]) => m.mgrs(lon, lat))", list(KNOWN))
    assert got == list(KNOWN.values())


def test_fewer_digits_are_cut_off_and_beyond_the_grid_there_is_none(modules: Callable[..., Any]) -> None:
    function = "(m, all) => all.map((each) => m.mgrs(...each))"
    some = [[24.0297, 49.8397, 3], [24.0297, 49.8397, 2], [0, 85], [0, -81], [None, "x"]]
    assert modules("mgrs", function, some) == ["35U KR 864 250", "35U KR 86 25", None, None, None]
