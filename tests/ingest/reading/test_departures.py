from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Facts = dict[str, Any]


@pytest.mark.parametrize(
    "text",
    [
        "Russia launched 60 drones overnight. 40 were shot down, two flew to Belarus and one to Romania.",
        "Overnight 40 of 60 drones were downed; two drones left for Belarus, another for Romania.",
        "За ніч збито 40 дронів, два залишили повітряний простір у бік Білорусі та один – у бік Румунії.",
        "Ночью сбито 40 дронов, два улетели в сторону Беларуси и один – в сторону Румынии.",
        "W nocy zestrzelono 40 dronów, dwa odleciały w kierunku Białorusi, a jeden do Rumunii.",
        "In der Nacht wurden 40 Drohnen abgeschossen, zwei flogen nach Belarus und eine nach Rumänien.",
        "La nuit, 40 drones ont été abattus, deux se sont dirigés vers le Bélarus et un vers la Roumanie.",
        "Noaptea trecută au fost doborâte 40 de drone, două s-au îndreptat spre Belarus și una spre România.",
        "Anoche fueron derribados 40 drones, dos volaron hacia Bielorrusia y uno hacia Rumanía.",
    ],
)
def test_each_number_that_left_has_its_own_country(facts: Callable[..., Facts], text: str) -> None:
    found = facts(text)

    assert found["left_airspace"] == {"Belarus": 2, "Romania": 1}
    assert found["shot_down"]["uav"] == 40


def test_one_each_to_two_countries(facts: Callable[..., Facts]) -> None:
    found = facts("Overnight 40 drones were shot down, and one drone each flew to Belarus and Romania.")

    assert found["left_airspace"] == {"Belarus": 1, "Romania": 1}


def test_one_number_for_two_countries_is_of_neither(facts: Callable[..., Facts]) -> None:
    found = facts("Overnight 40 drones were shot down, and three drones flew to Belarus and Romania.")

    assert found["left_airspace"] == {"total": 3}
