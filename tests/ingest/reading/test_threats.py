from __future__ import annotations

from collections.abc import Callable
from typing import Any

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


@pytest.mark.parametrize(
    ("text", "threat", "regions"),
    [
        ("Швидкісна ціль на Харків!", "unspecified_missiles", ["UA-63"]),
        ("Нові групи ударних БпЛА на Одещині.", "drones", ["UA-51"]),
        ("Крилаті ракети на Чернігівщині курсом на південь!", "unspecified_missiles", ["UA-74"]),
    ],
)
def test_a_line_of_a_channel_is_a_threat(
    facts: Callable[..., Any], text: str, threat: str, regions: list[str]
) -> None:
    found = facts(text, "threat")
    assert (found["threat"], found["regions"]) == (threat, regions)


@pytest.mark.parametrize(
    "text",
    [
        "Завод у Києві виробляє дрони для армії. Ракети будуть у Львові. Контракт підписано у Києві.",
        "Missile debris was found in the Lviv region.",
    ],
)
def test_prose_about_weapons_is_no_threat(read_text: Callable[..., list[Reading]], text: str) -> None:
    assert read_text(text) == []


def test_an_alert_and_its_region_in_two_sentences(facts: Callable[..., Any]) -> None:
    found = facts("15:31 Повітряна тривога! Харківська область. Пройдіть в укриття!", "alert")
    assert (found["state"], found["regions"], found["time_local"]) == ("start", ["UA-63"], "15:31")


def test_a_polish_warning_names_its_province(facts: Callable[..., Any]) -> None:
    found = facts("ALERT RCB: Uwaga! Zagrożenie atakiem z powietrza. Woj. lubelskie.", "alert")
    assert (found["state"], found["regions"]) == ("start", ["PL-06"])


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Увага! Зафіксовано зліт двох бортів Ту-95 з аеродрому Оленья!", "start"),
        ("У повітрі шість бортів Ту-160.", "start"),
        ("Тривога пов'язана з пусками крилатих ракет.", "start"),
        ("Існує загроза пусків ракет Х-22 із півдня.", "start"),
        ("Кинджал на Сумщині, курсом на Полтавщину!", "start"),
        ("Відбій небезпеки по МіГ-31К.", "end"),
    ],
)
def test_bombers_and_what_they_carry_are_threats(facts: Callable[..., Any], text: str, state: str) -> None:
    assert facts(text, "threat")["state"] == state
