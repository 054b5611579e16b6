"""The ingest process: the store, the feeds and the door, put together and run."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import secrets
import signal
import socket
from collections.abc import Callable

import structlog
from redis.asyncio import Redis

from config.exercise import load_exercise
from config.feeds import load_feeds
from config.settings import Settings
from config.theatre import Theatre, load_theatre
from ingest.acts.desk import Desk
from ingest.feed import Feed
from ingest.feeds.exercise import ExerciseFeed
from ingest.feeds.text import TextFeed
from ingest.formats import format_of
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.retrying import Again
from ingest.source import BEAT_S, Source
from ingest.supervisor import supervise
from ingest.taking import Taker
from ingest.transports import door
from ingest.transports.build import transport_of
from ingest.transports.http import HttpTransport
from streams.allowance import Allowance
from streams.errors import StoreError
from streams.events import ExerciseClock
from streams.latest import latest
from streams.lease import Lease
from streams.proof import door_key
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
    sources = _sources(settings, theatre, client, intake, outbox, run_of)
    feeds += sources
    entrance = door.Door(
        intake=intake,
        outbox=outbox,
        status=settings.status,
        run_of=run_of,
        now=now,
        spoke=lambda: text.pulse.checked(spoke=True),
        pushed={source.name: source for source in sources if source.config.transport == "push"},
        desk=Desk(
            client,
            theatre,
            take=Again(settings, client).take,
            status=settings.status,
            run_of=run_of,
            now=now,
        ),
        proof=lambda: door_key(client),
    )
    log.info("ingest is up", feeds=[feed.name for feed in feeds], store=settings.store_url.split("@")[-1])
    work = asyncio.gather(
        supervise(feeds, outbox, status=settings.status, run=run_of),
        door.serve(entrance.app, settings.intake_host, settings.intake_port),
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        with contextlib.suppress(TimeoutError, StoreError):
            async with asyncio.timeout(SAY_GOODBYE_WITHIN_S):
                if exercise is not None:
                    await exercise.stop()
                for source in sources:
                    await source.stop()
    finally:
        await client.aclose()


def _sources(
    settings: Settings,
    theatre: Theatre,
    client: Redis,
    intake: Intake,
    outbox: Outbox,
    run_of: Callable[[], str],
) -> list[Source]:
    """The feeds that are switched on. In an exercise the world's own rest: both at once would be a lie."""
    chosen = [feed for feed in load_feeds(theatre, settings.feeds) if feed.on]
    if settings.status == "exercise":
        if chosen:
            log.info("live feeds rest in an exercise", feeds=[feed.name for feed in chosen])
        return []
    holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    allowance = Allowance(client, settings.theatre)
    made = []
    for feed in chosen:
        lease = Lease(client, settings.theatre, feed.name, holder, beat_s=BEAT_S)
        transport = None
        if feed.transport != "push":
            transport = transport_of(feed, allowance=allowance)
        taker = Taker(
            feed,
            format_of(feed),
            theatre=theatre,
            intake=intake,
            outbox=outbox,
            status=settings.status,
            run_of=run_of,
            through=transport if isinstance(transport, HttpTransport) else None,
        )
        made.append(Source(feed, taker, transport, outbox=outbox, lease=lease))
    return made
