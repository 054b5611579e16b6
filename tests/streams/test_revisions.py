"""Revisions of documents, numbered in the store."""

import asyncio

from redis.asyncio import Redis

from streams.revisions import Revisions


async def test_texts_under_one_name_are_numbered_in_the_order_they_came(redis_client: Redis) -> None:
    revisions = Revisions(redis_client, "eastern-flank")

    numbers = [await revisions.number("report", text) for text in ("a", "b", "a", "c", "b")]

    assert numbers == [1, 2, 1, 3, 2]
    assert await revisions.number("another", "b") == 1


async def test_hosts_that_race_agree(redis_client: Redis) -> None:
    hosts = [Revisions(redis_client, "eastern-flank") for _ in range(4)]

    numbers = await asyncio.gather(*(host.number("report", text) for text in "abcde" for host in hosts))

    by_text = [set(numbers[i : i + 4]) for i in range(0, 20, 4)]
    assert all(len(given) == 1 for given in by_text)
    assert set().union(*by_text) == {1, 2, 3, 4, 5}
