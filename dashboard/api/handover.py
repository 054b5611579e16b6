"""The handover: what happened on a watch, put together from the streams for whoever comes next.

A watch begins with the last handover in the log. What began and ended is told by when we received it; the
times of alerts and scrambles are the world's own.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from msgspec import Struct

from config.theatre import Theatre
from dashboard.api.problems import ApiError
from dashboard.api.shape import ActAnswer, RecordAnswer, encoded
from dashboard.picture.region_tree import RegionTree
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.events import AirRaidAlert, FeedHealth, LogEntry, Scramble
from streams.names import QUARANTINE, REVIEW
from streams.quarantine import Quarantine
from streams.read import Entry
from streams.store import connect

WATCH = dt.timedelta(hours=12)
"""How far back, where nobody has handed over."""
LONGEST = dt.timedelta(days=7)
MISSED_CHECKS = 3
"""As for a feed's health: after so many it is dead."""
_STREAMS = ("alerts", "scrambles", "log", "health")
_LOOK_BACK = 5_000
"""Entries of the log in which the last handover is sought."""
_PAGE = 5_000
_MS = dt.timedelta(milliseconds=1)
_MOST_ACTS = 200


class AlertsMoved(Struct, frozen=True, kw_only=True):
    """How many air-raid alerts began and ended, in all and by oblast or province."""

    begun: int
    ended: int
    regions: dict[str, tuple[int, int]]


class Launch(Struct, frozen=True, kw_only=True):
    """A scramble that began or ended. at: when, as far as anybody said, else when we heard of it."""

    id: str
    country: str
    state: Literal["start", "end"]
    at: dt.datetime


class FeedGap(Struct, frozen=True, kw_only=True):
    """A feed that was dead. state: what it is now. dead_s: for how long in all."""

    feed: str
    state: str
    dead_s: int


class HandoverAnswer(Struct, frozen=True, kw_only=True):
    """What happened from `since` to `until`, by our clock. text: the same in English, a line each."""

    since: dt.datetime
    until: dt.datetime
    handed_over_by: str
    """Who handed over at `since`; empty where nobody did."""
    acts: dict[str, dict[str, int]]
    """By operator and kind of act, what was not undone."""
    log: tuple[ActAnswer, ...]
    """The last 200 acts, the oldest first."""
    corrections: tuple[ActAnswer, ...]
    """What was corrected, retracted and merged, and is so still."""
    alerts: AlertsMoved
    scrambles: tuple[Launch, ...]
    records: tuple[RecordAnswer, ...]
    """What tonight is above."""
    feeds: tuple[FeedGap, ...]
    review: int
    quarantine: int
    text: tuple[str, ...]


class _Records(Struct):
    """Of the picture's answer, what is asked for here."""

    records: tuple[RecordAnswer, ...]


def handover_answer(
    url: str,
    archive: Archive,
    theatre: Theatre,
    status: str,
    since: dt.datetime | None,
    picture: bytes,
) -> bytes:
    """The handover as JSON. picture: the answer about now, for the records. Blocks.

    Raises ApiError for a watch that is too long, StoreError and ArchiveError.
    """
    records = tuple(one for one in msgspec.json.decode(picture, type=_Records).records if one.broken)
    return encoded(asyncio.run(_answer(url, archive, theatre, status, since, records)))


