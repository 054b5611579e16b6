"""A local source over HTTP that serves given bytes and misbehaves as it is told, and a proxy, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import pytest
import trustme

from config.feeds import FeedConfig
from tests.promises import PATIENCE_S

BOMB_BYTES = 32_000_000
HUGE_PIECES = 300
"""Of 64 kB: far more than a feed may bring."""
DRIP_EVERY_S = 0.02
RETRY_HEADERS = {"Retry-After": "1"}
PAGE = b"<!doctype html><title>Maintenance</title><p>We will be back soon.</p>"

MISFORTUNES = (
    "500",
    "429",
    "time-out",
    "dripping body",
    "half a body",
    "wrong type",
    "other encoding",
    "huge body",
    "gzip bomb",
    "private redirect",
    "tls error",
    "silence",
    "refused",
    "reset",
    "not http",
)
"""Every way to fail that `Source.befall` knows."""
TAKEN = ("wrong type", "other encoding")
"""Those that are whole answers to the transport: what becomes of them is the decoder's matter."""

each_misfortune = pytest.mark.parametrize("misfortune", MISFORTUNES)


@dataclass(frozen=True)
class Served:
    """What a path answers with when all is well."""

    body: bytes
    content_type: str
    headers: dict[str, str]
    status: int = 200

    @property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}"'


@dataclass(frozen=True)
class Request:
    """One request as it came; header names are in lower case. at: seconds by the event loop's clock."""

    path: str
    query: str
    headers: dict[str, str]
    at: float


