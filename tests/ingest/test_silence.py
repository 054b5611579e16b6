"""Silence: a source that stops answering is slow and then dead by age, in the events and in the picture."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from itertools import groupby
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.ingest.hosting import Streams, hosting
from tests.misfortunes import Source

EVERY_S = 20.0
"""Longer than any machine stands still; what is waited for is the clock's being put ahead."""
BODY = b'{"kind":"alert","id":"siren-7","region":"UA-46"}'


def spoken(streams: Streams) -> dt.datetime | None:
    """When the feed last had news, as it was last told."""
    health = streams.health("sensor")
    return health and health.spoke_at


def shown(streams: Streams) -> str:
    """How the picture has the feed."""
    feeds: dict[str, Any] = streams.picture.view().get("feeds", {})
    return str(feeds.get("sensor", {}).get("state", ""))


@pytest.fixture
async def ahead() -> AsyncIterator[Callable[[float], None]]:
    """Puts the event loop's clock ahead, which hosts go by."""
    loop = asyncio.get_running_loop()
    clock, by_s = loop.time, 0.0

    def put(seconds: float) -> None:
        nonlocal by_s
        by_s += seconds

    loop.time = lambda: clock() + by_s  # type: ignore[method-assign]
    yield put
    loop.time = clock  # type: ignore[method-assign]


async def until_both_say(streams: Streams, state: str) -> None:
    """Read until the events and the picture have the feed in this state."""
    await streams.until(lambda: (last := streams.health("sensor")) and last.state == shown(streams) == state)


async def test_a_source_that_stops_answering_grows_slow_and_then_dead(
    redis_client: Redis, ahead: Callable[[float], None]
) -> None:
    streams = Streams(redis_client)
    async with Source() as source:
        source.serve("/", BODY)
        feed = source.feed("/", name="sensor", format="own", every_s=EVERY_S, answer_s=10 * EVERY_S)
        async with hosting(redis_client, [feed]):
            await until_both_say(streams, "fresh")
            spoke_at = spoken(streams)
            await source.befall("time-out")
            ahead(2 * EVERY_S)
            await source.asked(2)
            await until_both_say(streams, "slow")
            ahead(2 * EVERY_S)
            await until_both_say(streams, "dead")

            assert spoken(streams) == spoke_at is not None
            await source.recover()
            await until_both_say(streams, "quiet")


async def test_a_feed_whose_host_is_gone_grows_slow_and_then_dead_in_the_picture(redis_client: Redis) -> None:
    streams = Streams(redis_client)
    async with Source() as source:
        source.serve("/", BODY)
        feed = source.feed("/", name="sensor", format="own", every_s=EVERY_S)
        async with hosting(redis_client, [feed]):
            await streams.until(lambda: shown(streams) == "fresh")

    last = streams.health("sensor")
    assert last is not None
    states = []
    for age_s in range(4 * int(EVERY_S)):
        streams.picture.tick(last.checked_at + dt.timedelta(seconds=age_s))
        states.append(shown(streams))
    assert [state for state, _ in groupby(states)] == ["fresh", "slow", "dead"]
