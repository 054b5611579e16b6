"""Polling over HTTP: what is given, what is refused and why, how politely, and to whom the key is shown."""

import asyncio
import datetime as dt
import gzip
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme
from redis.asyncio import Redis

from config.feeds import FeedConfig, Limit
from ingest.errors import TransportError
from ingest.transports.http import HttpTransport
from ingest.transports.transport import Payload
from streams.allowance import Allowance
from streams.errors import StoreError
from streams.names import key
from streams.store import connect
from tests.house import free_port
from tests.misfortunes import PAGE, TAKEN, Source, each_misfortune
from tests.promises import PATIENCE_S

BODY = '{"тривога": true}'.encode()
PATH = "/v1/alerts.json"
WHY = {
    "500": "answered 500 Internal Server Error",
    "429": "answered 429 Too Many Requests",
    "time-out": "did not answer within 0.5 s",
    "dripping body": "bytes after 0.5 s, and was not done",
    "half a body": "stopped half-way through its answer",
    "huge body": "answers with more than the 1,000,000 bytes allowed",
    "gzip bomb": "answers with more than the 1,000,000 bytes allowed",
    "private redirect": "which is 127.0.0.1: not a public address",
    "tls error": "TLS: its certificate is not to be trusted",
    "silence": "did not answer within 0.5 s",
    "refused": "cannot be connected to: Connection refused",
    "reset": "broke the connection off: Connection reset by peer",
    "not http": "does not answer as HTTP has it",
}
SLOW = ("time-out", "dripping body", "silence")


@pytest.fixture
async def allowance(redis_client: Redis) -> Allowance:
    return Allowance(redis_client, "eastern-flank")


@pytest.fixture
async def source(tmp_path: Path) -> AsyncIterator[Source]:
    async with Source() as source:
        source.serve(PATH, BODY)
        yield source


@pytest.fixture
async def tls_source(tmp_path: Path) -> AsyncIterator[Source]:
    async with Source(tls=True, folder=tmp_path) as source:
        source.serve(PATH, BODY)
        yield source


@pytest.fixture(autouse=True)
async def nothing_left_behind() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    async with asyncio.timeout(PATIENCE_S):
        while asyncio.all_tasks() - before - {asyncio.current_task()}:
            await asyncio.sleep(0.01)


def feed_of(source: Source, **fields: object) -> FeedConfig:
    known = {"every_s": 0.05, "answer_s": PATIENCE_S, "max_bytes": 1_000_000, **fields}
    return source.feed(PATH, **known)


def key_as(shown: str, variable: str = "KEY") -> dict[str, str]:
    """A feed's fields for a key that is in `variable`."""
    return {"secret": variable, "secret_as": shown}


async def first(transport: HttpTransport, count: int = 1) -> list[Payload | None]:
    """The first so many of its payloads."""
    given = []
    payloads = transport.payloads("")
    try:
        async for payload in payloads:
            given.append(payload)
            if len(given) == count:
                break
    finally:
        await payloads.aclose()
    return given


async def failure(transport: HttpTransport) -> TransportError:
    with pytest.raises(TransportError) as raised:
        await first(transport)
    return raised.value


async def test_an_answer_comes_whole_with_its_date_type_and_link(
    source: Source, allowance: Allowance
) -> None:
    source.serve(PATH, BODY, headers={"Date": "Sun, 08 Jun 2025 22:12:26 GMT"})
    asked_at = dt.datetime.now(dt.UTC)
    [payload] = await first(HttpTransport(feed_of(source), allowance=allowance))
    assert payload is not None
    assert payload.body == BODY
    assert payload.content_type == "application/json"
    assert payload.said_at == dt.datetime(2025, 6, 8, 22, 12, 26, tzinfo=dt.UTC)
    assert payload.link == source.url(PATH)
    assert asked_at <= payload.received_at <= dt.datetime.now(dt.UTC)


