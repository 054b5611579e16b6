"""What a source allows all hosts together: never exceeded in any window, by the store's own clock."""

import asyncio
import time

import pytest
from redis.asyncio import Redis

from streams.allowance import Allowance
from streams.errors import StoreError
from streams.names import key
from streams.store import connect
from tests.house import free_port
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"


@pytest.fixture
def allowance(redis_client: Redis) -> Allowance:
    return Allowance(redis_client, THEATRE)


def left_s(of_s: float, began_at: float) -> float:
    """What is left of a time at least, since it began."""
    return of_s - (time.monotonic() - began_at) - 0.1


async def test_so_many_are_granted_and_the_next_is_told_when(allowance: Allowance) -> None:
    began_at = time.monotonic()
    assert [await allowance.ask("alerts", [(2, 60.0)]) for _ in range(2)] == [0, 0]
    told_s = await allowance.ask("alerts", [(2, 60.0)])
    assert left_s(60, began_at) <= told_s <= 60


@pytest.mark.parametrize("limits", [[(10, 1.0), (2, 60.0)], [(2, 60.0), (10, 1.0), (1, 0.001)]])
async def test_all_limits_hold_at_once(limits: list[tuple[int, float]], allowance: Allowance) -> None:
    began_at = time.monotonic()
    for _ in range(2):
        assert await allowance.ask("alerts", limits) == 0
        await asyncio.sleep(0.002)
    told_s = await allowance.ask("alerts", limits)
    assert told_s >= left_s(60, began_at)


async def test_a_refused_request_is_not_counted(allowance: Allowance) -> None:
    assert await allowance.ask("alerts", [(1, 60.0)]) == 0
    waits = [await allowance.ask("alerts", [(1, 60.0)]) for _ in range(5)]
    assert waits == sorted(waits, reverse=True)
    assert 0 < waits[-1] < waits[0] <= 60


async def test_no_window_ever_holds_more_than_its_limit(redis_client: Redis) -> None:
    hosts = [Allowance(redis_client, THEATRE) for _ in range(3)]

    async def ask_on(host: Allowance) -> None:
        for _ in range(5):
            await host.wait("alerts", [(4, 0.4), (1_000, 60.0)])

    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*map(ask_on, hosts))
    granted = [int(at) for at in await redis_client.zrange(key(THEATRE, "allowance:alerts"), 0, -1)]
    assert len(granted) == 15
    fifths = zip(granted, granted[4:], strict=False)
    assert min(later - earlier for earlier, later in fifths) >= 400_000


async def test_names_have_allowances_of_their_own(allowance: Allowance) -> None:
    assert await allowance.ask("alerts", [(1, 60.0)]) == 0
    assert await allowance.ask("history", [(1, 60.0)]) == 0


async def test_what_is_counted_is_forgotten_with_the_longest_window(
    allowance: Allowance, redis_client: Redis
) -> None:
    name = key(THEATRE, "allowance:alerts")
    now_us = round(time.time() * 1_000_000)
    kept, forgotten = (str(now_us - ago_s * 1_000_000) for ago_s in (30, 61))
    await redis_client.zadd(name, {kept: int(kept), forgotten: int(forgotten)})

    began_at = time.monotonic()
    await allowance.ask("alerts", [(5, 0.05), (9, 60.0)])

    assert left_s(60, began_at) < await redis_client.pttl(name) / 1_000 <= 60
    found = [at.decode() for at in await redis_client.zrange(name, 0, -1)]
    assert (found[0], len(found)) == (kept, 2)


async def test_a_clock_that_was_put_back_stops_nothing_for_long(
    allowance: Allowance, redis_client: Redis
) -> None:
    ahead = round((time.time() + 86_400) * 1_000_000)
    await redis_client.zadd(key(THEATRE, "allowance:alerts"), {str(ahead): ahead})
    assert 0.9 < await allowance.ask("alerts", [(1, 1.0)]) <= 1


async def test_without_limits_the_store_is_asked_all_the_same(allowance: Allowance) -> None:
    assert await allowance.ask("alerts", []) == 0
    away = connect(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises(StoreError):
        await Allowance(away, THEATRE).ask("alerts", [])
    await away.aclose()
