"""The door: whose page may connect, and where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Subprotocol

from config.theatre import load_theatre
from dashboard.gateway.door import allowed_origins
from dashboard.gateway.gateway import Gateway
from dashboard.gateway.messages import SUBPROTOCOL

Start = Callable[..., Awaitable[Gateway]]


@pytest.fixture
async def gateway(store_url: str) -> Any:
    made = Gateway(
        theatre=load_theatre("eastern-flank"),
        status="actual",
        store_url=store_url,
        origins=allowed_origins("127.0.0.1", 8050, "https://floor.example:8443/, "),
    )
    await made.start()
    yield made
    await made.stop()


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
    address = f"ws://127.0.0.1:{gateway.port}/v1/picture"
    async with connect(address, origin=origin, subprotocols=[Subprotocol(SUBPROTOCOL)]) as connection:
        await connection.send('{"type":"hello"}')
        assert await connection.recv()


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
        await connect(f"ws://127.0.0.1:{gateway.port}/v1/picture")
    assert raised.value.response.status_code == 400
