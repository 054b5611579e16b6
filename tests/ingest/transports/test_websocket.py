"""The WebSocket client: messages, signs of life, going on from a cursor, and every way it can end."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import trustme
from redis.asyncio import Redis
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from config.feeds import FeedConfig, Limit
from ingest.errors import TransportError
from ingest.transports.transport import Payload
from ingest.transports.websocket import WebSocketTransport
from streams.allowance import Allowance
from streams.errors import StoreError
from streams.store import connect
from tests.house import free_port
from tests.misfortunes import tunnelling
from tests.promises import PATIENCE_S, promised

Speak = Callable[[ServerConnection], Awaitable[None]]


@pytest.fixture
async def allowance(redis_client: Redis) -> Allowance:
    return Allowance(redis_client, "eastern-flank")


@asynccontextmanager
async def served(speak: Speak, **options: Any) -> AsyncIterator[int]:
    async with serve(speak, "127.0.0.1", 0, **options) as server:
        yield server.sockets[0].getsockname()[1]


def feed_of(port: int, scheme: str = "ws", **fields: Any) -> FeedConfig:
    url = f"{scheme}://localhost:{port}/live"
    known = {"name": "feed", "format": "any", "transport": "websocket", "url": url, "every_s": PATIENCE_S}
    return FeedConfig(**{**known, "answer_s": PATIENCE_S, "max_bytes": 1_000, **fields})


async def first(transport: WebSocketTransport, count: int, cursor: str = "") -> list[Payload | None]:
    given = []
    payloads = transport.payloads(cursor)
    try:
        async for payload in payloads:
            given.append(payload)
            if len(given) == count:
                break
    finally:
        await payloads.aclose()
    return given


async def bodies(transport: WebSocketTransport, count: int) -> list[bytes]:
    """The next messages, signs of life left out."""
    found: list[bytes] = []
    payloads = transport.payloads("")
    try:
        async for payload in payloads:
            if payload is not None:
                found.append(payload.body)
            if len(found) == count:
                break
    finally:
        await payloads.aclose()
    return found


async def failure(transport: WebSocketTransport) -> TransportError:
    with pytest.raises(TransportError) as raised:
        await first(transport, 1_000)
    return raised.value


async def speak_and_stay(connection: ServerConnection) -> None:
    await connection.send('{"n": 1}')
    await connection.send(b"\x01\x02")
    await connection.wait_closed()


async def test_each_message_is_a_payload_and_then_there_are_signs_of_life(allowance: Allowance) -> None:
    async with served(speak_and_stay) as port:
        transport = WebSocketTransport(feed_of(port), allowance=allowance)
        one, two = await first(transport, 2)
        assert [one and one.body, two and two.body] == [b'{"n": 1}', b"\x01\x02"]
        assert one is not None
        assert one.link == f"ws://localhost:{port}/live"
        transport = WebSocketTransport(feed_of(port, every_s=0.2), allowance=allowance)
        assert (await first(transport, 6))[-2:] == [None, None]


async def test_signs_of_life_come_as_often_as_the_feed_should_be_checked(allowance: Allowance) -> None:
    async with served(speak_and_stay) as port:
        transport = WebSocketTransport(feed_of(port, every_s=0.2, answer_s=1_000), allowance=allowance)
        with promised(3):
            given = await first(transport, 8)
    assert given.count(None) == 6


async def test_a_source_is_subscribed_to(allowance: Allowance) -> None:
    async def echo(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    async with served(echo) as port:
        feed = feed_of(port, options={"subscribe": '{"op": "sub"}', "resume": '{"since": "{cursor}"}'})
        assert await bodies(WebSocketTransport(feed, allowance=allowance), 1) == [b'{"op": "sub"}']


async def test_a_source_is_asked_to_go_on_from_the_cursor(allowance: Allowance) -> None:
    asked = []

    async def count_on(connection: ServerConnection) -> None:
        asked.append(await connection.recv())
        for seq in (8, 9):
            await connection.send(f'{{"data": {{"seq": {seq}}}}}')
        await connection.send("no json")
        await connection.wait_closed()

    async with served(count_on) as port:
        feed = feed_of(port, options={"resume": '{"since": "{cursor}"}', "cursor": "data.seq"})
        transport = WebSocketTransport(feed, allowance=allowance)
        given = await first(transport, 3, cursor='7"')
    assert asked == ['{"since": "7\\""}']
    assert [payload and payload.cursor for payload in given] == ["8", "9", "9"]


async def test_the_key_is_shown_in_a_header_or_in_the_address_and_not_in_links(
    allowance: Allowance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "k&y")
    seen: list[Request] = []

    def look(connection: ServerConnection, request: Request) -> None:
        seen.append(request)

    async with served(speak_and_stay, process_request=look) as port:
        for shown in ("bearer", "query:token"):
            key = {"secret": "KEY", "secret_as": shown}
            feed = feed_of(port, **key)
            [payload] = await first(WebSocketTransport(feed, allowance=allowance), 1)
            assert payload is not None
            assert "k" not in payload.link.rpartition(":")[2].replace("live", "")
    assert seen[0].headers["Authorization"] == "Bearer k&y"
    assert seen[1].path == "/live?token=k%26y"


async def test_a_message_over_the_limit_ends_the_connection_and_is_said(allowance: Allowance) -> None:
    async def flood(connection: ServerConnection) -> None:
        await connection.send("x" * 100_000)
        await connection.wait_closed()

    async with served(flood) as port:
        error = await failure(WebSocketTransport(feed_of(port), allowance=allowance))
    assert error.reason == "sent more than the 1,000 bytes allowed"


async def test_messages_wait_for_a_feed_that_is_slow_and_are_bounded(allowance: Allowance) -> None:
    sent = 0

    async def flood(connection: ServerConnection) -> None:
        nonlocal sent
        while sent < 200:
            await connection.send(sent.to_bytes(4, "big") + bytes(900_000))
            sent += 1

    async with served(flood, compression=None) as port:
        feed = feed_of(port, max_bytes=1_000_000)
        payloads = WebSocketTransport(feed, allowance=allowance).payloads("")
        numbers = []
        async for payload in payloads:
            assert payload is not None
            numbers.append(int.from_bytes(payload.body[:4], "big"))
            if len(numbers) == 1:
                before = -1
                while before != sent:
                    before = sent
                    await asyncio.sleep(0.2)
                assert sent < 30
            if len(numbers) == 10:
                break
        await payloads.aclose()
    assert numbers == list(range(10))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (
            lambda connection: connection.close(1012, "restart at dawn"),
            "closed the connection: 1012 restart at dawn",
        ),
        (lambda connection: connection.close(), "closed the connection: 1000"),
        (lambda connection: _abort(connection), "broke the connection off"),
    ],
)
async def test_how_a_connection_ends_is_said(how: Speak, reason: str, allowance: Allowance) -> None:
    async with served(how) as port:
        assert (await failure(WebSocketTransport(feed_of(port), allowance=allowance))).reason == reason


async def _abort(connection: ServerConnection) -> None:
    connection.transport.abort()
    await connection.wait_closed()


async def test_a_source_that_answers_no_ping_is_left(allowance: Allowance) -> None:
    is_left = asyncio.Event()

    async def hang(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await is_left.wait()
        connection.transport.abort()

    async with served(hang) as port:
        feed = feed_of(port, every_s=0.2, answer_s=0.5)
        error = await failure(WebSocketTransport(feed, allowance=allowance))
        is_left.set()
    assert error.reason == "does not answer, though the connection still stands"


async def test_a_source_that_should_never_rest_is_left_when_it_does(allowance: Allowance) -> None:
    async with served(speak_and_stay) as port:
        feed = feed_of(port, every_s=0.2, options={"silence_s": 0.5})
        error = await failure(WebSocketTransport(feed, allowance=allowance))
    assert error.reason.startswith("has said nothing for")


async def test_a_refusal_is_said_with_how_long_to_wait(allowance: Allowance) -> None:
    def refuse(connection: ServerConnection, request: Request) -> Response:
        response = connection.respond(HTTPStatus.TOO_MANY_REQUESTS, "later")
        response.headers["Retry-After"] = "9"
        return response

    async with served(speak_and_stay, process_request=refuse) as port:
        error = await failure(WebSocketTransport(feed_of(port), allowance=allowance))
    assert (error.reason, error.retry_after_s) == ("answered 429 Too Many Requests", 9)


async def test_it_is_not_sent_on_elsewhere(allowance: Allowance) -> None:
    def send_on(connection: ServerConnection, request: Request) -> Response:
        response = connection.respond(HTTPStatus.FOUND, "")
        response.headers["Location"] = "ws://127.0.0.1:1/"
        return response

    async with served(speak_and_stay, process_request=send_on) as port:
        error = await failure(WebSocketTransport(feed_of(port), allowance=allowance))
    assert error.reason == "answered 302 Found"


async def test_what_is_not_a_websocket_is_said(allowance: Allowance) -> None:
    async def mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(mail, "127.0.0.1", 0)
    async with server:
        feed = feed_of(server.sockets[0].getsockname()[1])
        assert (
            "does not open a WebSocket"
            in (await failure(WebSocketTransport(feed, allowance=allowance))).reason
        )


async def test_a_source_that_says_nothing_at_all_is_left(allowance: Allowance) -> None:
    async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(nothing, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        for scheme in ("ws", "wss"):
            feed = feed_of(port, scheme, answer_s=0.5)
            error = await failure(WebSocketTransport(feed, allowance=allowance))
            assert error.reason == "did not open a WebSocket within 0.5 s"


async def test_nobody_there_is_said(allowance: Allowance) -> None:
    error = await failure(WebSocketTransport(feed_of(free_port()), allowance=allowance))
    assert "cannot be connected to" in error.reason


async def test_tls_is_checked(allowance: Allowance, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    async with served(speak_and_stay, ssl=context) as port:
        error = await failure(WebSocketTransport(feed_of(port, "wss"), allowance=allowance))
        assert "TLS: its certificate is not to be trusted" in error.reason
        feed = feed_of(port, "wss", verify=str(tmp_path / "authority.pem"))
        assert await bodies(WebSocketTransport(feed, allowance=allowance), 1) == [b'{"n": 1}']


async def test_it_goes_through_the_proxy_that_it_names(
    allowance: Allowance, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(speak_and_stay) as port, tunnelling(port) as (proxy, asked):
        monkeypatch.setenv("FEED_PROXY", f"http://127.0.0.1:{proxy}")
        feed = feed_of(port, proxy="FEED_PROXY", url="ws://source.example/live")
        assert await bodies(WebSocketTransport(feed, allowance=allowance), 1) == [b'{"n": 1}']
    assert asked == ["CONNECT source.example:80 HTTP/1.1"]


async def test_attempts_keep_to_the_limits_and_none_is_made_while_the_store_is_away(
    redis_client: Redis,
) -> None:
    met = 0

    async def end(connection: ServerConnection) -> None:
        nonlocal met
        met += 1

    async with served(end) as port:
        feed = feed_of(port, limits=(Limit(2, 60.0),))
        transport = WebSocketTransport(feed, allowance=Allowance(redis_client, "eastern-flank"))
        await failure(transport)
        await failure(transport)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await failure(transport)
        away = connect(f"redis://127.0.0.1:{free_port()}/0")
        with pytest.raises(StoreError):
            await first(WebSocketTransport(feed, allowance=Allowance(away, "eastern-flank")), 1)
        await away.aclose()
    assert met == 2
