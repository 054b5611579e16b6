"""The door: which requests become WebSockets, and whose page may ask."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from dashboard.gateway.messages import PATH

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def allowed_origins(host: str, port: int, further: str = "") -> frozenset[str]:
    """The origins whose pages may connect: the screens' own, by every name of loopback, and those added.

    further: origins separated by commas.
    """
    own = f"[{host}]" if ":" in host else host
    origins = {f"http://{name}:{port}" for name in (own, *LOOPBACK_HOSTS)}
    origins.update(origin.strip().rstrip("/") for origin in further.split(",") if origin.strip())
    return frozenset(origins)


def check(theatre: str, origins: frozenset[str]) -> Callable[[ServerConnection, Request], Response | None]:
    """What looks at every request before it is upgraded.

    A page of another origin is refused with 403. A program sends no Origin: the gateway listens on loopback
    only, so it is one of this machine's. Another path or theatre is not found.
    """

    def process_request(connection: ServerConnection, request: Request) -> Response | None:
        claimed = request.headers.get_all("Origin")
        if claimed and not (len(claimed) == 1 and claimed[0] in origins):
            return connection.respond(HTTPStatus.FORBIDDEN, "This origin may not connect.\n")
        address = urlsplit(request.path)
        if address.path != PATH:
            return connection.respond(HTTPStatus.NOT_FOUND, f"The picture is at {PATH}.\n")
        if parse_qs(address.query, max_num_fields=8).get("theatre", [theatre]) != [theatre]:
            return connection.respond(HTTPStatus.NOT_FOUND, "That theatre is not here.\n")
        return None

    return process_request
