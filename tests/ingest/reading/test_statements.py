from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.reading.reading import Reading

RUTTE = {
    "fr": "Le secrétaire général de l'Otan, Mark Rutte, appelle "
    "à augmenter de 400 % la défense aérienne et antimissile.",
    "en": "NATO secretary general Mark Rutte called for a 400% increase in air and missile defence.",
    "pl": "Sekretarz generalny NATO Mark Rutte wezwał "
    "do zwiększenia o 400 proc. obrony powietrznej i przeciwrakietowej.",
    "uk": "Генеральний секретар НАТО Марк Рютте закликав "
    "збільшити на 400 % протиповітряну та протиракетну оборону.",
}
GDP = {
    "fr": "Les États-Unis exigent que les Alliés consacrent au moins 5 % de leur PIB à leur défense.",
    "en": "The United States demands that allies spend at least 5% of GDP on defence.",
    "pl": "Stany Zjednoczone żądają, by sojusznicy wydawali co najmniej 5 proc. PKB na obronę.",
    "uk": "США вимагають, щоб союзники витрачали щонайменше 5 % ВВП на оборону.",
}


@pytest.mark.parametrize("lang", sorted(RUTTE))
def test_a_demand_with_its_figure(read_text: Callable[..., list[Reading]], lang: str) -> None:
    (found,) = read_text(RUTTE[lang])
    assert found.kind == "statement"
    assert found.facts["speaker"] == "Mark Rutte"
    assert found.facts["organisation"] == "NATO"
    assert found.facts["topic"] == "air defence"
    assert found.facts["figures"] == [{"value": 400, "unit": "%", "about": "air defence"}]


@pytest.mark.parametrize("lang", sorted(GDP))
def test_a_share_of_the_product(read_text: Callable[..., list[Reading]], lang: str) -> None:
    (found,) = read_text(GDP[lang])
    assert found.facts["organisation"] == "United States"
    assert found.facts["topic"] == "defence spending"
    assert found.facts["figures"] == [
        {"value": 5, "unit": "% of GDP", "about": "defence spending", "qualifier": "at least"}
    ]


def test_a_statement_told_twice_is_one(read_text: Callable[..., list[Reading]]) -> None:
    (found,) = read_text(f"{RUTTE['en']} {RUTTE['en']}")
    assert len(found.spans["figures"]) == 2


def test_an_answer_is_its_speakers_and_keeps_the_quotation(read_text: Callable[..., list[Reading]]) -> None:
    text = (
        "Reacting to the words of the NATO secretary general, the Kremlin said that the alliance was "
        "“a tool made for confrontation”, as Dmitry Peskov put it."
    )
    (found,) = read_text(text)
    assert found.facts["speaker"] == "Dmitry Peskov"
    assert found.facts["quote"] == "a tool made for confrontation"


@pytest.mark.parametrize(
    "text",
    [
        "Prices rose by 5% and a shopkeeper said that 400% was possible.",
        "Moscow still refuses a ceasefire.",
        "The Kremlin is in Moscow.",
        "Mark Rutte will be received in London on Monday.",
        "Lithuania spends 5% of its GDP on defence.",
    ],
)
def test_ordinary_prose_is_no_statement(read_text: Callable[..., list[Reading]], text: str) -> None:
    assert read_text(text) == []
