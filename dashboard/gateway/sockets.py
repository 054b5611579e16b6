"""The sockets: whoever is connected, from the door to the close frame; what is said is its owner's matter."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from typing import Any, Protocol

import websockets.asyncio.server
from msgspec import Struct
from websockets.asyncio.server import Server, ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from dashboard.access.roles import MESSAGES, allows
from dashboard.access.sessions import Person, Sessions
from dashboard.access.tickets import Tickets
from dashboard.gateway import messages
from dashboard.gateway.client import Client
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.door import Door
from dashboard.gateway.limits import Limits
from streams.errors import StoreError
from streams.store import connect

# What a stranger sends is not worth a line each; what is, we log ourselves.
_quiet = logging.getLogger("watchfloor.gateway.websockets")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


class Owner(Protocol):
    """Who answers clients. Every call returns at once."""

    def decode(self, raw: Any) -> Struct | None:
        """The message that a client sent; None where it is none of the protocol's."""

    def join(self, client: Client, hello: messages.Hello, person: Person, query: str) -> CloseCode | None:
        """A client said hello. query: of the address that it came by. A code sends it away."""

    def hear(self, client: Client, message: Struct) -> CloseCode | None:
        """A client that has joined said something. A code sends it away."""

    def leave(self, client: Client) -> None:
        """A client is gone, whether it had joined or not."""


class Sockets:
    """Listens, lets in whom the door lets in, and bounds what each may send.

    path: where the WebSocket is. store_url: where tickets and sessions are. origins: whose pages may connect.
    sign_in: whether only who has signed in may.
    """

    def __init__(
        self,
        owner: Owner,
        *,
        path: str,
        theatre: str,
        store_url: str,
        host: str,
        port: int,
        origins: frozenset[str],
        sign_in: bool,
        limits: Limits,
    ) -> None:
        self._owner = owner
        self._host = host
        self._asked_port = port
        self._limits = limits
        self._access = connect(store_url)
        self._sessions = Sessions(self._access)
        self._door = Door(path, theatre, origins, Tickets(self._access), needs_session=sign_in)
        self._inside: dict[Client, Person] = {}
        self._server: Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        listeners = self._server.server.sockets if self._server is not None else ()
        return int(listeners[0].getsockname()[1]) if listeners else self._asked_port

    async def start(self) -> None:
        """Listen. Raises OSError for a port that is taken."""
        limits = self._limits
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

    async def stop(self) -> None:
        """Stop listening. Whoever is still connected is sent away."""
        if self._server is not None:
            self._server.close(code=CloseCode.GOING_AWAY, reason=CloseCode.GOING_AWAY.reason)
            await self._server.wait_closed()
        await self._access.aclose()

    async def part_from_ended(self) -> None:
        """For ever: close the sockets of sessions that have ended. While the store is away nobody's has."""
        while True:
            await asyncio.sleep(self._limits.sessions_s)
            asked = {person.session for person in self._inside.values() if person.session}
            try:
                living = await self._sessions.living(asked)
            except StoreError:
                continue
            for client, person in list(self._inside.items()):
                if person.session in asked - living:
                    self._owner.leave(client)
                    client.cut(CloseCode.SESSION_ENDED)

    async def _serve(self, connection: ServerConnection) -> None:
        if len(self._inside) >= self._limits.clients:
            await self._close(connection, CloseCode.TOO_MANY_CLIENTS)
            return
        client = Client(connection, self._limits)
        person = self._inside[client] = self._door.person(connection)
        try:
            code = await self._converse(connection, client, person)
            if code is not None:
                self._owner.leave(client)
                await self._close(connection, code)
        except ConnectionClosed:
            pass
        finally:
            del self._inside[client]
            self._owner.leave(client)

    async def _converse(
        self, connection: ServerConnection, client: Client, person: Person
    ) -> CloseCode | None:
        limits = self._limits
        try:
            async with asyncio.timeout(limits.hello_s):
                first = await connection.recv()
        except TimeoutError:
            return CloseCode.HELLO_LATE
        hello = self._owner.decode(first)
        if not isinstance(hello, messages.Hello):
            return CloseCode.PROTOCOL_ERROR
        if not _may_say(person, hello):
            return CloseCode.NOT_ALLOWED
        query = connection.request.path.partition("?")[2] if connection.request is not None else ""
        code = self._owner.join(client, hello, person, query)
        if code is not None:
            return code
        loop = asyncio.get_running_loop()
        allowance, counted_at = float(limits.messages_burst), loop.time()
        async for raw in connection:
            now = loop.time()
            allowance = min(limits.messages_burst, allowance + (now - counted_at) * limits.messages_per_s)
            counted_at = now
            allowance -= 1
            if allowance < 0:
                return CloseCode.TOO_MANY_MESSAGES
            message = self._owner.decode(raw)
            if message is None or isinstance(message, messages.Hello):
                return CloseCode.PROTOCOL_ERROR
            if not _may_say(person, message):
                return CloseCode.NOT_ALLOWED
            code = self._owner.hear(client, message)
            if code is not None:
                return code
        return None

    async def _close(self, connection: ServerConnection, code: CloseCode) -> None:
        # The library waits for what is unsent before its own time-out begins: that may be for ever.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._limits.parting_s):
                await connection.close(code, code.reason)
                return
        connection.transport.abort()


def _may_say(person: Person, message: Struct) -> bool:
    return allows(person.role, MESSAGES.get(str(message.__struct_config__.tag)))
