from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingest.reading.reading import Reading

Facts = dict[str, Any]
EACH = {
    "en": "Overnight drones were shot down over Russia: eight each over Rostov and Bryansk regions.",
    "uk": "Вночі ППО збила українські дрони: по вісім над Ростовською та Брянською областями.",
    "ru": "Минувшей ночью сбиты украинские БПЛА: по восемь над Ростовской и Брянской областями.",
    "pl": "W nocy zestrzelono po osiem dronów nad obwodami rostowskim i briańskim.",
    "de": "In der Nacht wurden über den Regionen Rostow und Brjansk je acht Drohnen abgeschossen.",
    "fr": "La nuit, des drones ont été abattus au-dessus des régions de Rostov et de Briansk, huit chacune.",
    "ro": "În timpul nopții au fost doborâte câte opt drone deasupra regiunilor Rostov și Briansk.",
    "es": "Durante la noche fueron derribados ocho drones en cada una de las regiones de Rostov y Briansk.",
}


@pytest.mark.parametrize("lang", sorted(EACH))
def test_eight_each_over_two_regions_are_sixteen(facts: Callable[..., Facts], lang: str) -> None:
    found = facts(EACH[lang])

    assert found["shot_down"]["uav"] == 16
    assert found["shot_down"]["per_region"] == {"RU-ROS": 8, "RU-BRY": 8}
    assert set(found["regions"]) == {"RU-ROS", "RU-BRY"}


def test_a_stated_total_stays_and_its_shares_stand_beside_it(read_text: Callable[..., list[Reading]]) -> None:
    text = (
        "Ночью уничтожены 30 украинских БПЛА: 14 – над территорией Курской области, "
        "по восемь – над территориями Ростовской и Брянской областей."
    )
    (raid,) = read_text(text)

    assert raid.facts["shot_down"] == {"uav": 30, "per_region": {"RU-KRS": 14, "RU-ROS": 8, "RU-BRY": 8}}
    spans = [text[slice(*span)] for span in raid.spans["shot_down.per_region.RU-BRY"]]
    assert spans == ["по восемь", "Брянской"]


def test_a_list_with_the_region_before_its_number(facts: Callable[..., Facts]) -> None:
    found = facts(
        "The Russian Defence Ministry said 25 drones were shot down overnight: "
        "Bryansk region - 12; Kursk region - 8; Belgorod region - 5."
    )

    assert found["shot_down"]["per_region"] == {"RU-BRY": 12, "RU-KRS": 8, "RU-BEL": 5}


def test_a_sum_of_different_counts_is_ours_and_not_the_texts(facts: Callable[..., Facts]) -> None:
    found = facts("Overnight 12 drones were shot down over the Kursk region and nine over Bryansk region.")

    assert "uav" not in found["shot_down"]
    assert found["derived"] == {"shot_down": {"uav": 21}}


def test_shares_beyond_their_total_are_a_contradiction(read_text: Callable[..., list[Reading]]) -> None:
    (raid,) = read_text("Overnight 10 drones were shot down: eight each over Rostov and Bryansk regions.")

    assert raid.facts["shot_down"]["uav"] == 10
    assert any(reason.startswith("contradiction: the regions' shares 16") for reason in raid.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "Overnight eight drones each were shot down over Rostov and Neverland regions.",
        "В ночь на 9 июня сбито по восемь БПЛА над Ростовской и Небывальской областями.",
    ],
)
def test_each_of_regions_that_are_not_all_known_gives_no_total(
    read_text: Callable[..., list[Reading]], text: str
) -> None:
    assert not [one for one in read_text(text) if "uav" in one.facts.get("shot_down", {})]


def test_drones_each_carrying_a_load_are_no_share(facts: Callable[..., Facts]) -> None:
    assert facts("Overnight two drones, each carrying 50 kg, were shot down.")["shot_down"] == {"uav": 2}
