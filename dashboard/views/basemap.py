"""The map without the night on it: Plotly's figure with an offline MapLibre style.

Every source is GeoJSON from this app; there are no tiles, glyphs or sprites. A region's alert is MapLibre
feature state, so that a change of it repaints one polygon instead of cutting all of them anew.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from config.theatre import Bounds

SEA = "#04080d"
LAND = "#15212d"
BACKGROUND_LAND = "#101a23"
REGION_LINE = "#243240"
COUNTRY_LINE = "#5b7085"

RED_FILL = "#641a24"
RED_LINE = "#ff5d6c"
AMBER_FILL = "#5d4610"
AMBER_LINE = "#ffb02e"
OTHER_FILL = "#5a2f12"
OTHER_LINE = "#ff9350"
PERMANENT_LINE = "#8f4650"
RED_TINT = "#431f2a"
AMBER_TINT = "#43371a"
OTHER_TINT = "#3f2a1b"
"""Of what is under alert in part or by calculation: between the land's colour and the fill."""
PERMANENT_STRIPE = "#a4525c"
OVER_STRIPE = "#7d1f2c"
"""Of what is in part under red, and as a whole under yellow."""

LIGHT = {
    SEA: "#cbd9e4",
    LAND: "#f7f7f3",
    BACKGROUND_LAND: "#e7eaeb",
    REGION_LINE: "#c3cad0",
    COUNTRY_LINE: "#66788a",
    RED_FILL: "#f5b5b9",
    RED_LINE: "#b3101f",
    AMBER_FILL: "#ffdf94",
    AMBER_LINE: "#b87400",
    OTHER_FILL: "#fbcaa8",
    OTHER_LINE: "#d2691e",
    PERMANENT_LINE: "#a4616b",
    RED_TINT: "#f7dcdc",
    AMBER_TINT: "#fdf0cf",
    OTHER_TINT: "#fbe6d8",
    PERMANENT_STRIPE: "#b2717a",
    OVER_STRIPE: "#e8868e",
}
"""What each colour is in the light theme. The page's scripts change them in place."""

TILE_PX = 512
"""MapLibre's world is this wide at zoom 0."""


def view_of(bounds: Bounds, width_px: float, height_px: float) -> tuple[float, float, float]:
    """Longitude and latitude of the middle, and zoom, that show all of `bounds` in that many pixels."""
    top, bottom = _mercator(bounds.north), _mercator(bounds.south)
    world_x = (bounds.east - bounds.west) / 360
    world_y = (top - bottom) / (2 * math.pi)
    zoom = math.log2(min(width_px / world_x, height_px / world_y) / TILE_PX)
    lat = math.degrees(2 * math.atan(math.exp((top + bottom) / 2)) - math.pi / 2)
    return (bounds.west + bounds.east) / 2, lat, zoom


def figure(bounds: Bounds, sources: Mapping[str, str]) -> dict[str, Any]:
    """The figure for dcc.Graph. sources: `background`, `borders` and `country_lines` to their URLs."""
    lon, lat, zoom = view_of(bounds, 1290, 760)
    return {
        # Plotly makes its map for a map trace only; this one has nothing in it.
        "data": [{"type": "choroplethmap", "locations": [], "z": [], "geojson": _EMPTY, "showscale": False}],
        "layout": {
            "map": {"style": style(sources), "center": {"lon": lon, "lat": lat}, "zoom": zoom},
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "showlegend": False,
            "uirevision": "the viewer's",
        },
    }


_EMPTY = {"type": "FeatureCollection", "features": []}
_OF_NONE = {"source": "borders", "filter": ["in", ["get", "key"], ["literal", []]]}
STRIPED = ("permanent", "part", "part-over")
"""Layers that the page's scripts give a pattern, and the regions that it is for."""


def style(sources: Mapping[str, str]) -> dict[str, Any]:
    """The MapLibre style (version 8). sources: as for `figure`."""
    alert = ["coalesce", ["feature-state", "alert"], ""]
    return {
        "version": 8,
        "name": "watchfloor",
        # Nothing fades in: a wall shows what is, at once.
        "transition": {"duration": 0, "delay": 0},
        "metadata": {"light": LIGHT},
        "sources": {
            name: {"type": "geojson", "data": url, "promoteId": "key", "tolerance": 0.3, "buffer": 32}
            for name, url in sources.items()
        },
        "layers": [
            {"id": "sea", "type": "background", "paint": {"background-color": SEA}},
            {
                "id": "around",
                "type": "fill",
                "source": "background",
                "paint": {"fill-color": BACKGROUND_LAND, "fill-antialias": False},
            },
            {
                "id": "land",
                "type": "fill",
                "source": "borders",
                "paint": {
                    "fill-antialias": False,
                    "fill-color": [
                        "match",
                        alert,
                        "red",
                        RED_FILL,
                        "yellow",
                        AMBER_FILL,
                        "other",
                        OTHER_FILL,
                        "red-part",
                        RED_FILL,
                        "yellow-part",
                        AMBER_FILL,
                        "other-part",
                        OTHER_FILL,
                        "red-calculated",
                        RED_TINT,
                        "yellow-calculated",
                        AMBER_TINT,
                        "other-calculated",
                        OTHER_TINT,
                        LAND,
                    ],
                },
            },
            *({**_OF_NONE, "id": name, "type": "fill", "paint": {"fill-opacity": 0}} for name in STRIPED),
            {
                "id": "region-lines",
                "type": "line",
                "source": "borders",
                "paint": {"line-color": REGION_LINE, "line-width": 1},
            },
            {
                "id": "alert-lines",
                "type": "line",
                "source": "borders",
                "paint": {
                    "line-color": [
                        "match",
                        alert,
                        "red",
                        RED_LINE,
                        "red-part",
                        RED_LINE,
                        "other",
                        OTHER_LINE,
                        "other-part",
                        OTHER_LINE,
                        "permanent",
                        PERMANENT_LINE,
                        REGION_LINE,
                    ],
                    "line-width": 1.6,
                    "line-opacity": [
                        "match",
                        alert,
                        ["red", "other", "permanent"],
                        1,
                        ["red-part", "other-part"],
                        0.7,
                        0,
                    ],
                },
            },
            {
                # Dashed, so that the levels differ to those who see no difference in the colours.
                "id": "yellow-lines",
                "type": "line",
                "source": "borders",
                "paint": {
                    "line-color": AMBER_LINE,
                    "line-width": 1.6,
                    "line-dasharray": [2.5, 1.5],
                    "line-opacity": ["match", alert, "yellow", 1, "yellow-part", 0.8, 0],
                },
            },
            {
                # Dotted: nobody reported it.
                **_OF_NONE,
                "id": "calculated-lines",
                "type": "line",
                "layout": {"line-cap": "round"},
                "paint": {
                    "line-color": ["match", alert, "yellow-calculated", AMBER_LINE, RED_LINE],
                    "line-width": 1.6,
                    "line-dasharray": [0.1, 2.2],
                },
            },
            {
                "id": "country-lines",
                "type": "line",
                "source": "country_lines",
                "layout": {"line-join": "round"},
                "paint": {"line-color": COUNTRY_LINE, "line-width": 1.8},
            },
        ],
    }


def _mercator(lat: float) -> float:
    return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
