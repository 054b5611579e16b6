"""What the API's tests share: a store with one night in it, and a web process that reads it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.client import HTTPConnection
from typing import Any

import pytest

from config.settings import Settings
from streams.events import AirRaidAlert, Count, Event, Quantities, RaidReport, Scramble, Threat
from streams.publish import Publisher
from streams.store import connect
from tests.house import free_port, web_in_thread
from tests.promises import PATIENCE_S

NIGHT = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
THEATRE = "eastern-flank"
Get = Callable[[str], tuple[int, str, Any]]


def hour(hours: float) -> dt.datetime:
    """So many hours into the night of 8–9 June 2025."""
    return NIGHT + dt.timedelta(hours=hours)


def a_night(status: Any = "actual", mark: str = "") -> list[Event]:
    """An alert that ends, one that does not, jets, drones, and a report of the night with a hedge."""
    common: dict[str, Any] = {"status": status, "feed": f"table{mark}", "claimant": "ua-air-force"}
    return [
        AirRaidAlert(id=f"a1{mark}", region="UA-46", valid_from=hour(8), valid_to=hour(12), **common),
        AirRaidAlert(id=f"a2{mark}", region="UA-07", level="red", valid_from=hour(9), **common),
        Threat(id=f"t{mark}", threat_type="drones", regions=("UA-46",), valid_from=hour(8), **common),
        Scramble(
            id=f"s{mark}",
            country="PL",
            state="start",
            valid_from=hour(10),
            cause_regions=("UA-46",),
            airports_closed=("EPRZ",),
            **common,
        ),
        RaidReport(
            id=f"r{mark}",
            valid_from=hour(2),
            valid_to=hour(16),
            published_at=hour(17),
            launched=Quantities(uav=Count(value=479)),
            neutralised=Quantities(uav=Count(value=460), missile=Count(value=20, qualifier="nearly")),
            **common,
        ),
    ]


@pytest.fixture
def publish(store_url: str) -> Callable[[Sequence[Event]], None]:
    """Publishes into the store, which is emptied first."""

    async def send(events: Sequence[Event], *, first: bool = False) -> None:
        client = connect(store_url)
        if first:
            await client.flushdb()
        await Publisher(client, THEATRE).publish(events)
        await client.aclose()

    asyncio.run(send([], first=True))
    return lambda events: asyncio.run(send(events))


@pytest.fixture(scope="module")
def get(store_url: str) -> Iterator[Get]:
    """Asks a web process that reads the store: status, content type and JSON of the answer."""
    settings = Settings(port=free_port(), REDIS_URL=store_url, exercise="off")
    with web_in_thread(settings):
        yield partial(ask, settings.port)


def ask(port: int, path: str) -> tuple[int, str, Any]:
    """One question over HTTP."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.getheader("content-type") or "", json.loads(body)
