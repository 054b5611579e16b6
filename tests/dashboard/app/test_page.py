"""The page's HTML, and the version of what it loads."""

from __future__ import annotations

import json
import re
from pathlib import Path

from dashboard.app.page import assets_version, modules, page_of


def test_what_the_configuration_says_cannot_end_its_script_element() -> None:
    config = {"title": "</script><script>alert(1)</script>", "place": "{%scripts%}"}
    page = page_of("wall", "/assets/v", config, preload={})
    found = re.search(r'<script id="watchfloor" type="application/json">(.*?)</script>', page)
    assert found
    assert json.loads(found[1]) == config
    assert page.count("{%scripts%}") == 1


def test_any_change_of_any_asset_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.mjs").write_text("1")
    (tmp_path / "sub" / "b.svg").write_text("2")
    first = assets_version(tmp_path)
    assert assets_version(tmp_path) == first
    (tmp_path / "sub" / "b.svg").write_text("3")
    second = assets_version(tmp_path)
    (tmp_path / "sub" / "b.svg").rename(tmp_path / "sub" / "c.svg")
    assert len({first, second, assets_version(tmp_path)}) == 3


def test_modules_in_folders_are_found_where_they_are_imported_from(tmp_path: Path) -> None:
    (tmp_path / "acts").mkdir()
    (tmp_path / "desk.mjs").write_text('import { open } from "./acts/open.mjs";\n')
    (tmp_path / "acts" / "open.mjs").write_text('import { h } from "../build.mjs";\nimport "./form.mjs";\n')
    (tmp_path / "acts" / "form.mjs").write_text('export { h } from "../build.mjs";\n')
    (tmp_path / "build.mjs").write_text("export const h = 1;\n")
    assert modules("desk.mjs", tmp_path) == ["acts/form.mjs", "acts/open.mjs", "build.mjs", "desk.mjs"]


def test_every_module_that_a_screen_imports_is_asked_for_early() -> None:
    page = page_of("wall", "/assets/v", {}, preload={"/x.json": "fetch"})
    names = modules("wall.mjs")
    assert {"wall.mjs", "station.mjs", "link.mjs", "geometry.mjs"} <= set(names)
    for name in names:
        assert f'<link rel="modulepreload" href="/assets/v/{name}">' in page
    assert '<link rel="preload" as="fetch" href="/x.json" crossorigin>' in page
    # Nothing is painted in another theme than the page's.
    assert page.index('src="/assets/v/theme.js"') < page.index("screen.css")
    assert '<script type="module" src="/assets/v/wall.mjs"></script>' in page
