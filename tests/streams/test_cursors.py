"""Cursors: kept by feed, and only by who may publish."""

import pytest
from redis.asyncio import Redis

from streams.cursors import Cursors
from streams.errors import FencedError
from streams.lease import Fence, Lease

THEATRE = "eastern-flank"


async def test_a_feed_without_a_cursor_begins_at_the_beginning(redis_client: Redis) -> None:
    assert await Cursors(redis_client, THEATRE).get("f") == ""


async def test_each_feed_goes_on_from_its_own_cursor(redis_client: Redis) -> None:
    cursors = Cursors(redis_client, THEATRE)

    await cursors.set("f", "17 журнал.log")
    await cursors.set("g", "2")
    await cursors.set("g", "3")

    assert [await cursors.get(feed) for feed in "fg"] == ["17 журнал.log", "3"]


async def test_a_host_that_lost_its_lease_sets_no_cursor(redis_client: Redis) -> None:
    cursors = Cursors(redis_client, THEATRE)
    first, second = (Lease(redis_client, THEATRE, "f", name, beat_s=60) for name in "ab")
    await first.hold()
    await cursors.set("f", "10", fence=first.fence)
    await first.release()
    await second.hold()

    with pytest.raises(FencedError) as refused:
        await cursors.set("f", "20", fence=first.fence)
    assert (refused.value.name, refused.value.token) == ("f", 1)
    assert await cursors.get("f") == "10"
    await cursors.set("f", "11", fence=second.fence)
    assert await cursors.get("f") == "11"


async def test_a_token_that_was_never_given_sets_no_cursor(redis_client: Redis) -> None:
    with pytest.raises(FencedError):
        await Cursors(redis_client, THEATRE).set("f", "1", fence=Fence("f", 0))
