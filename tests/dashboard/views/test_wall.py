"""The wall's layout."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from config.theatre import load_theatre
from dashboard.app.page import ASSETS, modules
from dashboard.views.basemap import style
from dashboard.views.wall import wall

SOURCES = {"background": "/a", "borders": "/b", "country_lines": "/c"}


def ids(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for child in node for each in ids(child)]
    if not isinstance(node, dict):
        return []
    props = node.get("props", {})
    return ([props["id"]] if "id" in props else []) + ids(props.get("children"))


def layout() -> Any:
    return json.loads(
        json.dumps(wall(load_theatre("eastern-flank"), SOURCES).to_plotly_json(), default=encode)
    )


def encode(component: Any) -> Any:
    return component.to_plotly_json()


def test_no_id_is_given_twice() -> None:
    assert [name for name, count in Counter(ids(layout())).items() if count > 1] == []


def test_what_the_scripts_look_for_is_there() -> None:
    wanted = set()
    for name in (each for each in modules("wall.mjs") if not each.startswith("desk/")):
        wanted |= set(
            re.findall(r'querySelector\("#([a-z-]+)"\)', (ASSETS / name).read_text(encoding="utf-8"))
        )
    assert len(wanted) > 15
    # Only a screen that replays has that mark.
    assert wanted - {"mark-replay"} <= set(ids(layout()))


def test_the_map_loads_nothing_but_the_theatres_own_files() -> None:
    made = style(SOURCES)
    assert {source["data"] for source in made["sources"].values()} == set(SOURCES.values())
    assert "glyphs" not in made
    assert "sprite" not in made
    assert all(layer["type"] != "symbol" for layer in made["layers"])
    assert {layer.get("source") for layer in made["layers"]} - {None} == set(SOURCES)
