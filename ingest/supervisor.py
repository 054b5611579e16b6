"""The supervisor: runs every feed apart from the others, starts again what fell, and tells how each is."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence

import structlog

from ingest.errors import TransportError
from ingest.feed import Feed
from ingest.outbox import Outbox
from streams.events import Status

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
LONGEST_RETRY_AFTER_S = 3_600.0
"""A source that asks to be left alone for longer is asked again after this."""
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
    """Run one feed for ever. Its going down is logged once, and so is its coming back."""
    wait_s = FIRST_WAIT_S
    is_down = False
    while True:
        coming_back = asyncio.create_task(_say_when_well(feed)) if is_down else None
        retry_after_s = None
        try:
            await feed.run()
            return
        except TransportError as error:
            reason, retry_after_s = error.reason, error.retry_after_s
            trace = None
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            trace = error
        finally:
            if coming_back is not None:
                coming_back.cancel()
        if feed.pulse.well.is_set():
            is_down, wait_s = False, FIRST_WAIT_S
        feed.pulse.failed(reason)
        if not is_down:
            log.error("feed is down", feed=feed.name, reason=reason, exc_info=trace)
        is_down = True
        asked_s = min(retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)
        # Feeds that fell together, as when a network goes, are not all to be asked again at one instant.
        await asyncio.sleep(max(asked_s, wait_s * random.uniform(0.75, 1.25)))  # noqa: S311
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)


async def _say_when_well(feed: Feed) -> None:
    await feed.pulse.well.wait()
    log.info("feed is back", feed=feed.name)


async def _tell(
    feeds: Sequence[Feed], outbox: Outbox, status: Status, run: Callable[[], str], beat_s: float
) -> None:
    while True:
        healths = [
            feed.pulse.health(feed.name, status, run(), told_every_s=beat_s) for feed in feeds if feed.is_ours
        ]
        await outbox.publish(healths)
        await asyncio.sleep(beat_s)
