"""The take-away's layout: the briefing's picture and what moves it, without what needs a server."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.views import parts
from dashboard.views.basemap import figure
from dashboard.views.parts import own


def takeaway(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    graph = dcc.Graph(id="map", figure=figure(theatre.bounds, sources))
    pages = {
        "figures": parts.side_figures(),
        "chapters": own("chapters-place", className="chapters-place"),
    }
    return html.Div(
        [
            html.Header(
                [
                    parts.name(),
                    parts.marks(replay=True),
                    parts.theatre_title(theatre),
                    parts.feeds(),
                    parts.clocks(),
                ],
                className="head",
            ),
            html.Main([parts.map_place(graph), parts.side(pages)], className="middle"),
            parts.ticker_band(),
            *parts.replay_bands(),
            own("about", className="taken-about"),
            parts.card(),
        ],
        id="takeaway",
        className="briefing takeaway",
    )
