"""The wall's layout: where things stand. What is in them comes from the picture, by scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.locale.speech import SPOKEN, say
from dashboard.views.basemap import figure

Children = str | Component | list[Component] | None


def wall(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    return html.Div(
        [
            _head(theatre),
            html.Main(
                [
                    html.Div(
                        [
                            dcc.Graph(
                                id="map",
                                figure=figure(theatre.bounds, sources),
                                responsive=True,
                                config={"displayModeBar": False, "scrollZoom": True, "doubleClick": False},
                            ),
                            _own("overlay-place"),
                            _own(
                                "advisories",
                                className="advisories",
                                hidden=True,
                                **_label("advisories.title"),
                            ),
                            _own("map-note", role="status"),
                            legend(),
                            _own("banner", role="alert"),
                        ],
                        id="map-place",
                        className="map-place",
                    ),
                    html.Aside(
                        picture_sections(),
                        id="panel",
                        className="panel",
                    ),
                ],
                className="middle",
            ),
            _strip(),
            html.Section(
                [_own("ticker", className="ticker"), _own("ticker-pages", className="ticker-pages")],
                className="ticker-band",
                **_label("ticker.title"),
            ),
            _own("card", className="card", role="tooltip"),
            dcc.Store(id="picture"),
        ],
        id="wall",
        className="wall",
    )


def _head(theatre: Theatre) -> Component:
    return html.Header(
        [
            html.H1(say("app.name"), className="name"),
            html.Div(theatre.title[SPOKEN.get()], id="theatre-title", className="theatre-title"),
            html.Div(
                [
                    _own("mark-status", className="mark", role="status"),
                    _own("mark-link", className="mark mark-link", role="status"),
                    _own("faults", className="mark mark-fault", role="status", hidden=True),
                ],
                className="marks",
            ),
            _own("feeds", className="feeds", tabIndex=0),
            html.Div(
                [
                    html.Div(
                        [_own("clock-zulu", className="zulu"), _own("clock-note", className="clock-note")]
                    ),
                    _own("clock-local", className="local"),
                ],
                className="clocks",
            ),
        ],
        className="head",
    )


def picture_sections() -> list[Component]:
    """What stands beside the map: tonight's figures, threats, scrambles, alerts, statements."""
    return [_tonight(), *map(_section, ("threats", "scrambles", "alerts", "statements"))]


def _tonight() -> Component:
    return html.Section(
        [
            html.Div(
                [_word("tonight.title", html.H2), html.Span(id="tonight-since", className="aside")],
                className="section-head",
            ),
            html.Div(
                [
                    _figure("uav-launched", "tonight.uav_launched"),
                    _figure("uav-neutralised", "tonight.uav_neutralised"),
                    _figure("missiles", "tonight.missiles"),
                    _figure("impacts", "tonight.impacts"),
                ],
                className="figures",
            ),
            html.Div(id="tonight-claim", className="claim"),
        ],
        id="tonight",
        className="tonight",
    )


def _figure(name: str, label: str) -> Component:
    """One big number. Its parts are Dash's and are set by name: value, hedge, label, sub."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span(id=f"{name}-hedge", className="hedge"),
                    html.Span("—", id=f"{name}-value", className="value"),
                ],
                className="number",
            ),
            html.Div(say(label), id=f"{name}-label", className="label"),
            _own(f"{name}-more", className="more"),
        ],
        id=name,
        className="figure absent",
        role="button",
        tabIndex=0,
    )


def _section(name: str) -> Component:
    return html.Section(
        [
            html.Div(
                [_word(f"{name}.title", html.H2), _own(f"{name}-aside", className="aside")],
                className="section-head",
            ),
            _own(f"{name}-list", className="list", **({"tabIndex": 0} if name == "alerts" else {})),
        ],
        id=name,
        className=f"section {name}",
    )


def _strip() -> Component:
    return html.Section(
        [
            html.Div(
                [
                    _word("strip.title", html.H2),
                    html.Span(
                        [html.I(className="key key-alerts"), _word("strip.alerts")], className="key-item"
                    ),
                    html.Span(
                        [html.I(className="key key-threats"), _word("strip.threats")], className="key-item"
                    ),
                    _word("strip.per", className="key-item"),
                    _own("strip-hour", className="key-item"),
                    _own("wall-state", className="wall-state"),
                    html.A(id="access", href="/account", className="access"),
                ],
                className="strip-head",
            ),
            _own("strip", className="strip-plot"),
        ],
        className="strip",
        **_label("strip.title"),
    )


def legend() -> Component:
    """What the map's signs mean."""
    kinds = (
        "red",
        "part",
        "calculated",
        "yellow",
        "permanent",
        "threat",
        "approximate",
        "scramble",
        "link",
        "closed",
        "strike",
        "track",
        "marker",
    )
    return html.Ul(
        [html.Li([html.I(className=f"swatch swatch-{kind}"), _word(f"legend.{kind}")]) for kind in kinds],
        id="legend",
        className="legend",
    )


def _own(name: str, **properties: Any) -> Component:
    """An empty element whose inside belongs to the page's scripts; React never looks into it."""
    return html.Div(id=name, **properties)


def _word(key: str, element: Callable[..., Component] = html.Span, **properties: Any) -> Component:
    """A word of the catalogue; the key stays on it so that the language can be changed in place."""
    return element(say(key), **{"data-word": key}, **properties)


def _label(key: str) -> dict[str, Any]:
    return {"aria-label": say(key), "data-label": key}
