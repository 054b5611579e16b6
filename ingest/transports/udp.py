"""UDP, to one address or to a group: each datagram a payload, and when too many come, the oldest go."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import socket
import struct
from collections import deque
from collections.abc import AsyncGenerator
from typing import Any

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.failures import in_words
from ingest.transports.tcp import host_and_port
from ingest.transports.transport import Payload

WAITING = 1_000
"""How many datagrams wait for the feed."""
WAITING_BYTES = 4_000_000
"""And how much of them; also what the system is asked to keep for us."""


class UdpTransport:
    """Datagrams to `udp://address:port`: to one of ours, or to a multicast group.

    The feed's option `interface`: for a group, our address on the network where it is (IPv4), or the
    network's name (IPv6); without it the system chooses.
    """

    def __init__(self, feed: FeedConfig) -> None:
        self._feed = feed

    async def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """A payload for each datagram; silence is no error here, for nobody is there to be asked.

        Raises TransportError where the address cannot be had or the group cannot be joined.
        """
        loop = asyncio.get_running_loop()
        ours = await asyncio.to_thread(_socket, self._feed)
        inbox = _Inbox(self._feed.max_bytes)
        try:
            transport, _ = await loop.create_datagram_endpoint(lambda: inbox, sock=ours)
        except BaseException:
            ours.close()
            raise
        try:
            while True:
                body, received_at, dropped = await inbox.next()
                yield Payload(body=body, received_at=received_at, link=self._feed.url, dropped=dropped)
        finally:
            transport.abort()


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._waiting: deque[tuple[bytes, dt.datetime]] = deque()
        self._bytes = 0
        self._dropped = 0
        self._came = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        data = data[: self._max_bytes]
        self._waiting.append((data, dt.datetime.now(dt.UTC)))
        self._bytes += len(data)
        while len(self._waiting) > WAITING or (self._bytes > WAITING_BYTES and len(self._waiting) > 1):
            oldest, _ = self._waiting.popleft()
            self._bytes -= len(oldest)
            self._dropped += 1
        self._came.set()

    async def next(self) -> tuple[bytes, dt.datetime, int]:
        """The oldest datagram that waits, when it came, and how many were dropped since the last."""
        while not self._waiting:
            self._came.clear()
            await self._came.wait()
        body, received_at = self._waiting.popleft()
        self._bytes -= len(body)
        dropped, self._dropped = self._dropped, 0
        return body, received_at, dropped


def _socket(feed: FeedConfig) -> socket.socket:
    host, port = host_and_port(feed.url)
    interface = str(feed.options.get("interface", ""))
    ours: socket.socket | None = None
    try:
        address = ipaddress.ip_address(socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][4][0])
        ours = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_DGRAM)
        ours.setblocking(False)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WAITING_BYTES)
        if address.is_multicast:
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Bound to the group, so that what is sent to this port otherwise is not taken for it.
        ours.bind((str(address), port))
        if address.is_multicast:
            _join(ours, address, interface)
    except (OSError, ValueError) as error:
        if ours is not None:
            ours.close()
        raise TransportError(f"cannot be listened for at {feed.url}: {in_words(error)}") from None
    return ours


def _join(ours: socket.socket, group: ipaddress.IPv4Address | ipaddress.IPv6Address, interface: str) -> None:
    if isinstance(group, ipaddress.IPv4Address):
        where = ipaddress.IPv4Address(interface or "0.0.0.0").packed  # noqa: S104
        ours.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group.packed + where)
    else:
        index = socket.if_nametoindex(interface) if interface else 0
        membership = group.packed + struct.pack("@I", index)
        ours.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
