"""The desk's layout: where things stand on the operator's screen. What is in them comes by scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import dash_ag_grid as dag  # type: ignore[import-untyped]
from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.locale.speech import say
from dashboard.views.basemap import figure

GRID = "dash_ag_grid"
"""The component library that no other screen needs."""

_OPTIONS: dict[str, Any] = {
    "theme": {"function": "themeQuartz"},
    "rowSelection": {
        "mode": "multiRow",
        "checkboxes": False,
        "headerCheckbox": False,
        "enableClickSelection": True,
    },
    "deltaSort": True,
    "cacheQuickFilter": True,
    "animateRows": False,
    "tooltipShowDelay": 700,
    "suppressNoRowsOverlay": True,
    "suppressDragLeaveHidesColumns": True,
    "suppressMovableColumns": False,
}
"""AG Grid's, as far as they are data; columns and filters are the page's scripts'."""

_GRID_WORDS = (
    "contains",
    "notContains",
    "equals",
    "notEqual",
    "startsWith",
    "endsWith",
    "blank",
    "notBlank",
    "andCondition",
    "orCondition",
    "filterOoo",
    "resetFilter",
    "pinColumn",
    "pinLeft",
    "pinRight",
    "noPin",
    "autosizeThisColumn",
    "autosizeAllColumns",
    "resetColumns",
    "sortAscending",
    "sortDescending",
    "sortUnSort",
    "columnFilter",
    "loadingOoo",
    "ariaFilterInput",
    "ariaFilteringOperator",
    "ariaFilterValue",
    "ariaRowSelect",
    "ariaSortableColumn",
)
"""AG Grid's own words that a person can come upon, by its names for them."""


def desk(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The whole page. sources: the map's GeoJSON, as for `basemap.figure`."""
    return html.Div(
        [
            _skips(),
            _head(),
            _own("banner", role="alert"),
            html.Main([_map(theatre, sources), _now(), _events(), _drawer()], className="desk-middle"),
            _own("card", className="card", role="tooltip"),
            _own("said", className="said", role="status"),
            dcc.Store(id="picture"),
        ],
        id="desk",
        className="desk",
    )


def _skips() -> Component:
    places = ("events", "drawer", "now", "map")
    return html.Nav(
        [_word(f"desk.skip.{name}", html.A, href=f"#{name}-place", className="skip") for name in places],
        className="skips",
        **_label("desk.skip.title"),
    )


def _head() -> Component:
    screens = ("desk", "wall", "briefing")
    return html.Header(
        [
            html.H1(say("app.name"), className="name"),
            html.Nav(
                [
                    _word(
                        f"desk.screen.{name}",
                        html.A,
                        href=f"/{name}",
                        className="screen-link",
                        **_current(name == "desk"),
                    )
                    for name in screens
                ],
                className="screens",
                **_label("desk.screens"),
            ),
            html.Div(
                [
                    _own("mark-status", className="mark", role="status"),
                    _own("mark-link", className="mark mark-link", role="status"),
                ],
                className="marks",
            ),
            html.Button(
                [
                    _word("desk.palette.open", html.Span),
                    html.Kbd("Ctrl K"),
                ],
                id="palette-open",
                className="palette-open",
                type="button",
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
            _own("language", className="language-place"),
            html.A(id="access", href="/account", className="access"),
        ],
        className="head",
    )


def _map(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    return html.Section(
        [
            _own("map-tools", className="tools", role="toolbar", **_label("desk.map.tools")),
            html.Div(
                [
                    dcc.Graph(
                        id="map",
                        figure=figure(theatre.bounds, sources),
                        responsive=True,
                        config={"displayModeBar": False, "scrollZoom": True, "doubleClick": False},
                    ),
                    _own("overlay-place"),
                    _own("map-note", role="status"),
                    html.Ul(id="legend", className="legend", hidden=True),
                    _own("map-foot", className="map-foot"),
                ],
                id="map-place",
                className="map-place",
                tabIndex=-1,
            ),
        ],
        className="desk-map",
        **_label("desk.map.title"),
    )


def _now() -> Component:
    return html.Section(
        [
            _own("tally", className="tally"),
            html.Div(
                [
                    _own("now-tabs", className="tab-row", role="tablist", **_label("desk.now.tabs")),
                    _own("desk-acts", className="desk-acts", role="toolbar", **_label("desk.acts")),
                ],
                className="tabs",
            ),
            _own("now-list", className="now-list", role="tabpanel", tabIndex=0),
        ],
        id="now-place",
        className="desk-now",
        tabIndex=-1,
        **_label("desk.now.title"),
    )


def _events() -> Component:
    return html.Section(
        [
            _own("table-tools", className="tools", role="toolbar", **_label("desk.table.tools")),
            html.Div(
                [
                    dag.AgGrid(
                        id="events",
                        columnDefs=[],
                        rowData=[],
                        getRowId="params.data.id",
                        columnSize=None,
                        dashGridOptions={
                            **_OPTIONS,
                            "localeText": {name: say(f"grid.{name}") for name in _GRID_WORDS},
                        },
                        style={"height": "100%", "width": "100%"},
                        persistence=False,
                    ),
                    _own("table-none", className="table-none", hidden=True),
                ],
                className="grid-place",
            ),
            _own("table-foot", className="table-foot"),
        ],
        id="events-place",
        className="desk-events",
        tabIndex=-1,
        **_label("desk.table.title"),
    )


def _drawer() -> Component:
    return html.Section(
        [
            _own("drawer-head", className="drawer-head"),
            html.Div(
                _own("drawer-tabs", className="tab-row", role="tablist", **_label("desk.drawer.tabs")),
                className="tabs",
            ),
            _own("drawer-body", className="drawer-body", role="tabpanel", tabIndex=0),
        ],
        id="drawer-place",
        className="desk-drawer",
        hidden=True,
        tabIndex=-1,
        **_label("desk.drawer.title"),
    )


def _own(name: str, **properties: Any) -> Component:
    """An empty element whose inside belongs to the page's scripts; React never looks into it."""
    return html.Div(id=name, **properties)


def _word(key: str, element: Callable[..., Component], **properties: Any) -> Component:
    """A word of the catalogue; the key stays on it so that the language can be changed in place."""
    return element(say(key), **{"data-word": key}, **properties)


def _current(is_current: bool) -> dict[str, Any]:
    return {"aria-current": "page"} if is_current else {}


def _label(key: str) -> dict[str, Any]:
    return {"aria-label": say(key), "data-label": key}
