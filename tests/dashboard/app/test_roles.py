"""The role matrix: every route and callback of the app itself, asked for by every role and by nobody.

The gateway's messages are walked in `tests/dashboard/gateway/test_gateway.py`, on a gateway.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from dash import get_app
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from config.settings import Settings
from config.theatre import load_theatre
from dashboard.access.accounts import Accounts
from dashboard.access.gate import CALLBACK_PATH, Gate, name_of
from dashboard.access.roles import CALLBACKS, ROLES, ROUTES, allows
from dashboard.access.sessions import Sessions
from dashboard.app.server import create_app
from streams.store import connect
from tests.house import free_port, web_in_thread
from tests.promises import PATIENCE_S

WHO = ("nobody", *ROLES)


def routes_of(routes: list[BaseRoute]) -> set[tuple[str, str]]:
    """Method and path of each route, as the table has them."""
    found = set()
    for route in routes:
        if isinstance(route, Mount):
            found.add(("GET", name_of(route)))
        else:
            methods = getattr(route, "methods", None)
            assert methods, f"{route} answers what has no method, which the gate does not know"
            found |= {(method, name_of(route)) for method in methods - {"HEAD"}}
    return found


@pytest.fixture(scope="module")
def walked() -> set[tuple[str, str]]:
    """Every route of the app, after Dash has added its own."""
    app = create_app(Settings(), load_theatre("eastern-flank"))
    return routes_of(app.router.routes)


def test_every_route_is_in_the_table_and_nothing_else(walked: set[tuple[str, str]]) -> None:
    assert walked == set(ROUTES)


def test_every_callback_is_in_the_table_and_nothing_else(walked: set[tuple[str, str]]) -> None:
    assert set(get_app().callback_map) == set(CALLBACKS)


def test_only_what_signs_in_or_says_nothing_is_for_nobody() -> None:
    assert {path for (_, path), least in ROUTES.items() if least == "nobody"} == {
        "/healthz",
        "/assets",
        "/sign-in",
        "/sign-in/provider",
        "/sign-in/back",
        "/_favicon.ico",
    }


@pytest.fixture(scope="module")
def matrix(store_url: str) -> Iterator[Callable[[str, str, str], int]]:
    """Asks a web process that people sign in to, as somebody of a role; the status of its answer."""
    settings = Settings(port=free_port(), REDIS_URL=store_url, exercise="off", sign_in="local")
    app = create_app(settings, load_theatre("eastern-flank"))
    assets = next(route.path for route in app.router.routes if isinstance(route, Mount))

    async def with_store(act: Callable[[Redis], Awaitable[Any]]) -> Any:
        client = connect(store_url)
        try:
            return await act(client)
        finally:
            await client.aclose()

    async def sign_in(client: Redis, role: Any) -> str:
        accounts = Accounts(client)
        account = await accounts.find(role) or await accounts.add(role, role, "unused")
        return (await Sessions(client).begin(account, "127.0.0.1", ""))[0]

    asyncio.run(with_store(lambda client: client.flushdb()))

    def ask(method: str, path: str, who: str) -> int:
        headers = {"Origin": f"http://127.0.0.1:{settings.port}"}
        if who != "nobody":
            # Anew for each question: one of them signs out.
            secret = asyncio.run(with_store(lambda client: sign_in(client, who)))
            headers["Cookie"] = f"watchfloor-{settings.port}={secret}"
        real = f"{assets}/icon.svg" if path == "/assets" else re.sub(r"\{[^}]*\}", "x", path)
        connection = HTTPConnection("127.0.0.1", settings.port, timeout=PATIENCE_S)
        connection.request(method, real, b'{"output":"made.up"}' if method == "POST" else None, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    with web_in_thread(settings):
        yield ask


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
@pytest.mark.parametrize("who", WHO)
def test_each_route_answers_who_may_ask_and_refuses_everybody_else(
    matrix: Callable[[str, str, str], int], method: str, path: str, who: str
) -> None:
    status = matrix(method, path, who)
    if path == CALLBACK_PATH and who != "nobody":
        assert status == 403, "a callback that is in no table"
    elif allows(who, ROUTES[method, path]):
        # A form without a password is refused by the page itself.
        assert status not in ((403,) if path == "/sign-in" else (401, 403))
    else:
        assert status == (401 if who == "nobody" else 403)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("path", ["/nowhere", "/theatre", "/wall/", "//wall", "/.env", "/api/v2/picture"])
def test_what_is_nowhere_is_not_told_to_nobody(
    matrix: Callable[[str, str, str], int], path: str, who: str
) -> None:
    assert matrix("GET", path, who) in ((401,) if who == "nobody" else (404, 307))


def small_app(**tables: Any) -> TestClient:
    """Two routes behind a gate with other tables, where nobody signs in: everybody is an operator."""

    async def answer(_: Any) -> PlainTextResponse:
        return PlainTextResponse("done")

    app = Starlette(
        routes=[Route("/new", answer), Route(CALLBACK_PATH, answer, methods=["POST"])],
    )
    app.add_middleware(
        Gate,
        sessions=None,
        routes=lambda: app.router.routes,
        origins=frozenset({"http://testserver"}),
        port=80,
        **tables,
    )
    return TestClient(app, headers={"Origin": "http://testserver"})


@pytest.mark.parametrize(
    ("table", "status"),
    [({}, 403), ({("GET", "/new"): "operator"}, 200), ({("GET", "/new"): "admin"}, 403)],
)
def test_a_route_that_is_in_no_table_is_refused(table: Any, status: int) -> None:
    assert small_app(table=table).get("/new").status_code == status


@pytest.mark.parametrize(
    ("callbacks", "body", "status"),
    [
        ({}, '{"output":"a.b"}', 403),
        ({"a.b": "operator"}, '{"output":"a.b","inputs":[]}', 200),
        ({"a.b": "admin"}, '{"output":"a.b"}', 403),
        ({"a.b": "operator"}, '{"output":"..a.b...c.d.."}', 403),
        ({"a.b": "operator"}, '{"output":["a.b"]}', 400),
        ({"a.b": "operator"}, "{", 400),
        ({"a.b": "operator"}, "", 400),
    ],
)
def test_each_callback_is_looked_at_by_itself(callbacks: Any, body: str, status: int) -> None:
    client = small_app(table={("POST", CALLBACK_PATH): "wall"}, callbacks=callbacks)
    assert client.post(CALLBACK_PATH, content=body).status_code == status
