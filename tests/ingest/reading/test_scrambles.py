from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.reading.reading import Reading

START = {
    "fr": "L'armée polonaise a fait décoller lundi matin des avions de chasse polonais et alliés, en raison "
    "d'une attaque russe sur l'ouest de l'Ukraine.",
    "en": "The Polish military scrambled Polish and allied fighter jets on Monday morning because "
    "of a Russian attack on western Ukraine.",
    "pl": "W poniedziałek rano poderwane zostały polskie i sojusznicze myśliwce w związku z atakiem Rosji na "
    "zachodnią Ukrainę, podało Dowództwo Operacyjne.",
    "uk": "У понеділок вранці польська армія підняла в повітря польські та союзні винищувачі "
    "через атаку Росії на захід України.",
}
END = {
    "fr": "Les avions polonais sont rentrés à leur base, l'opération a pris fin, dit l'armée polonaise.",
    "en": "The operation of Polish aircraft has ended and the jets returned to base, the Polish army said.",
    "pl": "Operowanie polskiego lotnictwa zostało zakończone, myśliwce wróciły do baz.",
    "uk": "Польські винищувачі повернулися на бази, операцію завершено, повідомила польська армія.",
}


@pytest.mark.parametrize("lang", sorted(START))
def test_a_start_is_the_same_in_four_languages(facts: Callable[..., Any], lang: str) -> None:
    found = facts(START[lang], "scramble")
    assert (found["country"], found["state"], found["allied"]) == ("PL", "start", True)
    assert (found["cause_region"], found["cause_regions"]) == ("western Ukraine", ["western-ukraine"])
    assert found["part_of_day"] == "morning"
    assert found["claimants"] == ["pl-dorsz"]


@pytest.mark.parametrize("lang", sorted(END))
def test_an_end_is_the_same_in_four_languages(facts: Callable[..., Any], lang: str) -> None:
    found = facts(END[lang], "scramble")
    assert (found["country"], found["state"]) == ("PL", "end")


def test_the_start_that_an_end_notice_quotes_is_told_apart(read_text: Callable[..., list[Reading]]) -> None:
    found = [one for one in read_text(f"{START['pl']}\n\n{END['pl']}") if one.kind == "scramble"]
    assert [(one.facts["state"], one.quoted) for one in found] == [("end", False), ("start", True)]


def test_airports_that_are_open_again(facts: Callable[..., Any]) -> None:
    closed = "Lotniska w Rzeszowie i Lublinie były zamknięte."
    found = facts(f"{START['pl']} {closed}", "scramble")
    assert found["airports_closed"] == ["Rzeszów", "Lublin"]
    assert found["airports_closed_icao"] == ["EPRZ", "EPLB"]
    found = facts(f"{END['pl']} {closed} Oba lotniska wznowiły pracę.", "scramble")
    assert found["airports_reopened"] == ["Rzeszów", "Lublin"]
    assert "airports_closed" not in found


def test_the_hour_is_in_the_nations_zone(facts: Callable[..., Any]) -> None:
    found = facts(f"O godz. 3.45 {START['pl'][0].lower()}{START['pl'][1:]}", "scramble")
    assert found["occurred_at"] == "2025-06-09T03:45+02:00"


def test_no_violation_is_a_fact(facts: Callable[..., Any]) -> None:
    found = facts(f"{END['pl']} Nie odnotowano naruszenia polskiej przestrzeni powietrznej.", "scramble")
    assert found["airspace_violation"] is False


def test_the_country_attacked_is_not_who_scrambles(facts: Callable[..., Any]) -> None:
    text = "W związku z uderzeniami na Ukrainę poderwano polskie samoloty, podało Dowództwo Operacyjne."
    assert facts(text, "scramble")["country"] == "PL"


def test_word_of_the_end_that_is_promised_is_no_end(facts: Callable[..., Any]) -> None:
    text = f"{START['pl']} O zakończeniu operowania lotnictwa poinformujemy później."
    assert facts(text, "scramble")["state"] == "start"


