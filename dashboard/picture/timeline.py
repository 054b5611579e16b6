"""The timeline: what is known, laid out by when it was true, and the picture at any instant of it.

Two instants are told apart. `at` is the world's: what was so then. `known_at` is ours: only what had been
received by then counts. So "at 02:00, as known now" and "at 02:00, as known at 03:00" are two questions, and
history that was imported today answers the first.

Of what is known only the last revision counts, except of threats, whose revisions are the steps of a life,
of raid reports, whose revisions a claim tells of, and of tracks. What our operators merged is one thing at
any instant; what else they did counts from when they did it. What begins after `at` is left out, what ends
after it is open again, and what was cancelled never was. A raid report is about its whole window, or its
night: it counts from where that begins, since it tells what is known now of that night; whether it had been
said by then is `known_at`'s question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec.structs import replace

from config.theatre import Theatre
from dashboard.picture.night import Nights, credible
from dashboard.picture.picture import Picture
from dashboard.picture.region_tree import RegionTree
from dashboard.picture.rules import Rules, load_rules
from dashboard.picture.spans import Interval, merged
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Event,
    ExerciseClock,
    FeedHealth,
    LogEntry,
    RaidReport,
    Scramble,
    Threat,
    TrackSweep,
)

_ALWAYS = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
_SECOND = dt.timedelta(seconds=1)
_WITH_ALL_REVISIONS = (Threat, FeedHealth, RaidReport, TrackSweep)


class Heard(NamedTuple):
    """One stream entry. order: sorts by arrival; one entry has one."""

    event: Event
    received_at: dt.datetime
    order: str


class _Change(NamedTuple):
    """From `at` on an event reads so, until another form of it takes its place."""

    at: dt.datetime
    order: str
    event: Event
    received_at: dt.datetime
    until: dt.datetime | None = None


class Timeline:
    """All that is known of one status.

    heard: stream entries in any order. known_at: those that were received later do not count; None: all do.
    """

    def __init__(
        self,
        theatre: Theatre,
        status: Literal["actual", "exercise"],
        heard: Iterable[Heard],
        *,
        known_at: dt.datetime | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.theatre = theatre
        self.status = status
        self.rules = rules if rules is not None else load_rules(theatre.path)
        self.run = ""
        self._nights = Nights(self.rules.night)
        known: dict[str, dict[int, Heard]] = {}
        for entry in heard:
            event = entry.event
            if not self._is_ours(event) or (known_at is not None and entry.received_at > known_at):
                continue
            if status == "exercise" and event.run > self.run:
                self.run = event.run
            if isinstance(event, ExerciseClock) or event.msg_type == "ack" or not self._is_placed(event):
                continue
            if isinstance(event, LogEntry) and event.published_at is None:
                # When it was done is what is told of it, also before it was.
                entry = entry._replace(event=replace(event, published_at=entry.received_at))
            revisions = known.setdefault(event.id, {})
            same = revisions.get(event.revision)
            if same is None or entry.order < same.order:
                revisions[event.revision] = entry
        changes = [change for revisions in known.values() for change in self._changes(revisions)]
        self.changes = sorted(changes, key=lambda change: change[:2])

    def picture(self, at: dt.datetime) -> Picture:
        """The picture about `at`. For many instants, `walk` costs one pass."""
        return Walk(self).to(at)

    def walk(self) -> Walk:
        """A picture that can be led forward from instant to instant."""
        return Walk(self)

    def under_alert(self, by: dt.datetime) -> dict[str, list[Interval]]:
        """When each oblast or province was under an air-raid alert, itself or anything below it, up to `by`.

        In seconds since 1970. Permanent alerts are left out; one that nobody has ended lasts until `by`.
        """
        tree = RegionTree(self.theatre)
        last = int(by.timestamp())
        found: dict[str, list[Interval]] = {}
        for change in self.changes:
            event = change.event
            if not isinstance(event, AirRaidAlert) or event.alert_type != "air_raid" or event.permanent:
                continue
            if change.until is not None or event.valid_to is None:
                end = last if change.until is None else min(last, int(change.until.timestamp()))
                found.setdefault(tree.top(event.region), []).append((int(change.at.timestamp()), end))
        return {region: merged(intervals) for region, intervals in found.items()}

    def _is_ours(self, event: Event) -> bool:
        return event.status == self.status or (event.status == "system" and isinstance(event, FeedHealth))

    def _is_placed(self, event: Event) -> bool:
        """Whether it has a place in this world's time: a sweep has none in an exercise's."""
        if isinstance(event, TrackSweep):
            return self.status == "actual"
        return not (isinstance(event, LogEntry) and event.act == "audit")

    def _changes(self, revisions: dict[int, Heard]) -> Iterator[_Change]:
        last = revisions[max(revisions)]
        if last.event.msg_type in ("cancel", "error"):
            return
        if self.status == "exercise" and last.event.run not in ("", self.run):
            return
        first = min(revisions)
        begin = _ALWAYS
        for number, heard in sorted(revisions.items()):
            if heard is last or isinstance(last.event, _WITH_ALL_REVISIONS):
                own = self._begin(heard, is_first=number == first)
                # A step of a life does not come before the one that it follows.
                begin = max(begin, own) if isinstance(heard.event, Threat) else own
                yield from _forms(heard, begin)

    def _begin(self, heard: Heard, *, is_first: bool) -> dt.datetime:
        """Where in the world's time an event begins to count."""
        event = heard.event
        valid_from, valid_to = credible(event.valid_from), credible(event.valid_to)
        published_at = credible(event.published_at)
        match event:
            case FeedHealth():
                # A feed is looked at by our clock; an exercise's world has another.
                return _ALWAYS if self.status == "exercise" else event.checked_at
            case TrackSweep():
                return heard.received_at
            case LogEntry(act="merge"):
                return _ALWAYS
            case RaidReport():
                night = self._nights.of_morning(event.night_of).start if event.night_of is not None else None
                stated = valid_from or night or credible(event.as_of) or valid_to or published_at
            case Scramble(state="end") | AirspaceRestriction(state="reopened"):
                stated = valid_to or valid_from or published_at
            case Threat() if not is_first:
                stated = published_at or valid_from
            case _:
                stated = valid_from or published_at or valid_to
        return stated or heard.received_at


