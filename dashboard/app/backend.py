"""Dash's FastAPI backend as this app needs it: known paths only, and no socket of Dash's own.

Dash's backend answers every unknown path with the page and opens a WebSocket for callbacks from each browser,
used or not. Here a screen has its path (`screens.py`), everything else is 404, and the one socket is the
gateway's.

Dash 4.4.1 does its setting up (callbacks, assets) only with the first request under `/_dash-` or at `/`, too
late for a page at another path, which is why a screen asks for it itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash.backends._fastapi import FastAPIDashServer
from fastapi import FastAPI

if TYPE_CHECKING:
    from dash import Dash


class Backend(FastAPIDashServer):
    """One FastAPI server with Dash's own routes; the screens' are added by whoever knows them."""

    websocket_capability = False

    @staticmethod
    def create_app(name: str = "watchfloor", config: dict[str, Any] | None = None) -> FastAPI:
        """A FastAPI without its documentation pages: they load scripts from elsewhere."""
        return FastAPI(title=name, docs_url=None, redoc_url=None, openapi_url=None)

    def prepare(self) -> None:
        """What Dash does before the first request to it."""
        for function in self._before_request_funcs:
            function()

    def setup_index(self, dash_app: Dash) -> None:
        """The screens have their own pages."""

    def _setup_catchall(self) -> None:
        """Unknown paths stay unknown."""
