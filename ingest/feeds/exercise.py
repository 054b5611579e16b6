"""The exercise feed: plays a night that config/ holds as data, through the same path as any other source."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import structlog
from msgspec import Struct

from ingest.documents import Document
from ingest.feed import Pulse
from ingest.intake import Intake
from ingest.outbox import Outbox
from streams.errors import StoreError
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    ExerciseClock,
    FeedHealth,
    Point,
    Threat,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from config.exercise import Exercise
    from config.exercise import ExerciseFeed as PlayedFeed
    from streams.read import Entry

NAME = "exercise"
BEAT_S = 2.0
"""How often the clock is told, and the health of the feeds that are played."""
RESUME_WITHIN_S = 60.0
"""A run whose last beat is younger is gone on with: its ingest fell. An older one was given up."""

log = structlog.get_logger("ingest")


class Moment(Struct, frozen=True):
    """Something that happens at an instant of the exercise."""

    at: dt.datetime
    feed: str
    what: Event | Document


def decode(exercise: Exercise, run: str) -> list[Moment]:
    """All that happens in one run of an exercise, in order. run: goes into every id, to tell runs apart."""
    moments = [*_alerts(exercise, run), *_threats(exercise, run), *_documents(exercise, run)]
    return sorted(moments, key=lambda moment: moment.at)


def _alerts(exercise: Exercise, run: str) -> Iterator[Moment]:
    for alert in exercise.alerts:
        for ends in (False, True):
            at = alert.end if ends else alert.start
            if at is None:
                continue
            feed = _feed(exercise, alert.feed)
            subject = f"{alert.region}:{alert.alert_type}:{alert.level}:{alert.start:%d%H%M%S}"
            event = AirRaidAlert(
                id=f"{alert.feed}:{run}:{subject}",
                revision=2 if ends else 1,
                status="exercise",
                msg_type="update" if ends else "alert",
                run=run,
                feed=alert.feed,
                claimant=feed.claimant,
                reliability=feed.reliability,
                credibility=feed.credibility,
                valid_from=alert.start,
                valid_to=at if ends else None,
                published_at=at,
                region=alert.region,
                alert_type=alert.alert_type,
                level=alert.level,
                permanent=alert.permanent,
            )
            yield Moment(at, alert.feed, event)


def _threats(exercise: Exercise, run: str) -> Iterator[Moment]:
    for threat in exercise.threats:
        feed = _feed(exercise, threat.feed)
        for revision, step in enumerate(threat.steps, 1):
            has_position = step.lon is not None and step.lat is not None
            event = Threat(
                id=f"{threat.feed}:{run}:{threat.id}",
                revision=revision,
                status="exercise",
                msg_type="alert" if revision == 1 else "update",
                run=run,
                feed=threat.feed,
                claimant=threat.claimant or feed.claimant,
                reliability=feed.reliability,
                credibility=feed.credibility,
                valid_from=threat.steps[0].at,
                valid_to=step.at if step.state == "ended" else None,
                published_at=step.at,
                threat_type=threat.threat_type,
                state=step.state,
                weapon=threat.weapon,
                count=None if step.count is None else Count(value=step.count),
                regions=step.regions,
                position=Point(lon=step.lon, lat=step.lat) if has_position else None,  # type: ignore[arg-type]
                course_deg=step.course_deg,
                toward=step.toward,
            )
            yield Moment(step.at, threat.feed, event)


def _documents(exercise: Exercise, run: str) -> Iterator[Moment]:
    for document in exercise.documents:
        feed = _feed(exercise, document.feed)
        taken = Document(
            name=document.file,
            text=document.text,
            feed=document.feed,
            status="exercise",
            run=run,
            published_at=document.published_at,
            title=document.title,
            link=document.link,
            own_claimant=feed.claimant,
            reliability=feed.reliability,
            credibility=feed.credibility,
        )
        yield Moment(document.at, document.feed, taken)


def _feed(exercise: Exercise, name: str) -> PlayedFeed:
    return next(feed for feed in exercise.feeds if feed.name == name)


class Run:
    """One playing of an exercise: its name, and which instant of the exercise it is.

    started: the instant of the loop's clock at which the exercise's `starts_at` was, or would have been.
    """

    def __init__(self, exercise: Exercise, speed: float, name: str, started: float) -> None:
        self.name = name
        self._exercise = exercise
        self._speed = speed
        self._started = started

    @classmethod
    def new(cls, exercise: Exercise, speed: float) -> Run:
        """A run that begins now."""
        name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{exercise.name}"
        return cls(exercise, speed, name, asyncio.get_running_loop().time())

    @classmethod
    def resumed(cls, exercise: Exercise, speed: float, last: Entry | None) -> Run | None:
        """The run that `last`, the newest clock in the streams, is of; None where it is over or given up."""
        if last is None or not isinstance(last.event, ExerciseClock):
            return None
        clock = last.event
        age_s = (dt.datetime.now(dt.UTC) - last.received_at).total_seconds()
        if clock.state != "running" or not clock.run.endswith(f"-{exercise.name}"):
            return None
        if not 0 <= age_s <= RESUME_WITHIN_S or clock.speed != speed:
            return None
        played_s = (clock.at - exercise.starts_at).total_seconds() / speed + age_s
        return cls(exercise, speed, clock.run, asyncio.get_running_loop().time() - played_s)

    @property
    def now(self) -> dt.datetime:
        """The exercise's instant; at its end it stands still."""
        played_s = (asyncio.get_running_loop().time() - self._started) * self._speed
        return min(self._exercise.starts_at + dt.timedelta(seconds=played_s), self._exercise.ends_at)

    async def until(self, at: dt.datetime) -> None:
        """Wait for an instant of the exercise."""
        left_s = (at - self.now).total_seconds()
        if left_s > 0:
            await asyncio.sleep(left_s / self._speed)

    def clock(self, state: Literal["running", "ended"]) -> ExerciseClock:
        """Where the clock stands."""
        return ExerciseClock(
            id=f"{NAME}:{self.name}:clock",
            revision=int(dt.datetime.now(dt.UTC).timestamp() * 1_000),
            status="exercise",
            run=self.name,
            feed=NAME,
            title=self._exercise.title["en"],
            state=state,
            at=self.now,
            speed=self._speed,
            starts_at=self._exercise.starts_at,
            ends_at=self._exercise.ends_at,
            beat_s=BEAT_S,
        )


