"""Datagrams, to one address and to a group: each a payload, and a flood costs the oldest."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports import udp
from ingest.transports.transport import Payload
from ingest.transports.udp import WAITING, UdpTransport
from tests.promises import PATIENCE_S

GROUP = "239.255.83.17"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind(("127.0.0.1", 0))
        return int(ours.getsockname()[1])


def feed_of(host: str, port: int, **fields: Any) -> FeedConfig:
    return FeedConfig(name="feed", format="any", transport="udp", url=f"udp://{host}:{port}", **fields)


class Inbox(udp._Inbox):
    """One that tells when its socket is there, and how much came."""

    made: ClassVar[list[Inbox]] = []

    def __init__(self, max_bytes: int) -> None:
        super().__init__(max_bytes)
        self.is_open = False
        self.came = 0
        self.made.append(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.is_open = True

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        super().datagram_received(data, addr)
        self.came += 1


@pytest.fixture(autouse=True)
def inboxes(monkeypatch: pytest.MonkeyPatch) -> None:
    Inbox.made.clear()
    monkeypatch.setattr(udp, "_Inbox", Inbox)


async def until(what: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not what():
            await asyncio.sleep(0)


class Listener:
    """A transport that is being listened to."""

    inbox: Inbox

    def __init__(self, feed: FeedConfig) -> None:
        self._payloads = UdpTransport(feed).payloads("")
        self._waiting = asyncio.ensure_future(anext(self._payloads))

    @classmethod
    async def opened(cls, feed: FeedConfig) -> Listener:
        """One whose socket is there."""
        before = len(Inbox.made)
        listener = cls(feed)
        await until(lambda: len(Inbox.made) > before and Inbox.made[before].is_open)
        listener.inbox = Inbox.made[before]
        return listener

    async def next(self) -> Payload:
        async with asyncio.timeout(PATIENCE_S):
            payload = await self._waiting
        assert payload is not None
        self._waiting = asyncio.ensure_future(anext(self._payloads))
        return payload

    async def close(self) -> None:
        self._waiting.cancel()
        await asyncio.gather(self._waiting, return_exceptions=True)
        await self._payloads.aclose()


@asynccontextmanager
async def listening(host: str = "127.0.0.1", **fields: Any) -> AsyncIterator[tuple[Listener, int]]:
    port = free_port()
    listener = await Listener.opened(feed_of(host, port, **fields))
    yield listener, port
    await listener.close()


def send(port: int, *datagrams: bytes, to: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        ours.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
        for datagram in datagrams:
            ours.sendto(datagram, (to, port))


async def test_each_datagram_is_a_payload() -> None:
    async with listening() as (listener, port):
        send(port, b"one\ntwo", b"", b"three")
        given = [await listener.next() for _ in range(3)]
    assert [payload.body for payload in given] == [b"one\ntwo", b"", b"three"]
    assert [payload.dropped for payload in given] == [0, 0, 0]
    assert given[0].link == f"udp://127.0.0.1:{port}"


async def test_a_flood_costs_the_oldest_and_is_counted() -> None:
    async with listening() as (listener, port):
        for start in range(0, WAITING + 500, 50):
            send(port, *(str(number).encode() for number in range(start, start + 50)))
            await until(lambda sent=start + 50: listener.inbox.came == sent)  # type: ignore[misc]
        given = [await listener.next() for _ in range(WAITING + 1)]
    numbers = [int(payload.body) for payload in given]
    assert numbers[0] == 0
    assert numbers[1:] == list(range(500, WAITING + 500))
    assert [payload.dropped for payload in given[:3]] == [0, 499, 0]


async def test_datagrams_have_the_time_at_which_they_came() -> None:
    async with listening() as (listener, port):
        send(port, b"one", b"two")
        await until(lambda: listener.inbox.came == 2)
        came_by = dt.datetime.now(dt.UTC)
        await asyncio.sleep(0.01)
        [_, second] = [await listener.next() for _ in range(2)]
    assert second.received_at <= came_by


async def test_a_datagram_over_the_limit_comes_cut() -> None:
    async with listening(max_bytes=1_000) as (listener, port):
        send(port, b"x" * 5_000, b"two")
        assert [(await listener.next()).body for _ in range(2)] == [b"x" * 1_000, b"two"]


async def test_a_group_is_joined_on_the_network_that_is_named() -> None:
    async with listening(GROUP, options={"interface": "127.0.0.1"}) as (listener, port):
        send(port, b"not for the group")
        send(port, b"for the group", to=GROUP)
        assert (await listener.next()).body == b"for the group"


async def test_two_may_listen_to_a_group() -> None:
    options = {"interface": "127.0.0.1"}
    async with listening(GROUP, options=options) as (listener, port):
        other = await Listener.opened(feed_of(GROUP, port, options=options))
        send(port, b"for both", to=GROUP)
        assert [(await one.next()).body for one in (listener, other)] == [b"for both"] * 2
        await other.close()


@pytest.mark.parametrize(
    ("url", "options", "reason"),
    [
        ("udp://192.0.2.1:6969", {}, "cannot be listened for"),
        ("udp://no-such-host.invalid:6969", {}, "cannot be listened for"),
        (f"udp://{GROUP}:6969", {"interface": "eth-none"}, "cannot be listened for"),
        ("udp://127.0.0.1", {}, "needs a host and a port"),
    ],
)
async def test_an_address_that_cannot_be_had_is_said(url: str, options: dict[str, str], reason: str) -> None:
    feed = FeedConfig(name="feed", format="any", transport="udp", url=url, options=options)
    with pytest.raises(TransportError, match=reason):
        await anext(UdpTransport(feed).payloads(""))


async def test_a_port_that_is_taken_is_said_and_one_that_was_let_go_can_be_had() -> None:
    async with listening() as (_, port):
        with pytest.raises(TransportError, match="cannot be listened for"):
            await anext(UdpTransport(feed_of("127.0.0.1", port)).payloads(""))
    again = await Listener.opened(feed_of("127.0.0.1", port))
    send(port, b"again")
    assert (await again.next()).body == b"again"
    await again.close()
