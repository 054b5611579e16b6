"""The exercise feed: a night in order, once, at its speed, and gone on with after a fall."""

import asyncio
import datetime as dt
from collections.abc import Sequence

import msgspec
import pytest
from redis.asyncio import Redis

from config.exercise import Exercise, load_exercise
from config.theatre import Theatre, load_theatre
from ingest.documents import Document
from ingest.feeds.exercise import RESUME_WITHIN_S, ExerciseFeed, Run, decode
from ingest.intake import Intake
from ingest.outbox import Outbox
from streams.codec import decode as decode_event
from streams.events import AirRaidAlert, Event, ExerciseClock, FeedHealth
from streams.latest import latest
from streams.names import STREAMS, key
from streams.publish import Published
from streams.read import Entry
from streams.revisions import Revisions
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"
FAST = 40_000.0


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return load_theatre(THEATRE)


@pytest.fixture(scope="module")
def exercise(theatre: Theatre) -> Exercise:
    return load_exercise("seed-night", theatre)


@pytest.fixture
def feed(redis_client: Redis, theatre: Theatre, exercise: Exercise) -> ExerciseFeed:
    return feed_of(redis_client, theatre, exercise)


class Falling(Outbox):
    """Of a process that gets no further than so many events."""

    left = 150

    async def publish(self, events: Sequence[Event]) -> list[Published]:
        if self.left < 0:
            await asyncio.Event().wait()
        self.left -= len(events)
        return await super().publish(events)


def feed_of(
    client: Redis,
    theatre: Theatre,
    exercise: Exercise,
    speed: float = FAST,
    kind: type[Outbox] = Outbox,
) -> ExerciseFeed:
    outbox = kind(client, THEATRE)
    return ExerciseFeed(
        exercise,
        speed,
        intake=Intake(theatre, outbox, Revisions(client, THEATRE)),
        outbox=outbox,
        last_clock=lambda: latest(client, THEATRE, "health", ExerciseClock),
    )


async def stored(client: Redis) -> list[Event]:
    events = []
    for stream in STREAMS:
        for _, fields in await client.xrange(key(THEATRE, stream)):
            events.append(decode_event(fields[b"event"]))
    return events


async def until(client: Redis, enough: object) -> list[Event]:
    async with asyncio.timeout(PATIENCE_S):
        while not enough(await stored(client)):  # type: ignore[operator]
            await asyncio.sleep(0.02)
    # The streams were read one after another: the last can be ahead of the first.
    return await stored(client)


def told(events: list[Event]) -> list[tuple[str, int]]:
    """What the night told: ids and revisions without clocks and health."""
    return [(one.id, one.revision) for one in events if not isinstance(one, FeedHealth | ExerciseClock)]


def has_ended(events: list[Event]) -> bool:
    return any(isinstance(one, ExerciseClock) and one.state == "ended" for one in events)


async def fell(feed: ExerciseFeed, playing: asyncio.Task[None]) -> None:
    """Its process dies: nobody says that the run is over."""
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)


def test_all_that_happens_comes_in_order_and_is_marked_an_exercise(exercise: Exercise) -> None:
    moments = decode(exercise, "run-1")

    assert [one.at for one in moments] == sorted(one.at for one in moments)
    assert all(one.at <= exercise.ends_at for one in moments)
    assert {one.what.status for one in moments} == {"exercise"}
    assert {one.what.run for one in moments} == {"run-1"}


def test_an_all_clear_is_the_second_revision_of_its_alert(exercise: Exercise) -> None:
    alerts = [one.what for one in decode(exercise, "r") if isinstance(one.what, AirRaidAlert)]

    for ending in (one for one in alerts if one.valid_to):
        (start,) = [one for one in alerts if one.id == ending.id and one.revision == 1]
        assert (ending.revision, ending.msg_type) == (2, "update")
        assert start.valid_to is None
        assert ending.valid_from == start.valid_from


def test_runs_share_no_id(exercise: Exercise) -> None:
    first, second = (
        {one.what.id for one in decode(exercise, run) if not isinstance(one.what, Document)}
        for run in ("run-1", "run-2")
    )

    assert first.isdisjoint(second)


