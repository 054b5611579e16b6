from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.reading.scene import Scene


def keys(scene: Scene) -> list[str]:
    return [name.key for sentence in scene.sentences for name in sentence.names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Збито дрони у Київській, Харківській та Сумській областях.", ["UA-32", "UA-63", "UA-59"]),
        ("Влучання зафіксовано на Львівщині.", ["UA-46"]),
        ("Атака на захід України триває.", ["western-ukraine"]),
        ("Збито дрони на заході України та в інших областях.", ["western-ukraine"]),
        ("Zestrzelono drony w obwodzie lwowskim.", ["UA-46"]),
        ("To była odpowiedź na atak na zachodnią Ukrainę.", ["western-ukraine"]),
        ("Drones were shot down in the Kyiv, Poltava and Sumy regions.", ["UA-32", "UA-53", "UA-59"]),
        ("Des drones ont été abattus dans la région de Lviv.", ["UA-46"]),
        ("Une usine en Tchouvachie a été touchée par des drones.", ["RU-CU"]),
        ("L'attaque visait l’ouest de l’Ukraine.", ["western-ukraine"]),
        ("Lotniska w Rzeszowie i Lublinie zostały zamknięte.", ["rzeszow", "lublin"]),
    ],
)
def test_names_in_their_cases(scene: Callable[..., Scene], text: str, expected: list[str]) -> None:
    assert [key for key in keys(scene(text)) if key not in ("UA", "RU")] == expected


def test_measures_are_no_side_of_the_country(scene: Callable[..., Scene]) -> None:
    assert keys(scene("Ми вжили заходів безпеки, і ці заходи тривають.")) == []


def test_a_code_of_two_letters_begins_no_word(scene: Callable[..., Scene]) -> None:
    found = scene("Más de 30 drones rusos fueron derribados anoche. Más tarde hubo otra alarma.")

    assert [name.key for sentence in found.sentences for name in sentence.names] == []
