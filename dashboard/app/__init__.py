"""The Dash app: it lays out the page; live data comes through the gateway."""

from dashboard.app.server import create_app, serve

__all__ = ["create_app", "serve"]