@pytest.mark.parametrize(
    "text",
    [
        "Russian jets scrambled to meet a British aircraft.",
        "Ukraine scrambled its F-16s during the attack.",
        "Poland bought 48 fighter jets.",
        "Wczoraj Polska kupiła 48 samolotów F-16.",
        "Від аеродрому піднялися в повітря російські бомбардувальники Ту-95.",
        "Des avions russes ont été interceptés par deux F-16.",
    ],
)
def test_what_is_no_scramble(read_text: Callable[..., list[Reading]], text: str) -> None:
    assert [one for one in read_text(text) if one.kind == "scramble"] == []


@pytest.mark.parametrize(
    "text",
    [
        "NATO scrambled fighter jets in response to Russian missile attacks on western Ukraine.",
        "NATO jets were scrambled overnight as Russia attacked western Ukraine.",
        "NATO-Kampfjets stiegen auf, nachdem Russland die Westukraine angegriffen hatte.",
        "Des avions de l'Otan ont décollé cette nuit après des frappes sur l'ouest de l'Ukraine.",
        "Винищувачі НАТО підняли в повітря через загрозу на заході України.",
        "Samoloty NATO poderwane po ataku na zachodnią Ukrainę.",
    ],
)
def test_allied_jets_of_no_named_nation_are_nothing_sure(
    read_text: Callable[..., list[Reading]], text: str
) -> None:
    (found,) = read_text(text)

    assert (found.facts["state"], found.facts["allied"]) == ("start", True)
    assert found.facts["cause_region"] == "western Ukraine"
    assert "country" not in found.facts
    assert found.confidence < 0.5
    assert "no nation is named" in found.reasons


@pytest.mark.parametrize(
    "text",
    [
        "Allied fighter jets were scrambled in an exercise over the sea, NATO said.",
        "NATO jets were scrambled 300 times last year, said the alliance, which watches Ukraine closely.",
    ],
)
def test_allied_jets_without_an_attack_are_nothing(
    read_text: Callable[..., list[Reading]], text: str
) -> None:
    assert not [one for one in read_text(text) if one.kind == "scramble"]


@pytest.mark.parametrize(
    "text",
    [
        "Polen hat Kampfjets aufsteigen lassen, weil im Westen der Ukraine Luftalarm galt.",
        "Polen hat wegen Angriffen auf den Westen der Ukraine Kampfjets gestartet.",
        "Polen ließ wegen der Angriffe auf die westlichen Regionen der Ukraine Kampfflugzeuge aufsteigen.",
        "Polska poderwała myśliwce z powodu ataku na zachodzie Ukrainy.",
        "Польща підняла авіацію через удари по західних областях України.",
        "Польша подняла истребители из-за удара на западе Украины.",
        "Avioane poloneze au fost ridicate de la sol după atacuri în vestul Ucrainei.",
        "Polonia a ridicat avioane de vânătoare din cauza atacului asupra vestului Ucrainei.",
        "Polonia hizo despegar cazas por un ataque en el oeste de Ucrania.",
        "La Pologne a fait décoller des chasseurs en raison d'une attaque dans l'ouest de l'Ukraine.",
    ],
)
def test_the_west_of_ukraine_in_any_case(facts: Callable[..., dict[str, Any]], text: str) -> None:
    found = facts(text, "scramble")

    assert (found["country"], found["cause_regions"]) == ("PL", ["western-ukraine"])


@pytest.mark.parametrize(
    ("text", "country", "state"),
    [
        ("Trwa operowanie polskiego lotnictwa w związku z atakiem Rosji na Ukrainę.", "PL", "start"),
        ("Wojsko Polskie informuje o zakończeniu operacji lotnictwa po ataku Rosji na Ukrainę.", "PL", "end"),
        (
            "Doua aeronave F-16, ridicate de la Baza 86 Aeriana, supravegheaza granita Romaniei.",
            "RO",
            "start",
        ),
        ("La Pologne déploie des avions de chasse après une attaque russe contre l'Ukraine.", "PL", "start"),
        (
            "Poland scrambled jets. Later the command reported the completion of the aviation operation.",
            "PL",
            "end",
        ),
    ],
)
def test_other_words_for_a_scramble(facts: Callable[..., Any], text: str, country: str, state: str) -> None:
    found = facts(text, "scramble")
    assert (found["country"], found["state"]) == (country, state)
