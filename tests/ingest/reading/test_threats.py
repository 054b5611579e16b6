from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.reading.reading import Reading


@pytest.mark.parametrize(
    ("text", "kind", "threat", "state", "regions"),
    [
        ("🔴 Повітряна тривога у Львівській області", "alert", "air_raid", "start", ["UA-46"]),
        ("🟢 Відбій тривоги на Полтавщині", "alert", "air_raid", "end", ["UA-53"]),
        (
            "Загроза застосування ударних БпЛА для Сумської та Чернігівської областей!",
            "threat",
            "drones",
            "start",
            ["UA-59", "UA-74"],
        ),
        ("Зафіксовано зліт МіГ-31К! Вся Україна в укриття.", "threat", "mig31k_departure", "start", ["UA"]),
        ("Відбій загрози по МіГ-31К", "threat", "mig31k_departure", "end", None),
        ("Пуски КАБ на Харківщину", "threat", "guided_aerial_bombs", "start", ["UA-63"]),
        ("Air raid alert in the Lviv region", "alert", "air_raid", "start", ["UA-46"]),
        ("Alerte aérienne dans la région de Lviv", "alert", "air_raid", "start", ["UA-46"]),
    ],
)
def test_a_channels_post(
    read_text: Callable[..., list[Reading]],
    text: str,
    kind: str,
    threat: str,
    state: str,
    regions: list[str] | None,
) -> None:
    (found,) = read_text(text)
    assert found.kind == kind
    assert (found.facts["threat"], found.facts["state"]) == (threat, state)
    assert found.facts.get("regions") == regions


def test_a_region_that_the_theatre_lacks_is_kept_as_words(read_text: Callable[..., list[Reading]]) -> None:
    (found,) = read_text("15:44 Повітряна тривога в Вигаданський район")
    assert found.facts["region_text"] == "Вигаданський район"
    assert found.facts["time_local"] == "15:44"
    assert found.confidence < 0.7


def test_a_mornings_report_is_no_warning(read_text: Callable[..., list[Reading]]) -> None:
    text = (
        "Вночі збито 20 БпЛА. Зафіксовано пуски ракет. Не ігноруйте повітряну тривогу у Львівській області."
    )
    assert {one.kind for one in read_text(text)} == {"raid_report"}
