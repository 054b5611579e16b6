from __future__ import annotations

import gc
import json
import math
import re
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.theatre import load_theatre
from ingest.reading.reader import read
from ingest.reading.reading import Reading

REPO = next(parent for parent in Path(__file__).parents if (parent / "pyproject.toml").is_file())
SEEDS = REPO.parent / "shared" / "seeds"

UK = "У ніч на 9 червня (з 20:00 8 червня) ворог атакував 479 дронами та 20 ракетами Х-101. Збито 277 дронів."
EN = "Russia launched 479 drones and 20 missiles overnight; 460 were neutralised, said Ukraine's Air Force."
WORDS = f"""
{UK} {EN} dans la nuit du 8 au 9 juin 479 drones ont été abattus à dix endroits selon l'armée
Dowództwo Operacyjne poderwało myśliwce po godz. 5.20 w Rzeszowie
« » " ( ) / - – — , ; : . ! ? * % 400% 5% 1er 9th 20-ма Х-59/69 Shahed-136/131 99999999999999999
24:00 99:99 0.0.00 31.02.2025 1.1.99 від до з по the of one a un une all les чотириста тисяч million
""".split()
WORDS += ["\n", "\n\n"]
RU = "В ночь на 9 июня (с 20:00 8 июня) противник атаковал 479 дронами и 20 ракетами Х-101. Сбито 277 дронов."
DE = "In der Nacht zum 9. Juni setzte Russland 479 Drohnen und 20 Raketen ein; 277 wurden abgeschossen."
RO = "În noaptea de 8 spre 9 iunie, Rusia a lansat 479 de drone și 20 de rachete; 277 au fost doborâte."
ES = "En la noche del 9 de junio, Rusia lanzó 479 drones y 20 misiles; 277 drones fueron derribados."
BG = "През нощта на 9 юни Русия атакува Украйна с 479 дрона и 20 ракети; свалени са 277 дрона."
HR = "U noći na 9. lipnja Rusija je lansirala 479 dronova i 20 projektila; oboreno je 277 dronova."
DA = "Natten til den 9. juni affyrede Rusland 479 droner og 20 missiler; 277 droner blev skudt ned."
WORDS += f"{BG} {HR} {DA} по na hver svaka".split()
WORDS += f"{RU} {DE} {RO} {ES} мск обл. по каждом je jeweils davon câte dintre ele cada uno de ellos".split()
REPORTS = {"uk": UK, "en": EN, "ru": RU, "de": DE, "ro": RO, "es": ES, "bg": BG, "hr": HR, "da": DA}
CODECS = ("utf-8", "utf-16", "cp1251", "koi8-r", "cp1252", "iso8859_2", "cp437", "shift_jis", "utf-7")


def leaves(facts: dict[str, Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in facts.items():
        name = f"{path}{key}"
        if isinstance(value, dict) and not {"min", "max", "approx", "percent"} & set(value):
            found |= leaves(value, f"{name}.")
        else:
            found[name] = value
    return found


def check(text: str, readings: list[Reading]) -> None:
    for reading in readings:
        json.dumps(reading.facts)
        assert 0 < reading.confidence <= 1
        assert set(leaves(reading.facts)) == set(reading.spans)
        for spans in reading.spans.values():
            assert spans
            assert all(0 <= start < end <= len(text) for start, end in spans)


@settings(deadline=None)
@given(st.text(max_size=400), st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
@example("У ніч на 31 лютого", datetime.min.replace(tzinfo=UTC))
@example("У ніч на неділю збито 5 дронів (з 20:00). Станом на 24:00", datetime.max.replace(tzinfo=UTC))
@example("вчора збито 5 дронів з 01:00 до 02:00", datetime.min.replace(tzinfo=UTC))
def test_any_string_gives_readings_or_none(text: str, published_at: datetime | None) -> None:
    check(text, read(text, published_at=published_at, theatre=load_theatre()))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=60), st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))
)
def test_any_jumble_of_our_words_gives_readings_or_none(
    words: list[str], published_at: datetime | None
) -> None:
    text = " ".join(words)
    check(text, read(text, published_at=published_at, theatre=load_theatre()))


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(CODECS))
def test_any_bytes_in_any_encoding_give_readings_or_none(raw: bytes, codec: str) -> None:
    text = raw.decode(codec, errors="replace")
    check(text, read(text, published_at=None, theatre=load_theatre()))


@settings(deadline=None)
@given(st.sampled_from(sorted(REPORTS)), st.sampled_from(CODECS), st.sampled_from(CODECS))
def test_a_report_in_the_wrong_encoding_gives_readings_or_none(lang: str, written: str, taken: str) -> None:
    text = REPORTS[lang].encode(written, errors="replace").decode(taken, errors="replace")
    check(text, read(text, published_at=None, theatre=load_theatre()))


