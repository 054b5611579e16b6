"""Pictures on demand: now, as it was known then, or about any instant; built from the streams one by one."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Literal

import msgspec

from config.theatre import Theatre
from dashboard.api.answer import answer_of, shows_something
from dashboard.api.ledger import Ledger
from dashboard.api.question import PictureQuestion
from dashboard.api.shape import Answer, encoded
from dashboard.gateway.pace import apply_entry
from dashboard.picture.exercise import instant_of
from dashboard.picture.picture import Picture
from dashboard.picture.rules import load_rules
from dashboard.picture.shape import Clock
from dashboard.picture.timeline import Heard, Timeline
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.names import STREAMS
from streams.position import EntryId, Position
from streams.store import connect

Status = Literal["actual", "exercise"]
KEPT_ANSWERS = 64
SETTLED_AFTER = dt.timedelta(minutes=2)
"""Answers about instants that are younger are not kept: feeds and tracks of then may still come in."""


class _Live:
    """A picture that goes on from where the last question left it."""

    def __init__(self, picture: Picture, position: Position) -> None:
        self.picture = picture
        self.position = position


class Pictures:
    """Answers what is asked of one theatre's picture. Its calls block: a server makes them in a thread.

    url: of the store. archive: where what it no longer holds is. status: the one that the installation shows.
    now: our clock, aware UTC.
    """

    def __init__(
        self,
        url: str,
        archive: Archive,
        theatre: Theatre,
        status: Status,
        now: Callable[[], dt.datetime] | None = None,
    ) -> None:
        self._url = url
        self._archive = archive
        self._theatre = theatre
        self._status: Status = status
        self._now = now if now is not None else _our_clock
        self._rules = load_rules(theatre.path)
        self._track_lasts = dt.timedelta(seconds=self._rules.tracks.gone_after_s)
        self._lock = threading.Lock()
        self._live: dict[Status, _Live] = {}
        self._kept: OrderedDict[object, bytes] = OrderedDict()

    def answer(self, question: PictureQuestion) -> bytes:
        """The picture that is asked for, as JSON.

        Without `at` it is the one that the wall shows, now or at `known_at`. With `at` it is of the status
        that is asked for; else of what is actual, where that has anything to show of then, and of the
        exercise where only that has. Raises StoreError or ArchiveError when what it needs cannot be reached.
        """
        with self._lock:
            return asyncio.run(self._answer(question))

    async def _answer(self, question: PictureQuestion) -> bytes:
        client = connect(self._url)
        try:
            history = History(self._archive, self._theatre.name, client)
            ledger = Ledger(history)
            if question.at is not None:
                return await self._about(question, question.at, ledger)
            status = question.status or self._status
            if question.known_at is not None:
                live = await self._replayed(history, status, question.known_at)
                return encoded(self._shown(live, question.known_at, question.known_at))
            live = await self._current(history, status)
            return encoded(self._shown(live, self._now(), None))
        finally:
            await client.aclose()

    # About an instant of the world.

    async def _about(self, question: PictureQuestion, at: dt.datetime, ledger: Ledger) -> bytes:
        kept_as = (await ledger.ends(), at, question.known_at, question.status)
        if (kept := self._kept.get(kept_as)) is not None:
            self._kept.move_to_end(kept_as)
            return kept
        facts = await ledger.facts(question.known_at)
        answer = await self._chosen(facts, question, at, ledger)
        body = encoded(answer)
        if at + SETTLED_AFTER < self._now():
            self._kept[kept_as] = body
            while len(self._kept) > KEPT_ANSWERS:
                self._kept.popitem(last=False)
        return body

    async def _chosen(
        self, facts: list[Heard], question: PictureQuestion, at: dt.datetime, ledger: Ledger
    ) -> Answer:
        """Of the status that is asked for; else of the first that shows something, what is actual before."""
        if question.status is not None:
            return await self._told(facts, question.status, question, at, ledger)
        actual = await self._told(facts, "actual", question, at, ledger)
        if shows_something(actual):
            return actual
        exercise = await self._told(facts, "exercise", question, at, ledger)
        if shows_something(exercise):
            return exercise
        has_actual = any(heard.event.status == "actual" for heard in facts)
        return actual if has_actual or self._status == "actual" else exercise

    async def _told(
        self, facts: list[Heard], status: Status, question: PictureQuestion, at: dt.datetime, ledger: Ledger
    ) -> Answer:
        known_at = question.known_at
        looked_by: dt.datetime | None
        sweeps: list[Heard] = []
        if status == "actual":
            looked_by = at if known_at is None else min(at, known_at)
            sweeps = await ledger.sweeps(looked_by, self._track_lasts)
        else:
            # Feeds are looked at by our clock, and what is asked for is an instant of another.
            looked_by = known_at
        looks = await ledger.looks(looked_by)
        known = [*facts, *looks, *sweeps]
        timeline = Timeline(self._theatre, status, known, known_at=known_at, rules=self._rules)
        return answer_of(timeline.picture(at).view(), self._theatre, self._rules, at=at, known_at=known_at)

    # As the wall shows it.

    def _shown(self, live: _Live, now: dt.datetime, known_at: dt.datetime | None) -> Answer:
        live.picture.tick(now)
        tree = live.picture.view()
        at = instant_of(msgspec.convert(tree["clock"], Clock), now) if "clock" in tree else now
        return answer_of(tree, self._theatre, self._rules, at=at, known_at=known_at)

    async def _current(self, history: History, status: Status) -> _Live:
        """The live picture at the streams' end, gone on with where the store is the same still."""
        epoch = await history.epoch()
        live = self._live.get(status)
        if live is None or live.position.epoch != epoch or await self._has_gone_back(history, live.position):
            live = await self._begun(history, status, self._now())
        await self._read_on(history, live, None)
        self._live[status] = live
        return live

    async def _replayed(self, history: History, status: Status, until: dt.datetime) -> _Live:
        live = await self._begun(history, status, until)
        await self._read_on(history, live, until)
        return live

    async def _begun(self, history: History, status: Status, by: dt.datetime) -> _Live:
        """A picture of nothing yet, which is to be one of an instant of ours."""
        position = await Ledger(history).before_sweeps(by, self._track_lasts)
        return _Live(Picture(self._theatre, status, self._rules), position)

    async def _read_on(self, history: History, live: _Live, until: dt.datetime | None) -> None:
        while True:
            entries, position = await history.read(live.position)
            for entry in entries:
                if until is not None and entry.received_at > until:
                    return
                apply_entry(live.picture, entry)
            live.position = position
            if not entries:
                return

    async def _has_gone_back(self, history: History, position: Position) -> bool:
        ends = await history.ends(STREAMS)
        return any(
            EntryId.parse(end) < EntryId.parse(position.at(stream))
            for stream, end in zip(STREAMS, ends, strict=True)
        )


def _our_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
