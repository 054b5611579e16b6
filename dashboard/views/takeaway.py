"""The take-away's layout: the briefing's picture and what moves it, without what needs a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.locale.speech import SPOKEN, say
from dashboard.views.basemap import figure
from dashboard.views.wall import legend, picture_sections


def takeaway(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    return html.Div(
        [
            html.Header(
                [
                    html.H1(say("app.name"), className="name"),
                    html.Div(
                        [
                            _own("mark-replay", className="mark mark-replay", role="status"),
                            _own("mark-status", className="mark", role="status"),
                            _own("mark-link", className="mark mark-link", role="status"),
                        ],
                        className="marks",
                    ),
                    html.Div(theatre.title[SPOKEN.get()], id="theatre-title", className="theatre-title"),
                    _own("feeds", className="feeds", tabIndex=0),
                    html.Div(
                        [
                            html.Div(
                                [
                                    _own("clock-zulu", className="zulu"),
                                    _own("clock-note", className="clock-note"),
                                ]
                            ),
                            _own("clock-local", className="local"),
                        ],
                        className="clocks",
                    ),
                ],
                className="head",
            ),
            html.Main([_map(theatre, sources), _side()], className="middle"),
            html.Section(
                [_own("ticker", className="ticker"), _own("ticker-pages", className="ticker-pages")],
                className="ticker-band",
                **_label("ticker.title"),
            ),
            _own("density", className="density", **_label("briefing.strip")),
            _own("controls", className="controls", role="toolbar", **_label("briefing.controls")),
            _own("about", className="taken-about"),
            _own("card", className="card", role="tooltip"),
        ],
        id="takeaway",
        className="briefing takeaway",
    )


def _map(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    return html.Div(
        [
            dcc.Graph(id="map", figure=figure(theatre.bounds, sources)),
            _own("overlay-place"),
            _own("advisories", className="advisories", hidden=True, **_label("advisories.title")),
            _own("map-note", role="status"),
            legend(),
            _own("banner", role="alert"),
        ],
        id="map-place",
        className="map-place",
    )


def _side() -> Component:
    tabs = {
        "figures": html.Div(picture_sections(), id="panel", className="panel"),
        "chapters": _own("chapters-place", className="chapters-place"),
    }
    return html.Aside(
        [
            _own("side-tabs", className="side-tabs", role="tablist", **_label("briefing.tabs")),
            *(
                html.Div(
                    inside,
                    id=f"side-{name}",
                    className="side-page",
                    role="tabpanel",
                    hidden=name != "figures",
                )
                for name, inside in tabs.items()
            ),
        ],
        id="side",
        className="side",
    )


def _own(name: str, **properties: Any) -> Component:
    return html.Div(id=name, **properties)


def _label(key: str) -> dict[str, Any]:
    return {"aria-label": say(key), "data-label": key}
