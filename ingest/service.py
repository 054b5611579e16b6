"""The ingest process: the store, the feeds and the door, put together and run."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import signal

import structlog

from config.exercise import load_exercise
from config.settings import Settings
from config.theatre import load_theatre
from ingest.feed import Feed
from ingest.feeds.exercise import ExerciseFeed
from ingest.feeds.text import TextFeed
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.supervisor import supervise
from ingest.transports import door
from streams.events import ExerciseClock
from streams.latest import latest
from streams.revisions import Revisions
from streams.store import connect

SAY_GOODBYE_WITHIN_S = 2.0

log = structlog.get_logger("ingest")


async def serve(settings: Settings) -> None:
    """Run every feed of `settings` until SIGINT or SIGTERM.

    Raises TheatreError or ExerciseError for data that cannot be used, OSError for an address that is taken.
    """
    theatre = load_theatre(settings.theatre)
    client = connect(settings.store_url)
    outbox = Outbox(client, settings.theatre)
    intake = Intake(theatre, outbox, Revisions(client, settings.theatre))
    feeds: list[Feed] = []
    exercise: ExerciseFeed | None = None
    if settings.status == "exercise":
        exercise = ExerciseFeed(
            load_exercise(settings.exercise, theatre),
            settings.exercise_speed,
            intake=intake,
            outbox=outbox,
            last_clock=lambda: latest(client, settings.theatre, "health", ExerciseClock),
        )
        feeds.append(exercise)

    def run_of() -> str:
        return exercise.current.name if exercise and exercise.current else ""

    def now() -> dt.datetime:
        return exercise.current.now if exercise and exercise.current else dt.datetime.now(dt.UTC)

    text = TextFeed(
        inbox=settings.var / "inbox",
        intake=intake,
        outbox=outbox,
        status=settings.status,
        run_of=run_of,
        now=now,
    )
    feeds.append(text)
    entrance = door.Door(
        intake=intake,
        outbox=outbox,
        status=settings.status,
        run_of=run_of,
        now=now,
        spoke=lambda: text.pulse.checked(spoke=True),
    )
    log.info("ingest is up", feeds=[feed.name for feed in feeds], store=settings.store_url.split("@")[-1])
    work = asyncio.gather(
        supervise(feeds, outbox, status=settings.status, run=run_of),
        door.serve(entrance.app, settings.host, settings.intake_port),
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        if exercise is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SAY_GOODBYE_WITHIN_S):
                    await exercise.stop()
    finally:
        await client.aclose()
