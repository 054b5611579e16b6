"""The gateway: one process that keeps a theatre's picture and gives it to everybody who connects."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import structlog
import websockets.asyncio.server
from websockets.asyncio.server import Server, ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from config.theatre import Theatre, load_theatre
from dashboard.access.origin import allowed_origins
from dashboard.access.roles import MESSAGES, allows
from dashboard.access.sessions import Person, Sessions
from dashboard.access.tickets import Tickets
from dashboard.gateway import messages
from dashboard.gateway.client import Client
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.door import Door
from dashboard.gateway.follower import Follower
from dashboard.gateway.hub import Hub
from dashboard.gateway.limits import Limits
from dashboard.picture.picture import Picture
from dashboard.picture.rules import load_rules
from streams.errors import StoreError
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

ATTEND_S = 0.25
"""How often slow clients are looked after."""

log = structlog.get_logger()
# What a stranger sends is not worth a line each; what is, we log ourselves.
_quiet = logging.getLogger("watchfloor.gateway.websockets")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Gateway:
    """Serves one theatre's picture of one status.

    host, port: where to listen; port 0 lets the system choose, and `port` tells which. store_url: where the
    streams and the tickets are. origins: whose pages may connect. sign_in: whether only who has signed in
    may. now: our clock.
    """

    def __init__(
        self,
        *,
        theatre: Theatre,
        status: Literal["actual", "exercise"],
        store_url: str,
        host: str = "127.0.0.1",
        port: int = 0,
        origins: frozenset[str] = frozenset(),
        sign_in: bool = False,
        limits: Limits | None = None,
        now: Callable[[], dt.datetime] = _utc_now,
    ) -> None:
        self._theatre = theatre
        self._rules = load_rules(theatre.path)
        self._status = status
        self.store_url = store_url
        self._host = host
        self._asked_port = port
        self._origins = origins
        self._sign_in = sign_in
        self._limits = limits or Limits()
        self._now = now
        self._inside: dict[Client, Person] = {}
        self._server: Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._follower: asyncio.Task[None] | None = None
        self.hub: Hub

    @property
    def port(self) -> int:
        """The port it listens on."""
        listeners = self._server.server.sockets if self._server is not None else ()
        return int(listeners[0].getsockname()[1]) if listeners else self._asked_port

    async def start(self) -> None:
        """Listen, and begin to read the streams. It serves whether or not the store is there."""
        limits = self._limits
        self.hub = Hub(self._status, limits, self._now)
        self._store = connect(self.store_url)
        # Apart from the follower's, whose connections are all dropped when the store is lost.
        self._access = connect(self.store_url)
        self._sessions = Sessions(self._access)
        self._door = Door(
            self._theatre.name, self._origins, Tickets(self._access), needs_session=self._sign_in
        )
        follower = Follower(
            self._store,
            self._theatre.name,
            self.hub,
            lambda: Picture(self._theatre, self._status, self._rules),
            limits,
        )
        self._server = await websockets.asyncio.server.serve(
            self._serve,
            self._host,
            self._asked_port,
            process_request=self._door,
            subprotocols=[Subprotocol(messages.SUBPROTOCOL)],
            compression=None,
            server_header=None,
            open_timeout=limits.hello_s,
            ping_interval=limits.ping_s,
            ping_timeout=limits.ping_s,
            close_timeout=limits.parting_s,
            max_size=limits.message_bytes,
            max_queue=4,
            logger=_quiet,
            start_serving=False,
        )
        for listener in self._server.server.sockets:
            # Accepted sockets inherit it; left to itself the kernel keeps megabytes for who does not read.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.kernel_bytes)
        await self._server.start_serving()
        self._tasks = [
            asyncio.create_task(each, name=name)
            for name, each in (
                ("follow", follower.run()),
                ("tick", self._every(limits.tick_s, self.hub.tick)),
                ("attend", self._every(ATTEND_S, self.hub.attend_to_slow)),
                ("beat", self._beat()),
                ("sessions", self._part_from_ended()),
            )
        ]
        log.info("gateway up", theatre=self._theatre.name, status=self._status, port=self.port)

    async def stop(self) -> None:
        """Close every connection with `GOING_AWAY`, and stop listening."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.hub.close()
        if self._server is not None:
            self._server.close(code=CloseCode.GOING_AWAY, reason=CloseCode.GOING_AWAY.reason)
            await self._server.wait_closed()
        await self._store.aclose()
        await self._access.aclose()
        log.info("gateway down", theatre=self._theatre.name)

    async def run(self) -> None:
        """Until one of its parts breaks, which none does by itself."""
        await asyncio.gather(*self._tasks)

    async def _serve(self, connection: ServerConnection) -> None:
        if len(self._inside) >= self._limits.clients:
            await self._close(connection, CloseCode.TOO_MANY_CLIENTS)
            return
        client = Client(connection, self._limits)
        person = self._inside[client] = self._door.person(connection)
        try:
            await self._converse(connection, client, person)
        except ConnectionClosed:
            pass
        finally:
            del self._inside[client]
            self.hub.leave(client)

    async def _converse(self, connection: ServerConnection, client: Client, person: Person) -> None:
        limits = self._limits
        try:
            async with asyncio.timeout(limits.hello_s):
                first = await connection.recv()
        except TimeoutError:
            await self._close(connection, CloseCode.HELLO_LATE)
            return
        hello = _decoded(first)
        if not isinstance(hello, messages.Hello):
            await self._close(connection, CloseCode.PROTOCOL_ERROR)
            return
        if not _may_say(person, hello):
            await self._close(connection, CloseCode.NOT_ALLOWED)
            return
        self.hub.join(client, messages.position_of(hello.position))
        loop = asyncio.get_running_loop()
        allowance, counted_at = float(limits.messages_burst), loop.time()
        async for raw in connection:
            now = loop.time()
            allowance = min(limits.messages_burst, allowance + (now - counted_at) * limits.messages_per_s)
            counted_at = now
            allowance -= 1
            if allowance < 0:
                await self._close(connection, CloseCode.TOO_MANY_MESSAGES)
                return
            message = _decoded(raw)
            if not isinstance(message, messages.Resync):
                await self._close(connection, CloseCode.PROTOCOL_ERROR)
                return
            if not _may_say(person, message):
                await self._close(connection, CloseCode.NOT_ALLOWED)
                return
            self.hub.resync(client)

    async def _part_from_ended(self) -> None:
        """Close the sockets of sessions that have ended. While the store is away nobody's has."""
        while True:
            await asyncio.sleep(self._limits.sessions_s)
            asked = {person.session for person in self._inside.values() if person.session}
            try:
                living = await self._sessions.living(asked)
            except StoreError:
                continue
            for client, person in list(self._inside.items()):
                if person.session in asked - living:
                    self.hub.leave(client)
                    client.cut(CloseCode.SESSION_ENDED)

    async def _close(self, connection: ServerConnection, code: CloseCode) -> None:
        # The library waits for what is unsent before its own time-out begins: that may be for ever.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.parting_s):
                await connection.close(code, code.reason)
                return
        connection.transport.abort()

    async def _every(self, seconds: float, act: Callable[[], None]) -> None:
        while True:
            await asyncio.sleep(seconds)
            act()

    async def _beat(self) -> None:
        wait_s = self._limits.heartbeat_s
        while True:
            await asyncio.sleep(wait_s)
            wait_s = self.hub.beat_if_silent()


def _decoded(raw: Any) -> messages.Hello | messages.Resync | None:
    try:
        return messages.decode(raw)
    except messages.MessageError:
        return None


def _may_say(person: Person, message: messages.Hello | messages.Resync) -> bool:
    return allows(person.role, MESSAGES.get(str(message.__struct_config__.tag)))


async def serve(settings: Settings) -> None:
    """Run the gateway that `settings` describe until this process is told to stop.

    Raises TheatreError or RulesError for a theatre that cannot be used, OSError for a port that is taken.
    """
    gateway = Gateway(
        theatre=load_theatre(settings.theatre),
        status=settings.status,
        store_url=settings.store_url,
        host=settings.host,
        port=settings.gateway_port,
        origins=allowed_origins(settings.host, settings.port, settings.origins),
        sign_in=settings.sign_in != "off",
    )
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await gateway.start()
    running = asyncio.create_task(gateway.run())
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        running.cancel()
        stopping.cancel()
        await gateway.stop()
