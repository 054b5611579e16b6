from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ingest.reading.reading import Reading

Facts = dict[str, Any]

# The night of 8 to 9 June 2025, told by us in four languages: 479 UAVs and 20 missiles launched, 460 and 19
# neutralised, impacts at ten places; the record before it was 472 on 1 June.
FRENCH = """La nuit la plus lourde depuis le début de la guerre

Dans la nuit de dimanche à lundi, la Russie a envoyé un nombre record de 479 drones et 20 missiles
sur l'Ukraine, selon l'armée de l'air ukrainienne. Celle-ci dit avoir neutralisé 460 drones, ainsi que
19 missiles. Des impacts ont été constatés à dix endroits.

Le 1er juin, 472 drones avaient été lancés, un record jusque-là.
"""
ENGLISH = """Nearly 480 drones launched in one night

Russia launched a record 479 drones and 20 missiles at Ukraine in the night from Sunday to Monday,
said Ukraine's Air Force. It said that 460 of the drones and 19 of the missiles were neutralised.
Hits were recorded at ten locations.

On 1 June, 472 drones had been launched, the previous record.
"""
POLISH = """W nocy z niedzieli na poniedziałek Rosja zaatakowała Ukrainę rekordową liczbą 479 dronów
i 20 rakietami. Jak podały Siły Powietrzne Ukrainy, zneutralizowano 460 dronów oraz 19 rakiet.
Trafienia odnotowano w dziesięciu miejscach.

1 czerwca wystrzelono 472 drony, co było wówczas rekordem.
"""
UKRAINIAN = """⚡️ ЗНЕШКОДЖЕНО 479 ЦІЛЕЙ

У ніч на 9 червня (з 20:00 8 червня) ворог атакував рекордною кількістю – 479 безпілотниками
та 20 ракетами різних типів, повідомили Повітряні сили. Станом на 10:30 знешкоджено 460 безпілотників
та 19 ракет. Влучання зафіксовано на десяти локаціях.

1 червня ворог випустив 472 безпілотники, що на той час було рекордом.
"""


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, POLISH, UKRAINIAN], ids=["fr", "en", "pl", "uk"])
def test_one_night_is_the_same_in_four_languages(read_text: Callable[..., list[Reading]], text: str) -> None:
    raids = [one for one in read_text(text) if one.kind == "raid_report"]
    (raid,) = [one for one in raids if not one.quoted]
    assert raid.facts["night_of"] == "2025-06-09"
    assert raid.facts["launched"] == {"uav": 479, "missile": 20}
    neutralised = {key: raid.facts["neutralised"][key] for key in ("uav", "missile")}
    assert neutralised == {"uav": 460, "missile": 19}
    assert raid.facts["impacts_locations"] == 10
    assert raid.facts["record"] == "new"
    assert raid.facts["claimants"] == ["ua-air-force"]
    assert raid.facts.get("attacker", "RU") == "RU"
    (older,) = [one for one in raids if one.quoted]
    assert older.facts["launched"] == {"uav": 472}
    assert older.facts["record"] == "previous"


def test_a_quoted_record_has_its_own_date(read_text: Callable[..., list[Reading]]) -> None:
    text = FRENCH.replace("472 drones avaient été lancés", "472 drones avaient été lancés dans la nuit")
    (older,) = [one for one in read_text(text) if one.quoted]
    assert older.facts["night_of"] == "2025-06-01"


def test_a_hedged_headline_is_a_witness_of_the_body(read_text: Callable[..., list[Reading]]) -> None:
    (raid,) = [one for one in read_text(ENGLISH) if not one.quoted]
    quoted = [ENGLISH[start:end] for start, end in raid.spans["launched.uav"]]
    assert quoted == ["479", "Nearly 480"]


def test_a_ukrainian_report_with_its_window_and_types(facts: Callable[..., Facts]) -> None:
    found = facts(
        """ЗБИТО/ПОДАВЛЕНО 479 ЦІЛЕЙ: 19 РАКЕТ ТА 460 БПЛА
У ніч на 9 червня (з 20:00 8 червня) противник завдав удару по Україні.
Усього виявлено 499 засобів повітряного нападу:
- 479 ударних БпЛА типу Shahed та безпілотників-імітаторів (напрямки: Курськ, Міллерово);
- 4 аеробалістичні ракети Х-47М2 "Кинджал";
- 10 крилатих ракет Х-101;
- 2 протирадіолокаційні ракети Х-31П.
Станом на 10:30 влучання на 10 локаціях, падіння уламків на 17 локаціях. Атака триває!"""
    )
    assert found["launched"]["total"] == 499
    assert found["launched"]["uav"] == 479
    assert found["launched"]["per_type"] == {"kinzhal": 4, "kh101": 10, "kh31p": 2}
    assert "missile" not in found["launched"]
    assert found["derived"] == {"launched": {"missile": 16}}
    assert found["neutralised"] == {"uav": 460, "missile": 19, "total": 479}
    assert found["neutralised_total"] == 479
    assert (found["impacts_locations"], found["debris_locations"]) == (10, 17)
    assert found["window_start"] == "2025-06-08T20:00+03:00"
    assert found["as_of"] == "2025-06-09T10:30+03:00"
    assert found["ongoing"] is True
    assert found["launch_areas"] == ["Kursk", "Millerovo"]


