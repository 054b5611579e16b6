"""The desk's layout: where things stand on the operator's screen. What is in them comes by scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_ag_grid as dag  # type: ignore[import-untyped]
from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.locale.speech import say
from dashboard.views import parts
from dashboard.views.parts import label, own, word

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
            own("banner", role="alert"),
            html.Main([_map(theatre, sources), _now(), _events(), _drawer()], className="desk-middle"),
            parts.card(),
            own("said", className="said", role="status"),
            dcc.Store(id="picture"),
        ],
        id="desk",
        className="desk",
    )


def _skips() -> Component:
    places = ("events", "drawer", "now", "map")
    return html.Nav(
        [word(f"desk.skip.{name}", html.A, href=f"#{name}-place", className="skip") for name in places],
        className="skips",
        **label("desk.skip.title"),
    )


def _head() -> Component:
    return html.Header(
        [
            parts.name(),
            parts.screens("desk"),
            parts.marks(),
            html.Button(
                [
                    word("desk.palette.open"),
                    html.Kbd("Ctrl K"),
                ],
                id="palette-open",
                className="palette-open",
                type="button",
            ),
            parts.feeds(),
            parts.clocks(),
            parts.language(),
            parts.access(),
        ],
        className="head",
    )


def _map(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    return html.Section(
        [
            own("map-tools", className="tools", role="toolbar", **label("desk.map.tools")),
            html.Div(
                [
                    parts.map_graph(theatre, sources),
                    own("overlay-place"),
                    own("map-note", role="status"),
                    html.Ul(id="legend", className="legend", hidden=True),
                    own("map-foot", className="map-foot"),
                ],
                id="map-place",
                className="map-place",
                tabIndex=-1,
            ),
        ],
        className="desk-map",
        **label("desk.map.title"),
    )


def _now() -> Component:
    return html.Section(
        [
            own("tally", className="tally"),
            html.Div(
                [
                    own("now-tabs", className="tab-row", role="tablist", **label("desk.now.tabs")),
                    own("desk-acts", className="desk-acts", role="toolbar", **label("desk.acts")),
                ],
                className="tabs",
            ),
            own("now-list", className="now-list", role="tabpanel", tabIndex=0),
        ],
        id="now-place",
        className="desk-now",
        tabIndex=-1,
        **label("desk.now.title"),
    )


def _events() -> Component:
    return html.Section(
        [
            own("table-tools", className="tools", role="toolbar", **label("desk.table.tools")),
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
                    own("table-none", className="table-none", hidden=True),
                ],
                className="grid-place",
            ),
            own("table-foot", className="table-foot"),
        ],
        id="events-place",
        className="desk-events",
        tabIndex=-1,
        **label("desk.table.title"),
    )


def _drawer() -> Component:
    return html.Section(
        [
            own("drawer-head", className="drawer-head"),
            html.Div(
                own("drawer-tabs", className="tab-row", role="tablist", **label("desk.drawer.tabs")),
                className="tabs",
            ),
            own("drawer-body", className="drawer-body", role="tabpanel", tabIndex=0),
        ],
        id="drawer-place",
        className="desk-drawer",
        hidden=True,
        tabIndex=-1,
        **label("desk.drawer.title"),
    )
