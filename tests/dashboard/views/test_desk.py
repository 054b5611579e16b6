"""The desk's layout."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from config.theatre import load_theatre
from dashboard.app.page import ASSETS, modules
from dashboard.views.desk import desk

SOURCES = {"background": "/a", "borders": "/b", "country_lines": "/c"}


def ids(node: Any) -> list[str]:
    """Every id that is laid out."""
    if isinstance(node, list):
        return [each for child in node for each in ids(child)]
    if not isinstance(node, dict):
        return []
    props = node.get("props", {})
    return ([props["id"]] if "id" in props else []) + ids(props.get("children"))


def layout() -> Any:
    def encode(component: Any) -> Any:
        return component.to_plotly_json()

    made = desk(load_theatre("eastern-flank"), SOURCES)
    return json.loads(json.dumps(made.to_plotly_json(), default=encode))


def test_no_id_is_given_twice() -> None:
    assert [name for name, count in Counter(ids(layout())).items() if count > 1] == []


def test_what_the_scripts_look_for_is_there() -> None:
    looked_for = re.compile(r'root\.querySelector\("#([a-z-]+)"\)')
    own = [name for name in modules("desk.mjs") if name == "desk.mjs" or name.startswith("desk/")]
    wanted = {found for name in own for found in looked_for.findall((ASSETS / name).read_text())}

    assert len(wanted) > 12
    assert wanted <= set(ids(layout()))
