"""The parts that the screens' layouts are put together from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from config.theatre import Theatre
from dashboard.locale.speech import SPOKEN, say
from dashboard.views.basemap import figure

SCREENS = ("desk", "wall", "briefing")


def own(name: str, **properties: Any) -> Component:
    """An empty element whose inside belongs to the page's scripts; React never looks into it."""
    return html.Div(id=name, **properties)


def word(key: str, element: Callable[..., Component] = html.Span, **properties: Any) -> Component:
    """A word of the catalogue; the key stays on it so that the language can be changed in place."""
    return element(say(key), **{"data-word": key}, **properties)


def label(key: str) -> dict[str, Any]:
    """The properties of what has a name for screen readers alone."""
    return {"aria-label": say(key), "data-label": key}


def name() -> Component:
    """What this is."""
    return html.H1(say("app.name"), className="name")


def theatre_title(theatre: Theatre) -> Component:
    """The name of what is watched."""
    return html.Div(theatre.title[SPOKEN.get()], id="theatre-title", className="theatre-title")


def screens(current: str) -> Component:
    """The way from one screen to another. current: the one that it is on."""
    return html.Nav(
        [
            word(
                f"desk.screen.{screen}",
                html.A,
                href=f"/{screen}",
                className="screen-link",
                **({"aria-current": "page"} if screen == current else {}),
            )
            for screen in SCREENS
        ],
        className="screens",
        **label("desk.screens"),
    )


def marks(*, replay: bool = False, faults: bool = False) -> Component:
    """What the picture is: live, replayed, of an exercise, cut off; and what else a screen says of itself."""
    return html.Div(
        [
            *([own("mark-replay", className="mark mark-replay", role="status")] if replay else []),
            own("mark-status", className="mark", role="status"),
            own("mark-link", className="mark mark-link", role="status"),
            *([own("faults", className="mark mark-fault", role="status", hidden=True)] if faults else []),
        ],
        className="marks",
    )


def feeds() -> Component:
    """How many feeds are fresh, quiet, slow and dead."""
    return own("feeds", className="feeds", tabIndex=0)


def clocks() -> Component:
    """Zulu and what there is to say of it, and the theatre's own times."""
    return html.Div(
        [
            html.Div([own("clock-zulu", className="zulu"), own("clock-note", className="clock-note")]),
            own("clock-local", className="local"),
        ],
        className="clocks",
    )


def language() -> Component:
    """Where the menu of languages goes."""
    return own("language", className="language-place")


def access() -> Component:
    """Who looks, and the way to the account."""
    return html.A(id="access", href="/account", className="access")


def card() -> Component:
    """What is said of what is pointed at."""
    return own("card", className="card", role="tooltip")


def map_graph(theatre: Theatre, sources: Mapping[str, str]) -> Component:
    """The map itself. sources: its GeoJSON, as for `basemap.figure`."""
    return dcc.Graph(
        id="map",
        figure=figure(theatre.bounds, sources),
        responsive=True,
        config={"displayModeBar": False, "scrollZoom": True, "doubleClick": False},
    )


def map_place(
    graph: Component, *, below: Sequence[Component] = (), above: Sequence[Component] = ()
) -> Component:
    """A map with what lies on it. below: right over the overlay. above: under nothing but the banner."""
    return html.Div(
        [
            graph,
            own("overlay-place"),
            *below,
            own("advisories", className="advisories", hidden=True, **label("advisories.title")),
            own("map-note", role="status"),
            legend(),
            *above,
            own("banner", role="alert"),
        ],
        id="map-place",
        className="map-place",
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
        [html.Li([html.I(className=f"swatch swatch-{kind}"), word(f"legend.{kind}")]) for kind in kinds],
        id="legend",
        className="legend",
    )


def picture_sections() -> list[Component]:
    """What stands beside the map: tonight's figures, threats, scrambles, alerts, statements."""
    return [_tonight(), *map(_section, ("threats", "scrambles", "alerts", "statements"))]


def _tonight() -> Component:
    return html.Section(
        [
            html.Div(
                [word("tonight.title", html.H2), html.Span(id="tonight-since", className="aside")],
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


def _figure(figure_id: str, said: str) -> Component:
    """One big number. Its parts are Dash's and are set by name: value, hedge, label, sub."""
    return html.Div(
        [
            html.Div(
                [
                    html.Span(id=f"{figure_id}-hedge", className="hedge"),
                    html.Span("—", id=f"{figure_id}-value", className="value"),
                ],
                className="number",
            ),
            html.Div(say(said), id=f"{figure_id}-label", className="label"),
            own(f"{figure_id}-more", className="more"),
        ],
        id=figure_id,
        className="figure absent",
        role="button",
        tabIndex=0,
    )


def _section(section: str) -> Component:
    return html.Section(
        [
            html.Div(
                [word(f"{section}.title", html.H2), own(f"{section}-aside", className="aside")],
                className="section-head",
            ),
            own(f"{section}-list", className="list", **({"tabIndex": 0} if section == "alerts" else {})),
        ],
        id=section,
        className=f"section {section}",
    )


def side(pages: Mapping[str, Component | list[Component]]) -> Component:
    """Pages beside the map, of which a tab shows one. pages: by the name of their tab, the first is open."""
    first = next(iter(pages))
    return html.Aside(
        [
            own("side-tabs", className="side-tabs", role="tablist", **label("briefing.tabs")),
            *(
                html.Div(
                    page,
                    id=f"side-{tab}",
                    className="side-page",
                    role="tabpanel",
                    hidden=tab != first,
                )
                for tab, page in pages.items()
            ),
        ],
        id="side",
        className="side",
    )


def side_figures() -> Component:
    """The wall's panel as a page beside the map."""
    return html.Div(picture_sections(), id="panel", className="panel")


def ticker_band() -> Component:
    """What happened last, in a band."""
    return html.Section(
        [own("ticker", className="ticker"), own("ticker-pages", className="ticker-pages")],
        className="ticker-band",
        **label("ticker.title"),
    )


def replay_bands() -> list[Component]:
    """The strip of the night, and what moves the replay along it."""
    return [
        own("density", className="density", **label("briefing.strip")),
        own("controls", className="controls", role="toolbar", **label("briefing.controls")),
    ]
