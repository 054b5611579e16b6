"""A page of news: its own text, when it was published, and pages that are none."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.decoding import Context
from ingest.documents import Document
from ingest.feeds.news_page import MAX_BYTES, decode
from tests.ingest.feeds.given import RECEIVED_AT, context, garbled, survives

FIXTURE = (Path(__file__).parent / "fixtures" / "news_page.html").read_bytes()
LINK = "https://news.example.org/2026/11/22/jets"
UNDATED = "https://news.example.org/jets"
META = b'<meta property="article:published_time" content="2026-11-22T21:05:00+01:00">'


def given_of(link: str = LINK) -> Context:
    plain = context("page")
    return Context(feed=plain.feed, theatre=plain.theatre, received_at=plain.received_at, link=link)


def page(payload: bytes, link: str = LINK) -> Document:
    decoded = decode(payload, given_of(link))
    assert decoded.events == []
    (document,) = decoded.documents
    return document


def test_a_pages_own_text_is_a_document() -> None:
    document = page(FIXTURE)

    assert document.name == document.link == LINK
    assert document.title == "Poland scrambles jets"
    assert document.published_at == dt.datetime(2026, 11, 22, 20, 5, tzinfo=dt.UTC)
    assert "Polish and allied aircraft began operating" in document.text
    assert "highest state of readiness" in document.text
    assert "Copyright" not in document.text
    assert "dataLayer" not in document.text


@pytest.mark.parametrize(
    ("meta", "published_at"),
    [
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle",'
            ' "datePublished": "2026-11-22T18:00:00Z"}]}</script>',
            dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC),
        ),
        (
            '<script type="application/ld+json">[{"datePublished": "2026-11-22T20:00:00+02:00"}]</script>',
            dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC),
        ),
        ('<script type="application/ld+json">{"datePublished": </script>', RECEIVED_AT),
        (
            '<meta property="article:published_time" content="2026-11-20 09:00:00">',
            dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
        ),
        (
            '<meta property="article:published_time" content="2026-11-20">',
            dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC),
        ),
        ("", RECEIVED_AT),
    ],
    ids=["graph", "list", "broken", "no zone", "day", "nothing"],
)
def test_when_a_page_was_published(meta: str, published_at: dt.datetime) -> None:
    assert page(FIXTURE.replace(META, meta.encode()), UNDATED).published_at == published_at


def test_an_address_can_tell_the_day() -> None:
    early = page(FIXTURE.replace(META, b""), "https://news.example.org/2026/11/20/jets")

    assert early.published_at == dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_a_page_of_today_is_not_of_the_future() -> None:
    given = given_of()
    early = Context(
        feed=given.feed, theatre=given.theatre, received_at=dt.datetime(2026, 11, 22, 7, tzinfo=dt.UTC)
    )
    (document,) = decode(FIXTURE.replace(b"T21:05:00+01:00", b""), early).documents

    assert document.published_at == early.received_at


def test_a_page_without_an_address_is_named_by_its_text() -> None:
    first, again = page(FIXTURE, link=""), page(FIXTURE, link="file:///etc/passwd")

    assert first.name == again.name != ""
    assert first.link == again.link == ""


def test_another_encoding_is_read_as_it_says() -> None:
    text = (
        "Повітряні сили повідомили, що вночі росіяни запустили сто двадцять ударних безпілотників по Україні."
    )
    head = '<head><meta charset="windows-1251"></head>'
    markup = f"<html>{head}<body><article><p>{text}</p></article></body></html>"

    assert page(markup.encode("windows-1251")).text == text


HOSTILE = {
    "empty": b"",
    "binary": bytes(range(256)) * 100,
    "json": b'{"alerts": []}',
    "deep": b"<div>" * 39_000,
    "angles": b"<" * 39_000,
    "too many tags": b"<p>word</p>" * 30_000,
    "too large": b"x" * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_page_or_too_much_is_refused(payload: bytes) -> None:
    assert survives(decode, payload, given_of()) is None


@pytest.mark.parametrize(
    "payload",
    [b"<p>text here and there</p>" * 19_000, b"<a href=x>y</a>" * 19_000, b"<p>" + b"word " * 790_000],
    ids=["paragraphs", "links", "words"],
)
def test_the_largest_page_is_over_soon(payload: bytes) -> None:
    survives(decode, payload, given_of())


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(FIXTURE)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    decoded = survives(decode, payload, given_of())
    for document in decoded.documents if decoded else ():
        document.text.encode()
        document.title.encode()
