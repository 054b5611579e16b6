"""The door: which requests become WebSockets, whose page may ask, and with whose ticket."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit
from weakref import WeakKeyDictionary

import structlog
from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from dashboard.access.gate import LOCAL
from dashboard.access.sessions import Person
from dashboard.access.tickets import Tickets
from streams.errors import StoreError

TICKET = "ticket."
"""How the subprotocol begins that a ticket comes as: an address would stand in logs."""

log = structlog.get_logger()


class Door:
    """Looks at every request before it is upgraded, and remembers who came in.

    A page of another origin is refused with 403. Another path or theatre is not found. Without a ticket that
    was not used yet, 401. needs_session: whether a ticket must be of somebody who signed in.
    """

    def __init__(
        self, path: str, theatre: str, origins: frozenset[str], tickets: Tickets, *, needs_session: bool
    ) -> None:
        self._path = path
        self._theatre = theatre
        self._origins = origins
        self._tickets = tickets
        self._needs_session = needs_session
        self._inside: WeakKeyDictionary[ServerConnection, Person] = WeakKeyDictionary()

    def person(self, connection: ServerConnection) -> Person:
        """Who came in by this connection."""
        return self._inside[connection]

    async def __call__(self, connection: ServerConnection, request: Request) -> Response | None:
        claimed = request.headers.get_all("Origin")
        if claimed and not (len(claimed) == 1 and claimed[0] in self._origins):
            return connection.respond(HTTPStatus.FORBIDDEN, "This origin may not connect.\n")
        address = urlsplit(request.path)
        if address.path != self._path:
            return connection.respond(HTTPStatus.NOT_FOUND, f"The picture is at {self._path}.\n")
        if parse_qs(address.query, max_num_fields=8).get("theatre", [self._theatre]) != [self._theatre]:
            return connection.respond(HTTPStatus.NOT_FOUND, "That theatre is not here.\n")
        ticket = _ticket(request)
        if not ticket:
            return connection.respond(HTTPStatus.UNAUTHORIZED, "This needs a ticket.\n")
        try:
            person = await self._tickets.redeem(ticket)
        except StoreError as error:
            if self._needs_session:
                log.warning("ticket without a store", error=str(error))
                return connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "The store does not answer.\n")
            # Nobody signs in here, so a ticket guards nothing; the picture says that the store is away.
            person = LOCAL
        if person is None or (self._needs_session and not person.session):
            return connection.respond(HTTPStatus.UNAUTHORIZED, "This ticket is not valid, or was used.\n")
        self._inside[connection] = person
        return None


def _ticket(request: Request) -> str:
    offered = ",".join(request.headers.get_all("Sec-WebSocket-Protocol"))[:1_024].split(",")
    tickets = [name.strip().removeprefix(TICKET) for name in offered if name.strip().startswith(TICKET)]
    return tickets[0] if len(tickets) == 1 else ""
