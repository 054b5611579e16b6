"""RSO: which of its items are about the air, for which province, since when, and what ends them."""

import datetime as dt
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.decoding import Decoded
from ingest.feeds.rso import decode
from streams.events import AirRaidAlert
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

FIXTURE = (Path(__file__).parent / "fixtures" / "rso.xml").read_bytes()
GIVEN = context("rso")
START = "Uwaga! Zagrożenie atakiem z powietrza."


def item(text: str = START, *, title: str = "Alert RCB", slug: str = "lubelskie", **fields: str) -> str:
    stated = {"id": "1", "valid_from": "2026-11-22 20:40:00", "created_at": "2026-11-22 20:41:10"} | fields
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in stated.items())
    province = f'<provinces><province slug="{slug}">?</province></provinces>' if slug else ""
    return f"<news><title>{escape(title)}</title><content>{escape(text)}</content>{inside}{province}</news>"


def decoded(*items: str) -> Decoded:
    return decode(f"<newses>{''.join(items)}</newses>".encode(), GIVEN)


def alerts(what: Decoded) -> list[AirRaidAlert]:
    return [event for event in as_read(what) if isinstance(event, AirRaidAlert)]


def test_an_item_that_calls_an_alert_off_ends_it_in_each_province() -> None:
    what = decode(FIXTURE, GIVEN)
    lublin, rzeszow, lublin_over, rzeszow_over = alerts(what)

    assert not what.is_listing
    assert what.refused == []
    assert [one.region for one in (lublin, rzeszow)] == ["PL-06", "PL-18"]
    assert (lublin.id, rzeszow.id) == (lublin_over.id, rzeszow_over.id)
    assert lublin_over.revision > lublin.revision > 1
    assert (lublin.valid_from, lublin.valid_to) == (dt.datetime(2026, 11, 22, 19, 40, tzinfo=dt.UTC), None)
    assert (lublin_over.valid_from, lublin_over.valid_to) == (
        None,
        dt.datetime(2026, 11, 22, 20, 10, tzinfo=dt.UTC),
    )
    assert lublin.published_at == dt.datetime(2026, 11, 22, 19, 41, 10, tzinfo=dt.UTC)


def test_an_item_that_tells_of_aircraft_is_for_the_reader_too() -> None:
    (document,) = decode(FIXTURE, GIVEN).documents

    assert (document.name, document.title) == ("rso:9001", "Alert RCB")
    assert "operuje lotnictwo" in document.text
    assert document.published_at == dt.datetime(2026, 11, 22, 19, 41, 10, tzinfo=dt.UTC)


def test_the_words_are_shown() -> None:
    start, _, over, _ = alerts(decode(FIXTURE, GIVEN))

    quoted = [
        one.evidence.text[slice(*one.evidence.spans["alert_type"][0])]
        for one in (start, over)
        if one.evidence
    ]
    assert quoted == ["Zagrożenie atakiem z powietrza", "ODWOŁANIE"]


@pytest.mark.parametrize(
    "text",
    [
        START,
        "Rosyjski atak powietrzny na terenie Ukrainy.",
        "Możliwe zagrożenie z powietrza w powiecie chełmskim.",
        "Alarm powietrzny! Pozostań w schronie do odwołania.",
        "Atak dronów na terenie Ukrainy. Czekaj na odwołanie alarmu.",
    ],
)
def test_what_starts_an_alert(text: str) -> None:
    (alert,) = alerts(decoded(item(text)))

    assert alert.valid_to is None
    assert alert.valid_from is not None


@pytest.mark.parametrize(
    "text",
    [
        "Odwołanie zagrożenia atakiem z powietrza.",
        "Zakończył się atak powietrzny na Ukrainę. Brak zagrożenia na terenie Polski.",
        "Odwołujemy alarm powietrzny.",
    ],
)
def test_what_ends_one(text: str) -> None:
    (alert,) = alerts(decoded(item(text)))

    assert alert.valid_to is not None


@pytest.mark.parametrize(
    "text",
    [
        "Zagrożenie burzami i silnym wiatrem.",
        "Zanieczyszczenie powietrza pyłem PM10.",
        "Trening syren: alarm powietrzny.",
        "Droga krajowa nr 17 jest zablokowana.",
    ],
)
def test_what_is_not_of_an_attack_is_left_out(text: str) -> None:
    what = decoded(item(text))

    assert (what.events, what.documents, what.refused) == ([], [], [])


