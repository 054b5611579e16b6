"""TCP and TLS streams: frames from a server that we connect to, or from senders that connect to us."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from urllib.parse import urlsplit

import structlog

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.failures import in_words, tls_failure
from ingest.transports.framing import FRAMINGS, Cutter, Frame, cutter
from ingest.transports.proxies import proxy_of
from ingest.transports.transport import Payload
from ingest.transports.trust import serving, trusting
from ingest.transports.tunnel import through

READ_BYTES = 65_536
SENDERS = 16
"""How many may be connected to us at once."""
FRAMES_WAITING = 64
"""How many frames of all senders wait for the feed; a sender that brings more waits itself."""
SILENT_AFTER = 3
"""Times its interval: a server that says nothing for so long is taken for gone."""

log = structlog.get_logger("ingest")


class TcpTransport:
    """Frames of `tcp://host:port` or `tls://host:port`.

    The feed's options: `framing`, "line" (if nothing else is said), "xml" or "tak"; `listen`, true to be
    connected to, which only an address of loopback may be; `cert` and `key`, paths of our own certificate.
    """

    def __init__(self, feed: FeedConfig) -> None:
        self._feed = feed
        self._told_of_cut = False

    async def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """A payload for each frame; one over the limit comes cut, so that it can be seen what it was.

        Raises TransportError when the connection fails or ends, or brings nothing for three intervals.
        """
        frames = self._heard() if self._feed.options.get("listen") is True else self._read()
        async with aclosing(frames):
            async for frame in frames:
                if frame.is_cut and not self._told_of_cut:
                    self._told_of_cut = True
                    log.warning("frame is cut", feed=self._feed.name, max_bytes=self._feed.max_bytes)
                yield Payload(body=frame.body, received_at=dt.datetime.now(dt.UTC), link=self._feed.url)

    def _frames(self) -> Cutter:
        framing = self._feed.options.get("framing", "line")
        if framing not in FRAMINGS:
            raise TransportError(f"has framing {framing!r}, which is none of {', '.join(FRAMINGS)}")
        return cutter(framing, self._feed.max_bytes)

    async def _read(self) -> AsyncGenerator[Frame, None]:
        frames = self._frames()
        async with self._connected() as reader, aclosing(self._frames_of(reader, frames)) as found:
            async for frame in found:
                yield frame
        half_way = ", half-way through a message" if frames.is_half_way else ""
        raise TransportError(f"closed the connection{half_way}")

    async def _frames_of(self, reader: asyncio.StreamReader, frames: Cutter) -> AsyncGenerator[Frame, None]:
        """Until the other side closes. Raises TransportError when it breaks off or falls silent."""
        silent_s = SILENT_AFTER * self._feed.every_s
        while True:
            try:
                async with asyncio.timeout(silent_s):
                    piece = await reader.read(READ_BYTES)
            except TimeoutError:
                raise TransportError(f"has said nothing for {silent_s:g} s") from None
            except OSError as error:
                raise TransportError(
                    tls_failure(error) or f"broke the connection off: {in_words(error)}"
                ) from None
            if not piece:
                return
            for frame in frames.add(piece):
                yield frame

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncio.StreamReader]:
        feed = self._feed
        host, port = host_and_port(feed.url)
        trust = trusting(feed) if feed.transport == "tls" else None
        proxy = proxy_of(feed)
        try:
            async with asyncio.timeout(feed.answer_s):
                if proxy is None:
                    reader, writer = await asyncio.open_connection(host, port, ssl=trust)
                else:
                    reader, writer = await through(proxy, host, port, trust)
        except TimeoutError:
            raise TransportError(f"could not be connected to within {feed.answer_s:g} s") from None
        except OSError as error:
            raise TransportError(tls_failure(error) or f"cannot be connected to: {in_words(error)}") from None
        try:
            yield reader
        finally:
            await _closed(writer)

    async def _heard(self) -> AsyncGenerator[Frame, None]:
        waiting: asyncio.Queue[Frame] = asyncio.Queue(FRAMES_WAITING)
        senders: set[asyncio.Task[None]] = set()
        self._frames()

        def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if len(senders) == SENDERS:
                writer.transport.abort()
                return
            sender = asyncio.create_task(self._hear(reader, writer, waiting))
            senders.add(sender)
            sender.add_done_callback(senders.discard)

        host, port = host_and_port(self._feed.url)
        context = serving(self._feed) if self._feed.transport == "tls" else None
        try:
            server = await asyncio.start_server(met, _loopback(host), port, ssl=context)
        except OSError as error:
            raise TransportError(f"cannot be listened for: {in_words(error)}") from None
        try:
            while True:
                yield await waiting.get()
        finally:
            server.close()
            for sender in senders:
                sender.cancel()
            await asyncio.gather(*senders, return_exceptions=True)

    async def _hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, waiting: asyncio.Queue[Frame]
    ) -> None:
        try:
            async with aclosing(self._frames_of(reader, self._frames())) as frames:
                async for frame in frames:
                    await waiting.put(frame)
        except TransportError as error:
            log.info("sender is gone", feed=self._feed.name, reason=error.reason)
        finally:
            await _closed(writer)


async def _closed(writer: asyncio.StreamWriter) -> None:
    # Nothing of ours is on its way, and a peer that has hung up would keep a TLS farewell waiting.
    writer.transport.abort()
    with suppress(OSError, ssl.SSLError):
        await writer.wait_closed()


def host_and_port(url: str) -> tuple[str, int]:
    """The two of an address. Raises TransportError where it has not both."""
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port:
        raise TransportError(f"needs a host and a port in its address, not {url!r}")
    return host, port


def _loopback(host: str) -> str:
    host = "127.0.0.1" if host == "localhost" else host
    try:
        if ipaddress.ip_address(host).is_loopback:
            return host
    except ValueError:
        pass
    raise TransportError(f"may be listened for on loopback alone, and {host} is not")