@dataclass
class Source:
    """A source on a free port of loopback; `async with Source() as source`.

    tls: speak https, with a certificate for localhost and 127.0.0.1 that `verify` (a path) vouches for; the
    misfortune "tls error" needs it. folder: where that file lies. host: the name in its addresses.
    """

    tls: bool = False
    folder: Path | None = None
    host: str = "127.0.0.1"
    requests: list[Request] = field(default_factory=list)
    trespasses: int = 0
    """Connections to the private address that "private redirect" sends on to."""
    port: int = 0
    _paths: dict[str, Served] = field(default_factory=dict)
    _script: list[str | None] = field(default_factory=list)
    _always: str | None = None
    _server: asyncio.Server | None = None
    _inner: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _answering: set[asyncio.Task[None]] = field(default_factory=set)
    _good: ssl.SSLContext | None = None
    _bad: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        if self.tls:
            assert self.folder is not None, "a source with TLS needs a folder for its certificate"
            authority = trustme.CA()
            authority.cert_pem.write_to_path(str(self.folder / "authority.pem"))
            self._good = _context(authority.issue_cert("localhost", "127.0.0.1", self.host))
            self._bad = _context(trustme.CA().issue_cert("localhost", "127.0.0.1", self.host))
        self._inner = await asyncio.start_server(self._trespassed, "127.0.0.1", 0)
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()
        assert self._inner is not None
        self._inner.close()
        await self._inner.wait_closed()

    @property
    def verify(self) -> str:
        """The file that vouches for this source; empty without TLS."""
        return str(self.folder / "authority.pem") if self.tls and self.folder else ""

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}{path}"

    def feed(self, path: str, **fields: Any) -> FeedConfig:
        """A feed's configuration that reaches `path`."""
        known = {"name": "feed", "format": "any", "transport": "http", "verify": self.verify, **fields}
        return FeedConfig(**{"url": self.url(path), **known})

    def serve(
        self,
        path: str,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
        status: int = 200,
    ) -> None:
        """Answer `path` with `body` from now on. headers: further ones, also in place of our own."""
        self._paths[path] = Served(body, content_type, headers or {}, status)

    def redirect(self, path: str, location: str) -> None:
        """Send `path` on to `location` from now on."""
        self._paths[path] = Served(b"", "text/plain", {"Location": location}, 302)

    def demand_certificate(self, authority: trustme.CA) -> None:
        """Ask for the client's certificate on connections to come, of this authority."""
        assert self._good is not None
        authority.configure_trust(self._good)
        self._good.verify_mode = ssl.CERT_REQUIRED

    async def befall(self, misfortune: str, times: int | None = None) -> None:
        """Let a misfortune happen to every request, or to the next `times`, from now on.

        "refused", "silence" and "tls error" happen to connections, and last until `recover`.
        """
        assert misfortune in MISFORTUNES, misfortune
        if misfortune in ("refused", "silence", "tls error"):
            assert times is None, "a connection's misfortune lasts until recover()"
            await self._close()
            if misfortune == "silence":
                await self._listen(silent=True)
            elif misfortune == "tls error":
                assert self.tls, "a source without TLS has no TLS errors"
                await self._listen(context=self._bad)
        elif times is None:
            self._always = misfortune
            self._hang_up()
        else:
            self._script += [misfortune] * times

    async def recover(self) -> None:
        """Let all be well again."""
        self._always = None
        self._script.clear()
        await self._close()
        await self._listen()

    async def asked(self, count: int) -> None:
        """Wait until there were `count` requests in all."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.requests) < count:
                await asyncio.sleep(0.005)

    async def _listen(self, *, silent: bool = False, context: ssl.SSLContext | None = None) -> None:
        answer = self._ignore if silent else self._answer

        def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            answering = asyncio.create_task(answer(reader, writer))
            self._answering.add(answering)
            answering.add_done_callback(self._answering.discard)

        self._server = await asyncio.start_server(
            meet, "127.0.0.1", self.port, ssl=None if silent else context or self._good, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._hang_up()
            await self._server.wait_closed()
            self._server = None
            await asyncio.gather(*self._answering)

    def _hang_up(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _ignore(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._kept(writer):
            await reader.read()

    async def _trespassed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.trespasses += 1
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._kept(writer):
            while (request := await _request(reader)) is not None:
                self.requests.append(request)
                misfortune = self._script.pop(0) if self._script else self._always
                served = self._paths.get(request.path)
                if misfortune is not None:
                    await getattr(self, f"_{misfortune.replace(' ', '_').replace('-', '_')}")(
                        writer, served or Served(b"", "text/plain", {})
                    )
                    return
                if served is None:
                    await _send(writer, 404, b"not here", {"Content-Type": "text/plain"})
                elif request.headers.get("if-none-match") == served.etag:
                    await _send(writer, 304, None, {"ETag": served.etag})
                else:
                    told = {"Content-Type": served.content_type, "ETag": served.etag, **served.headers}
                    await _send(writer, served.status, served.body, told)

    @contextlib.asynccontextmanager
    async def _kept(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        self._open.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                yield
        finally:
            self._open.discard(writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _500(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _send(writer, 500, b"something broke", {"Content-Type": "text/plain", "Connection": "close"})

    async def _429(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _send(writer, 429, b"too often", {**RETRY_HEADERS, "Connection": "close"})

    async def _time_out(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _until_gone(writer)

    async def _dripping_body(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _head(writer, 200, {"Content-Type": served.content_type, "Content-Length": "100000"})
        for _ in range(100_000):
            await _write(writer, b" ")
            await asyncio.sleep(DRIP_EVERY_S)

    async def _half_a_body(self, writer: asyncio.StreamWriter, served: Served) -> None:
        length = max(len(served.body), 2)
        await _head(writer, 200, {"Content-Type": served.content_type, "Content-Length": str(length)})
        await _write(writer, served.body[: length // 2])

    async def _wrong_type(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _send(writer, 200, PAGE, {"Content-Type": "text/html", "Connection": "close"})

    async def _other_encoding(self, writer: asyncio.StreamWriter, served: Served) -> None:
        body = served.body.decode(errors="replace").encode("utf-16")
        kind = f"{served.content_type.partition(';')[0]}; charset=utf-16"
        await _send(writer, 200, body, {"Content-Type": kind, "Connection": "close"})

    async def _huge_body(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _head(writer, 200, {"Content-Type": served.content_type, "Transfer-Encoding": "chunked"})
        for _ in range(HUGE_PIECES):
            await _write(writer, b"10000\r\n" + b" " * 0x10000 + b"\r\n")
            # Over TLS the end of the connection below is not noticed by drain(), which then never waits.
            await asyncio.sleep(0)
        await _until_gone(writer)

    async def _gzip_bomb(self, writer: asyncio.StreamWriter, served: Served) -> None:
        body = gzip.compress(bytes(BOMB_BYTES), 1)
        await _send(writer, 200, body, {"Content-Type": served.content_type, "Content-Encoding": "gzip"})

    async def _private_redirect(self, writer: asyncio.StreamWriter, served: Served) -> None:
        assert self._inner is not None
        port = self._inner.sockets[0].getsockname()[1]
        target = f"{'https' if self.tls else 'http'}://127.0.0.1:{port}/metadata"
        await _send(writer, 302, b"", {"Location": target, "Connection": "close"})

    async def _reset(self, writer: asyncio.StreamWriter, served: Served) -> None:
        length = max(len(served.body), 2)
        await _head(writer, 200, {"Content-Type": served.content_type, "Content-Length": str(length)})
        await _write(writer, served.body[: length // 2])
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async def _not_http(self, writer: asyncio.StreamWriter, served: Served) -> None:
        await _write(writer, b"220 mail.example ESMTP\r\n" + bytes(range(256)))


@contextlib.asynccontextmanager
async def tunnelling(port: int) -> AsyncIterator[tuple[int, list[str]]]:
    """A proxy that leads everyone to `port`."""
    asked: list[str] = []

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(65_536):
            writer.write(piece)
        writer.close()

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[0])
        there, back = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pour(reader, back), pour(there, writer))

    server = await asyncio.start_server(lead, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def _request(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    target, _, query = first.split(" ")[1].partition("?")
    return Request(target, query, headers, asyncio.get_running_loop().time())


async def _head(writer: asyncio.StreamWriter, status: int, headers: dict[str, str]) -> None:
    lines = [f"HTTP/1.1 {status} Whatever"]
    headers = {"Date": formatdate(usegmt=True), **headers}
    lines += [f"{name}: {value}" for name, value in headers.items()]
    await _write(writer, ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes | None, headers: dict[str, str]
) -> None:
    length = {} if body is None else {"Content-Length": str(len(body))}
    await _head(writer, status, {**length, **headers})
    await _write(writer, body or b"")


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def _until_gone(writer: asyncio.StreamWriter) -> None:
    while not writer.transport.is_closing():
        await asyncio.sleep(DRIP_EVERY_S)
