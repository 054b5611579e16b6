"""The briefing's layout: the wall's picture, and under it what moves the replay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.locale.speech import SPOKEN, say
from dashboard.views.basemap import figure
from dashboard.views.wall import legend, picture_sections


def briefing(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    return html.Div(
        [
            _head(theatre),
            html.Main([_map(theatre, sources), _side()], className="middle"),
            html.Section(
                [_own("ticker", className="ticker"), _own("ticker-pages", className="ticker-pages")],
                className="ticker-band",
                **_label("ticker.title"),
            ),
            _own("density", className="density", **_label("briefing.strip")),
            _own("controls", className="controls", role="toolbar", **_label("briefing.controls")),
            _own("card", className="card", role="tooltip"),
            _own("said", className="said", role="status"),
            dcc.Store(id="picture"),
        ],
        id="briefing",
        className="briefing",
    )


def _head(theatre: Theatre) -> Component:
    screens = ("desk", "wall", "briefing")
    return html.Header(
        [
            html.H1(say("app.name"), className="name"),
            html.Nav(
                [_screen_link(name) for name in screens],
                className="screens",
                **_label("desk.screens"),
            ),
            html.Div(
                [
                    _own("mark-replay", className="mark mark-replay", role="status"),
                    _own("mark-status", className="mark", role="status"),
                    _own("mark-link", className="mark mark-link", role="status"),
                ],
                className="marks",
            ),
            html.Div(theatre.title[SPOKEN.get()], id="theatre-title", className="theatre-title"),
            html.Div(
                [
                    html.Div(
                        [_own("clock-zulu", className="zulu"), _own("clock-note", className="clock-note")]
                    ),
                    _own("clock-local", className="local"),
                ],
                className="clocks",
            ),
            _own("language", className="language-place"),
            html.A(id="access", href="/account", className="access"),
        ],
        className="head",
    )


def _map(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    return html.Div(
        [
            dcc.Graph(
                id="map",
                figure=figure(theatre.bounds, sources),
                responsive=True,
                config={"displayModeBar": False, "scrollZoom": True, "doubleClick": False},
            ),
            _own("overlay-place"),
            _own("difference-marks", className="difference-marks"),
            _own("advisories", className="advisories", hidden=True, **_label("advisories.title")),
            _own("map-note", role="status"),
            legend(),
            _own("caption", className="caption", hidden=True),
            _own("banner", role="alert"),
        ],
        id="map-place",
        className="map-place",
    )


def _side() -> Component:
    tabs: dict[str, list[Component]] = {
        "figures": [html.Div(picture_sections(), id="panel", className="panel")],
        "chapters": [_own("chapters-place", className="chapters-place")],
        "differences": [_own("differences-place", className="differences-place")],
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
    """An empty element whose inside belongs to the page's scripts; React never looks into it."""
    return html.Div(id=name, **properties)


def _screen_link(name: str) -> Component:
    key = f"desk.screen.{name}"
    properties: dict[str, Any] = {"aria-current": "page"} if name == "briefing" else {}
    return html.A(say(key), href=f"/{name}", className="screen-link", **{"data-word": key, **properties})


def _label(key: str) -> dict[str, Any]:
    return {"aria-label": say(key), "data-label": key}
