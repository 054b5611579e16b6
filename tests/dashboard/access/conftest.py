"""What access's tests share: a web process that people sign in to, and browsers of no graphics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
from argon2 import PasswordHasher
from redis.asyncio import Redis

from config.settings import Settings
from dashboard.access.accounts import Accounts, new_wall_token
from dashboard.access.roles import ROLES
from streams.store import connect
from tests.house import free_port, web_in_thread
from tests.promises import PATIENCE_S

PASSWORD = "correct horse battery"  # noqa: S105
"""Everybody's."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: str


@dataclass
class Visitor:
    """Speaks HTTP as one browser does: with its cookies, and the Origin of its page."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            sent = {"Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded"} | sent
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        connection.request(method, path, body, {k: v for k, v in sent.items() if v})
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        given = answer.headers.get_all("set-cookie") or []
        for cookie in given:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, given, text)

    def sign_in(self, name: str = "anna", password: str = PASSWORD, **fields: str) -> Answer:
        form = {"name": name, "password": password} | fields
        return self.ask("POST", "/sign-in", urlencode(form).encode())


@pytest.fixture(scope="session")
def kept_password() -> str:
    """What is kept of everybody's password, by a hash that takes no time."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture(scope="module")
def guarded_port(store_url: str) -> Iterator[int]:
    """The port of a web process that people sign in to."""
    settings = Settings(
        port=free_port(),
        REDIS_URL=store_url,
        exercise="off",
        sign_in="local",
        origins="https://watch.example",
    )
    with web_in_thread(settings):
        yield settings.port


@pytest.fixture
def store(store_url: str) -> Callable[[Callable[[Redis], Awaitable[Any]]], Any]:
    """Does something with a client of the store, which is emptied first."""

    async def with_client(act: Callable[[Redis], Awaitable[Any]]) -> Any:
        client = connect(store_url)
        try:
            return await act(client)
        finally:
            await client.aclose()

    asyncio.run(with_client(lambda client: client.flushdb()))
    return lambda act: asyncio.run(with_client(act))


@pytest.fixture
def people(store: Any, kept_password: str) -> dict[str, str]:
    """An account of each role, named as its role, and `anna`, an operator; the wall's token is given."""
    token, digest = new_wall_token("wall")

    async def add(client: Redis) -> None:
        accounts = Accounts(client)
        for role in ROLES:
            await accounts.add(role, role, digest if role == "wall" else kept_password)
        await accounts.add("anna", "operator", kept_password)

    store(add)
    return {"wall": token}


@pytest.fixture
def visitor(guarded_port: int, people: dict[str, str]) -> Callable[[], Visitor]:
    """New browsers."""
    return lambda: Visitor(guarded_port)
