"""The symbol files are what milsymbol draws today."""

from __future__ import annotations

import msgspec
import pytest

from dashboard.views.symbols import FOLDER, SYMBOLS, draw
from dashboard.views.words import ENGLISH
from streams.events import Threat


@pytest.mark.parametrize("name", sorted(SYMBOLS))
def test_the_file_is_the_drawing(name: str) -> None:
    assert (FOLDER / f"{name}.svg").read_text(encoding="utf-8") == draw(SYMBOLS[name]) + "\n"


def test_there_is_no_file_without_a_symbol() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(SYMBOLS)


def test_every_threat_type_of_the_contract_has_a_symbol_and_a_name() -> None:
    schema = msgspec.json.schema(Threat)
    types = set(schema["$defs"]["Threat"]["properties"]["threat_type"]["enum"])
    assert types <= set(SYMBOLS)
    assert {f"threat.{name}" for name in types} <= set(ENGLISH)
