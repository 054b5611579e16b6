"""Layouts of the wall: what cannot be shown is refused with its line."""

from pathlib import Path

import pytest

from config.layouts import load_layouts
from config.toml_source import SourceError


def test_ours_begin_with_all_parts() -> None:
    layouts = load_layouts()
    assert set(layouts["full"].parts) == {"map", "panel", "strip", "ticker"}
    assert "map" not in layouts["figures"].parts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[layouts.full]\nparts = ["ticker"]\n', "neither map nor panel"),
        ('[layouts.other]\nparts = ["map"]\n', "none of the name full"),
        ('[layouts.full]\nparts = ["map", "clock"]\n', "clock"),
        ('[layouts.full]\nparts = ["map"]\nfigures = 9\n', "<= 2"),
    ],
)
def test_a_layout_that_cannot_be_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "layouts.toml"
    file.write_text(text)
    with pytest.raises(SourceError, match=reason):
        load_layouts(file)
