"""The throttle: who waits, and who does not have to wait for others."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from dashboard.access.throttle import ACCOUNT, ADDRESS, AWAY, PAIR, Throttle, network_of


async def test_tries_at_once_are_all_counted(redis_client: Redis) -> None:
    throttle = Throttle(redis_client)
    waits = await asyncio.gather(*(throttle.wait_s("anna", "10.0.0.1") for _ in range(12)))
    assert sorted(waits)[: PAIR.tries] == [0] * PAIR.tries
    assert all(0 < wait <= PAIR.within_s for wait in sorted(waits)[PAIR.tries :])


async def test_one_address_is_not_sent_to_the_provider_for_ever(redis_client: Redis) -> None:
    throttle = Throttle(redis_client)
    waits = [await throttle.wait_away_s("10.0.0.1") for _ in range(AWAY.tries + 1)]
    assert (set(waits[:-1]), waits[-1] > 0) == ({0}, True)
    assert await throttle.wait_away_s("10.0.0.2") == 0
    assert await throttle.wait_s("anna", "10.0.0.1") == 0


async def test_a_stranger_does_not_lock_an_operator_out(redis_client: Redis) -> None:
    throttle = Throttle(redis_client)
    for _ in range(20):
        await throttle.wait_s("anna", "10.6.6.6")
    assert await throttle.wait_s("anna", "10.0.0.1") == 0


async def test_one_address_may_not_try_every_account(redis_client: Redis) -> None:
    throttle = Throttle(redis_client)
    for n in range(ADDRESS.tries):
        assert await throttle.wait_s(f"account{n}", "10.6.6.6") == 0
    assert await throttle.wait_s("another", "10.6.6.6") > 0
    assert await throttle.wait_s("another", "10.0.0.1") == 0


async def test_many_addresses_may_not_try_one_account_without_end(redis_client: Redis) -> None:
    throttle = Throttle(redis_client)
    for n in range(ACCOUNT.tries):
        assert await throttle.wait_s("anna", f"10.6.{n}.1") == 0
    assert await throttle.wait_s("anna", "10.0.0.1") > 0


async def test_what_is_counted_is_forgotten(redis_client: Redis) -> None:
    await Throttle(redis_client).wait_s("anna", "10.0.0.1")
    for name in await redis_client.keys("wf:{access}:tries:*"):
        assert 0 < await redis_client.ttl(name) <= ACCOUNT.within_s


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("", ""),
    ],
)
def test_an_ipv6_host_is_one_address_whichever_it_chooses(address: str, network: str) -> None:
    assert network_of(address) == network
