"""Modules as one script: as they are, in order, and nothing that is not understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.exports.bundle import BundleError, bundle, safe_script, style


def test_modules_are_put_before_those_that_import_them(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.mjs").write_text('import { b as c,\n  d } from "./sub/b.mjs";\nconsole.log(c, d);\n')
    (tmp_path / "sub" / "b.mjs").write_text(
        'import * as e from "../e.mjs";\nexport const b = e.f();\nexport class d {}\n'
    )
    (tmp_path / "e.mjs").write_text("export async function f() {}\n")

    script = bundle("a.mjs", tmp_path)

    assert script.index("// e.mjs") < script.index("// sub/b.mjs") < script.index("// a.mjs")
    assert "const {b: c,\n  d } = module1;" in script.replace("{ b: c", "{b: c")
    assert "const e = module0;" in script
    assert "return { b, d };" in script
    assert "export" not in script


@pytest.mark.parametrize("left", ['export { a } from "./b.mjs";', "export default 1;", 'import "./b.mjs";'])
def test_what_is_not_understood_is_refused(tmp_path: Path, left: str) -> None:
    (tmp_path / "a.mjs").write_text(left)

    with pytest.raises(BundleError):
        bundle("a.mjs", tmp_path)


def test_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mjs").write_text('import { b } from "./b.mjs";\nexport const a = b;\n')
    (tmp_path / "b.mjs").write_text('import { a } from "./a.mjs";\nexport const b = a;\n')

    with pytest.raises(BundleError, match="imports itself"):
        bundle("a.mjs", tmp_path)


def test_no_script_ends_its_element_and_style_sheets_are_whole(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@import "b.css";\na {}\n')
    (tmp_path / "b.css").write_text("b {}\n")

    assert "</script" not in safe_script('"</SCRIPT><!--"').lower()
    assert "<!--" not in safe_script('"<!--"')
    assert style("a.css", tmp_path) == "b {}\n\na {}\n"
