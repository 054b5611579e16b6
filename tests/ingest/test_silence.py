"""Silence: a source that stops answering is slow and then dead by age, in the events and in the picture."""

import asyncio
from typing import Any

from redis.asyncio import Redis

from tests.ingest.hosting import Streams, hosting
from tests.misfortunes import Source

EVERY_S = 0.6
BODY = b'{"kind":"alert","id":"siren-7","region":"UA-46"}'


def shown(streams: Streams) -> str:
    """How the picture has the feed."""
    feeds: dict[str, Any] = streams.picture.view().get("feeds", {})
    return str(feeds.get("sensor", {}).get("state", ""))


async def until_both_were(streams: Streams, *wanted: str) -> None:
    """Read until the events and the picture have each gone through these states, in this order."""
    told: list[str] = []
    seen: list[str] = []

    def have() -> bool:
        health = streams.health("sensor")
        for states, state in ((told, health.state if health else ""), (seen, shown(streams))):
            if state and (not states or states[-1] != state):
                states.append(state)
        return told[-len(wanted) :] == list(wanted) == seen[-len(wanted) :]

    try:
        await streams.until(have)
    except TimeoutError:
        raise AssertionError(f"the events were {told}, the picture {seen}, not {wanted}") from None


async def test_a_source_that_stops_answering_grows_slow_and_then_dead(redis_client: Redis) -> None:
    streams = Streams(redis_client)
    async with Source() as source:
        source.serve("/", BODY)
        feed = source.feed("/", name="sensor", format="own", every_s=EVERY_S, answer_s=30)
        async with hosting(redis_client, [feed]):
            await until_both_were(streams, "fresh")
            await source.befall("time-out")
            await until_both_were(streams, "fresh", "slow", "dead")

            health = streams.health("sensor")
            assert health is not None
            assert health.spoke_at is not None
            assert (health.checked_at - health.spoke_at).total_seconds() > 3 * EVERY_S
            await source.recover()
            await until_both_were(streams, "quiet")


async def test_a_feed_whose_host_is_gone_grows_slow_and_then_dead_in_the_picture(redis_client: Redis) -> None:
    streams, states = Streams(redis_client), []
    async with Source() as source:
        source.serve("/", BODY)
        feed = source.feed("/", name="sensor", format="own", every_s=EVERY_S)
        async with hosting(redis_client, [feed]):
            await streams.until(lambda: shown(streams) == "fresh")

        async with asyncio.timeout(15):
            while not states or states[-1] != "dead":
                await streams.read()
                if not states or states[-1] != shown(streams):
                    states.append(shown(streams))
                await asyncio.sleep(0.02)

    assert states == ["fresh", "slow", "dead"]
