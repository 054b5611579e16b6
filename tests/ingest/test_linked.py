"""Links: followed once, a few at a time, by the transport's rules; what cannot be had is told and stands."""

import asyncio
from collections.abc import AsyncIterator
from email.utils import format_datetime

import pytest
from redis.asyncio import Redis

from config.feeds import Limit
from ingest import linked
from ingest.decoding import Link
from ingest.errors import DecodeError, TransportError
from ingest.linked import MOST_AT_ONCE, TRIES, Links
from ingest.source import received
from ingest.transports import http
from ingest.transports.http import HttpTransport
from ingest.transports.transport import Payload
from ingest.transports.waiting import Beat
from streams.allowance import Allowance
from streams.events import RaidReport
from tests.e2e.test_every_feed import NOW, REPORT, _cap, _page
from tests.ingest.hosting import THEATRE, Streams, hosting
from tests.misfortunes import Source


class Pages:
    """A transport that has what it is given, and counts who asks."""

    def __init__(self, **pages: bytes) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.is_anew = False

    async def fetch(self, link: str) -> Payload | None:
        self.asked.append(link)
        if link not in self.pages:
            raise TransportError("answered 404 Not Found")
        return received(self.pages[link], link=link)

    def ask_anew(self) -> None:
        self.is_anew = True


def link(url: str) -> Link:
    return Link(url=url, tag=url, otherwise=DecodeError("f", "$", "is a link"))


async def test_a_link_is_followed_once() -> None:
    pages = Pages(a=b"text")
    links = Links(pages, 60)

    ((followed, payload),) = await links.follow([link("a")])
    assert (followed.url, isinstance(payload, Payload) and payload.body) == ("a", b"text")
    assert await links.follow([link("a")]) == []
    assert (pages.asked, pages.is_anew) == (["a"], False)


async def test_a_link_that_fails_is_told_each_time_and_given_up_in_the_end() -> None:
    pages = Pages()
    links = Links(pages, 60)

    told = [await links.follow([link("a")]) for _ in range(TRIES + 2)]

    assert [[why for _, why in one] for one in told] == [["answered 404 Not Found"]] * TRIES + [[], []]
    assert len(pages.asked) == TRIES


async def test_what_is_too_much_at_once_is_for_the_next_time() -> None:
    many = [link(f"p{number}") for number in range(MOST_AT_ONCE + 3)]
    pages = Pages(**{one.url: b"x" for one in many})
    links = Links(pages, 60)

    first = await links.follow(many)
    assert (len(first), pages.is_anew) == (MOST_AT_ONCE, True)
    pages.is_anew = False
    assert [one.url for one, _ in await links.follow(many)] == ["p10", "p11", "p12"]
    assert not pages.is_anew


async def test_a_page_that_never_comes_holds_the_feed_up_no_longer_than_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linked, "WITHIN_S", 0.1)
    pages = Pages(b=b"text")

    async def fetch(url: str) -> Payload | None:
        return await (asyncio.Event().wait() if url == "a" else Pages.fetch(pages, url))  # type: ignore[return-value]

    pages.fetch = fetch  # type: ignore[method-assign]
    links = Links(pages, 60)

    both = [link("a"), link("b")]
    told = [(one.url, why) for _ in range(TRIES) for one, why in await links.follow(both)]
    assert told == [("a", "was not had in time")] * TRIES
    assert [one.url for one, _ in await links.follow(both)] == ["b"]


@pytest.fixture
async def source() -> AsyncIterator[Source]:
    async with Source() as source:
        yield source


def rss(*links: str) -> bytes:
    items = "".join(
        f"<item><title>Night report</title><guid>{link}</guid><link>{link}</link>"
        f"<pubDate>{format_datetime(NOW)}</pubDate><description>Read on.</description></item>"
        for link in links
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


async def test_the_page_behind_a_summary_is_read_and_asked_for_once(
    redis_client: Redis, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "Beat", lambda name, every_s: Beat(name, 0.1))
    source.serve("/rss", rss(source.url("/page"), source.url("/gone")))
    source.serve("/page", _page(), content_type="text/html")
    feed = source.feed("/rss", name="news", format="news-feed", options={"full_text": True})
    streams = Streams(redis_client)

    async with hosting(redis_client, [feed]):
        await streams.until(lambda: [event for event in streams.events if isinstance(event, RaidReport)])
        await source.asked(9)

    (report,) = [event for event in streams.events if isinstance(event, RaidReport)]
    assert report.evidence is not None
    assert (report.evidence.link, REPORT[:40] in report.evidence.text) == (source.url("/page"), True)
    asked = [request.path for request in source.requests]
    assert (asked.count("/page"), asked.count("/gone")) == (1, TRIES)


async def test_an_alert_that_an_entry_only_links_to_is_taken_and_one_that_is_not_there_refused(
    redis_client: Redis, source: Source
) -> None:
    entries = "".join(
        f"<entry><id>{path}</id><title>t</title><link href='{source.url(path)}'/></entry>"
        for path in ("/gone", "/alert")
    )
    source.serve(
        "/atom", f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{entries}</feed>".encode()
    )
    source.serve("/alert", _cap())
    feed = source.feed("/atom", name="cap", format="cap")
    streams = Streams(redis_client)

    async with hosting(redis_client, [feed]):
        await streams.until(lambda: (health := streams.health("cap")) and health.state == "fresh")

    assert [event.id for event in streams.events] == ["cap:alerts@civil.example,night-1:UA-46"]
    (refused,) = await streams.quarantined()
    assert refused[b"payload"] == source.url("/gone").encode()
    assert b"404" in refused[b"reason"]


async def test_a_link_into_our_own_network_is_not_followed(redis_client: Redis, source: Source) -> None:
    async with Source() as inner:
        inner.serve("/page", _page())
        transport = HttpTransport(source.feed("/rss"), allowance=Allowance(redis_client, THEATRE))

        for url in (
            inner.url("/page"),
            inner.url("/page").replace("127.0.0.1", "localhost"),
            "file:///etc/passwd",
        ):
            with pytest.raises(TransportError, match=r"not a public address|neither http nor https"):
                await transport.fetch(url)
        assert not inner.requests


async def test_links_to_the_source_itself_keep_to_its_limits(redis_client: Redis, source: Source) -> None:
    source.serve("/page", b"text")
    feed = source.feed("/rss", limits=(Limit(1, 3_600),))
    transport = HttpTransport(feed, allowance=Allowance(redis_client, THEATRE))

    first, second = await transport.fetch(source.url("/page")), await transport.fetch(source.url("/page"))

    assert (first and first.body, second) == (b"text", None)
