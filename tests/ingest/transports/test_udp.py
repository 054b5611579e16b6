"""Datagrams, to one address and to a group: each a payload, and a flood costs the oldest."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.transport import Payload
from ingest.transports.udp import WAITING, UdpTransport

GROUP = "239.255.83.17"


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind(("127.0.0.1", 0))
        return int(ours.getsockname()[1])


def feed_of(host: str, port: int, **fields: Any) -> FeedConfig:
    return FeedConfig(name="feed", format="any", transport="udp", url=f"udp://{host}:{port}", **fields)


class Listener:
    """A transport that is being listened to, so that its socket is there."""

    def __init__(self, feed: FeedConfig) -> None:
        self._payloads = UdpTransport(feed).payloads("")
        self._waiting = asyncio.ensure_future(anext(self._payloads))

    async def next(self) -> Payload:
        async with asyncio.timeout(5):
            payload = await self._waiting
        assert payload is not None
        self._waiting = asyncio.ensure_future(anext(self._payloads))
        return payload

    async def close(self) -> None:
        self._waiting.cancel()
        await asyncio.gather(self._waiting, return_exceptions=True)
        await self._payloads.aclose()


async def until_bound(port: int) -> None:
    """Until somebody has the port."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
            try:
                ours.bind(("", port))
            except OSError:
                return
        await asyncio.sleep(0.001)


@asynccontextmanager
async def listening(host: str = "127.0.0.1", **fields: Any) -> AsyncIterator[tuple[Listener, int]]:
    port = free_port()
    listener = Listener(feed_of(host, port, **fields))
    await until_bound(port)
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
            # One datagram is taken from the system in each turn of the loop.
            for _ in range(100):
                await asyncio.sleep(0)
        given = [await listener.next() for _ in range(WAITING + 1)]
    numbers = [int(payload.body) for payload in given]
    assert numbers[0] == 0
    assert numbers[1:] == list(range(500, WAITING + 500))
    assert [payload.dropped for payload in given[:3]] == [0, 499, 0]


async def test_datagrams_have_the_time_at_which_they_came() -> None:
    async with listening() as (listener, port):
        send(port, b"one", b"two")
        await asyncio.sleep(0.3)
        [_, second] = [await listener.next() for _ in range(2)]
    assert dt.datetime.now(dt.UTC) - second.received_at > dt.timedelta(seconds=0.25)


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
        other = Listener(feed_of(GROUP, port, options=options))
        await asyncio.sleep(0.1)
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
    again = Listener(feed_of("127.0.0.1", port))
    await until_bound(port)
    send(port, b"again")
    assert (await again.next()).body == b"again"
    await again.close()
