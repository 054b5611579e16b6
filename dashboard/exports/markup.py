"""A screen's layout as HTML without Dash: what a page needs that is to work where no server is."""

from __future__ import annotations

from html import escape
from typing import Any

from dash.development.base_component import Component

_ATTRIBUTES = {"className": "class", "tabIndex": "tabindex"}
_VOID = frozenset({"br", "hr", "img", "input"})
_SCRIPTED = {"Graph": "div", "Store": ""}
"""Dash's own components: an empty element for our scripts to fill, or nothing."""


def markup(component: Any) -> str:
    """HTML of a component and all that is in it; text is escaped."""
    if component is None:
        return ""
    if isinstance(component, (list, tuple)):
        return "".join(map(markup, component))
    if not isinstance(component, Component):
        return escape(str(component))
    plain = component.to_plotly_json()  # type: ignore[no-untyped-call]
    kind, properties = str(plain["type"]), dict(plain["props"])
    if kind in _SCRIPTED:
        tag = _SCRIPTED[kind]
        return f'<{tag} id="{escape(str(properties["id"]))}" class="dash-graph"></{tag}>' if tag else ""
    tag = kind.lower()
    inside = markup(properties.pop("children", None))
    stated = "".join(
        _attribute(str(_ATTRIBUTES.get(name, name)), value) for name, value in sorted(properties.items())
    )
    return f"<{tag}{stated}>" if tag in _VOID else f"<{tag}{stated}>{inside}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