async def _answer(
    url: str,
    archive: Archive,
    theatre: Theatre,
    status: str,
    since: dt.datetime | None,
    records: tuple[RecordAnswer, ...],
) -> HandoverAnswer:
    until = dt.datetime.now(dt.UTC)
    client = connect(url)
    try:
        history = History(archive, theatre.name, client)
        epoch = await history.epoch()
        last = _last_handover(await history.newest(epoch, "log", count=_LOOK_BACK), status)
        begin = since or (last.received_at if last is not None else until - WATCH)
        if not dt.timedelta(0) <= until - begin <= LONGEST:
            if since is not None:
                raise ApiError("parameter", f"is ahead, or more than {LONGEST.days} days ago", "since")
            begin = until - LONGEST if begin < until else until
        watch = Watch(theatre, status, begin, until)
        # The handover itself is of the watch before.
        position = History.place(epoch, begin + (_MS if since is None else dt.timedelta(0)))
        while True:
            entries, position = await history.read(position, count=_PAGE, streams=_STREAMS)
            for entry in entries:
                watch.take(entry)
            if not entries:
                break
        kept = Quarantine(client, theatre.name)
        review, refused = await kept.count(stream=REVIEW), await kept.count(stream=QUARANTINE)
    finally:
        await client.aclose()
    by = _log_entry(last).by if last is not None and since is None else ""
    return watch.handover(by, records, review, refused)


class Watch:
    """Takes a watch's entries, in the order received."""

    def __init__(self, theatre: Theatre, status: str, since: dt.datetime, until: dt.datetime) -> None:
        self._tree = RegionTree(theatre)
        self._status = status
        self._since = since
        self._until = until
        self._run = ""
        self._acts: dict[str, ActAnswer] = {}
        self._open: dict[str, bool] = {}
        self._moves: dict[str, Counter[tuple[str, bool]]] = {}
        self._launches: dict[tuple[str, str], Launch] = {}
        self._health: dict[str, tuple[dt.datetime, FeedHealth]] = {}
        self._dead_s: Counter[str] = Counter()

    def take(self, entry: Entry) -> None:
        """Take one entry, of whatever kind."""
        event, at = entry.event, entry.received_at
        if event is None or event.status not in (self._status, "system"):
            return
        if event.run > self._run:
            # A later run of an exercise takes the place of the one before.
            self._run = event.run
            self._open, self._moves, self._launches = {}, {}, {}
        match event:
            case LogEntry() if event.act != "audit":
                self._log(event, at)
            case AirRaidAlert() if event.alert_type == "air_raid" and not event.permanent:
                self._alert(event)
            case Scramble():
                self._scramble(event, at)
            case FeedHealth():
                self._feed(event, at)
            case _:
                pass

    def handover(
        self, by: str, records: tuple[RecordAnswer, ...], review: int, quarantine: int
    ) -> HandoverAnswer:
        """What it comes to. by: who handed over at its begin."""
        acts = list(self._acts.values())
        done = [act for act in acts if not act.undone]
        counts: dict[str, Counter[str]] = {}
        for act in done:
            counts.setdefault(act.by, Counter())[act.act] += 1
        regions: dict[str, list[int]] = {}
        for moves in self._moves.values():
            for (region, ended), times in moves.items():
                regions.setdefault(region, [0, 0])[ended] += times
        alerts = AlertsMoved(
            begun=sum(begun for begun, _ in regions.values()),
            ended=sum(ended for _, ended in regions.values()),
            regions={region: (begun, ended) for region, (begun, ended) in sorted(regions.items())},
        )
        told = HandoverAnswer(
            since=self._since,
            until=self._until,
            handed_over_by=by,
            acts={who: dict(sorted(each.items())) for who, each in sorted(counts.items())},
            log=tuple(acts[-_MOST_ACTS:]),
            corrections=tuple(act for act in done if act.act in ("correction", "retraction", "merge")),
            alerts=alerts,
            scrambles=tuple(sorted(self._launches.values(), key=lambda one: (one.at, one.id, one.state))),
            records=records,
            feeds=tuple(self._gaps()),
            review=review,
            quarantine=quarantine,
            text=(),
        )
        return msgspec.structs.replace(told, text=tuple(_lines(told)))

    def _log(self, event: LogEntry, at: dt.datetime) -> None:
        if event.msg_type == "cancel":
            done = self._acts.get(event.id)
            if done is not None:
                self._acts[event.id] = msgspec.structs.replace(done, undone=True, undone_by=event.by)
            return
        self._acts[event.id] = ActAnswer(
            log=event.id,
            at=at,
            act=event.act,
            by=event.by,
            about=event.about,
            others=event.others,
            note=event.note[:1_000],
        )

    def _alert(self, event: AirRaidAlert) -> None:
        if event.msg_type in ("cancel", "error"):
            self._moves.pop(event.id, None)
            self._open[event.id] = False
            return
        is_open = event.valid_to is None
        was_open = self._open.get(event.id, event.msg_type == "update")
        self._open[event.id] = is_open
        if is_open != was_open:
            region = self._tree.top(event.region)
            self._moves.setdefault(event.id, Counter())[region, not is_open] += 1

    def _scramble(self, event: Scramble, at: dt.datetime) -> None:
        if event.msg_type in ("cancel", "error"):
            for state in ("start", "end"):
                self._launches.pop((event.id, state), None)
            return
        said = event.valid_to if event.state == "end" else event.valid_from
        when = said or event.published_at or at
        self._launches[event.id, event.state] = Launch(
            id=event.id, country=event.country, state=event.state, at=when
        )

    def _feed(self, event: FeedHealth, at: dt.datetime) -> None:
        self._until_next(event.subject, at)
        self._health[event.subject] = (at, event)

    def _until_next(self, feed: str, at: dt.datetime) -> None:
        """Count how long a feed has been dead since it was last looked at."""
        last = self._health.get(feed)
        if last is None:
            return
        since, health = last
        silent = dt.timedelta(seconds=MISSED_CHECKS * health.every_s)
        dead = at - since if health.state == "dead" else at - since - silent
        self._dead_s[feed] += max(0, round(dead.total_seconds()))

    def _gaps(self) -> Iterator[FeedGap]:
        for feed, (at, health) in sorted(self._health.items()):
            self._until_next(feed, self._until)
            silent = dt.timedelta(seconds=MISSED_CHECKS * health.every_s)
            state = "dead" if self._until - at > silent else health.state
            if self._dead_s[feed]:
                yield FeedGap(feed=feed, state=state, dead_s=self._dead_s[feed])


