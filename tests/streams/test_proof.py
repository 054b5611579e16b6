"""The door's key: made once, the same for whoever asks, and of the installation."""

import asyncio

from redis.asyncio import Redis

from streams.proof import KEY, door_key


async def test_all_who_ask_at_once_get_the_one_key(redis_client: Redis) -> None:
    keys = set(await asyncio.gather(*(door_key(redis_client) for _ in range(5))))

    (key,) = keys
    assert len(key) >= 43
    assert await redis_client.keys("*") == [KEY.encode()]


async def test_another_store_has_another_key(redis_client: Redis) -> None:
    before = await door_key(redis_client)
    await redis_client.flushdb()

    assert await door_key(redis_client) != before