def _forms(heard: Heard, begin: dt.datetime) -> Iterator[_Change]:
    """How an event reads while it lasts, and how when it is over."""
    event = heard.event
    order = f"{int(begin.timestamp() * 1_000):015d}|{heard.order}"
    end = credible(event.valid_to) if _lasts(event) else None
    if end is None or end <= begin:
        yield _Change(begin, order, event, heard.received_at)
        return
    # Of one revision the picture keeps the form whose key sorts first: the last one.
    yield _Change(begin, f"{order}~", replace(event, valid_to=None), heard.received_at, end)
    yield _Change(end, order, event, heard.received_at)


def _lasts(event: Event) -> bool:
    match event:
        case AirRaidAlert() | Threat() | Scramble(state="start") | AirspaceRestriction(state="closed"):
            return True
        case _:
            return False


class Walk:
    """A picture on its way along a timeline: each change is applied once, and what a stride covers whole
    only as it ended."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._picture = Picture(timeline.theatre, timeline.status, timeline.rules)
        self._at: dt.datetime | None = None
        self._next = 0
        self._strides = 0

    def to(self, at: dt.datetime) -> Picture:
        """The picture about `at`, the same object each time.

        Raises ValueError for an instant before the last one.
        """
        if self._at is not None and at < self._at:
            raise ValueError(f"{at.isoformat()} is before {self._at.isoformat()}")
        picture, changes = self._picture, self._timeline.changes
        self._turn_clock(at)
        if self._at is None:
            # The first stride is over all of history: what is long past is forgotten as it comes.
            picture.tick(at)
        self._at = at
        while self._next < len(changes) and changes[self._next].at <= at:
            change = changes[self._next]
            self._next += 1
            if change.until is None or change.until > at:
                picture.apply(change.event, min(change.received_at, at), change.order)
        picture.tick(at)
        return picture

    def _turn_clock(self, at: dt.datetime) -> None:
        if self._timeline.status == "actual":
            return
        self._strides += 1
        clock = ExerciseClock(
            id="timeline",
            revision=self._strides,
            status="exercise",
            run=self._timeline.run or "timeline",
            feed="timeline",
            title="",
            state="running",
            at=at,
            speed=1,
            starts_at=at,
            ends_at=at + _SECOND,
            beat_s=1,
        )
        self._picture.apply(clock, at, f"{self._strides:015d}")
