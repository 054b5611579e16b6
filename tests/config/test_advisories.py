"""Rules for advisories: the theatre's own load, and a mistake names its file, its line and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.advisories import AdvisoryError, AlertIn, load_advisories
from config.theatre import load_theatre

if TYPE_CHECKING:
    from pathlib import Path

TITLE = '{ en = "a", fr = "a", pl = "a", uk = "a" }'
GOOD = f"""[[advisory]]
key = "first"
severity = "notice"
title = {TITLE}
all = [{{ when = "alert", where = ["western-ukraine"] }}]
"""


def test_the_theatres_own_rules_load() -> None:
    rules = load_advisories(load_theatre("eastern-flank"))
    assert "west-missiles-no-scramble" in {rule.key for rule in rules}
    assert isinstance(rules[0].all[0], AlertIn)


def test_a_theatre_without_any_has_none(tmp_path: Path) -> None:
    assert load_advisories(load_theatre("eastern-flank"), tmp_path / "none.toml") == ()


@pytest.mark.parametrize(
    ("second", "line", "reason"),
    [
        ('key = "first"', 8, "twice"),
        ('key = "b"\nseverity = "loud"', 9, "loud"),
        ('key = "b"\nall = [{ when = "weather" }]', 9, "weather"),
        ('key = "b"\nall = [{ when = "alert", where = ["atlantis"] }]', 9, "atlantis"),
        ('key = "b"\nall = [{ when = "threat", types = [] }]', 9, "types"),
        (
            'key = "b"\nnone = [{ when = "scramble", countries = ["XX"] }]\nany = [{ when = "alert" }]',
            9,
            "XX",
        ),
        ('key = "b"\nnone = [{ when = "scramble" }]', 7, "always be on"),
        ('key = "b"\nall = [{ when = "alert", whre = ["UA-46"] }]', 9, "whre"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, second: str, line: int, reason: str) -> None:
    path = tmp_path / "advisories.toml"
    lines = [f"{GOOD}\n[[advisory]]", second]
    if "severity" not in second:
        lines.append('severity = "notice"')
    if "all =" not in second and "any =" not in second and "none =" not in second:
        lines.append('all = [{ when = "alert" }]')
    path.write_text("\n".join([*lines, f"title = {TITLE}"]), encoding="utf-8")
    with pytest.raises(AdvisoryError, match=reason) as caught:
        load_advisories(load_theatre("eastern-flank"), path)
    assert caught.value.file == path
    assert caught.value.line == line


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "advisories.toml"
    path.write_text(f"{GOOD}\n[[advisory]\n", encoding="utf-8")
    with pytest.raises(AdvisoryError) as caught:
        load_advisories(load_theatre("eastern-flank"), path)
    assert caught.value.line == 7
