"""The gate: every request is for a route of the table, and of somebody who may ask for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import msgspec
import structlog
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.access.cookies import cookie_name, is_secure
from dashboard.access.origin import SAFE_METHODS, is_own_act
from dashboard.access.roles import CALLBACKS, ROUTES, Least, allows
from dashboard.access.sessions import Person, Sessions
from dashboard.api.problems import ApiError, response_of
from streams.errors import StoreError

MOST_BYTES = 64 * 1_024
"""Of the body of a request."""
MOST_TEXT_BYTES = 900_000
"""Of one that carries a text to be read: of the reader's 200,000 characters, whichever they are."""
_WITH_TEXT = frozenset({("POST", "/api/v1/acts"), ("POST", "/api/v1/readings")})
CALLBACK_PATH = "/_dash-update-component"
PERSON = "watchfloor.person"
"""Where the scope has the person who asks."""
LOCAL = Person("local", "operator")
"""Who asks where there is no sign-in: somebody on this machine."""

log = structlog.get_logger()


class Gate:
    """ASGI middleware. sessions: None where there is no sign-in. routes: those of the app, as they are now.

    refusal: the page for somebody who asks for one that is not for their role. The tables are arguments so
    that a test can have others.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        sessions: Sessions | None,
        routes: Callable[[], Sequence[BaseRoute]],
        origins: frozenset[str],
        port: int,
        refusal: Callable[[Person], str] | None = None,
        table: Mapping[tuple[str, str], Least] = ROUTES,
        callbacks: Mapping[str, Least] = CALLBACKS,
    ) -> None:
        self.app = app
        self.sessions = sessions
        self.routes = routes
        self.origins = origins
        self.port = port
        self.refusal = refusal
        self.table = table
        self.callbacks = callbacks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            refusal, receive = await self._look(scope, receive)
        except StoreError as error:
            log.warning("request without a store", error=str(error))
            refusal = response_of(ApiError("store", "who you are cannot be looked up now"))
        except ApiError as error:
            refusal = response_of(error)
        await (refusal or self.app)(scope, receive, send)

    async def _look(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        headers = Headers(scope=scope)
        is_act = scope["method"] not in SAFE_METHODS
        if is_act and not is_own_act(headers, self.origins):
            raise ApiError("origin", "send it from a page of this server, or with its Origin")
        route = route_of(scope, self.routes())
        # What is no route is not found, by whoever may look at anything at all.
        least: Least | None = "wall" if route is None else self.table.get((scope["method"], route))
        if least != "nobody":
            person = await self._person(scope, headers)
            if person is None:
                return _to_sign_in(scope, headers), receive
            if not allows(person.role, least):
                if self.refusal is not None and _wants_page(scope, headers):
                    return HTMLResponse(self.refusal(person), 403, {"Cache-Control": "no-store"}), receive
                raise ApiError("role", f"this is not for role {person.role}")
            scope[PERSON] = person
        if not is_act:
            return None, receive
        body = await _body(receive, MOST_TEXT_BYTES if (scope["method"], route) in _WITH_TEXT else MOST_BYTES)
        if route == CALLBACK_PATH:
            self._look_at_callback(body, scope[PERSON])
        return None, _again(body, receive)

    async def _person(self, scope: Scope, headers: Headers) -> Person | None:
        if self.sessions is None:
            return LOCAL
        name = cookie_name(self.port, is_secure(scope, self.origins))
        secret = cookie_parser(headers.get("cookie", "")[:8_192]).get(name, "")
        return await self.sessions.person(secret) if secret else None

    def _look_at_callback(self, body: bytes, person: Person) -> None:
        try:
            output = msgspec.json.decode(body, type=_Call).output
        except msgspec.DecodeError as error:
            raise ApiError("parameter", "not a callback's body") from error
        if not allows(person.role, self.callbacks.get(output)):
            raise ApiError("role", f"this callback is not for role {person.role}")


class _Call(msgspec.Struct):
    output: str


def route_of(scope: Scope, routes: Sequence[BaseRoute]) -> str | None:
    """The path of the route that will answer, as the table has it; None where there is none."""
    for route in routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return name_of(route)
    return None


def name_of(route: BaseRoute) -> str:
    """A route's path as the table has it."""
    path = str(getattr(route, "path", ""))
    return f"/{path.split('/')[1]}" if isinstance(route, Mount) else path


def _to_sign_in(scope: Scope, headers: Headers) -> Response:
    if _wants_page(scope, headers):
        asked = scope["path"] + (
            f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        )
        return RedirectResponse(f"/sign-in?next={quote(asked, safe='/')}", 303, {"Cache-Control": "no-store"})
    return response_of(ApiError("sign-in", "sign in at /sign-in"))


def _wants_page(scope: Scope, headers: Headers) -> bool:
    return scope["method"] == "GET" and "text/html" in headers.get("accept", "")


async def _body(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > most:
            raise ApiError("too-large", f"{most:,} bytes at most")
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read already, and then goes on listening."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
