"""The web process: one FastAPI server with Dash's page, the theatre's files and a health answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import msgspec
import uvicorn
from dash import html
from dash.development.base_component import Component
from dash.fingerprint import build_fingerprint
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from config.layouts import load_layouts
from config.theatre import LANGUAGES, Theatre, load_theatre
from dashboard.access import routes as access_routes
from dashboard.access.gate import Gate
from dashboard.access.onward import START
from dashboard.access.origin import allowed_origins
from dashboard.acts import routes as acts
from dashboard.api import routes as api
from dashboard.app.atlas import atlas
from dashboard.app.backend import Backend
from dashboard.app.headers import Guard, host_names
from dashboard.app.held import Held
from dashboard.app.page import ASSETS, assets_version, page_of
from dashboard.app.screens import Screen, Screens, mount
from dashboard.briefings import routes as briefings
from dashboard.locale.catalogue import catalogue
from dashboard.locale.choice import Choice
from dashboard.locale.speech import SPOKEN, own_names, say
from dashboard.views.briefing import briefing
from dashboard.views.desk import GRID, desk
from dashboard.views.symbols import SYMBOLS
from dashboard.views.wall import wall

if TYPE_CHECKING:
    from config.settings import Settings


def create_app(settings: Settings, theatre: Theatre) -> FastAPI:
    """The ASGI application. theatre: the one that the screens show."""
    files = _theatre_files(theatre)
    urls = {name: f"/theatre/{theatre.name}/{name}?v={held.version}" for name, held in files.items()}
    assets_path = f"assets/{assets_version()}"
    config = {
        "theatre": theatre.name,
        "gateway_port": settings.gateway_port,
        "replay_port": settings.replay_port,
        "assets": f"/{assets_path}",
        "symbols": sorted(SYMBOLS),
        "languages": {
            lang: {"name": name, **{kind: urls[f"{kind}.{lang}.json"] for kind in ("words", "atlas")}}
            for lang, name in own_names().items()
        },
        "layouts": msgspec.to_builtins(load_layouts()),
    }
    dash = Screens(
        "watchfloor",
        backend=Backend,
        title=say("app.name"),
        update_title="",
        assets_folder=str(ASSETS),
        assets_url_path=assets_path,
        include_assets_files=False,
        serve_locally=True,
        add_log_handler=False,
        external_scripts=[_plotly_url()],
    )
    # Each screen has its own layout; what Dash itself would lay out at `/` nobody is shown.
    dash.layout = html.Div()
    sources = {name: urls[f"{name}.geojson"] for name in ("background", "borders", "country_lines")}
    layouts = {"wall": wall, "desk": desk, "briefing": briefing}
    libraries = {"desk": frozenset({GRID})}
    screens = [
        Screen(
            name=name,
            pages={lang: _page(name, f"/{assets_path}", config, lang) for lang in LANGUAGES},
            layouts={lang: _spoken(lang, partial(lay, theatre, sources)) for lang in LANGUAGES},
            libraries=libraries.get(name, frozenset()),
        )
        for name, lay in layouts.items()
    ]
    server: FastAPI = dash.server
    mount(dash, screens)
    _add_routes(server, theatre.name, files, f"/{assets_path}")
    origins = allowed_origins(settings.host, settings.port, settings.origins)
    access = access_routes.Access(settings, origins, f"/{assets_path}")
    access_routes.mount(server, access)
    acts.mount(server, settings, theatre)
    briefings.mount(server, settings, theatre)
    api.mount(server, settings, theatre)

    @cache
    def script_hashes() -> tuple[str, ...]:
        return tuple(dash.csp_hashes())

    # The last that is added is asked first.
    server.add_middleware(
        Gate,
        sessions=access.sessions,
        routes=lambda: server.router.routes,
        origins=origins,
        port=settings.port,
        refusal=access.refusal,
    )
    server.add_middleware(Choice)
    server.add_middleware(
        Guard,
        on_end=access.close,
        hosts=host_names(settings.host, settings.origins),
        socket_ports=(settings.gateway_port, settings.replay_port),
        script_hashes=script_hashes,
    )
    return server


def serve(settings: Settings) -> None:
    """Serve the screens at `settings.url` until told to stop."""
    app = create_app(settings, load_theatre(settings.theatre))
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning" if settings.log_level == "info" else settings.log_level,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=2,
    )


def _theatre_files(theatre: Theatre) -> dict[str, Held]:
    geojson = "application/geo+json"
    return {
        "borders.geojson": Held(theatre.borders_geojson, geojson),
        "background.geojson": Held(theatre.background_geojson, geojson),
        "country_lines.geojson": Held(theatre.country_lines_geojson, geojson),
        **{
            f"atlas.{lang}.json": Held(msgspec.json.encode(atlas(theatre, lang)), "application/json")
            for lang in LANGUAGES
        },
        **{
            f"words.{lang}.json": Held(msgspec.json.encode(catalogue(lang).words), "application/json")
            for lang in LANGUAGES
        },
    }


def _spoken(lang: str, make: Callable[[], Component]) -> Component:
    """What is made while a language is spoken."""
    token = SPOKEN.set(lang)
    try:
        return make()
    finally:
        SPOKEN.reset(token)


def _page(screen: str, assets_url: str, config: Mapping[str, Any], lang: str) -> str:
    """A screen's page that begins in a language; its scripts know where the others are."""
    preload = {config["languages"][lang][kind]: "fetch" for kind in ("words", "atlas")}
    return page_of(screen, assets_url, {**config, "lang": lang}, preload=preload, lang=lang)


def _add_routes(server: FastAPI, theatre: str, files: Mapping[str, Held], assets: str) -> None:
    async def start() -> Response:
        return RedirectResponse(START, status_code=307)

    async def healthz() -> dict[str, Any]:
        return {"status": "ok", "theatre": theatre, "assets": assets}

    async def theatre_file(name: str, file: str, request: Request) -> Response:
        if name != theatre or file not in files:
            raise HTTPException(404)
        return files[file].respond(request)

    server.add_api_route("/", start, methods=["GET"], include_in_schema=False)
    server.add_api_route("/healthz", healthz, methods=["GET"])
    server.add_api_route("/theatre/{name}/{file}", theatre_file, methods=["GET"])


def _plotly_url() -> str:
    """Plotly's bundle in Dash's own route, asked for at once instead of when the map is first mounted."""
    from importlib.metadata import version
    from pathlib import Path

    import plotly

    path = "package_data/plotly.min.js"
    modified = int((Path(plotly.__file__).parent / path).stat().st_mtime)
    fingerprinted = build_fingerprint(path, version("plotly"), modified)  # type: ignore[no-untyped-call]
    return f"/_dash-component-suites/plotly/{fingerprinted}"
