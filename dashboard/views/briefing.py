"""The briefing's layout: the wall's picture, and under it what moves the replay."""

from __future__ import annotations

from collections.abc import Mapping

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.views import parts
from dashboard.views.parts import own


def briefing(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    return html.Div(
        [
            html.Header(
                [
                    parts.name(),
                    parts.screens("briefing"),
                    parts.marks(replay=True),
                    parts.theatre_title(theatre),
                    parts.clocks(),
                    parts.language(),
                    parts.access(),
                ],
                className="head",
            ),
            html.Main([_map(theatre, sources), _side()], className="middle"),
            parts.ticker_band(),
            *parts.replay_bands(),
            parts.card(),
            own("said", className="said", role="status"),
            dcc.Store(id="picture"),
        ],
        id="briefing",
        className="briefing",
    )


def _map(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    return parts.map_place(
        parts.map_graph(theatre, sources),
        below=[own("difference-marks", className="difference-marks")],
        above=[own("caption", className="caption", hidden=True)],
    )


def _side() -> Component:
    return parts.side(
        {
            "figures": [parts.side_figures()],
            "chapters": [own("chapters-place", className="chapters-place")],
            "differences": [own("differences-place", className="differences-place")],
        }
    )
