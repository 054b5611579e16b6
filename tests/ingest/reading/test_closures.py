from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ingest.reading.reading import Reading


def test_closed_airports_without_a_scramble(facts: Callable[..., Any]) -> None:
    found = facts("Polska zamknęła lotniska w Rzeszowie i Lublinie.", "airspace_closure")
    assert found["country"] == "PL"
    assert found["airports_closed"] == ["Rzeszów", "Lublin"]
    assert found["airports_closed_icao"] == ["EPRZ", "EPLB"]


def test_reopened_airports(facts: Callable[..., Any]) -> None:
    found = facts("Rzeszów airport in Poland has reopened.", "airspace_closure")
    assert found["airports_reopened"] == ["Rzeszów"]


def test_a_notam_is_named(facts: Callable[..., Any]) -> None:
    found = facts(
        "Polska agencja opublikowała NOTAM N1234/2025 dla przestrzeni powietrznej.", "airspace_closure"
    )
    assert found["notams"] == ["N1234/2025"]


def test_an_airport_in_the_news_is_no_closure(read_text: Callable[..., list[Reading]]) -> None:
    assert read_text("Polska rozbudowuje lotnisko w Rzeszowie.") == []