def test_the_province_is_the_feeds_and_not_the_texts() -> None:
    (alert,) = alerts(
        decoded(item("Zagrożenie atakiem z powietrza w województwie lubelskim.", slug="slaskie"))
    )

    assert alert.region == "PL-24"


@pytest.mark.parametrize(
    ("slug", "key"),
    [
        ("dolnoslaskie", "PL-02"),
        ("kujawsko-pomorskie", "PL-04"),
        ("lodzkie", "PL-10"),
        ("malopolskie", "PL-12"),
        ("swietokrzyskie", "PL-26"),
        ("warminsko-mazurskie", "PL-28"),
        ("zachodniopomorskie", "PL-32"),
    ],
)
def test_slugs_without_polish_letters(slug: str, key: str) -> None:
    assert [alert.region for alert in alerts(decoded(item(slug=slug)))] == [key]


@pytest.mark.parametrize(("created", "hour"), [("01:55:00", 0), ("03:05:00", 1)])
def test_in_the_hour_that_comes_twice_the_item_is_doubted(created: str, hour: int) -> None:
    twice = item(valid_from="2026-10-25 02:30:00", created_at=f"2026-10-25 {created}")
    (alert,) = alerts(decoded(twice))

    assert alert.valid_from == dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)
    assert alert.doubts == ("02:30 came twice that day: clocks were put back",)


def test_summer_time() -> None:
    (alert,) = alerts(decoded(item(valid_from="2026-07-01 12:00:00")))

    assert alert.valid_from == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)


def test_a_changed_item_is_newer() -> None:
    first, changed = alerts(decoded(item(updated_at="2026-11-22 20:50:00"), item()))

    assert first.id == changed.id
    assert (changed.revision - first.revision, changed.published_at) == (
        530,
        dt.datetime(2026, 11, 22, 19, 50, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (item(slug="atlantyda"), "/newses/news[1]/provinces/province"),
        (item(slug=""), "/newses/news[1]/provinces"),
        (item(valid_from="wczoraj"), "/newses/news[1]/valid_from"),
        (item(valid_from="0001-01-01 00:00:00"), "/newses/news[1]/valid_from"),
        (item(created_at=""), "/newses/news[1]/updated_at"),
    ],
)
def test_a_bad_item_is_named_by_its_path_and_takes_no_other_with_it(bad: str, path: str) -> None:
    what = decoded(bad, item())

    assert [refused.path for refused in what.refused] == [path]
    assert len(what.events) == 1


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><newses><news><title>&l9;</title></news></newses>"
)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{}",
        b"<html/>",
        b"<newses>",
        b'<?xml version="1.0" encoding="klingon"?><newses/>',
        BOMB,
        b"<newses>" + b"<news>" * 500_000,
        b"<newses>" + b"<news></news>" * 600_000 + b"</newses>",
        b"<newses>" + b"<news></news>" * 10_001 + b"</newses>",
    ],
    ids=["empty", "json", "html", "half", "encoding", "bomb", "deep", "large", "many"],
)
def test_what_is_no_response_or_too_much_is_refused(payload: bytes) -> None:
    assert survives(decode, payload, GIVEN) is None


def test_another_encoding_is_read_as_it_says() -> None:
    text = '<?xml version="1.0" encoding="iso-8859-2"?>' + f"<newses>{item()}</newses>"

    assert len(alerts(decode(text.encode("iso-8859-2"), GIVEN))) == 1


def test_the_longest_text_takes_no_long_time() -> None:
    survives(decode, f"<newses>{item('zagrożenie ' * 400_000)}</newses>".encode(), GIVEN)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(FIXTURE)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


def test_the_real_items_of_september_2026() -> None:
    what = decode(sample("rso_pl/rso_ogolne_2026-09-16_excerpt.xml"), GIVEN)
    start, over = alerts(what)

    assert start.id == over.id == "rso:PL-06:air_raid"
    assert start.valid_from == dt.datetime(2026, 9, 16, 5, 5, tzinfo=dt.UTC)
    assert over.valid_to == dt.datetime(2026, 9, 16, 5, 36, tzinfo=dt.UTC)
    assert [document.name for document in what.documents] == ["rso:23337896"]
