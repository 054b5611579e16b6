"""The map without the night on it."""

from __future__ import annotations

from dashboard.views.basemap import style

SOURCES = {"background": "/a", "borders": "/b", "country_lines": "/c"}


def test_the_map_loads_nothing_but_the_theatres_own_files() -> None:
    made = style(SOURCES)
    assert {source["data"] for source in made["sources"].values()} == set(SOURCES.values())
    assert "glyphs" not in made
    assert "sprite" not in made
    assert all(layer["type"] != "symbol" for layer in made["layers"])
    assert {layer.get("source") for layer in made["layers"]} - {None} == set(SOURCES)
