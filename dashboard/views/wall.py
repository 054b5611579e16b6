"""The wall's layout: where things stand. What is in them comes from the picture, by scripts."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.views import parts
from dashboard.views.parts import label, own, word


def wall(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    return html.Div(
        [
            html.Header(
                [
                    parts.name(),
                    parts.theatre_title(theatre),
                    parts.marks(faults=True),
                    parts.feeds(),
                    parts.clocks(),
                ],
                className="head",
            ),
            html.Main(
                [
                    parts.map_place(parts.map_graph(theatre, sources)),
                    html.Aside(parts.picture_sections(), id="panel", className="panel"),
                ],
                className="middle",
            ),
            _strip(),
            parts.ticker_band(),
            parts.card(),
            dcc.Store(id="picture"),
        ],
        id="wall",
        className="wall",
    )


def _strip() -> Component:
    return html.Section(
        [
            html.Div(
                [
                    word("strip.title", html.H2),
                    html.Span(
                        [html.I(className="key key-alerts"), word("strip.alerts")], className="key-item"
                    ),
                    html.Span(
                        [html.I(className="key key-threats"), word("strip.threats")], className="key-item"
                    ),
                    word("strip.per", className="key-item"),
                    own("strip-hour", className="key-item"),
                    own("wall-state", className="wall-state"),
                    parts.access(),
                ],
                className="strip-head",
            ),
            own("strip", className="strip-plot"),
        ],
        className="strip",
        **label("strip.title"),
    )
