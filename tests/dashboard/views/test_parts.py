"""The screens' layouts."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from config.theatre import load_theatre
from dashboard.app.page import ASSETS, modules
from dashboard.views.briefing import briefing
from dashboard.views.desk import desk
from dashboard.views.takeaway import takeaway
from dashboard.views.wall import wall

SOURCES = {"background": "/a", "borders": "/b", "country_lines": "/c"}
SCREENS = {each.__name__: each for each in (wall, desk, briefing, takeaway)}


def ids(screen: str) -> list[str]:
    """Every id that is laid out."""

    def of(node: Any) -> list[str]:
        if isinstance(node, list):
            return [each for child in node for each in of(child)]
        if not isinstance(node, dict):
            return []
        props = node.get("props", {})
        return ([props["id"]] if "id" in props else []) + of(props.get("children"))

    made = SCREENS[screen](load_theatre("eastern-flank"), SOURCES)
    return of(json.loads(json.dumps(made, default=lambda component: component.to_plotly_json())))


@pytest.mark.parametrize("screen", SCREENS)
def test_no_id_is_given_twice(screen: str) -> None:
    assert [name for name, count in Counter(ids(screen)).items() if count > 1] == []


@pytest.mark.parametrize(
    ("screen", "is_own"),
    [
        ("wall", lambda name: not name.startswith("desk/")),
        ("desk", lambda name: name == "desk.mjs" or name.startswith("desk/")),
    ],
)
def test_what_the_scripts_look_for_is_there(screen: str, is_own: Callable[[str], bool]) -> None:
    looked_for = re.compile(r'querySelector\("#([a-z-]+)"\)')
    own = filter(is_own, modules(f"{screen}.mjs"))
    wanted = {found for name in own for found in looked_for.findall((ASSETS / name).read_text("utf-8"))}

    assert len(wanted) > 8
    # Only a screen that replays has that mark.
    assert wanted - {"mark-replay"} <= set(ids(screen))
