"""TCP and TLS streams, as client and as listener: whole messages in, and every failure said."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.tcp import FRAMES_WAITING, SENDERS, TcpTransport
from ingest.transports.transport import Payload
from tests.house import free_port
from tests.misfortunes import tunnelling
from tests.promises import PATIENCE_S

Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
FLOOD_BYTES = 100_000_000
"""Far more than two sockets hold."""
EVENT = b'<event uid="a"><point lat="50.4" lon="30.5"/></event>'


def feed_of(port: int, **fields: Any) -> FeedConfig:
    scheme = fields.get("transport", "tcp")
    known = {"name": "feed", "format": "any", "transport": "tcp", "url": f"{scheme}://localhost:{port}"}
    return FeedConfig(
        **{**known, "every_s": PATIENCE_S, "answer_s": PATIENCE_S, "max_bytes": 1_000, **fields}
    )


@asynccontextmanager
async def served(handle: Handle, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except OSError:
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(keep, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def saying(*pieces: bytes, stays: bool = False) -> Handle:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        if not stays:
            writer.write_eof() if writer.can_write_eof() else writer.close()
        await reader.read()

    return say


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def heard(transport: TcpTransport) -> tuple[list[bytes], str]:
    """What it gives until it fails, and why it does."""
    given: list[bytes] = []
    try:
        async for payload in transport.payloads(""):
            assert payload is not None
            given.append(payload.body)
    except TransportError as error:
        return given, error.reason
    pytest.fail("it ended without a reason")


async def at_rest(count: Callable[[], int]) -> None:
    """Until a count has stopped growing."""
    before = -1
    while before != count():
        before = count()
        await asyncio.sleep(0.2)


async def take(payloads: AsyncGenerator[Payload | None, None], count: int) -> list[bytes]:
    given = []
    async with asyncio.timeout(PATIENCE_S):
        while len(given) < count:
            payload = await anext(payloads)
            assert payload is not None
            given.append(payload.body)
    return given


class TestClient:
    async def test_lines_come_whole_and_the_end_is_said(self) -> None:
        async with served(saying(b"one\r\ntw", b"o\n\nthree\n")) as port:
            assert await heard(TcpTransport(feed_of(port))) == (
                [b"one", b"two", b"three"],
                "closed the connection",
            )

    async def test_half_a_message_is_not_given(self) -> None:
        async with served(saying(b"one\ntw")) as port:
            given, reason = await heard(TcpTransport(feed_of(port)))
        assert (given, reason) == ([b"one"], "closed the connection, half-way through a message")

    async def test_events_of_xml_come_whole(self) -> None:
        async with served(saying(EVENT[:20], EVENT[20:] + EVENT + b"\n<?xml version='1.0'?>", EVENT)) as port:
            given, _ = await heard(TcpTransport(feed_of(port, options={"framing": "xml"})))
        assert given == [EVENT, EVENT, b"<?xml version='1.0'?>" + EVENT]

    async def test_a_document_type_ends_the_connection(self) -> None:
        async with served(saying(b"<!DOCTYPE event>" + EVENT, stays=True)) as port:
            given, reason = await heard(TcpTransport(feed_of(port, options={"framing": "xml"})))
        assert (given, reason) == ([], "sends a document type with its XML, which is refused")

    async def test_a_message_over_the_limit_comes_cut_and_the_next_whole(self) -> None:
        async with served(saying(b"x" * 5_000, b"x\ntwo\n")) as port:
            given, _ = await heard(TcpTransport(feed_of(port)))
        assert given == [b"x" * 1_000, b"two"]

    async def test_silence_for_three_intervals_is_said(self) -> None:
        async with served(say_nothing) as port:
            given, reason = await heard(TcpTransport(feed_of(port, every_s=0.2)))
        assert (given, reason) == ([], "has said nothing for 0.6 s")

    async def test_a_connection_that_breaks_off_is_said(self) -> None:
        taken = asyncio.Event()

        async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"one\n")
            await taken.wait()
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

        async with served(reset) as port:
            payloads = TcpTransport(feed_of(port)).payloads("")
            assert await take(payloads, 1) == [b"one"]
            taken.set()
            with pytest.raises(TransportError, match="broke the connection off: Connection reset by peer"):
                await take(payloads, 1)

    async def test_nobody_there_is_said(self) -> None:
        _, reason = await heard(TcpTransport(feed_of(free_port())))
        assert reason == "cannot be connected to: Connection refused"

    async def test_a_source_that_does_not_take_part_in_tls_is_left(self) -> None:
        async with served(say_nothing) as port:
            _, reason = await heard(TcpTransport(feed_of(port, transport="tls", answer_s=0.5)))
        assert reason == "could not be connected to within 0.5 s"

    async def test_a_slow_feed_holds_the_source_back(self) -> None:
        written = 0

        async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal written
            while written < FLOOD_BYTES:
                writer.write(b"x" * 999 + b"\n")
                await writer.drain()
                written += 1_000

        async with served(flood) as port:
            payloads = TcpTransport(feed_of(port)).payloads("")
            await take(payloads, 1)
            await at_rest(lambda: written)
            assert written < FLOOD_BYTES
            await payloads.aclose()

    @pytest.mark.parametrize("url", ["tcp://", "tcp://host", "tcp://host:99999", "tcp://:1"])
    async def test_an_address_that_is_none_is_said(self, url: str) -> None:
        assert "needs a host and a port" in (await heard(TcpTransport(feed_of(1, url=url))))[1]

    async def test_messages_of_the_tak_protocol_are_cut_by_their_length(self) -> None:
        stream = b"\xbf\x02<\n" + b"\xbf\x83\x01" + b"x" * 131
        async with served(saying(stream[:3], stream[3:10], stream[10:])) as port:
            given, _ = await heard(TcpTransport(feed_of(port, options={"framing": "tak"})))
        assert given == [stream[:4], stream[4:]]

    async def test_a_framing_that_is_none_is_said(self) -> None:
        _, reason = await heard(TcpTransport(feed_of(1, options={"framing": "yaml"})))
        assert reason == "has framing 'yaml', which is none of line, xml, tak"


class TestTls:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> trustme.CA:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        ours = authority.issue_cert("localhost")
        ours.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
        ours.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
        return authority

    def context(self, authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    async def test_a_source_that_proves_itself_is_heard(self, authority: trustme.CA, tmp_path: Path) -> None:
        async with served(saying(b"one\n"), self.context(authority)) as port:
            feed = feed_of(port, transport="tls", verify=str(tmp_path / "authority.pem"))
            assert (await heard(TcpTransport(feed)))[0] == [b"one"]

    async def test_one_that_does_not_is_refused(self, authority: trustme.CA, tmp_path: Path) -> None:
        async with served(saying(b"one\n"), self.context(authority)) as port:
            given, reason = await heard(TcpTransport(feed_of(port, transport="tls")))
            assert given == []
            assert "TLS: its certificate is not to be trusted" in reason
        async with served(saying(b"one\n"), self.context(authority, "other.example")) as port:
            feed = feed_of(port, transport="tls", verify=str(tmp_path / "authority.pem"))
            assert "TLS: its certificate is not to be trusted" in (await heard(TcpTransport(feed)))[1]

    async def test_one_that_asks_for_our_certificate_gets_it(
        self, authority: trustme.CA, tmp_path: Path
    ) -> None:
        context = self.context(authority)
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        async with served(saying(b"one\n"), context) as port:
            known = {"transport": "tls", "verify": str(tmp_path / "authority.pem")}
            assert (await heard(TcpTransport(feed_of(port, **known))))[0] == []
            options = {"cert": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem")}
            assert (await heard(TcpTransport(feed_of(port, **known, options=options))))[0] == [b"one"]

    async def test_senders_prove_themselves_to_us(self, authority: trustme.CA, tmp_path: Path) -> None:
        files = {"cert": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem")}
        port = free_port()
        feed = feed_of(
            port,
            transport="tls",
            verify=str(tmp_path / "authority.pem"),
            options={"listen": True, **files},
        )
        async with listening(feed) as payloads:
            stranger = ssl.create_default_context(cafile=tmp_path / "authority.pem")
            known = ssl.create_default_context(cafile=tmp_path / "authority.pem")
            known.load_cert_chain(files["cert"], files["key"])
            for line, context in ((b"stranger\n", stranger), (b"known\n", known)):
                _, writer = await asyncio.open_connection("localhost", port, ssl=context)
                writer.write(line)
                if context is known:
                    assert await take(payloads, 1) == [b"known"]
                writer.transport.abort()


class TestProxy:
    async def test_a_source_is_reached_through_the_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with served(saying(b"one\n")) as port, tunnelling(port) as (proxy, asked):
            monkeypatch.setenv("FEED_PROXY", f"http://127.0.0.1:{proxy}")
            feed = feed_of(port, url="tcp://source.example:8087", proxy="FEED_PROXY")
            assert (await heard(TcpTransport(feed)))[0] == [b"one"]
        assert asked == ["CONNECT source.example:8087 HTTP/1.1"]

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (
                b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
                "does not let us through: it answered 407",
            ),
            (b"220 mail.example\r\n\r\n", "does not let us through"),
            (b"x" * 20_000, "does not answer as HTTP has it"),
            (b"HTTP/1.1 200", "does not answer as HTTP has it"),
        ],
    )
    async def test_a_proxy_that_refuses_is_said(
        self, answer: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with served(saying(answer)) as port:
            monkeypatch.setenv("FEED_PROXY", f"http://user:hunter2@127.0.0.1:{port}")
            told = (await heard(TcpTransport(feed_of(1, proxy="FEED_PROXY"))))[1]
        assert reason in told
        assert "hunter2" not in told


@asynccontextmanager
async def listening(feed: FeedConfig) -> AsyncIterator[AsyncGenerator[Payload | None, None]]:
    """A transport that others connect to, once they can."""
    payloads = TcpTransport(feed).payloads("")
    waiting = asyncio.ensure_future(anext(payloads))
    port = int(feed.url.rpartition(":")[2])
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await asyncio.sleep(0.01)
            if waiting.done():
                break
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            writer.transport.abort()
            break

    async def rest() -> AsyncGenerator[Payload | None, None]:
        yield await waiting
        async for payload in payloads:
            yield payload

    following = rest()
    try:
        yield following
    finally:
        await following.aclose()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await payloads.aclose()


class TestListener:
    def feed(self, **fields: Any) -> FeedConfig:
        return feed_of(free_port(), options={"listen": True}, **fields)

    async def sender(self, feed: FeedConfig) -> asyncio.StreamWriter:
        _, writer = await asyncio.open_connection("127.0.0.1", int(feed.url.rpartition(":")[2]))
        return writer

    async def test_what_several_senders_bring_is_given(self) -> None:
        feed = self.feed()
        async with listening(feed) as payloads:
            writers = [await self.sender(feed) for _ in range(3)]
            for number, writer in enumerate(writers):
                writer.write(f"half {number}".encode())
            for writer in writers:
                writer.write(b", whole\n")
            assert sorted(await take(payloads, 3)) == [f"half {n}, whole".encode() for n in range(3)]
            for writer in writers:
                writer.close()

    async def test_one_senders_garbage_ends_only_its_own_connection(self) -> None:
        feed = feed_of(free_port(), options={"listen": True, "framing": "xml"})
        async with listening(feed) as payloads:
            bad, good = await self.sender(feed), await self.sender(feed)
            bad.write(b"<!DOCTYPE a>" + EVENT)
            good.write(EVENT)
            assert await take(payloads, 1) == [EVENT]
            good.write(EVENT)
            assert await take(payloads, 1) == [EVENT]
            bad.close()
            good.close()

    async def test_a_flood_waits_outside(self) -> None:
        feed = self.feed(max_bytes=200_000)
        sent = 0

        async def flood(writer: asyncio.StreamWriter) -> None:
            nonlocal sent
            while sent < 1_000:
                writer.write(b"x" * 99_999 + b"\n")
                await writer.drain()
                sent += 1

        async with listening(feed) as payloads:
            writer = await self.sender(feed)
            writer.transport.set_write_buffer_limits(0)
            flooding = asyncio.create_task(flood(writer))
            async with asyncio.timeout(PATIENCE_S):
                while sent < FRAMES_WAITING:
                    await asyncio.sleep(0.01)
            await at_rest(lambda: sent)
            # What waits, and what the two sockets hold.
            assert sent < FRAMES_WAITING + 100
            await take(payloads, sent)
            flooding.cancel()
            writer.transport.abort()

    async def test_there_are_only_so_many_senders(self) -> None:
        feed = self.feed()
        async with listening(feed) as payloads:
            writers = [await self.sender(feed) for _ in range(SENDERS)]
            for writer in writers:
                writer.write(b"here\n")
            await take(payloads, SENDERS)
            reader, refused = await asyncio.open_connection("127.0.0.1", int(feed.url.rpartition(":")[2]))
            async with asyncio.timeout(PATIENCE_S):
                assert await reader.read() == b""
            for writer in [*writers, refused]:
                writer.close()

    async def test_senders_are_let_go_with_the_listener(self) -> None:
        feed = self.feed()
        async with listening(feed) as payloads:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(feed.url.rpartition(":")[2]))
            writer.write(b"here\n")
            await take(payloads, 1)
        with suppress(ConnectionResetError):
            async with asyncio.timeout(PATIENCE_S):
                assert await reader.read() == b""
        writer.close()

    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "[::]"])
    async def test_only_loopback_is_listened_on(self, host: str) -> None:
        feed = feed_of(1, url=f"tcp://{host}:{free_port()}", options={"listen": True})
        assert "on loopback alone" in (await heard(TcpTransport(feed)))[1]

    async def test_a_port_that_is_taken_is_said(self) -> None:
        async with served(saying(b"")) as port:
            feed = feed_of(port, url=f"tcp://127.0.0.1:{port}", options={"listen": True})
            told = (await heard(TcpTransport(feed)))[1]
            assert told == "cannot be listened for: Address already in use"


@pytest.fixture(autouse=True)
async def nothing_left_behind() -> AsyncIterator[None]:
    before = asyncio.all_tasks()
    yield
    async with asyncio.timeout(PATIENCE_S):
        while asyncio.all_tasks() - before - {asyncio.current_task()}:
            await asyncio.sleep(0.01)
