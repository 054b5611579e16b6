from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.theatre import Theatre
from ingest.reading.lexicon import LEXICONS, LexiconError, Phrases, load_lexicons
from ingest.reading.tokens import tokenise


def found(phrase: str, text: str, **macros: list[str]) -> list[str]:
    phrases = Phrases()
    phrases.add(phrase, "it", macros)
    phrases.seal()
    tokens = tokenise(text)
    return [text[tokens[mark.first].start : tokens[mark.last - 1].end] for mark in phrases.find(tokens)]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("drone*", "Two DRONES fell", ["DRONES"]),
        ("drone", "Two drones fell", []),
        ("dron* wabik*", "dronów-wabików", ["dronów-wabików"]),
        ("rozpoczęło się? operowanie", "rozpoczęło operowanie", ["rozpoczęło operowanie"]),
        ("rozpoczęło się? operowanie", "rozpoczęło się operowanie", ["rozpoczęło się operowanie"]),
        ("spend ... on defence", "spend much more on defence", ["spend much more on defence"]),
        ("spend ... on defence", "spend far too very much on defence", []),
        ("<be> fired", "were fired", ["were fired"]),
        ("n'a pas atteint", "n’a pas atteint", ["n’a pas atteint"]),
        ("в т ч", "в т.ч. реактивні", ["в т.ч"]),
        ("a b", "a. B", []),
    ],
)
def test_how_a_phrase_is_written(phrase: str, text: str, expected: list[str]) -> None:
    assert found(phrase, text, be=["were", "have been"]) == expected


def test_the_longest_phrase_wins() -> None:
    phrases = Phrases()
    phrases.add("ракет*", "missile")
    phrases.add("ракетн*", "adjective")
    phrases.seal()
    assert [min(mark.means) for mark in phrases.find(tokenise("ракетних ракетами"))] == [
        "adjective",
        "missile",
    ]


def _copy(tmp_path: Path) -> Path:
    folder = tmp_path / "lexicon"
    shutil.copytree(LEXICONS, folder)
    return folder


def _break(folder: Path, old: str, new: str) -> int:
    path = folder / "en.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return text[: text.index(new)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nrelative = [", "\nrelativ = ["),
        ("[governors.hits]", "[governors.hit]"),
        ("\n12 = [", "\n13x = ["),
        ('script = "latin"', 'script = "greek"'),
        ('"<be> launched"', '"<bee> launched"'),
        ("[detect]", "[detect"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(tmp_path: Path, old: str, new: str) -> None:
    folder = _copy(tmp_path)
    line = _break(folder, old, new)
    with pytest.raises(LexiconError) as caught:
        load_lexicons(folder)
    assert caught.value.file.name == "en.toml"
    assert caught.value.line is not None
    assert abs(caught.value.line - line) <= 1


def test_a_further_language_is_one_file(tmp_path: Path) -> None:
    folder = _copy(tmp_path)
    (folder / "xx.toml").write_text(
        """
lang = "xx"
script = "latin"
[detect]
words = ["zap", "zop"]
[numbers]
7 = ["zeb"]
[months]
[weekdays]
[countries]
[terms]
uav = ["zum*"]
[governors.shot_down]
before = ["zik"]
""",
        encoding="utf-8",
    )
    assert "xx" in load_lexicons(folder).languages


def test_every_weapon_and_source_is_the_theatres(theatre: Theatre) -> None:
    shared = load_lexicons().shared
    assert {weapon.theatre for weapon in shared.weapons.values() if weapon.theatre} <= set(theatre.weapons)
    assert set(shared.sources) <= set(theatre.claimants)
