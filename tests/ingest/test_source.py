"""A source: one host has the feed, another takes over, garbage is left alone, and what is pushed is taken."""

import asyncio
import datetime as dt
import json

import pytest
from redis.asyncio import Redis

from config.feeds import FeedConfig
from ingest import source as source_module
from ingest.errors import TransportError
from ingest.source import received
from ingest.transports.transport import Payload
from streams.lease import Lease
from tests.ingest.hosting import THEATRE, Streams, hosting, source_of
from tests.misfortunes import Source as Served
from tests.promises import PATIENCE_S

PUSHED = FeedConfig(name="neighbour", format="own", transport="push", secret="A_SECRET")


def event(number: int) -> bytes:
    now = dt.datetime.now(dt.UTC).isoformat()
    told = {"kind": "alert", "id": f"siren-{number}", "region": "UA-46", "valid_from": now}
    return json.dumps(told).encode()


async def test_of_two_hosts_one_polls_and_tells_how_the_feed_is(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "BEAT_S", PATIENCE_S)
    async with Served() as served:
        served.serve("/a", event(1))
        feed = served.feed("/a", name="neighbour", format="own", every_s=0.1)
        async with hosting(redis_client, [feed]) as (first,), hosting(redis_client, [feed]) as (second,):
            streams = Streams(redis_client)
            await streams.until(lambda: streams.health("neighbour"))
            await served.asked(10)
            assert (first.is_ours, second.is_ours) in ((True, False), (False, True))
            leads, stands_by = (first, second) if first.is_ours else (second, first)
            assert leads.pulse.spoke_at is not None
            assert stands_by.pulse.spoke_at is None


async def test_when_the_first_host_lets_go_the_other_takes_over_and_nothing_is_said_twice(
    redis_client: Redis,
) -> None:
    streams = Streams(redis_client)
    async with Served() as served:
        served.serve("/a", event(1))
        feed = served.feed("/a", name="neighbour", format="own", every_s=0.1)
        async with hosting(redis_client, [feed]) as (first,):
            await streams.until(lambda: streams.events)
            async with hosting(redis_client, [feed]) as (second,):
                await streams.until(lambda: first.is_ours)
                await first.stop()
                served.serve("/a", event(2))
                await streams.until(lambda: second.is_ours or len(streams.events) == 2)
                await streams.until(lambda: len(streams.events) == 2)

    assert [one.id for one in streams.events] == ["neighbour:siren-1", "neighbour:siren-2"]


async def test_a_host_that_waits_asks_when_the_feed_is_free_and_not_a_beat_later(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_module, "BEAT_S", 1_000)
    source = source_of(redis_client, PUSHED)
    await Lease(redis_client, THEATRE, PUSHED.name, "another", beat_s=0.1).hold()

    waiting = asyncio.create_task(source.run())
    await Streams(redis_client).until(lambda: source.is_ours)
    waiting.cancel()


async def test_a_feed_of_garbage_is_left_alone_after_a_while(redis_client: Redis) -> None:
    class Garbage:
        async def payloads(self, cursor: str):  # type: ignore[no-untyped-def]
            for number in range(100):
                yield Payload(body=b"garbage %d" % number, received_at=dt.datetime.now(dt.UTC))

    source = source_of(redis_client, PUSHED)
    source._transport = Garbage()  # type: ignore[assignment]

    with pytest.raises(TransportError, match="in a row were refused") as left_alone:
        async with asyncio.timeout(PATIENCE_S):
            await source.run()

    assert left_alone.value.retry_after_s == source_module.LEFT_ALONE_S
    assert len(await Streams(redis_client).quarantined()) == source_module.MOST_GARBAGE
    assert source.pulse.health("neighbour", "actual", "").state == "dead"


async def test_what_is_pushed_is_taken_once_and_told(redis_client: Redis) -> None:
    source, streams = source_of(redis_client, PUSHED), Streams(redis_client)
    body = event(1)

    first = await source.push(received(body))
    again = await source.push(received(body))
    await streams.read()

    assert [one.outcome for one in (*first.published, *again.published)] == ["published", "duplicate"]
    assert len(streams.events) == 1
    assert source.is_ours
    assert source.pulse.health("neighbour", "actual", "").state == "fresh"


async def test_a_flood_of_pushes_owes_time(redis_client: Redis) -> None:
    feed = FeedConfig(
        name="neighbour", format="own", transport="push", secret="A_SECRET", budget_bytes_s=1_000
    )
    source = source_of(redis_client, feed)
    for number in range(200):
        await source.push(received(event(number) + b" " * 1_000))

    assert source.owed_s > 100
