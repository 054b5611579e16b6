"""Feeds on one host: neither a flood nor garbage of some slows another."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator

from redis.asyncio import Redis

from config.feeds import FeedConfig
from streams.codec import decode
from streams.names import QUARANTINE, key
from tests.ingest.hosting import THEATRE, hosting
from tests.misfortunes import Source

ALERTS, QUARANTINED = (key(THEATRE, stream) for stream in ("alerts", QUARANTINE))
EVERY_S = 0.1
WATCHED = 20
"""Answers of the feed that is watched."""
MOST_BEFORE = 5_000
"""Entries from the source's word to its own. They are a step or two of each other feed, of which one of the
lump's is a batch of 500; a lump that let nobody else in would be 10,000."""
OTHERS = 12_000
"""More than the lump alone has: the flood flows as well."""


class Watched(Source):
    """A source whose every answer is new and knows how many entries there were when it was given."""

    def __init__(self, client: Redis) -> None:
        super().__init__()
        self.before: list[int] = []
        self._client = client

    async def keep_telling(self) -> None:
        """Have another answer, again and again."""
        while True:
            entries = await self._client.xlen(ALERTS)
            told = {"kind": "alert", "id": f"w{len(self.before)}", "region": "UA-46"}
            self.before.append(entries)
            self.serve("/watched", json.dumps(told).encode())
            await asyncio.sleep(0.002)


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


def _siren(number: int) -> bytes:
    return b'{"kind":"alert","id":"s%d","region":"UA-61","alert_type":"air_raid"}' % number


async def test_a_flood_and_garbage_slow_no_other_feed(redis_client: Redis) -> None:
    async with Watched(redis_client) as watched, Source() as garbage, flooding() as port:
        garbage.serve("/", b'{"kind": "alert", ' * 200_000)
        garbage.serve("/lump", b"[" + b",".join(map(_siren, range(10_000))) + b"]")
        own = {"format": "own", "every_s": EVERY_S}
        feeds = [
            watched.feed("/watched", name="watched", **own),
            FeedConfig(name="flood", transport="tcp", url=f"tcp://127.0.0.1:{port}", **own),
            garbage.feed("/", name="garbage", **own),
            garbage.feed("/lump", name="lump", **own),
        ]
        telling = asyncio.create_task(watched.keep_telling())
        async with hosting(redis_client, feeds):
            await watched.asked(WATCHED)
            while await redis_client.xlen(ALERTS) < OTHERS or not await redis_client.xlen(QUARANTINED):
                await asyncio.sleep(0.02)
        telling.cancel()

    rows = await redis_client.xrange(ALERTS)
    ids = [decode(fields[b"event"]).id for _, fields in rows]
    came = [
        place - watched.before[int(event_id.removeprefix("watched:w"))]
        for place, event_id in enumerate(ids)
        if event_id.startswith("watched:")
    ]
    assert len(came) > WATCHED / 2
    assert max(came) < MOST_BEFORE
