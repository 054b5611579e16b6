"""Roles, and the one table of what each may do; what is not in it is refused to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Role = Literal["wall", "viewer", "operator", "admin"]
Least = Literal["nobody", "wall", "viewer", "operator", "admin"]
"""The least role that something needs; `nobody`: no sign-in at all."""

ROLES: tuple[Role, ...] = get_args(Role)
"""From least to most; each may do what the ones before it may."""
_RANK = {name: rank for rank, name in enumerate(get_args(Least))}

ROUTES: Mapping[tuple[str, str], Least] = {
    ("GET", "/"): "wall",
    ("GET", "/wall"): "wall",
    ("GET", "/wall/_dash-layout"): "wall",
    ("GET", "/wall/_dash-dependencies"): "wall",
    ("GET", "/desk"): "viewer",
    ("GET", "/desk/_dash-layout"): "viewer",
    ("GET", "/desk/_dash-dependencies"): "viewer",
    ("GET", "/briefing"): "viewer",
    ("GET", "/briefing/_dash-layout"): "viewer",
    ("GET", "/briefing/_dash-dependencies"): "viewer",
    ("GET", "/healthz"): "nobody",
    ("GET", "/theatre/{name}/{file}"): "wall",
    ("GET", "/assets"): "nobody",
    ("GET", "/sign-in"): "nobody",
    ("POST", "/sign-in"): "nobody",
    ("GET", "/sign-in/provider"): "nobody",
    ("GET", "/sign-in/back"): "nobody",
    ("GET", "/account"): "wall",
    ("POST", "/account/end"): "viewer",
    ("GET", "/admin"): "admin",
    ("POST", "/admin/accounts"): "admin",
    ("GET", "/admin/accounts/{name}"): "admin",
    ("POST", "/admin/accounts/{name}/role"): "admin",
    ("POST", "/admin/accounts/{name}/secret"): "admin",
    ("POST", "/admin/accounts/{name}/end"): "admin",
    ("POST", "/admin/accounts/{name}/remove"): "admin",
    ("POST", "/sign-out"): "wall",
    ("POST", "/api/v1/ticket"): "wall",
    ("GET", "/api/v1/picture"): "viewer",
    ("GET", "/api/v1/events"): "viewer",
    ("GET", "/api/v1/events/{id:path}"): "viewer",
    ("GET", "/api/v1/rows"): "viewer",
    ("GET", "/api/v1/handover"): "viewer",
    ("GET", "/api/v1/replay/extent"): "viewer",
    ("GET", "/api/v1/replay/density"): "viewer",
    ("GET", "/api/v1/replay/marks"): "viewer",
    ("GET", "/api/v1/briefings"): "viewer",
    ("GET", "/api/v1/briefings/{id}"): "viewer",
    ("POST", "/api/v1/briefings"): "operator",
    ("GET", "/api/v1/exports"): "viewer",
    ("POST", "/api/v1/exports"): "viewer",
    ("GET", "/api/v1/exports/{job}"): "viewer",
    ("GET", "/api/v1/exports/{job}/file"): "viewer",
    ("POST", "/api/v1/exports/{job}/cancel"): "viewer",
    ("GET", "/api/v1/reports"): "viewer",
    ("GET", "/api/v1/reports/{name}"): "viewer",
    ("GET", "/api/v1/openapi.json"): "viewer",
    ("POST", "/api/v1/acts"): "operator",
    ("POST", "/api/v1/readings"): "operator",
    ("GET", "/api/v1/review"): "operator",
    ("GET", "/api/v1/quarantine"): "operator",
    ("GET", "/api/v1/{path:path}"): "viewer",
    ("GET", "/_dash-component-suites/{package_name}/{fingerprinted_path:path}"): "wall",
    ("GET", "/_dash-layout"): "wall",
    ("GET", "/_dash-dependencies"): "wall",
    ("POST", "/_dash-update-component"): "wall",
    ("GET", "/_reload-hash"): "wall",
    ("GET", "/_favicon.ico"): "nobody",
}
"""Method and path of each route, as the route writes it; a folder of files by its first part."""

CALLBACKS: Mapping[str, Least] = {}
"""Each of Dash's callbacks, by its output as Dash writes it (`id.property`)."""

MESSAGES: Mapping[str, Least] = {
    "hello": "wall",
    "resync": "wall",
    "play": "wall",
    "pause": "wall",
    "seek": "wall",
    "step": "wall",
    "known": "wall",
    "loop": "wall",
    "view": "operator",
    "end": "operator",
}
"""Each message that a client may send to the gateway or the replay, by its type."""


def allows(role: str, least: Least | None) -> bool:
    """Whether a role (`nobody` for none) reaches as far as `least`; None, what is in no table, never."""
    return least is not None and role in _RANK and _RANK[role] >= _RANK[least]
