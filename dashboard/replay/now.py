"""As known now: what was so at each instant, put together from all that has been received since.

It is filmed an hour at a time, when somebody asks for it, in a process of its own; what comes later about an
hour makes its film stale, and it is filmed anew while the old one is shown.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from typing import Literal, TypeVar

import structlog
from msgspec import Struct

from config.theatre import Theatre, load_theatre
from dashboard.api.ledger import FACTS
from dashboard.api.ledger import heard as entry_heard
from dashboard.picture import snapshot
from dashboard.picture.exercise import instant_of
from dashboard.picture.night import Nights, credible
from dashboard.picture.patch import Delta, diff, encode, fold
from dashboard.picture.picture import Picture
from dashboard.picture.rules import load_rules
from dashboard.picture.shape import Clock
from dashboard.picture.timeline import Heard, Timeline
from dashboard.replay import reel as reels
from dashboard.replay.filming import LEAP_S, REEL_MS, Film
from dashboard.replay.reel import Block, Frame, Reel, ReelError
from dashboard.replay.reels import first_told, last_told
from streams.archive.history import History
from streams.archive.shelf import Shelf
from streams.events import AirRaidAlert, Event, ExerciseClock, FeedHealth, RaidReport
from streams.names import STREAMS
from streams.position import Position
from streams.store import connect

NEVER_MS = 2**62
FRESH_S = 5.0
"""What is no older is not filmed anew, whatever has come."""
LOOK_HOURS = 12
"""How far it is looked for the next event."""
log = structlog.get_logger()
MOST_HOURS = 48
"""Hours that are kept filmed."""
_OF_ALL_TIMES = (AirRaidAlert, RaidReport)
"""Kinds that records are made of."""
_STREAMS = tuple(stream for stream in STREAMS if stream != "tracks")
_DAY = dt.timedelta(days=1)
AHEAD = dt.timedelta(hours=24)
"""How much further it is read than the hour that was asked for: the next ones are wanted soon."""
_MS = dt.timedelta(milliseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Result = TypeVar("Result")


class Walk:
    """A picture on its way along what is known now.

    clocks: an exercise's, as they were received, by which our instants are the exercise's.
    """

    def __init__(self, timeline: Timeline, clocks: Sequence[Heard] = ()) -> None:
        self._timeline = timeline
        self._clocks = clocks
        self._turned = 0
        self._at: dt.datetime | None = None
        self._next = 0
        self.told = 0
        """Changes that were applied at the last step, looks at feeds left out."""
        self.picture = Picture(timeline.theatre, timeline.status, timeline.rules)

    def copy(self) -> Walk:
        """Another that stands at the same place, and goes its own way."""
        other = Walk(self._timeline, self._clocks)
        other._turned, other._at, other._next = self._turned, self._at, self._next
        memory = snapshot.decode(snapshot.encode(self.picture.memory()))
        other.picture = Picture.remembering(memory, self._timeline.theatre, self._timeline.rules)
        return other

    def go(self, now: dt.datetime) -> Delta:
        """Go on to an instant of ours, and give back what changed."""
        self.told = 0
        patch: Delta = {}
        if self._at is None:
            fold(patch, self.picture.tick(now))
        at: dt.datetime | None = now
        if self._timeline.status == "exercise":
            at = self._turn_clock(now, patch)
            if at is None:
                return patch
        before = self._at
        if before is not None and at is not None and at < before:
            shown = self.picture.view()
            self.picture = Picture(self._timeline.theatre, self._timeline.status, self._timeline.rules)
            self._next, self._at = 0, None
            self._turned = max(0, self._turned - 1)
            self.go(now)
            return diff(shown, self.picture.view())
        self._at = at
        changes = self._timeline.changes
        while self._next < len(changes) and at is not None and changes[self._next].at <= at:
            change = changes[self._next]
            self._next += 1
            if change.until is None or change.until > at:
                # Nothing is received later than it is shown; on our clock it was at once.
                shown_at = change.at if self._timeline.status == "actual" else now
                received_at = min(change.received_at, shown_at)
                fold(patch, self.picture.apply(change.event, received_at, change.order))
                self.told += not isinstance(change.event, FeedHealth)
        fold(patch, self.picture.tick(now))
        return patch

    def due(self) -> dt.datetime | None:
        """When the next change is so, where our instants are the world's."""
        changes = self._timeline.changes
        is_known = self._timeline.status == "actual" and self._next < len(changes)
        return changes[self._next].at if is_known else None

    def _turn_clock(self, now: dt.datetime, patch: Delta) -> dt.datetime | None:
        heard: Heard | None = None
        while self._turned < len(self._clocks) and self._clocks[self._turned].received_at <= now:
            heard = self._clocks[self._turned]
            self._turned += 1
            fold(patch, self.picture.apply(*heard))
        last = self._clocks[self._turned - 1] if self._turned else None
        if last is None or not isinstance(last.event, ExerciseClock):
            return None
        event = last.event
        clock = Clock(
            run=event.run,
            title=event.title,
            state=event.state,
            at=event.at,
            received_at=last.received_at,
            speed=event.speed,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            beat_s=event.beat_s,
        )
        return instant_of(clock, now)


