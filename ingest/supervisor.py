"""The supervisor: runs every feed apart from the others, starts again what fell, and tells how each is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from ingest.feed import Feed
from ingest.outbox import Outbox
from streams.events import Status

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
BEAT_S = 5.0
"""How often each feed's health is told."""

log = structlog.get_logger("ingest")


async def supervise(
    feeds: Sequence[Feed], outbox: Outbox, *, status: Status, run: Callable[[], str], beat_s: float = BEAT_S
) -> None:
    """Run all feeds until cancelled.

    status: what this installation takes in. run: the exercise's run at this moment, or empty.
    """
    async with asyncio.TaskGroup() as group:
        for feed in feeds:
            group.create_task(_keep(feed), name=feed.name)
        group.create_task(_tell(feeds, outbox, status, run, beat_s), name="health")


async def _keep(feed: Feed) -> None:
    wait_s = FIRST_WAIT_S
    down = False
    loop = asyncio.get_running_loop()
    while True:
        started = loop.time()
        try:
            await feed.run()
            return
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            feed.pulse.failed(reason)
            if loop.time() - started > LONGEST_WAIT_S:
                wait_s, down = FIRST_WAIT_S, False
            if not down:
                log.exception("feed is down", feed=feed.name)
            down = True
        await asyncio.sleep(wait_s)
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


async def _tell(
    feeds: Sequence[Feed], outbox: Outbox, status: Status, run: Callable[[], str], beat_s: float
) -> None:
    while True:
        healths = [feed.pulse.health(feed.name, status, run(), told_every_s=beat_s) for feed in feeds]
        await outbox.publish(healths)
        await asyncio.sleep(beat_s)