def _last_handover(newest: Iterable[Entry], status: str) -> Entry | None:
    """The last that was not undone. newest: the log, the newest first."""
    undone: set[str] = set()
    for entry in newest:
        event = entry.event
        if not isinstance(event, LogEntry) or event.act != "handover" or event.status != status:
            continue
        if event.msg_type == "cancel":
            undone.add(event.id)
        elif event.id not in undone:
            return entry
    return None


def _log_entry(entry: Entry) -> LogEntry:
    if not isinstance(entry.event, LogEntry):
        raise TypeError(f"{entry.entry_id} is no entry of the log")
    return entry.event


def _lines(told: HandoverAnswer) -> Iterator[str]:
    span = f"{told.since:%Y-%m-%d %H:%M}Z to {told.until:%Y-%m-%d %H:%M}Z"
    yield f"Watch from {span}" + (f", taken over from {told.handed_over_by}" if told.handed_over_by else "")
    yield f"Alerts: {told.alerts.begun} began, {told.alerts.ended} ended"
    for launch in told.scrambles:
        what = "launched" if launch.state == "start" else "stood down"
        yield f"Scramble: {launch.country} {what} {launch.at:%Y-%m-%d %H:%M}Z"
    for record in told.records:
        yield f"Record broken: {record.name} (before: {record.value} {record.unit}".rstrip() + ")"
    for gap in told.feeds:
        now = ", dead now" if gap.state == "dead" else ""
        yield f"Feed {gap.feed}: dead for {_span(gap.dead_s)}{now}"
    for act in told.corrections:
        note = f": {act.note}" if act.note else ""
        yield f"{act.act.capitalize()} by {act.by} of {act.about}{note}"
    for who, counts in told.acts.items():
        yield f"{who}: " + ", ".join(f"{times} × {act}" for act, times in counts.items())
    yield f"Open: {told.review} to review, {told.quarantine} in quarantine"


def _span(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
