"""The door: whose page may connect, where, and with which ticket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from config.theatre import load_theatre
from dashboard.access.gate import LOCAL
from dashboard.access.origin import allowed_origins
from dashboard.access.sessions import Person
from dashboard.access.tickets import LASTS_S, Tickets
from dashboard.gateway.gateway import Gateway
from dashboard.gateway.limits import Limits
from dashboard.gateway.messages import SUBPROTOCOL
from streams.store import connect as store_client
from tests.dashboard.gateway.conftest import patient
from tests.house import free_port


async def running(store_url: str, *, sign_in: bool = False) -> Gateway:
    made = Gateway(
        theatre=load_theatre("eastern-flank"),
        status="actual",
        store_url=store_url,
        origins=allowed_origins("127.0.0.1", 8050, "https://floor.example:8443/, "),
        sign_in=sign_in,
        limits=patient(Limits()),
    )
    await made.start()
    return made


@pytest.fixture
async def gateway(store_url: str, redis_client: Redis) -> AsyncIterator[Gateway]:
    made = await running(store_url)
    yield made
    await made.stop()


def address(gateway: Gateway) -> str:
    return f"ws://127.0.0.1:{gateway.port}/v1/picture"


async def offer(gateway: Gateway, person: Person = LOCAL) -> list[Subprotocol]:
    """What a page offers: the protocol, and a ticket."""
    client = store_client(gateway.store_url)
    ticket = await Tickets(client).issue(person)
    await client.aclose()
    return [Subprotocol(SUBPROTOCOL), Subprotocol(f"ticket.{ticket}")]


async def refused(gateway: Gateway, offered: list[Subprotocol]) -> int:
    with pytest.raises(InvalidStatus) as raised:
        await connect(address(gateway), subprotocols=offered)
    return raised.value.response.status_code


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:8050",
        "http://localhost:8050",
        "http://[::1]:8050",
        "https://floor.example:8443",
        None,
    ],
)
async def test_the_screens_own_pages_and_programs_may_connect(gateway: Gateway, origin: Any) -> None:
    async with connect(address(gateway), origin=origin, subprotocols=await offer(gateway)) as connection:
        await connection.send('{"type":"hello"}')
        assert await connection.recv()
        assert connection.subprotocol == SUBPROTOCOL


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9999",
        "https://127.0.0.1:8050",
        "http://127.0.0.1:8050.evil.example",
        "null",
        "",
    ],
)
async def test_any_other_page_is_refused_before_the_upgrade(gateway: Gateway, origin: str) -> None:
    with pytest.raises(InvalidStatus) as raised:
        await connect(f"ws://127.0.0.1:{gateway.port}/v1/picture", additional_headers={"Origin": origin})
    assert raised.value.response.status_code == 403


async def test_two_origins_are_none(gateway: Gateway) -> None:
    headers = [("Origin", "http://127.0.0.1:8050"), ("Origin", "http://127.0.0.1:8050")]
    with pytest.raises(InvalidStatus) as raised:
        await connect(f"ws://127.0.0.1:{gateway.port}/v1/picture", additional_headers=headers)
    assert raised.value.response.status_code == 403


@pytest.mark.parametrize(
    "path", ["/", "/v2/picture", "/v1/picture?theatre=moon", "/v1/picture?theatre=a&theatre=b"]
)
async def test_another_path_or_theatre_is_not_found(gateway: Gateway, path: str) -> None:
    with pytest.raises(InvalidStatus) as raised:
        await connect(f"ws://127.0.0.1:{gateway.port}{path}")
    assert raised.value.response.status_code == 404


def test_an_ipv6_host_is_written_in_brackets() -> None:
    assert "http://[::1]:80" in allowed_origins("::1", 80)


async def test_who_does_not_name_this_protocol_is_refused(gateway: Gateway) -> None:
    with pytest.raises(InvalidStatus) as raised:
        await connect(address(gateway), subprotocols=(await offer(gateway))[1:])
    assert raised.value.response.status_code == 400


async def test_a_ticket_opens_one_socket_and_no_second(gateway: Gateway) -> None:
    offered = await offer(gateway)
    async with connect(address(gateway), subprotocols=offered):
        assert await refused(gateway, offered) == 401


async def test_of_many_who_show_one_ticket_at_once_one_comes_in(gateway: Gateway) -> None:
    offered = await offer(gateway)
    tries = await asyncio.gather(
        *(connect(address(gateway), subprotocols=offered) for _ in range(12)), return_exceptions=True
    )
    came_in = [one for one in tries if not isinstance(one, BaseException)]
    assert len(came_in) == 1
    assert {one.response.status_code for one in tries if isinstance(one, InvalidStatus)} == {401}
    await came_in[0].close()


async def test_no_ticket_or_one_that_was_never_issued_is_refused(gateway: Gateway) -> None:
    assert await refused(gateway, [Subprotocol(SUBPROTOCOL)]) == 401
    assert await refused(gateway, [Subprotocol(SUBPROTOCOL), Subprotocol("ticket.guessed")]) == 401
    assert await refused(gateway, [*(await offer(gateway)), *(await offer(gateway))]) == 401


async def test_an_old_ticket_is_refused(gateway: Gateway, redis_client: Redis) -> None:
    offered = await offer(gateway)
    (name,) = await redis_client.keys("wf:{access}:ticket:*")
    assert LASTS_S / 2 < await redis_client.ttl(name) <= LASTS_S
    await redis_client.pexpire(name, 1)
    while await redis_client.exists(name):
        await asyncio.sleep(0)
    assert await refused(gateway, offered) == 401


async def test_where_people_sign_in_a_ticket_of_nobody_is_refused(store_url: str) -> None:
    guarded = await running(store_url, sign_in=True)
    try:
        assert await refused(guarded, await offer(guarded)) == 401
        theirs = await offer(guarded, Person("anna", "viewer", "a-session"))
        async with connect(address(guarded), subprotocols=theirs):
            pass
    finally:
        await guarded.stop()


async def test_without_a_store_nobody_comes_in_where_people_sign_in() -> None:
    guarded = await running(f"redis://127.0.0.1:{free_port()}/0", sign_in=True)
    try:
        assert await refused(guarded, [Subprotocol(SUBPROTOCOL), Subprotocol("ticket.any")]) == 503
    finally:
        await guarded.stop()
