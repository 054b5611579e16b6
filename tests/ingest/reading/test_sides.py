from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.reading.reading import Reading

Facts = dict[str, Any]


@pytest.mark.parametrize(
    "text",
    [
        "Belgorod governor Vyacheslav Gladkov said 15 drones were shot down over the region overnight.",
        "Губернатор Белгородской области сообщил, что за ночь сбито 15 дронов.",
        "Губернатор Бєлгородської області заявив, що за ніч збито 15 безпілотників.",
        "Gubernator obwodu biełgorodzkiego poinformował, że w nocy zestrzelono 15 dronów.",
        "Der Gouverneur der Region Belgorod teilte mit, in der Nacht seien 15 Drohnen abgeschossen worden.",
        "Le gouverneur de la région de Belgorod a annoncé que 15 drones avaient été abattus dans la nuit.",
        "Guvernatorul regiunii Belgorod a anunțat că noaptea trecută au fost doborâte 15 drone.",
        "El gobernador de la región de Bélgorod informó de que fueron derribados anoche 15 drones.",
    ],
)
def test_a_russian_governor_counts_ukraines_drones_over_his_region(
    facts: Callable[..., Facts], text: str
) -> None:
    found = facts(text)

    assert (found["attacker"], found["claimant"], found["scope"]) == ("UA", "RU", "regional")
    assert found["claimants"] == ["ru-regional-governor"]
    assert found["shot_down"] == {"uav": 15}


def test_a_ukrainian_administration_counts_russias(facts: Callable[..., Facts]) -> None:
    found = facts("Начальник Дніпропетровської ОВА повідомив, що вночі над областю збито 15 безпілотників.")

    assert (found["attacker"], found["scope"]) == ("RU", "regional")
    assert found["claimants"] == ["ua-regional-administration"]
    assert "claimant" not in found


@pytest.mark.parametrize(
    "text",
    [
        "Russian air defence systems destroyed 45 drones overnight.",
        "Moscow said 45 drones were shot down overnight.",
        "Rosyjska obrona powietrzna zestrzeliła w nocy 45 dronów.",
        "Російська ППО за ніч збила 45 дронів.",
        "Над территорией России за ночь сбито 45 беспилотников.",
        "Die russische Flugabwehr schoss in der Nacht 45 Drohnen ab.",
        "La défense antiaérienne russe a abattu 45 drones dans la nuit.",
        "Apărarea antiaeriană rusă a doborât 45 de drone noaptea trecută.",
        "La defensa antiaérea rusa derribó anoche 45 drones.",
    ],
)
def test_what_russia_brings_down_is_ukraines(facts: Callable[..., Facts], text: str) -> None:
    found = facts(text)

    assert (found["attacker"], found["claimant"]) == ("UA", "RU")


def test_a_text_about_both_sides_gives_a_report_of_each(read_text: Callable[..., list[Reading]]) -> None:
    ours, theirs = read_text(
        "Russia launched 100 drones at Ukraine overnight, and 80 of them were shot down, "
        "the Ukrainian air force said.\n\n"
        "Russia's Defence Ministry said its air defences destroyed 45 drones overnight, "
        "20 of them over the Bryansk region."
    )

    assert (ours.facts["launched"], ours.facts["shot_down"]) == ({"uav": 100}, {"uav": 80})
    assert (ours.facts["attacker"], ours.facts["claimants"]) == ("RU", ["ua-air-force"])
    assert theirs.facts["shot_down"] == {"uav": 45}
    assert (theirs.facts["attacker"], theirs.facts["claimants"]) == ("UA", ["ru-mod"])
