from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.reading.reading import Reading

TEXTS = {
    "fr": "Le travail dans une usine de Tchouvachie est arrêté après l'arrivée de drones ukrainiens. "
    "Oleg Nikolaïev, le gouverneur, dit que deux drones ont chuté sur l'usine "
    "VNIIR.\n\nL'état-major ukrainien a revendiqué "
    "l'attaque.",
    "en": "Work at a plant in Chuvashia stopped after Ukrainian drones arrived. "
    "Two drones fell on the VNIIR plant, governor Oleg Nikolayev said.\n\nThe Ukrainian General "
    "Staff claimed the attack.",
    "pl": "Praca zakładów w Czuwaszji stanęła po nalocie ukraińskich dronów. "
    "Dwa drony spadły na zakłady WNIIR, podał gubernator Oleg Nikołajew.\n\nUkraiński Sztab "
    "Generalny potwierdził atak.",
    "uk": "Роботу підприємства в Чувашії зупинено після прильоту українських дронів. "
    "Два дрони впали на завод ВНДІР, заявив губернатор Олег Ніколаєв.\n\nГенеральний штаб ЗСУ "
    "підтвердив атаку.",
}


@pytest.mark.parametrize("lang", sorted(TEXTS))
def test_a_strike_is_the_same_in_four_languages(facts: Callable[..., Any], lang: str) -> None:
    found = facts(TEXTS[lang], "strike")
    assert (found["place"], found["region"]) == ("vniir-cheboksary", "RU-CU")
    assert (found["weapon"], found["count"], found["drones_fallen"]) == ("uav", 2, 2)
    assert (found["attacker"], found["direction"]) == ("UA", "UA_RU")
    assert found["claimants"] == ["chuvashia-governor", "ua-general-staff"]
    assert found["claimed_by"] == ["ua-general-staff"]


def test_drones_that_fell_nowhere_are_no_strike(read_text: Callable[..., list[Reading]]) -> None:
    assert read_text("Two drones fell in a field, and nobody was hurt.") == []


def test_a_correction_for_one_region_is_not_the_nights_report(
    read_text: Callable[..., list[Reading]],
) -> None:
    text = (
        "Уточнена інформація щодо удару по Одещині\n\nУночі ворог застосував 11 ракет. Збито одну ракету, "
        "три ракети не досягли цілей. Влучання зафіксовано на дев'яти локаціях."
    )
    (found,) = read_text(text)
    assert (found.kind, found.facts["region"], found.facts["correction"]) == ("strike", "UA-51", True)
    assert found.facts["launched"] == {"missile": 11}
    assert found.facts["impacts_locations"] == 9