def test_what_the_counters_show_is_not_told_by_hand(exercise: Exercise) -> None:
    kinds = {type(one.what).__name__ for one in decode(exercise, "r")}

    assert kinds == {"AirRaidAlert", "Threat", "Document"}


async def test_a_run_brings_every_moment_once_and_says_its_end(
    feed: ExerciseFeed, redis_client: Redis, exercise: Exercise
) -> None:
    playing = asyncio.create_task(feed.run())
    events = await until(redis_client, has_ended)
    await fell(feed, playing)

    assert feed.current is not None
    wanted = {
        (one.what.id, one.what.revision)
        for one in decode(exercise, feed.current.name)
        if not isinstance(one.what, Document)
    }
    ids = told(events)
    assert wanted <= set(ids)
    assert len(ids) == len(set(ids))


async def test_a_run_that_fell_is_gone_on_with_and_nothing_is_doubled(
    redis_client: Redis, theatre: Theatre, exercise: Exercise
) -> None:
    first = feed_of(redis_client, theatre, exercise, kind=Falling)
    playing = asyncio.create_task(first.run())
    await until(redis_client, lambda events: len(events) > Falling.left)
    await fell(first, playing)

    second = feed_of(redis_client, theatre, exercise)
    playing = asyncio.create_task(second.run())
    events = await until(redis_client, has_ended)
    await fell(second, playing)

    assert first.current is not None
    assert second.current is not None
    assert second.current.name == first.current.name
    ids = told(events)
    assert len(ids) == len(set(ids))
    assert {one.run for one in events} == {first.current.name}


async def test_a_run_that_was_stopped_by_hand_is_not_gone_on_with(
    redis_client: Redis, theatre: Theatre, exercise: Exercise
) -> None:
    first = feed_of(redis_client, theatre, exercise, speed=1.0)
    playing = asyncio.create_task(first.run())
    await until(redis_client, lambda events: any(isinstance(one, ExerciseClock) for one in events))
    await fell(first, playing)
    await first.stop()

    last = await latest(redis_client, THEATRE, "health", ExerciseClock)
    assert Run.resumed(exercise, 1.0, last) is None


async def test_a_given_up_run_or_another_speed_is_not_gone_on_with(exercise: Exercise) -> None:
    run = Run.new(exercise, 60.0)
    now_ms = int(dt.datetime.now(dt.UTC).timestamp() * 1_000)
    recent = Entry("health", f"{now_ms}-0", b"", run.clock("running"))
    old = msgspec.structs.replace(recent, entry_id=f"{now_ms - int(RESUME_WITHIN_S + 1) * 1_000}-0")

    assert Run.resumed(exercise, 60.0, recent) is not None
    assert Run.resumed(exercise, 61.0, recent) is None
    assert Run.resumed(exercise, 60.0, old) is None
    assert Run.resumed(exercise, 60.0, None) is None


async def test_the_clock_goes_at_its_speed_and_stands_still_at_the_end(exercise: Exercise) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time() - 100
    run = Run(exercise, 60.0, "r", begun)
    over = Run(exercise, 100_000.0, "r", begun)

    before_s, now, after_s = loop.time() - begun, run.now, loop.time() - begun
    assert 60 * before_s - 1 < (now - exercise.starts_at).total_seconds() < 60 * after_s + 1
    assert over.now == exercise.ends_at


async def test_a_feed_in_an_outage_of_the_exercise_is_told_as_such(
    redis_client: Redis, theatre: Theatre, exercise: Exercise
) -> None:
    (feed, outage) = next((feed, feed.outages[0]) for feed in exercise.feeds if feed.outages)
    into_it_s = (outage.start - exercise.starts_at).total_seconds() + 1
    playing = feed_of(redis_client, theatre, exercise, speed=1.0)
    playing.current = Run(exercise, 1.0, "r", asyncio.get_running_loop().time() - into_it_s)
    work = asyncio.create_task(playing.run())

    def is_told(events: list[Event]) -> bool:
        return any(
            isinstance(one, FeedHealth) and (one.subject, one.state) == (feed.name, outage.state)
            for one in events
        )

    await until(redis_client, is_told)
    await fell(playing, work)
