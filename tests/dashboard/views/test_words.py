"""Every word of the screens stands in the catalogue, and nothing else does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.locale.speech import say
from dashboard.views.words import ENGLISH

ROOM = Path(__file__).resolve().parents[3] / "dashboard"
SOURCES = {
    str(path): path.read_text(encoding="utf-8")
    for path in [
        *(ROOM / "assets").rglob("*.mjs"),
        *(ROOM / "access").glob("*.py"),
        *(ROOM / "exports").glob("*.py"),
        *(path for path in (ROOM / "views").glob("*.py") if path.name != "words.py"),
        ROOM / "app" / "page.py",
    ]
}
PREFIXES = sorted({key.split(".")[0] for key in ENGLISH})
KEY = re.compile(rf'["`]((?:{"|".join(PREFIXES)})\.[a-z0-9_.]+)["`]')
MADE = re.compile(rf'["`]((?:{"|".join(PREFIXES)})\.[a-z0-9_.]*)\$\{{')
FORMED = re.compile(rf'f"((?:{"|".join(PREFIXES)})\.[a-z0-9_.]*)\{{')


def used() -> tuple[set[str], set[str]]:
    """Keys that the sources name whole, and beginnings of those that they put together."""
    whole, beginnings = set(), set()
    for source in SOURCES.values():
        whole |= set(KEY.findall(source))
        beginnings |= set(MADE.findall(source)) | set(FORMED.findall(source))
    return whole, beginnings


def base_of(key: str) -> str:
    """Without the form that a number asks for: `key|one` is of `key`."""
    return key.split("|")[0]


def test_every_key_that_the_screens_use_is_in_the_catalogue() -> None:
    whole, beginnings = used()
    files = {name for name in whole if name.rsplit(".", 1)[1] in ("mjs", "css", "svg", "json")}
    figures = {"launched.uav", "launched.missile", "neutralised.uav", "shot_down.uav", "evidence.text"}
    records = {"alert.longest", "alert.most_regions"}
    assert whole - files - figures - records - set(ENGLISH) == set()
    assert len(whole) > 60
    for beginning in beginnings:
        assert any(key.startswith(beginning) for key in ENGLISH), beginning


def test_every_word_of_the_catalogue_is_used() -> None:
    whole, beginnings = used()
    made = ("title",)
    unused = {
        key
        for key in map(base_of, ENGLISH)
        if key not in whole
        and not any(key.startswith(beginning) for beginning in beginnings)
        and key.split(".")[-1] not in made
    }
    assert unused == set()


def test_a_word_is_filled_in() -> None:
    assert say("feeds.spoke", age="4 min") == "spoke 4 min ago"


def test_a_word_that_is_not_there_stops_the_layout() -> None:
    with pytest.raises(KeyError):
        say("no.such.word")


def test_scripts_hold_no_words_of_their_own() -> None:
    """A text of two words or more in a script belongs in the catalogue."""
    shown = re.compile(r'\b(?:h|text|say)\([^"\n]*"([A-Za-z]+ [a-z]+ [^"]*)"')
    found = {name: shown.findall(source) for name, source in SOURCES.items() if name.endswith(".mjs")}
    classes = re.compile(r"^[a-z-]+( [a-z-]+)*$")
    assert {name: [t for t in texts if not classes.match(t)] for name, texts in found.items()} == {
        name: [] for name in found
    }