def film(walk: Walk, start_ms: int, end_ms: int) -> list[Block]:
    """What a walk shows from one instant up to another, second by second; it has not come there yet."""
    made: list[Block] = []
    filmed = Film(lambda blocks, _: made.extend(blocks))
    walk.go(_instant(start_ms - 1_000))
    # Another on the same way looks ahead over what does not change.
    scout = walk.copy()

    def step(ms: int) -> None:
        filmed.ready(ms, walk.picture.view)
        patch = walk.go(_instant(ms))
        if patch or walk.told:
            filmed.add(Frame(ms, walk.told, walk.told, encode(patch)))

    filmed.ready(start_ms - 1_000, walk.picture.view)
    second, last = start_ms // 1_000 - 1, end_ms // 1_000
    while second < last:
        far = min(second + LEAP_S, last)
        if not scout.go(_instant(1_000 * far)) and not scout.told:
            step(1_000 * far)
        else:
            for each in range(second + 1, far + 1):
                while (due := walk.due()) is not None and due < _instant(1_000 * each):
                    step(-((_EPOCH - due) // _MS))
                step(1_000 * each)
        second = far
    filmed.end(end_ms)
    return made


class Asked(Struct, frozen=True):
    """An hour of an epoch that is to be filmed, and where what is known of it is found."""

    shelf: Shelf
    store_url: str
    theatre: str
    status: Literal["actual", "exercise"]
    epoch: str
    start_ms: int
    end_ms: int


def work(asked: Asked) -> bytes:
    """Film an hour. It runs in another process, and reads for itself."""
    return asyncio.run(_work(asked))


async def _work(asked: Asked) -> bytes:
    theatre = load_theatre(asked.theatre)
    client = connect(asked.store_url)
    try:
        history = History(asked.shelf, asked.theatre, client)
        if asked.status == "exercise":
            walk = await _exercise(history, theatre, asked)
        else:
            known = _KNOWN.pop(asked.epoch, None)
            if known is None or not known.is_about(asked) or await known.read(history):
                known = _Known(asked, theatre)
                known.lay_out(await known.read(history))
            _KNOWN.clear()
            _KNOWN[asked.epoch] = known
            walk = known.walk_to(asked.start_ms)
    finally:
        await client.aclose()
    return reels.encode(film(walk, asked.start_ms, asked.end_ms), asked.end_ms)


class _Known:
    """What is known of the hours from one on, and how far a walk has come along it."""

    def __init__(self, asked: Asked, theatre: Theatre) -> None:
        self._of = (asked.store_url, asked.theatre)
        self._theatre = theatre
        self._rules = load_rules(theatre.path)
        self._since = self._memory_of(asked)
        self._until = _instant(asked.end_ms) + AHEAD
        self._ids: set[str] = set()
        self._position = Position(asked.epoch)
        self._walk: Walk | None = None
        self._walked_ms = 0

    def is_about(self, asked: Asked) -> bool:
        """Whether an hour is one of these."""
        is_within = _instant(asked.end_ms) <= self._until and self._since <= self._memory_of(asked)
        return is_within and self._of == (asked.store_url, asked.theatre)

    async def read(self, history: History) -> list[Heard]:
        """What matters of all that was received since this was read last."""
        found: list[Heard] = []
        while True:
            page, self._position = await history.read(self._position, streams=_STREAMS)
            if not page:
                return found
            for each in map(entry_heard, page):
                if each is None:
                    continue
                if each.event.id in self._ids or _matters(each, self._since, self._until):
                    self._ids.add(each.event.id)
                    found.append(each)

    def lay_out(self, heard: list[Heard]) -> None:
        """This is all that is known."""
        self._timeline = Timeline(self._theatre, "actual", heard, rules=self._rules)

    def walk_to(self, ms: int) -> Walk:
        """One that has nearly come to an instant."""
        if self._walk is None or ms < self._walked_ms:
            self._walk = Walk(self._timeline)
        self._walk.go(_instant(ms - 1_000))
        self._walked_ms = ms
        return self._walk.copy()

    def _memory_of(self, asked: Asked) -> dt.datetime:
        nights = Nights(self._rules.night)
        return nights.floor(nights.of(_instant(asked.start_ms))) - _DAY


_KNOWN: dict[str, _Known] = {}
"""By epoch, what was asked for last: hours are asked for one after the other."""


async def _exercise(history: History, theatre: Theatre, asked: Asked) -> Walk:
    """Along what is known of the run that was played in an hour, by its clocks."""
    heard: list[Heard] = []
    async for page in history.entries(Position(asked.epoch), streams=_STREAMS):
        heard += [each for each in map(entry_heard, page) if each is not None]
    clocks = [each for each in heard if isinstance(each.event, ExerciseClock) and each.event.run]
    end = _instant(asked.end_ms)
    run = max((each.event.run for each in clocks if each.received_at < end), default="")
    of_run = [each for each in heard if each.event.run in ("", run)]
    timeline = Timeline(theatre, "exercise", of_run, rules=load_rules(theatre.path))
    return Walk(timeline, [each for each in clocks if each.event.run == run])


def _matters(heard: Heard, since: dt.datetime, until: dt.datetime) -> bool:
    """Whether an event is about nights that are shown, or of a kind that records are made of."""
    event = heard.event
    if event.status not in ("actual", "system"):
        return False
    stated = [each for each in (event.valid_from, event.valid_to, event.published_at) if each is not None]
    if isinstance(event, FeedHealth):
        stated = [event.checked_at]
    if min(stated, default=heard.received_at) > until:
        return False
    return isinstance(event, _OF_ALL_TIMES) or max([*stated, heard.received_at]) >= since


def first(asked: Asked) -> int:
    """When the earliest is so that is known of an epoch, in ms; `NEVER_MS` where nothing is. As `work`."""
    return asyncio.run(_first(asked))


async def _first(asked: Asked) -> int:
    found = NEVER_MS
    if asked.status == "exercise":
        # Its instants are ours by its clock, and nothing is before that.
        return found
    client = connect(asked.store_url)
    try:
        history = History(asked.shelf, asked.theatre, client)
        async for page in history.entries(Position(asked.epoch), streams=FACTS):
            for entry in page:
                if entry.event is not None and _is_past(entry.event):
                    found = min(found, about_ms(entry.event, entry.received_at))
    finally:
        await client.aclose()
    return found


def _is_past(event: Event) -> bool:
    """Whether an event says how far back something is known: an alert that lasts for years does not."""
    is_on = isinstance(event, AirRaidAlert) and event.valid_to is None
    return event.status == "actual" and not is_on


def about_ms(event: Event, received_at: dt.datetime) -> int:
    """The earliest instant that an event is about."""
    stated = (credible(each) for each in (event.valid_from, event.valid_to, event.published_at))
    return int(1_000 * min([*(each for each in stated if each is not None), received_at]).timestamp())


class Aside:
    """Where hours are filmed: beside this process, one at a time. make: makes it when it is first needed."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        self._make = make
        self._executor: Executor | None = None

    async def film(self, asked: Asked) -> bytes:
        """The reel of an hour. Raises StreamError, or ReelError where the process fell."""
        return await self._run(work, asked)

    async def first(self, asked: Asked) -> int:
        """As the function of this name. Raises StreamError, or ReelError where the process fell."""
        return await self._run(first, asked)

    async def _run(self, act: Callable[[Asked], Result], asked: Asked) -> Result:
        if self._executor is None:
            self._executor = self._make()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, act, asked)
        except BrokenExecutor as error:
            self.close()
            raise ReelError("what films as known now has fallen") from error

    def close(self) -> None:
        """Film no more until the next is asked for."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = None


class Hours:
    """As known now, of one epoch, an hour at a time. aside: where hours are filmed."""

    def __init__(
        self,
        *,
        shelf: Shelf,
        store_url: str,
        theatre: str,
        status: Literal["actual", "exercise"],
        epoch: str,
        aside: Aside,
    ) -> None:
        self._asked = partial(Asked, shelf, store_url, theatre, status, epoch)
        self._aside = aside
        self._known: OrderedDict[int, _Hour] = OrderedDict()
        self._filming: dict[int, asyncio.Task[_Hour]] = {}
        self._touched: set[int] = set()
        self._finding: asyncio.Task[int] | None = None
        self.first_ms = 0
        """Where it begins: `NEVER_MS` where nothing is known, and 0 while nobody has looked."""

    def touch(self, event: Event, received_at: dt.datetime) -> None:
        """Something came: from the instant that it is about on, hours are stale."""
        since_ms = about_ms(event, received_at)
        if self.first_ms and _is_past(event):
            self.first_ms = min(self.first_ms, since_ms)
        for hour in self._known.values():
            if hour.end_ms > since_ms:
                hour.is_stale = True
        # What is filmed at the moment may have been read before this came.
        self._touched |= {start_ms for start_ms in self._filming if start_ms + REEL_MS > since_ms}

    async def find_first(self) -> int:
        """Where it begins, found once. Raises StreamError or ReelError."""
        if not self.first_ms:
            if self._finding is None:
                self._finding = asyncio.create_task(self._aside.first(self._asked(0, 0)))
            finding = self._finding
            try:
                self.first_ms = await asyncio.shield(finding)
            finally:
                if finding.done():
                    self._finding = None
        return self.first_ms

    async def block_at(self, ms: int) -> Block | None:
        """The block that an instant is in."""
        start_ms = ms - ms % REEL_MS
        hour = await self._hour(start_ms)
        after_ms = start_ms + REEL_MS
        if not self._filming and after_ms not in self._known and after_ms < 1_000 * time.time():
            # Whoever plays on will want it soon.
            self._film(after_ms)
        return hour.block(hour.reel.number_at(ms))

    async def told_after(self, ms: int) -> int | None:
        for i in range(LOOK_HOURS):
            hour = await self._hour(ms - ms % REEL_MS + i * REEL_MS)
            for number in range(len(hour.reel.head.blocks)):
                found = first_told(hour.block(number), ms)
                if found is not None:
                    return found
            if hour.end_ms >= 1_000 * time.time():
                return None
        return None

    async def told_before(self, ms: int) -> int | None:
        for i in range(LOOK_HOURS):
            hour = await self._hour(ms - ms % REEL_MS - i * REEL_MS)
            for number in range(len(hour.reel.head.blocks) - 1, -1, -1):
                found = last_told(hour.block(number), ms)
                if found is not None:
                    return found
        return None

    async def _hour(self, start_ms: int) -> _Hour:
        now = asyncio.get_running_loop().time()
        hour = self._known.get(start_ms)
        if hour is None:
            return await asyncio.shield(self._film(start_ms))
        self._known.move_to_end(start_ms)
        if hour.is_stale and now - hour.filmed_at > FRESH_S:
            self._film(start_ms)
        return hour

    def _film(self, start_ms: int) -> asyncio.Task[_Hour]:
        task = self._filming.get(start_ms)
        if task is None:
            task = self._filming[start_ms] = asyncio.create_task(self._filmed(start_ms))
            task.add_done_callback(lambda done: self._ended(start_ms, done))
        return task

    def _ended(self, start_ms: int, done: asyncio.Task[_Hour]) -> None:
        del self._filming[start_ms]
        if not done.cancelled() and done.exception() is not None:
            log.warning("an hour as known now was not filmed", reason=str(done.exception()))

    async def _filmed(self, start_ms: int) -> _Hour:
        loop = asyncio.get_running_loop()
        begun_at = loop.time()
        self._touched.discard(start_ms)
        asked = self._asked(start_ms, start_ms + REEL_MS)
        payload = await self._aside.film(asked)
        filmed = Reel(payload, f"now@{start_ms}@{begun_at}")
        hour = self._known[start_ms] = _Hour(filmed, asked.end_ms, begun_at)
        hour.is_stale = start_ms in self._touched
        while len(self._known) > MOST_HOURS:
            self._known.popitem(last=False)
        return hour


def _instant(ms: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)


class _Hour:
    """An hour as it was filmed last."""

    def __init__(self, filmed: Reel, end_ms: int, filmed_at: float) -> None:
        self.reel = filmed
        self.end_ms = end_ms
        self.filmed_at = filmed_at
        self.is_stale = False
        self._blocks: dict[int, Block] = {}

    def block(self, number: int) -> Block:
        """A block, opened once."""
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = self.reel.block(number)
        return block
