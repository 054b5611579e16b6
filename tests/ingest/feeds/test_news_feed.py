"""News in RSS, Atom and JSON Feed: every entry a document; nothing is fetched and nothing explodes."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.documents import MAX_LINE_CHARS, MAX_LINK_CHARS, Document
from ingest.errors import DecodeError
from ingest.feeds.news_feed import decode
from ingest.syndication import MAX_BYTES, MAX_ENTRIES
from tests.ingest.feeds.given import context, garbled, survives

FIXTURES = Path(__file__).parent / "fixtures"
RSS = (FIXTURES / "news_feed.xml").read_bytes()
ATOM = (FIXTURES / "news_feed.atom").read_bytes()
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 12,
                "url": "https://example.org/12",
                "title": "Jets",
                "content_html": "<p>Poland scrambled jets.</p>",
                "date_published": "2026-11-22T21:00:00+01:00",
            }
        ],
    }
).encode()
GIVEN = context("wire")


def documents(payload: bytes) -> list[Document]:
    decoded = decode(payload, GIVEN)
    assert decoded.events == []
    assert not decoded.is_listing
    return decoded.documents


def item(inside: str) -> bytes:
    return f'<rss version="2.0"><channel><title>t</title><item>{inside}</item></channel></rss>'.encode()


def test_the_content_of_an_entry_is_a_document_without_markup() -> None:
    jets, _ = documents(RSS)

    assert jets == Document(
        name="wire-4711",
        text=(
            "Polish and allied aircraft began operating in Polish airspace on Sunday evening, the "
            "Operational Command said.\n\nThe step came after Russia attacked western Ukraine."
        ),
        feed="wire",
        status="actual",
        published_at=dt.datetime(2026, 11, 22, 19, 5, tzinfo=dt.UTC),
        title="Poland scrambles jets during attack on Ukraine",
        link="https://news.example.org/2026/11/22/jets",
        reliability="F",
    )


def test_a_mere_summary_has_its_title_before_it() -> None:
    _, drones = documents(RSS)

    assert drones.name == drones.link == "https://news.example.org/2026/11/22/drones"
    assert drones.text == (
        "Russia launched 120 drones overnight\n\nUkraine's air force said it shot down 97 of them."
    )


def test_an_entry_without_any_text_is_left_out() -> None:
    assert len(documents(RSS)) == 2


def test_an_atom_entry_that_was_never_said_to_be_published_has_its_last_change() -> None:
    (statement,) = documents(ATOM)

    assert statement.name == "tag:example.org,2026:statements/9"
    assert statement.link == "https://example.org/statements/9"
    assert statement.text == "Poland's aircraft have returned to their bases."
    assert statement.published_at == dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC)


def test_json_feed() -> None:
    (jets,) = documents(JSON)

    assert (jets.name, jets.text, jets.title) == ("12", "Poland scrambled jets.", "Jets")
    assert jets.published_at == dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC)


def test_a_bad_item_of_json_takes_no_other_with_it() -> None:
    body = json.loads(JSON)
    body["items"].append({"id": 13, "content_text": "x", "date_published": "today"})
    decoded = decode(json.dumps(body).encode(), GIVEN)

    assert len(decoded.documents) == 1
    assert [refused.path for refused in decoded.refused] == ["$.items[1].date_published"]


def test_the_feeds_owner_speaks_in_its_documents() -> None:
    given = context("wire")
    given = type(given)(
        **{name: getattr(given, name) for name in given.__struct_fields__}
        | {"claimant": "pl-dorsz", "reliability": "B", "credibility": 2}
    )
    (statement,) = decode(ATOM, given).documents

    assert (statement.own_claimant, statement.reliability, statement.credibility) == ("pl-dorsz", "B", 2)


def test_the_first_entries_are_taken() -> None:
    many = "".join(f"<item><guid>{n}</guid><title>n {n}</title></item>" for n in range(MAX_ENTRIES + 50))
    found = documents(f'<rss version="2.0"><channel>{many}</channel></rss>'.encode())

    assert [document.name for document in found] == [str(n) for n in range(MAX_ENTRIES)]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "https://e.org/" + "a" * 3_000]
)
def test_a_link_that_nobody_should_follow_is_left_out(link: str) -> None:
    (document,) = documents(item(f"<title>x</title><link>{link}</link>"))

    assert document.link == ""
    assert document.name


def test_names_titles_and_links_are_bounded() -> None:
    (document,) = documents(item(f"<guid>{'g' * 9_000}</guid><title>{'t ' * 5_000}</title>"))

    assert len(document.name) <= MAX_LINK_CHARS
    assert len(document.title) <= MAX_LINE_CHARS


def test_another_encoding_is_read_as_it_says() -> None:
    text = "<?xml version='1.0' encoding='windows-1251'?>" + item("<title>Повітряна тривога</title>").decode()

    (document,) = documents(text.encode("windows-1251"))
    assert document.text == "Повітряна тривога"


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b']><rss version="2.0"><channel><item><title>&l9;</title></item></channel></rss>'
)
HOSTILE = {
    "billion laughs": BOMB,
    "deep": b'<rss version="2.0"><channel>' + b"<item>" * 39_000,
    "many": b'<rss version="2.0"><channel>' + b"<item><title>x</title></item>" * 9_000 + b"<broken",
    "more": b'<rss version="2.0"><channel>' + b"<item><title>x</title></item>" * 60_000,
    "angles": b"<rss>" + b"<" * 1_000_000,
    "entities": item("<description>" + "&amp;lt;" * 200_000 + "</description>"),
    "too large": b"x" * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_feed_is_over_soon(payload: bytes) -> None:
    decoded = survives(decode, payload, GIVEN)
    assert decoded is None or sum(len(document.text) for document in decoded.documents) < MAX_BYTES


def test_no_file_is_read_for_a_feed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text("<title>hidden</title>")
    entity = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    payload = b'<?xml version="1.0"?>' + entity.encode() + item("<title>&x;</title>")

    decoded = survives(decode, payload, GIVEN)
    assert decoded is None or all("hidden" not in document.text for document in decoded.documents)
    with pytest.raises(DecodeError):
        decode(str(secret).encode(), GIVEN)


@pytest.mark.parametrize(
    "payload", [b"", b"<html><body>Service unavailable</body></html>", b"[]", b'{"items": 5}']
)
def test_what_is_no_feed_is_refused(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(payload, GIVEN)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(RSS, ATOM, JSON)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["id", "url", "title", "content_html", "summary"]), st.text(max_size=20))
)
def test_any_item_of_json_is_a_document_or_nothing(fields: dict[str, Any]) -> None:
    decoded = survives(decode, json.dumps({"items": [fields]}).encode(), GIVEN)
    assert decoded is not None
    for document in decoded.documents:
        document.text.encode()
