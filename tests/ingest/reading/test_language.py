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
        ("Сегодня ночью были сбиты беспилотники, сообщили военные.", "ru"),
        ("С 08.30 до 10.30 мск уничтожены 25 украинских БПЛА.", "ru"),
        ("Die Luftwaffe teilte mit, dass in der Nacht Drohnen abgeschossen wurden.", "de"),
        ("Două aeronave au fost ridicate de la sol în noaptea de joi spre vineri.", "ro"),
        ("Doua aeronave au fost ridicate de la sol in noaptea de joi spre vineri.", "ro"),
        ("Украинската противовъздушна отбрана е свалила дроновете през нощта.", "bg"),
        ("Ukrajinska obrana oborila je dronove tijekom noći, objavila je vojska.", "hr"),
        ("Det ukrainske luftforsvar har skudt dronerne ned i løbet af natten.", "da"),
        ("Сили ППО збили 12 дронів", "uk"),
        ("Силы ПВО сбили 12 дронов", "ru"),
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
        "A légierő közölte, hogy az éjszaka folyamán több drónt is lelőttek az ország keleti részén tegnap.",
        "Hava kuvvetleri gece boyunca ülkenin doğusunda birçok insansız aracın düşürüldüğünü bildirdi.",
    ],
)
def test_a_text_in_none_of_the_languages_is_in_none(text: str) -> None:
    assert load_lexicons().detector.detect(tokenise(text), text) is None


def test_a_paragraph_keeps_its_own_language() -> None:
    lexicons = load_lexicons()
    text = "За попередніми даними, збито 12 безпілотників."
    assert lexicons.detector.detect_part(tokenise(text), text, "en") == "uk"
    assert lexicons.detector.detect_part(tokenise("OK"), "OK", "en") == "en"
