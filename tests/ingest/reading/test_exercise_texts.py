"""The texts of the demonstration night: all that they say, and nothing that they don't."""

from functools import cache
from typing import Any

import pytest

from config.exercise import load_exercise
from config.theatre import load_theatre
from ingest.reading.reader import read
from ingest.reading.reading import Reading


@cache
def readings(name: str) -> list[Reading]:
    theatre = load_theatre("eastern-flank")
    (document,) = [one for one in load_exercise("seed-night", theatre).documents if name in one.file]
    return read(document.text, published_at=document.published_at, theatre=theatre)


def of_kind(name: str, kind: str, *, quoted: bool = False) -> list[dict[str, Any]]:
    return [one.facts for one in readings(name) if one.kind == kind and one.quoted is quoted]


def kinds(name: str) -> list[str]:
    return sorted(one.kind for one in readings(name) if not one.quoted)


def test_an_evening_note_without_figures_gives_no_report() -> None:
    assert readings("uk-air-force-evening") == []


def test_the_polish_notice_is_a_start_though_it_promises_word_of_the_end() -> None:
    (scramble,) = of_kind("pl-dorsz-start", "scramble")

    assert (scramble["country"], scramble["state"], scramble["allied"]) == ("PL", "start", True)
    assert scramble["cause_regions"] == ["western-ukraine"]
    assert scramble["claimants"] == ["pl-dorsz"]
    assert of_kind("pl-dorsz-start", "scramble", quoted=True) == []


def test_the_polish_end_notice_is_an_end_though_it_quotes_the_start() -> None:
    (scramble,) = of_kind("pl-dorsz-end", "scramble")

    assert (scramble["country"], scramble["state"]) == ("PL", "end")
    assert scramble["airspace_violation"] is False


@pytest.mark.parametrize("name", ["en-poland-jets", "fr-pologne-avions"])
def test_what_relays_the_polish_notice_says_the_same(name: str) -> None:
    (scramble,) = of_kind(name, "scramble")

    assert (scramble["country"], scramble["state"], scramble["allied"]) == ("PL", "start", True)
    assert kinds(name) == ["scramble"]


@pytest.mark.parametrize("name", ["uk-air-force-morning", "en-record", "fr-midi"])
def test_every_language_tells_the_same_raid(name: str) -> None:
    (report,) = of_kind(name, "raid_report")

    assert report["night_of"] == "2025-06-09"
    assert report["launched"]["uav"] == 479
    assert report["launched"]["missile"] == 20
    assert report["neutralised"]["uav"] == 460
    assert report["neutralised"]["missile"] == 19
    assert report["impacts_locations"] == 10


def test_the_morning_report_is_sure_and_whole() -> None:
    (report,) = [one for one in readings("uk-air-force-morning") if one.kind == "raid_report"]

    assert report.confidence >= 0.7, report.reasons
    assert report.facts["shot_down"]["uav"] == 277
    assert report.facts["suppressed"] == 183
    assert report.facts["debris_locations"] == 17
    assert report.facts["window_start"] == "2025-06-08T20:00+03:00"
    assert report.facts["as_of"] == "2025-06-09T10:30+03:00"
    assert report.facts["launched"]["per_type"]["kh101"] == 10
    assert report.facts["launched"]["per_type"]["kinzhal"] == 4


@pytest.mark.parametrize("name", ["en-record", "fr-midi"])
def test_the_record_before_is_an_older_night_of_its_own(name: str) -> None:
    (older,) = of_kind(name, "raid_report", quoted=True)

    assert older["launched"] == {"uav": 472}
    assert older["night_of"] == "2025-06-01"
    assert older["record"] == "previous"


@pytest.mark.parametrize("name", ["en-cheboksary", "uk-general-staff", "fr-midi"])
def test_the_plant_in_chuvashia_was_struck(name: str) -> None:
    (strike,) = of_kind(name, "strike")

    assert strike["place"] == "vniir-cheboksary"
    assert strike["region"] == "RU-CU"
    assert strike["weapon"] == "uav"


def test_each_side_of_the_strike_is_named() -> None:
    assert of_kind("en-cheboksary", "strike")[0]["claimants"] == ["chuvashia-governor"]
    assert of_kind("en-cheboksary", "strike")[0]["count"] == 2
    assert of_kind("uk-general-staff", "strike")[0]["claimants"] == ["ua-general-staff"]
    assert of_kind("fr-midi", "strike")[0]["claimed_by"] == ["ua-general-staff"]


def test_the_statements_are_those_of_nato_the_united_states_and_the_kremlin() -> None:
    statements = {one["speaker"]: one for one in of_kind("fr-midi", "statement")}

    assert set(statements) == {"Mark Rutte", "United States", "Dmitry Peskov"}
    assert statements["Mark Rutte"]["figures"][0]["value"] == 400
    assert statements["United States"]["figures"][0]["value"] == 5
    assert "confrontation" in statements["Dmitry Peskov"]["quote"]
