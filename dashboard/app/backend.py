"""Dash's FastAPI backend as this app needs it: known paths only, and no socket of Dash's own.

Dash's backend answers every unknown path with the page and opens a WebSocket for callbacks from each browser,
used or not. Here a screen has its path, everything else is 404, and the one socket is the gateway's.

Dash 4.4.1 does its setting up (callbacks, assets) only with the first request under `/_dash-` or at `/`, too
late for a page at another path, which is why a screen asks for it itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash.backends._fastapi import FastAPIDashServer, reset_current_request, set_current_request
from fastapi import FastAPI, Request, Response

if TYPE_CHECKING:
    from dash import Dash

SCREENS = ("/wall",)
"""Paths that answer with the page."""


class Backend(FastAPIDashServer):
    """One FastAPI server with Dash's own routes and the screens' paths."""

    websocket_capability = False

    @staticmethod
    def create_app(name: str = "watchfloor", config: dict[str, Any] | None = None) -> FastAPI:
        """A FastAPI without its documentation pages: they load scripts from elsewhere."""
        return FastAPI(title=name, docs_url=None, redoc_url=None, openapi_url=None)

    def setup_index(self, dash_app: Dash) -> None:
        """Serve the page at each screen's path."""

        async def page(request: Request) -> Response:
            token = set_current_request(request)  # type: ignore[no-untyped-call]
            try:
                for prepare in self._before_request_funcs:
                    prepare()
                html = dash_app.index()  # type: ignore[no-untyped-call]
                return Response(html, media_type="text/html", headers={"Cache-Control": "no-store"})
            finally:
                reset_current_request(token)  # type: ignore[no-untyped-call]

        for path in SCREENS:
            self.server.add_api_route(path, page, methods=["GET"], include_in_schema=False)

    def _setup_catchall(self) -> None:
        """Unknown paths stay unknown."""
