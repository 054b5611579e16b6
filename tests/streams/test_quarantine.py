"""Quarantine: refused input, whole, and once."""

from redis.asyncio import Redis

from streams.names import key
from streams.quarantine import Quarantine


async def test_the_same_refusal_of_the_same_input_is_kept_once(redis_client: Redis) -> None:
    quarantine = Quarantine(redis_client, "eastern-flank")

    kept = [
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert/>"),
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert/>"),
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert />"),
        await quarantine.keep("cap", "$.area", "is missing", b"<alert/>"),
    ]

    assert kept == [True, False, True, True]
    assert await redis_client.xlen(key("eastern-flank", "quarantine")) == 3