class ExerciseFeed:
    """Plays one run of an exercise and then rests; a run that was cut short by a crash is gone on with.

    last_clock: gives the newest exercise clock in the streams.
    """

    name = NAME
    is_ours = True

    def __init__(
        self,
        exercise: Exercise,
        speed: float,
        *,
        intake: Intake,
        outbox: Outbox,
        last_clock: Callable[[], Awaitable[Entry | None]],
    ) -> None:
        self.pulse = Pulse(BEAT_S)
        self._exercise = exercise
        self._speed = speed
        self._intake = intake
        self._outbox = outbox
        self._last_clock = last_clock
        self._spoke_at: dict[str, dt.datetime] = {}
        self.current: Run | None = None

    async def run(self) -> None:
        """Play from where the run is to its end, telling its clock and its feeds' health all the while."""
        run = self.current or await self._begin()
        self.current = run
        beating = asyncio.create_task(self._beat(run))
        try:
            for moment in decode(self._exercise, run.name):
                await run.until(moment.at)
                await self._play(moment)
            await run.until(self._exercise.ends_at)
        finally:
            beating.cancel()
        log.info("exercise ended", run=run.name)
        while True:
            await self._outbox.publish([run.clock("ended"), *self._healths(run)])
            self.pulse.checked()
            await asyncio.sleep(BEAT_S)

    async def stop(self) -> None:
        """Say that the run is over, so that the next start plays anew."""
        if self.current is not None:
            await self._outbox.publish([self.current.clock("ended")])

    async def _begin(self) -> Run:
        while True:
            try:
                last = await self._last_clock()
            except StoreError:
                await asyncio.sleep(BEAT_S / 4)
                continue
            if run := Run.resumed(self._exercise, self._speed, last):
                log.info("exercise goes on", run=run.name, at=run.now.isoformat())
                return run
            run = Run.new(self._exercise, self._speed)
            log.info("exercise begins", run=run.name, speed=self._speed)
            return run

    async def _play(self, moment: Moment) -> None:
        if isinstance(moment.what, Document):
            while True:
                try:
                    await self._intake.take(moment.what)
                    break
                except StoreError:
                    await asyncio.sleep(BEAT_S / 4)
        else:
            await self._outbox.publish([moment.what])
        self._spoke_at[moment.feed] = moment.at

    async def _beat(self, run: Run) -> None:
        while True:
            await self._outbox.publish([run.clock("running"), *self._healths(run)])
            self.pulse.checked(spoke=True)
            await asyncio.sleep(BEAT_S)

    def _healths(self, run: Run) -> list[FeedHealth]:
        return [self._health(feed, run) for feed in self._exercise.feeds]

    def _health(self, feed: PlayedFeed, run: Run) -> FeedHealth:
        now = run.now
        checked_at = dt.datetime.now(dt.UTC)
        spoke_at = self._spoke_at.get(feed.name)
        state: Literal["fresh", "quiet", "slow", "dead"] = "quiet"
        outage = feed.outage_at(now)
        if outage is not None:
            state = outage.state
        elif spoke_at is not None and (now - spoke_at).total_seconds() <= 3 * feed.every_s:
            state = "fresh"
        return FeedHealth(
            id=f"health:{feed.name}",
            revision=int(checked_at.timestamp() * 1_000),
            status="exercise",
            run=run.name,
            feed=NAME,
            subject=feed.name,
            state=state,
            checked_at=checked_at,
            spoke_at=spoke_at,
            every_s=BEAT_S,
            detail=outage.detail if outage else "",
        )