@each_misfortune
async def test_a_misfortune_gives_nothing_false_and_is_over_when_the_source_is_back(
    misfortune: str, tls_source: Source, allowance: Allowance
) -> None:
    answer_s = 0.5 if misfortune in SLOW else PATIENCE_S
    transport = HttpTransport(feed_of(tls_source, answer_s=answer_s), allowance=allowance)
    await tls_source.befall(misfortune)
    if misfortune in TAKEN:
        [taken] = await first(transport)
        assert taken is not None
        assert taken.body == (PAGE if misfortune == "wrong type" else BODY.decode().encode("utf-16"))
    else:
        error = await failure(transport)
        # To a machine that stands still nothing has come in time, not even the first drop.
        while misfortune == "dripping body" and "did not answer" in error.reason:
            error = await failure(transport)
        assert WHY[misfortune] in error.reason
        assert error.retry_after_s == (1 if misfortune == "429" else None)
    assert tls_source.trespasses == 0
    await tls_source.recover()
    transport._feed = feed_of(tls_source)
    [payload] = await first(transport)
    assert payload is not None
    assert payload.body == BODY


async def test_an_unchanged_answer_is_nothing_new(source: Source, allowance: Allowance) -> None:
    transport = HttpTransport(feed_of(source), allowance=allowance)
    assert [payload and payload.body for payload in await first(transport, 3)] == [BODY, None, None]
    source.serve(PATH, b"[]")
    assert [payload and payload.body for payload in await first(transport)] == [b"[]"]


async def test_what_was_not_dealt_with_comes_again(source: Source, allowance: Allowance) -> None:
    transport = HttpTransport(feed_of(source), allowance=allowance)
    for _ in range(2):
        assert [payload and payload.body for payload in await first(transport)] == [BODY]
    assert [payload and payload.body for payload in await first(transport, 2)] == [BODY, None]


async def test_what_was_last_modified_is_asked_for_too(source: Source, allowance: Allowance) -> None:
    modified = "Sun, 08 Jun 2025 22:12:26 GMT"
    source.serve(PATH, BODY, headers={"Last-Modified": modified})
    await first(HttpTransport(feed_of(source), allowance=allowance), 2)
    assert "if-modified-since" not in source.requests[0].headers
    assert source.requests[1].headers["if-modified-since"] == modified


