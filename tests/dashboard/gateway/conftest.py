"""What the gateway's tests share: gateways on a real store, and a client that keeps its own picture."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Self

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from config.theatre import load_theatre
from dashboard.access.gate import LOCAL
from dashboard.access.sessions import Person
from dashboard.access.tickets import Tickets
from dashboard.gateway.gateway import Gateway
from dashboard.gateway.limits import Limits
from dashboard.picture.patch import merge
from streams.errors import StoreError
from streams.events import AirRaidAlert
from streams.publish import Publisher
from streams.store import connect as store_client
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"


def patient(limits: Limits) -> Limits:
    """The same, but a machine that stood still loses no store and no client."""
    room = ("hello_s", "stalled_s", "behind_s", "ping_s", "store_answer_s")
    return replace(limits, **dict.fromkeys(room, PATIENCE_S))


def alert(number: int, **fields: Any) -> AirRaidAlert:
    """One alert in a region of its own."""
    return AirRaidAlert(
        id=f"a{number}",
        **({"status": "actual", "feed": "f", "region": f"R{number}"} | fields),
    )


async def a_ticket(store_url: str, person: Person = LOCAL) -> str:
    """A ticket as the web process gives it: one that the store never saw where that is away."""
    client = store_client(store_url)
    try:
        return await Tickets(client).issue(person)
    except StoreError:
        return "unseen"
    finally:
        await client.aclose()


class Peer:
    """A client as `docs/protocol.md` tells to write one."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.picture: dict[str, Any] | None = None
        self.position: dict[str, Any] | None = None
        self.heard: list[dict[str, Any]] = []

    @classmethod
    async def meet(
        cls,
        gateway: Gateway,
        *,
        person: Person = LOCAL,
        hello: bool = True,
        after: Peer | None = None,
        **options: Any,
    ) -> Self:
        """Connect and say hello; `after`, whose picture and position it takes up."""
        peer = cls(
            await connect(
                f"ws://127.0.0.1:{gateway.port}/v1/picture?theatre={THEATRE}",
                subprotocols=[
                    Subprotocol("watchfloor.v1"),
                    Subprotocol(f"ticket.{await a_ticket(gateway.store_url, person)}"),
                ],
                open_timeout=PATIENCE_S,
                **options,
            )
        )
        greeting: dict[str, Any] = {"type": "hello"}
        if after is not None:
            peer.picture, peer.position = after.picture, after.position
            greeting |= {"position": after.position, "gateway": after.heard[0].get("gateway", "")}
        if hello:
            await peer.say(greeting)
        return peer

    async def say(self, message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        """The next message, applied."""
        message: dict[str, Any] = json.loads(await self.connection.recv())
        self.heard.append(message)
        if message["type"] == "snapshot":
            self.picture = message["picture"]
        elif message["type"] == "delta":
            assert self.picture is not None
            self.picture = merge(self.picture, message["patch"])
        self.position = message.get("position", self.position)
        return message

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Listen until a message fits."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds(message := await self.hear()):
                pass
        return message

    async def until_type(self, name: str) -> dict[str, Any]:
        return await self.until(lambda message: message["type"] == name)

    async def until_change(self) -> dict[str, Any]:
        """Listen until something that was received changes the picture."""
        return await self.until(lambda message: bool(message.get("events")))

    async def until_alerts(self, count: int) -> None:
        """Listen until so many alerts are in the picture."""
        async with asyncio.timeout(PATIENCE_S):
            while self.picture is None or len(self.picture["alerts"]) != count:
                await self.hear()

    async def closed(self) -> int | None:
        """Listen until the gateway closes; its code."""
        async with asyncio.timeout(PATIENCE_S):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.hear()
            await self.connection.wait_closed()
        return self.connection.close_code


Start = Callable[..., Awaitable[Gateway]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Starts gateways, and stops them at the end."""
    running: list[Gateway] = []

    async def begin(store_url: str, **limits: Any) -> Gateway:
        gateway = Gateway(
            theatre=load_theatre(THEATRE),
            status="actual",
            store_url=store_url,
            limits=replace(patient(Limits()), **limits),
        )
        await gateway.start()
        running.append(gateway)
        return gateway

    yield begin
    for gateway in running:
        await gateway.stop()


@pytest.fixture
async def meet() -> AsyncIterator[Callable[..., Awaitable[Peer]]]:
    """Connects clients, and drops them at the end."""
    peers: list[Peer] = []

    async def connected(gateway: Gateway, **options: Any) -> Peer:
        peer = await Peer.meet(gateway, **options)
        peers.append(peer)
        return peer

    yield connected
    for peer in peers:
        peer.connection.transport.abort()


@pytest.fixture
def publisher(redis_client: Redis) -> Publisher:
    return Publisher(redis_client, THEATRE)


@pytest.fixture
def alarm() -> Callable[..., AirRaidAlert]:
    return alert
