"""Colours that carry meaning stay apart for who sees fewer of them, or something else than colour says it.

The simulations are those of Machado, Oliveira and Fernandes (2009) at full severity; distances are in OKLab.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from dashboard.views import basemap
from dashboard.views.symbols import SYMBOLS

ASSETS = Path(__file__).resolve().parents[3] / "dashboard" / "assets"
_DARK, _LIGHT = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", half))
    for half in (ASSETS / "tokens.css").read_text().split('[data-theme="light"]')
)
TOKENS = {"dark": _DARK, "light": {**_DARK, **_LIGHT}}
INKS = {
    theme: dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', block))
    for theme, block in re.findall(
        r"^  (dark|light): \{(.*?)\}", (ASSETS / "pen.mjs").read_text(), re.M | re.S
    )
}
HALOS = {"dark": "#05090e", "light": "#ffffff"}
MAP: dict[str, dict[str, str]] = {"dark": {}, "light": basemap.LIGHT}
Colour = tuple[float, float, float]

SIGHTS: dict[str, tuple[Colour, Colour, Colour]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "all of them": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
AFFILIATIONS = ("hostile", "friend", "neutral", "unknown")
APART = 0.08
"""In OKLab: what is told at a glance beside each other, four times what is just noticed."""


def linear(colour: str) -> Colour:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def times(matrix: tuple[Colour, Colour, Colour], colour: Colour) -> Colour:
    a, b, c = (sum(x * y for x, y in zip(row, colour, strict=True)) for row in matrix)
    return a, b, c


def oklab(colour: Colour) -> Colour:
    """Of linear RGB (Ottosson 2020)."""
    cones = times(
        (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        ),
        colour,
    )
    long, middle, short = (max(0.0, cone) ** (1 / 3) for cone in cones)
    return times(
        (
            (0.2104542553, 0.7936177850, -0.0040720468),
            (1.9779984951, -2.4285922050, 0.4505937099),
            (0.0259040371, 0.7827717662, -0.8086757660),
        ),
        (long, middle, short),
    )


def distance(one: str, other: str, sight: str) -> float:
    a, b = (oklab(times(SIGHTS[sight], linear(colour))) for colour in (one, other))
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5


def contrast(one: str, other: str) -> float:
    """By WCAG 2."""
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (sum(w * c for w, c in zip(weights, linear(colour), strict=True)) for colour in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def frame_of(symbol: str) -> str:
    """The outline of a symbol: what APP-6 tells affiliations by, in any colour."""
    path = re.search(r'<path d="([^"]+)"', (ASSETS / "symbols" / f"{symbol}.svg").read_text())
    assert path, symbol
    return path[1]


def line_of(layer: str) -> dict[str, Any]:
    """How a layer of the map draws its lines."""
    layers = basemap.style({"background": "/a", "borders": "/b", "country_lines": "/c"})["layers"]
    paint: dict[str, Any] = next(each for each in layers if each["id"] == layer)["paint"]
    return paint


def on_map(theme: str, colour: str) -> str:
    return MAP[theme].get(colour, colour)


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_affiliations_differ_by_colour_or_by_the_frame_of_their_symbol(theme: str, sight: str) -> None:
    for one, other in combinations(AFFILIATIONS, 2):
        for use in ("civil", "military"):
            assert frame_of(f"track_{one}_{use}") != frame_of(f"track_{other}_{use}")
        # Crowded tracks are dots without a frame: then colour alone is not enough for these two.
        if {one, other} != {"neutral", "unknown"}:
            assert distance(INKS[theme][one], INKS[theme][other], sight) > APART, (one, other)


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_kinds_of_alerts_differ_by_colour_or_by_their_line(theme: str, sight: str) -> None:
    assert line_of("yellow-lines")["line-dasharray"] != line_of("alert-lines").get("line-dasharray")
    assert line_of("calculated-lines")["line-dasharray"] != line_of("yellow-lines")["line-dasharray"]
    lines = (basemap.RED_LINE, basemap.OTHER_LINE, basemap.PERMANENT_LINE)
    pairs = (*combinations(lines, 2), (basemap.RED_LINE, basemap.AMBER_LINE))
    for one, other in pairs:
        assert distance(on_map(theme, one), on_map(theme, other), sight) > APART, (one, other)


@pytest.mark.parametrize("theme", TOKENS)
@pytest.mark.parametrize("sight", SIGHTS)
def test_an_exercise_is_told_from_everything(theme: str, sight: str) -> None:
    tokens = TOKENS[theme]
    for name in ("red", "amber", "yellow", "green", "friend", "hostile", "lost"):
        assert distance(tokens["exercise-mark"], tokens[name], sight) > 2 * APART, name


@pytest.mark.parametrize("theme", TOKENS)
def test_what_is_written_on_the_map_is_read_from_afar(theme: str) -> None:
    """On its halo, which stands under every letter; names of regions also on the fill of their alert."""
    inks = INKS[theme]
    assert contrast(inks["on_closed"], inks["closed"]) >= 7
    for name in inks.keys() - {"on_closed"}:
        assert contrast(inks[name], HALOS[theme]) >= 7, name
    assert contrast(inks["red"], on_map(theme, basemap.RED_FILL)) >= 7
    assert contrast(inks["yellow"], on_map(theme, basemap.AMBER_FILL)) >= 7


@pytest.mark.parametrize("theme", TOKENS)
def test_what_is_written_on_the_screens_is_read(theme: str) -> None:
    """Text from afar, colours of kinds and states at a desk, and what stands on a colour."""
    tokens = TOKENS[theme]
    for ground in ("ground", "sunk", "panel", "band", "raised", "chip"):
        for name in ("text", "quiet"):
            assert contrast(tokens[name], tokens[ground]) >= 7, (name, ground)
    kinds = (
        "red red-soft amber yellow warn green friend hostile strike logged marker notice faint exercise-ink"
    )
    for name in kinds.split():
        for ground in ("panel", "raised", "band"):
            assert contrast(tokens[name], tokens[ground]) >= 4.5, (name, ground)
    for ground in ("hover", "chosen", "pressed", "wanted", "number"):
        assert contrast(tokens["text"], tokens[ground]) >= 4.5, ground
    on = "inverse red green friend read proved mark exercise-mark exercise-ink action lost mute"
    for name in on.split():
        assert contrast(tokens[f"on-{name}"], tokens[name]) >= 4.5, name


def test_the_legend_has_the_maps_colours() -> None:
    names = {
        "land": basemap.LAND,
        "red": basemap.RED_FILL,
        "red-line": basemap.RED_LINE,
        "red-tint": basemap.RED_TINT,
        "amber": basemap.AMBER_FILL,
        "amber-line": basemap.AMBER_LINE,
        "permanent": basemap.PERMANENT_STRIPE,
        "permanent-line": basemap.PERMANENT_LINE,
    }
    for theme, tokens in TOKENS.items():
        for name, colour in names.items():
            assert tokens[f"map-{name}"] == on_map(theme, colour), (theme, name)


def test_no_symbol_has_the_exercises_colour() -> None:
    for name in SYMBOLS:
        fills = re.findall(r'fill="(rgb\([^)]*\))"', (ASSETS / "symbols" / f"{name}.svg").read_text())
        assert "rgb(255,161,255)" not in fills, name