async def test_no_poll_comes_sooner_than_its_interval_even_when_started_again(
    source: Source, allowance: Allowance
) -> None:
    transport = HttpTransport(feed_of(source, every_s=0.2), allowance=allowance)
    await source.befall("500", times=1)
    began_at = time.monotonic()
    await failure(transport)
    await first(transport, 2)
    await first(transport, 2)
    assert len(source.requests) == 5
    assert time.monotonic() - began_at >= 4 * 0.2


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": "7"},
        {"X-Rate-Limit-Retry-After-Seconds": "7"},
        {"Date": "Sun, 08 Jun 2025 22:12:26 GMT", "Retry-After": "Sun, 08 Jun 2025 22:12:33 GMT"},
    ],
)
async def test_a_wish_to_be_left_alone_is_told_and_kept(
    headers: dict[str, str], source: Source, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.misfortunes.RETRY_HEADERS", headers)
    await source.befall("429", times=1)
    transport = HttpTransport(feed_of(source), allowance=allowance)
    assert (await failure(transport)).retry_after_s == 7
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await first(transport)
    assert len(source.requests) == 1


async def test_hosts_keep_to_the_limits_together(source: Source, redis_client: Redis) -> None:
    feed = feed_of(source, every_s=0.01, limits=(Limit(3, 0.6), Limit(5, 60.0)))
    hosts = [HttpTransport(feed, allowance=Allowance(redis_client, "eastern-flank")) for _ in range(3)]
    polling = asyncio.gather(*(first(host, 100) for host in hosts))
    await source.asked(5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(polling, 0.3)
    granted = [int(at) for at in await redis_client.zrange(key("eastern-flank", "allowance:feed"), 0, -1)]
    assert len(source.requests) == len(granted) == 5
    assert granted[3] - granted[0] >= 600_000


async def test_nothing_is_asked_while_the_store_is_away(source: Source) -> None:
    client = connect(f"redis://127.0.0.1:{free_port()}/0")
    transport = HttpTransport(feed_of(source), allowance=Allowance(client, "eastern-flank"))
    with pytest.raises(StoreError):
        await first(transport)
    await client.aclose()
    assert source.requests == []


async def test_a_packed_answer_is_unpacked(source: Source, allowance: Allowance) -> None:
    source.serve(PATH, gzip.compress(BODY), headers={"Content-Encoding": "gzip"})
    [payload] = await first(HttpTransport(feed_of(source), allowance=allowance))
    assert payload is not None
    assert payload.body == BODY


async def test_a_packed_answer_that_stops_half_way_is_not_taken(source: Source, allowance: Allowance) -> None:
    source.serve(PATH, gzip.compress(BODY * 50)[:-12], headers={"Content-Encoding": "gzip"})
    error = await failure(HttpTransport(feed_of(source), allowance=allowance))
    assert "stopped half-way" in error.reason


async def test_an_answer_that_announces_too_much_is_not_read(source: Source, allowance: Allowance) -> None:
    source.serve(PATH, b"x" * 20_000)
    error = await failure(HttpTransport(feed_of(source, max_bytes=10_000), allowance=allowance))
    assert error.reason == "answers with more than the 10,000 bytes allowed"


@pytest.mark.parametrize(
    ("secret_as", "header", "shown"),
    [
        ("bearer", "authorization", "Bearer kee-y"),
        ("authorization", "authorization", "kee-y"),
        ("header:X-API-Key", "x-api-key", "kee-y"),
        ("query:token", "", "token=kee-y"),
    ],
)
async def test_the_key_is_shown_to_its_source_and_told_nowhere(
    secret_as: str,
    header: str,
    shown: str,
    source: Source,
    allowance: Allowance,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ALERTS_TOKEN", "kee-y")
    caplog.set_level(logging.DEBUG)
    transport = HttpTransport(feed_of(source, **key_as(secret_as, "ALERTS_TOKEN")), allowance=allowance)
    [payload] = await first(transport)
    request = source.requests[0]
    assert (request.headers[header] if header else request.query) == shown
    assert payload is not None
    assert "kee-y" not in payload.link
    await source.befall("500")
    assert "kee-y" not in (await failure(transport)).reason
    assert "kee-y" not in caplog.text


async def test_a_key_that_is_not_set_is_said(source: Source, allowance: Allowance) -> None:
    error = await failure(
        HttpTransport(feed_of(source, **key_as("bearer", "NO_SUCH_KEY")), allowance=allowance)
    )
    assert error.reason == "needs the environment variable NO_SUCH_KEY, which is not set"


class TestRedirects:
    async def sent_on(
        self, source: Source, allowance: Allowance, location: str, **fields: object
    ) -> TransportError:
        source.redirect(PATH, location)
        return await failure(HttpTransport(feed_of(source, **fields), allowance=allowance))

    async def test_one_within_the_source_is_followed_with_the_key(
        self, source: Source, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KEY", "kee-y")
        source.redirect(PATH, "/v2/alerts.json")
        source.serve("/v2/alerts.json", b"[2]")
        transport = HttpTransport(feed_of(source, **key_as("bearer")), allowance=allowance)
        given = await first(transport, 2)
        assert [payload and payload.body for payload in given] == [b"[2]", None]
        assert source.requests[1].headers["authorization"] == "Bearer kee-y"
        # What is known of the second address says nothing about the first.
        asked = [(request.path, "if-none-match" in request.headers) for request in source.requests[2:]]
        assert asked == [(PATH, False), ("/v2/alerts.json", True)]

    async def test_more_than_three_are_not_followed(self, source: Source, allowance: Allowance) -> None:
        error = await self.sent_on(source, allowance, PATH)
        assert error.reason == "sends us on more than 3 times"
        assert len(source.requests) == 4

    async def test_one_from_https_to_http_is_not_followed(
        self, tls_source: Source, source: Source, allowance: Allowance
    ) -> None:
        error = await self.sent_on(tls_source, allowance, source.url(PATH))
        assert error.reason == "sends us on from https to http, at 127.0.0.1"
        assert source.requests == []

    @pytest.mark.parametrize(
        "location",
        [
            "http://169.254.169.254/latest/meta-data",
            "http://10.0.0.1/",
            "http://[::1]:6379/",
            "http://[::ffff:10.0.0.1]/",
            "http://localhost:6379/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://224.0.0.1/",
            "http://[64:ff9b::7f00:1]/",
        ],
    )
    async def test_one_to_an_address_that_is_not_public_is_not_followed(
        self, location: str, source: Source, allowance: Allowance
    ) -> None:
        error = await self.sent_on(source, allowance, location)
        assert "not a public address" in error.reason or "cannot find" in error.reason

    async def test_one_to_another_service_of_a_private_source_is_not_followed(
        self, source: Source, allowance: Allowance
    ) -> None:
        async with Source() as other:
            other.serve(PATH, b"[]")
            error = await self.sent_on(source, allowance, other.url(PATH))
            assert "not a public address" in error.reason
            assert other.requests == []

    @pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://example.org/", "http://[::bad/"])
    async def test_one_to_what_is_no_web_address_is_not_followed(
        self, location: str, source: Source, allowance: Allowance
    ) -> None:
        assert "sends us on to" in (await self.sent_on(source, allowance, location)).reason

    async def test_one_that_would_carry_our_key_elsewhere_is_not_followed(
        self, source: Source, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KEY", "k&y")
        error = await self.sent_on(
            source, allowance, "http://elsewhere.example/?token=k%26y", **key_as("query:token")
        )
        assert error.reason == "sends our key on to elsewhere.example"

    async def test_one_through_a_proxy_cannot_be_checked_and_is_not_followed(
        self, source: Source, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        error = await self.sent_on(source, allowance, "http://elsewhere.example/")
        assert "cannot be checked through a proxy" in error.reason

    async def test_one_elsewhere_goes_to_the_address_that_was_checked_under_its_name_without_the_key(
        self, source: Source, tmp_path: Path, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KEY", "kee-y")
        asked = []

        async def find(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        async with Source(tls=True, folder=tmp_path, host="elsewhere.example") as other:
            other.serve("/mirror", b"[3]")
            source.redirect(PATH, other.url("/mirror"))
            feed = feed_of(source, **key_as("bearer"), verify=other.verify)
            transport = HttpTransport(feed, allowance=allowance, find=find)
            given = await first(transport, 2)
            assert [payload and payload.body for payload in given] == [b"[3]", None]
            assert asked == ["elsewhere.example", "elsewhere.example"]
            assert other.requests[0].headers["host"] == f"elsewhere.example:{other.port}"
            assert "authorization" not in other.requests[0].headers
            other.host = "impostor.example"
            source.redirect(PATH, other.url("/mirror"))
            assert "TLS: its certificate" in (await failure(transport)).reason


class TestProxies:
    async def test_a_feed_goes_through_the_proxy_that_it_names(
        self, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with Source() as proxy:
            proxy.serve("http://source.example/feed", BODY)
            monkeypatch.setenv("FEED_PROXY", f"http://127.0.0.1:{proxy.port}")
            feed = feed_of(proxy, url="http://source.example/feed", proxy="FEED_PROXY")
            [payload] = await first(HttpTransport(feed, allowance=allowance))
            assert payload is not None
            assert payload.body == BODY

    async def test_it_goes_through_the_environments_proxy_but_for_its_exceptions(
        self, source: Source, allowance: Allowance, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with Source() as proxy:
            proxy.serve("http://source.example/feed", b"[4]")
            monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv("NO_PROXY", "127.0.0.1")
            feed = feed_of(source, url="http://source.example/feed")
            for transport, body in (
                (HttpTransport(feed, allowance=allowance), b"[4]"),
                (HttpTransport(feed_of(source), allowance=allowance), BODY),
            ):
                [payload] = await first(transport)
                assert payload is not None
                assert payload.body == body

    async def test_a_proxy_that_is_not_set_is_said(self, source: Source, allowance: Allowance) -> None:
        error = await failure(HttpTransport(feed_of(source, proxy="NO_SUCH_PROXY"), allowance=allowance))
        assert "NO_SUCH_PROXY, which is not set" in error.reason


async def test_a_source_that_asks_for_our_certificate_gets_it(tmp_path: Path, allowance: Allowance) -> None:
    authority = trustme.CA()
    ours = authority.issue_cert("watchfloor.example")
    ours.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    ours.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    async with Source(tls=True, folder=tmp_path) as source:
        source.serve(PATH, BODY)
        source.demand_certificate(authority)
        await source.recover()
        assert (await failure(HttpTransport(feed_of(source), allowance=allowance))).reason
        options = {"cert": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem")}
        [payload] = await first(HttpTransport(feed_of(source, options=options), allowance=allowance))
        assert payload is not None
        assert payload.body == BODY


async def test_certificates_that_cannot_be_read_are_said(source: Source, allowance: Allowance) -> None:
    error = await failure(HttpTransport(feed_of(source, verify="/no/such/file"), allowance=allowance))
    assert "cannot use the certificates in /no/such/file" in error.reason


async def test_an_address_with_a_password_is_refused(source: Source, allowance: Allowance) -> None:
    feed = feed_of(source, url=f"http://user:hunter2@127.0.0.1:{source.port}/")
    error = await failure(HttpTransport(feed, allowance=allowance))
    assert "has a user or password in its address" in error.reason
    assert "hunter2" not in error.reason
