from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.reading.scene import Scene

Claims = list[tuple[str, str | None, object]]


def claims(scene: Scene) -> Claims:
    return [
        (claim.status, claim.of_class, claim.amount.fact())
        for claims in scene.claims
        for claim in claims
        if claim.amount.value is not None
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Air defences shot down 32 drones.", [("shot_down", "uav", 32)]),
        ("Thirty-two drones were shot down.", [("shot_down", "uav", 32)]),
        (
            "Russia fired 55 drones; 32 were downed, eight disappeared from radar.",
            [("launched", "uav", 55), ("shot_down", "uav", 32), ("suppressed", "uav", 8)],
        ),
        (
            "Two cruise missiles and 15 drones that Russia launched were destroyed.",
            [("shot_down", "missile", 2), ("shot_down", "uav", 15)],
        ),
        ("They shot down 28 of 31 drones.", [("shot_down", "uav", 28), ("launched", "uav", 31)]),
        (
            "85 of the 120 drones launched by Russia were neutralised.",
            [("neutralised", "uav", 85), ("launched", "uav", 120)],
        ),
        (
            "La défense a neutralisé 460 drones et 19 des 20 missiles tirés.",
            [("neutralised", "uav", 460), ("neutralised", "missile", 19), ("launched", "missile", 20)],
        ),
        ("22 drones sur 25 ont été abattus.", [("shot_down", "uav", 22), ("launched", "uav", 25)]),
        (
            "La Russie a tiré 479 drones, dont 460 ont été neutralisés, ainsi que 19 missiles.",
            [("launched", "uav", 479), ("neutralised", "uav", 460), ("neutralised", "missile", 19)],
        ),
        (
            "Противник атакував 104 дронами, 57 з них удалося збити, а 39 було локаційно втрачено.",
            [("launched", "uav", 104), ("shot_down", "uav", 57), ("suppressed", "uav", 39)],
        ),
        ("Ракетами та 20-ма дронами атаковано місто.", [("launched", "uav", 20)]),
        (
            "Zestrzelono 28 z 31 dronów, a dwa zniknęły z radarów.",
            [("shot_down", "uav", 28), ("launched", "uav", 31), ("suppressed", "uav", 2)],
        ),
        ("Impacts ont été constatés à dix endroits.", [("hits", "place", 10)]),
        (
            "Hits were recorded at two locations, and debris fell at three.",
            [("hits", "place", 2), ("debris", "place", 3)],
        ),
    ],
)
def test_what_became_of_a_number(scene: Callable[..., Scene], text: str, expected: Claims) -> None:
    assert sorted(claims(scene(text)), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize(
    "text",
    [
        "Air defences shot down Kh-59 and Kh-101 missiles.",
        "Збито дрони Shahed-136/131 та ракети типу 3М22.",
        "Two F-16 jets and 300 soldiers watched.",
        "The strike wounded 13 people in 4 houses.",
        "Drone attack 5 kilometres away, one of the largest drone attacks.",
    ],
)
def test_digits_that_are_no_counts(scene: Callable[..., Scene], text: str) -> None:
    assert claims(scene(text)) == []


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Nearly 480 drones were shot down.", {"approx": 480, "qualifier": "nearly"}),
        ("More than 50 drones were shot down.", {"min": 50, "qualifier": "over"}),
        ("Up to 100 drones were shot down.", {"max": 100, "qualifier": "up to"}),
        ("Au moins 60 drones ont été abattus.", {"min": 60, "qualifier": "at least"}),
        ("Une vingtaine de drones ont été abattus.", {"approx": 20, "qualifier": "about"}),
        ("Збито близько 10 дронів.", {"approx": 10, "qualifier": "about"}),
        ("Збито понад 50 дронів.", {"min": 50, "qualifier": "over"}),
        ("Zestrzelono prawie 500 dronów.", {"approx": 500, "qualifier": "nearly"}),
        ("Збито 72 відсотки БпЛА.", {"percent": 72}),
    ],
)
def test_a_hedge_stays(scene: Callable[..., Scene], text: str, amount: object) -> None:
    assert claims(scene(text)) == [("shot_down", "uav", amount)]


def types(scene: Scene) -> list[tuple[str, bool, object]]:
    return [
        (one.type_key, one.mixed, one.amount.fact()) for claims in scene.claims for one in claims if one.types
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Збито 24 балістичні ракети Іскандер-М/С-400/KN-23.", [("iskander_m_s400_kn23", False, 24)]),
        ("Two Iskander-M or KN-23 missiles were shot down.", [("iskander_m_kn23", False, 2)]),
        ("Збито 30 БпЛА типу Shahed, Гербера та дронів інших типів.", [("shahed", True, 30)]),
        ("Ворог атакував балістичною ракетою Іскандер-М.", [("iskander_m", False, 1)]),
        ("Ворог атакував ракетами Онікс.", [("oniks", False, "unnumbered")]),
        ("Ворог атакував 82 БпЛА (14 із них - реактивні).", [("jet_uav", False, 14)]),
        ("36 Shahed (drones) were shot down.", [("shahed", False, 36)]),
    ],
)
def test_types(scene: Callable[..., Scene], text: str, expected: list[tuple[str, bool, object]]) -> None:
    assert types(scene(text)) == expected


def test_who_launched_is_read_off_the_weapon(scene: Callable[..., Scene]) -> None:
    found = scene("Russia's air defence shot down 69 Ukrainian drones.").claims[0][0]
    assert found.attacker == "UA"


def test_a_number_shows_where_it_stands(scene: Callable[..., Scene]) -> None:
    text = "Overnight, nearly 480 drones were shot down."
    claim = next(one for one in scene(text).claims[0] if one.amount.value)
    assert text[slice(*claim.span)] == "nearly 480"
