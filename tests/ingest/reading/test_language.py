from __future__ import annotations

import pytest

from ingest.reading.lexicon import load_lexicons
from ingest.reading.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("L'armée de l'air a annoncé que des drones ont été abattus dans la nuit.", "fr"),
        ("The air force said that drones were shot down over the country.", "en"),
        ("Wojsko podało, że w nocy nad krajem zestrzelono drony.", "pl"),
        ("Повітряні сили повідомили, що вночі збито безпілотники.", "uk"),
        ("Відбій загрози", "uk"),
        ("12:30 +++ 45", None),
    ],
)
def test_the_language_of_a_text(text: str, lang: str | None) -> None:
    assert load_lexicons().detector.detect(tokenise(text), text) == lang


@pytest.mark.parametrize(
    "text",
    [
        "Ilmavoimat kertoi maanantaina torjuneensa yöllä useita kymmeniä lennokkeja maan itäosissa tänään",
        "Сегодня ночью были сбиты дроны, объявили военные. Это было над городом, и были разрушения.",
        "Două aeronave au fost ridicate de la sol în noaptea de joi spre vineri, și au revenit.",
    ],
)
def test_a_text_in_none_of_the_languages_is_in_none(text: str) -> None:
    assert load_lexicons().detector.detect(tokenise(text), text) is None


def test_a_paragraph_keeps_its_own_language() -> None:
    lexicons = load_lexicons()
    text = "За попередніми даними, збито 12 безпілотників."
    assert lexicons.detector.detect_part(tokenise(text), text, "en") == "uk"
    assert lexicons.detector.detect_part(tokenise("OK"), "OK", "en") == "en"
