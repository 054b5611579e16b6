"""Feeds on one host: neither a flood nor garbage of some slows another."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from statistics import median, quantiles

import pytest
from msgspec import Struct
from redis.asyncio import Redis

from config.feeds import FeedConfig
from streams.codec import decode
from streams.names import QUARANTINE, key
from tests.ingest.hosting import THEATRE, hosting
from tests.misfortunes import Source

pytestmark = pytest.mark.alone

EVERY_S = 0.1
WATCHED = 40
"""Answers of the feed that is watched, in each half of the run."""
MOST_INTERVAL_RATIO = 1.5
MOST_DELAY_RATIO = 5
"""Of medians: undisturbed it is some milliseconds, and each step waits for one step of each other feed."""
DELAY_FLOOR_S = 0.01


class Measured(Struct):
    """How a feed fared, in seconds: between polls, and from the source's word to the stream."""

    interval_s: float
    delay_s: float
    slowest_s: float
    others: int
    """Events of the other feeds meanwhile."""


class Watched(Source):
    """A source whose every answer is new and says when it was given."""

    numbers: Iterator[int] = itertools.count()

    def next_answer(self) -> None:
        now = dt.datetime.now(dt.UTC).isoformat()
        told = {"kind": "alert", "id": f"w{next(self.numbers)}", "region": "UA-46", "valid_from": now}
        self.serve("/watched", json.dumps(told).encode())


@contextlib.asynccontextmanager
async def flooding() -> AsyncIterator[int]:
    """A port that pours events, each of them new, for as long as it is read."""
    numbers = itertools.count()

    async def pour(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                lines = (
                    f'{{"kind":"alert","id":"{n}","region":"UA-56"}}\n'
                    for n in itertools.islice(numbers, 500)
                )
                writer.write("".join(lines).encode())
                await writer.drain()

    server = await asyncio.start_server(pour, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def watch(watched: Watched, feeds: list[FeedConfig], client: Redis) -> Measured:
    asked = len(watched.requests)
    answering = asyncio.create_task(_answer(watched))
    try:
        async with hosting(client, feeds):
            await watched.asked(asked + WATCHED, within_s=30)
    finally:
        answering.cancel()
    rows = await client.xrange(key(THEATRE, "alerts"))
    await client.delete(key(THEATRE, "alerts"))
    others = sum(b'"feed":"watched"' not in fields[b"event"] for _, fields in rows)
    events = [
        (entry_id, decode(fields[b"event"])) for entry_id, fields in rows if b"watched:" in fields[b"event"]
    ]
    delays = [
        int(entry_id.split(b"-")[0]) / 1_000 - event.valid_from.timestamp()
        for entry_id, event in events
        if event.valid_from
    ]
    times = [request.at for request in watched.requests[asked:]]
    return Measured(
        median(after - before for before, after in pairwise(times)),
        median(delays),
        quantiles(delays, n=20)[-1],
        others,
    )


def _siren(number: int) -> bytes:
    return b'{"kind":"alert","id":"s%d","region":"UA-61","alert_type":"air_raid"}' % number


async def _answer(watched: Watched) -> None:
    while True:
        watched.next_answer()
        await asyncio.sleep(0.002)


@pytest.mark.timeout(90)
async def test_a_flood_and_garbage_slow_no_other_feed(redis_client: Redis) -> None:
    async with Watched() as watched, Source() as garbage, flooding() as port:
        garbage.serve("/", b'{"kind": "alert", ' * 200_000)
        garbage.serve("/lump", b"[" + b",".join(map(_siren, range(20_000))) + b"]")
        own = {"format": "own", "every_s": EVERY_S}
        feed = watched.feed("/watched", name="watched", **own)
        flood = FeedConfig(name="flood", transport="tcp", url=f"tcp://127.0.0.1:{port}", **own)
        rubbish = garbage.feed("/", name="garbage", **own)
        lump = garbage.feed("/lump", name="lump", **own)

        alone = await watch(watched, [feed], redis_client)
        among = await watch(watched, [feed, flood, rubbish, lump], redis_client)

        print(f"alone {alone}; among {among}")
        assert among.others > 20_000
        assert await redis_client.xlen(key(THEATRE, QUARANTINE))
        assert among.interval_s < MOST_INTERVAL_RATIO * alone.interval_s
        assert among.delay_s < MOST_DELAY_RATIO * max(alone.delay_s, DELAY_FLOOR_S)
