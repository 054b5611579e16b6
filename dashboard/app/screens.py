"""One Dash app, several screens: each has its path, its layout and its module script.

Dash knows one layout and one page. A screen's page tells Dash's renderer that the app lies under the screen's
own path, so that it asks for `/wall/_dash-layout`; that is how the server knows which layout is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from dash import Dash
from dash._utils import to_json
from dash.backends._fastapi import reset_current_request, set_current_request
from dash.development.base_component import Component
from fastapi import Request, Response
from msgspec import Struct

from dashboard.locale.speech import SPOKEN

if TYPE_CHECKING:
    from dashboard.app.backend import Backend


_shown: ContextVar[Screen] = ContextVar("screen")


class Screen(Struct, frozen=True, kw_only=True):
    """name: the path without its slash. By language: pages, Dash's index template; layouts, what it lays out.

    libraries: those of `LARGE` that the layout uses.
    """

    name: str
    pages: Mapping[str, str]
    layouts: Mapping[str, Component]
    libraries: frozenset[str] = frozenset()


LARGE = frozenset({"dash_ag_grid"})
"""Component libraries (a megabyte of script) that only the screens that use them load."""


class Screens(Dash):
    """Dash, whose index is that of the screen that was asked for."""

    def index(self, *args: Any, **kwargs: Any) -> str:
        """The page of the screen in the request's language, with Dash's parts in their places."""
        self.index_string = _shown.get().pages[SPOKEN.get()]
        return str(super().index(*args, **kwargs))  # type: ignore[no-untyped-call]

    def _collect_and_register_resources(
        self, resources: Any, include_async: bool = True, url_attr: str = "src"
    ) -> Any:
        """The scripts of the page, without the large libraries that its screen does not use.

        Where Dash sets itself up no screen is shown, and all are registered.
        """
        screen = _shown.get(None)
        left_out = LARGE - screen.libraries if screen else frozenset()
        wanted = [each for each in resources if each.get("namespace") not in left_out]
        return super()._collect_and_register_resources(wanted, include_async, url_attr)  # type: ignore[no-untyped-call]

    def _config(self) -> dict[str, Any]:
        """What Dash's renderer begins with."""
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        return config | {"requests_pathname_prefix": f"/{_shown.get().name}/"}


def mount(dash: Screens, screens: Sequence[Screen]) -> None:
    """Serve each screen's page, and what Dash's renderer asks for under its path. dash: with our backend."""
    backend = cast("Backend", dash.backend)

    def answer(media_type: str, body: Callable[[], Any]) -> Callable[[Request], Any]:
        async def respond(request: Request) -> Response:
            token = set_current_request(request)  # type: ignore[no-untyped-call]
            try:
                backend.prepare()
                return Response(body(), media_type=media_type, headers={"Cache-Control": "no-store"})
            finally:
                reset_current_request(token)  # type: ignore[no-untyped-call]

        return respond

    for screen in screens:
        routes: Mapping[str, Callable[[Request], Any]] = {
            f"/{screen.name}": answer("text/html", _index(dash, screen)),
            f"/{screen.name}/_dash-layout": answer("application/json", _layout(screen)),
            f"/{screen.name}/_dash-dependencies": answer("application/json", lambda: "[]"),
        }
        for path, respond in routes.items():
            backend.server.add_api_route(path, respond, methods=["GET"], include_in_schema=False)


def _index(dash: Screens, screen: Screen) -> Callable[[], str]:
    def index() -> str:
        token = _shown.set(screen)
        try:
            return dash.index()
        finally:
            _shown.reset(token)

    return index


def _layout(screen: Screen) -> Callable[[], str]:
    return lambda: str(to_json(screen.layouts[SPOKEN.get()]))  # type: ignore[no-untyped-call]