def test_a_missile_named_without_a_number_leaves_their_number_open(facts: Callable[..., Facts]) -> None:
    found = facts("Вночі ворог атакував ракетами Онікс, 4 ракетами Калібр та 90 дронами.")
    assert found["launched"] == {
        "uav": 90,
        "missile": "unnumbered",
        "per_type": {"oniks": "unnumbered", "kalibr": 4},
    }


def test_all_of_them_says_how_many_there_were(facts: Callable[..., Facts]) -> None:
    found = facts("On the night of 9 June, air defence shot down all 27 Russian Shahed drones.")
    assert found["launched"]["uav"] == 27
    assert found["shot_down"]["uav"] == 27


def test_cruise_missiles_beside_others_are_not_all_missiles(facts: Callable[..., Facts]) -> None:
    found = facts("Overnight Russia launched 40 drones, four Kinzhal missiles and 16 cruise missiles.")
    assert "missile" not in found["launched"]
    assert found["derived"]["launched"]["missile"] == 20


def test_the_whole_is_stated_and_not_a_regions_part(facts: Callable[..., Facts]) -> None:
    found = facts(
        "The air force shot down 15 drones overnight. "
        "The governor said that 13 drones were destroyed over his region."
    )
    assert found["shot_down"]["uav"] == 15


def test_a_ministrys_drones_go_the_other_way(facts: Callable[..., Facts]) -> None:
    found = facts("The Russian Defence Ministry said that 49 Ukrainian drones were destroyed overnight.")
    assert (found["attacker"], found["claimant"], found["shot_down"]) == ("UA", "RU", {"uav": 49})


@pytest.mark.parametrize(
    "text",
    [
        "NATO members agreed to buy 400 missiles and 1,200 drones over five years.",
        "In May, Russia launched 3,974 drones at Ukraine.",
        "У травні ворог застосував проти України 3974 дрони та 117 ракет.",
        "Протягом вересня ворог запустив 538 дронів.",
        "En mai, la Russie a lancé 3 974 drones.",
        "Від початку вторгнення збито 12 000 дронів.",
        "За добу відбулося 182 бойові зіткнення, ворог застосував 3 ракети та 2 893 дрони.",
        "Україна отримала 12 ракет для систем ППО.",
        "Dwa samoloty i 30 rakiet zostaną dostarczone w przyszłym roku.",
        "Le Royaume-Uni va construire douze sous-marins et six usines de munitions.",
        "Drone attack wounds 13, officials say.",
        "",
    ],
)
def test_what_is_no_raid_report(read_text: Callable[..., list[Reading]], text: str) -> None:
    assert [one for one in read_text(text) if one.kind in ("raid_report", "scramble")] == []


def test_a_contradiction_is_reported_and_not_mended(read_text: Callable[..., list[Reading]]) -> None:
    text = "The air force said Russia launched 30 drones overnight. It said that 40 drones were shot down."
    (raid,) = read_text(text)
    assert raid.facts["launched"]["uav"] == 30
    assert raid.facts["shot_down"]["uav"] == 40
    assert any(reason.startswith("contradiction") for reason in raid.reasons)
    assert raid.confidence < 0.7


def test_without_a_publication_date_the_night_is_left_out(facts: Callable[..., Facts]) -> None:
    found = facts("У ніч на 9 червня (з 20:00) ворог атакував 50 дронами.", published_at=None)
    assert not {"night_of", "window_start", "as_of"} & set(found)


def test_a_report_of_a_day_has_a_window_and_no_night(facts: Callable[..., Facts]) -> None:
    found = facts(
        "Протягом дня 9 червня (із 6.30 до 18.00) противник атакував 90 БпЛА. Збито/подавлено 80 БпЛА.",
        published_at=datetime(2025, 6, 9, 16, 0, tzinfo=UTC),
    )
    assert found["window_start"] == "2025-06-09T06:30+03:00"
    assert found["window_end"] == "2025-06-09T18:00+03:00"
    assert "night_of" not in found


def test_a_city_that_speaks_is_no_region_that_was_hit(facts: Callable[..., Facts]) -> None:
    found = facts("Selon Kiev, 12 drones ont été abattus au cours de la nuit dans la région de Lviv.")
    assert found["regions"] == ["UA-46"]


def test_a_mixed_text_is_read_in_both_languages(facts: Callable[..., Facts]) -> None:
    found = facts(
        "The Air Force of Ukraine published its report this morning, and it says the following.\n\n"
        "«У ніч на 9 червня противник атакував 90 БпЛА, збито 80 БпЛА.»"
    )
    assert found["launched"]["uav"] == 90


def test_one_that_flew_out_is_told_with_its_country(facts: Callable[..., Facts]) -> None:
    found = facts("Збито 28 дронів, ще один дрон залишив повітряний простір України у бік Білорусі.")
    assert found["left_airspace"] == {"Belarus": 1}