@pytest.mark.parametrize(
    "piece",
    [
        *REPORTS.values(),
        "drone ", "по ", "1 ", "(", '"', ". ", "-", "5 of 5 ", "и, ", "Х-59/", "a\n", "**", "м.", "9. Juni ",
    ],
)  # fmt: skip
def test_time_is_linear_in_the_length(piece: str) -> None:
    """Sixteen times the text may take at most four times sixteen as long, each at its best of ten times."""

    def took(size: int) -> float:
        text = piece * (size // len(piece) + 1)
        start = time.process_time()
        read(text, published_at=None, theatre=load_theatre())
        return time.process_time() - start

    took(100)
    short = long = math.inf
    for _ in range(10):
        short, long = min(short, took(2_000)), min(long, took(32_000))
        if long < 4 * 16 * max(short, 0.0005):
            break
    assert long < 4 * 16 * max(short, 0.0005)


@pytest.mark.parametrize("text", REPORTS.values(), ids=REPORTS)
def test_reading_twice_gives_the_same(read_text: Callable[..., list[Reading]], text: str) -> None:
    assert read_text(text) == read_text(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace("-", "\u2011"),
        lambda text: text.replace("'", "’"),
        lambda text: text.replace("а", "a").replace("о", "o").replace("с", "c"),  # Cyrillic to Latin
        lambda text: text.upper(),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: re.sub(r"(?<=\w{3}) (?=[^\W\dA-ZА-ЯІ_])", "\n  ", text[45:], count=1).join(
            (text[:45], "")
        ),
        lambda text: text.replace("-", "\u2013"),
    ],
    ids=[
        "no-break spaces",
        "double spaces",
        "other hyphens",
        "other apostrophes",
        "look-alike letters",
        "capitals",
        "loose accents",
        "a line break",
        "dashes",
    ],
)
@pytest.mark.parametrize("text", REPORTS.values(), ids=REPORTS)
def test_the_same_text_written_otherwise_has_the_same_facts(
    read_text: Callable[..., list[Reading]], text: str, change: Callable[[str], str]
) -> None:
    assert [one.facts for one in read_text(change(text))] == [one.facts for one in read_text(text)]


def test_every_number_stands_in_its_span(read_text: Callable[..., list[Reading]]) -> None:
    (raid,) = read_text(UK)
    assert UK[slice(*raid.spans["launched.uav"][0])] == "479"
    assert UK[slice(*raid.spans["launched.missile"][0])] == "20"
    assert UK[slice(*raid.spans["shot_down.uav"][0])] == "277"
    assert UK[slice(*raid.spans["window_start"][0])] == "з 20:00 8 червня"


# --- the two seed articles, which are not in this repository


def seed(name: str) -> str:
    found = sorted(SEEDS.glob(f"{name}_*.txt"))
    if not found:
        pytest.skip("../shared/seeds is not here")
    return found[0].read_text(encoding="utf-8")


def of_kind(readings: list[Reading], kind: str, *, quoted: bool = False) -> list[dict[str, Any]]:
    return [one.facts for one in readings if one.kind == kind and one.quoted is quoted]


def statements(readings: list[Reading]) -> set[tuple[str, str, tuple[tuple[int, str], ...]]]:
    return {
        (
            facts["organisation"],
            facts["topic"],
            tuple((figure["value"], figure["unit"]) for figure in facts.get("figures", ())),
        )
        for facts in of_kind(readings, "statement")
    }


def test_the_first_seed_article(read_text: Callable[..., list[Reading]]) -> None:
    text = seed("000")
    readings = read_text(text)
    check(text, readings)
    (raid,) = of_kind(readings, "raid_report")
    assert raid["night_of"] == "2025-06-09"
    assert raid["launched"] == {"uav": 479, "missile": 20}
    assert raid["neutralised"] == {"uav": 460, "missile": 19}
    assert raid["impacts_locations"] == 10
    assert raid["record"] == "new"
    assert (raid["attacker"], raid["claimants"]) == ("RU", ["ua-air-force"])
    (older,) = of_kind(readings, "raid_report", quoted=True)
    assert (older["night_of"], older["launched"], older["record"]) == ("2025-06-01", {"uav": 472}, "previous")
    (scramble,) = of_kind(readings, "scramble")
    assert (scramble["country"], scramble["state"], scramble["allied"]) == ("PL", "start", True)
    assert (scramble["cause_region"], scramble["part_of_day"]) == ("western Ukraine", "morning")
    (strike,) = of_kind(readings, "strike")
    assert (strike["place"], strike["region"], strike["count"]) == ("vniir-cheboksary", "RU-CU", 2)
    assert (strike["attacker"], strike["weapon"]) == ("UA", "uav")
    assert strike["claimants"] == ["chuvashia-governor", "ua-general-staff"]
    assert statements(readings) == {
        ("NATO", "air defence", ((400, "%"),)),
        ("United States", "defence spending", ((5, "% of GDP"),)),
        ("Kremlin", "NATO", ()),
    }
    assert len(readings) == 7


def test_the_second_seed_article_is_statements_only(read_text: Callable[..., list[Reading]]) -> None:
    text = seed("001")
    readings = read_text(text)
    check(text, readings)
    assert {one.kind for one in readings} == {"statement"}
    assert statements(readings) == {
        ("NATO", "air defence", ((400, "%"),)),
        ("NATO", "defence spending", ((5, "%"),)),
        ("United States", "defence spending", ((5, "% of GDP"),)),
    }


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_is_left_as_it_was(read_text: Callable[..., list[Reading]], collecting: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        read_text(EN)
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if was else gc.disable)()
