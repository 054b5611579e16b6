"""The report that is made by itself when an operational night, or an exercise, has ended; once for each."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import structlog
from msgspec import Struct

from config.theatre import Theatre, load_theatre
from dashboard.exports.asked import Asked, page_beside
from dashboard.exports.beside import run_beside
from dashboard.exports.kept_reports import FOLDER, FORMATS
from dashboard.exports.stretch import TOLD
from dashboard.picture.night import Nights
from dashboard.picture.rules import load_rules
from streams.archive.history import History
from streams.archive.shelf import shelf_of
from streams.errors import StreamError
from streams.events import ExerciseClock
from streams.names import stream_of
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

LOOK_S = 60.0
LONGEST_S = 900.0
"""After which a report that is not done is given up until the next look."""
MARGIN = dt.timedelta(seconds=30)
"""So long after the end it is made; of an exercise, what comes in that time is in it too."""
MISSED = 3
"""Nights whose reports are made afterwards, where nothing made them at their end."""
CLOCKS = 500
"""Entries among which an exercise's last clock is sought."""

log = structlog.get_logger()


class Over(Struct, frozen=True):
    """A night that is over: what its report is called, and the stretch by our clock."""

    name: str
    start: dt.datetime
    end: dt.datetime


class Nightly:
    """Makes the reports of one installation, under `var/reports`."""

    def __init__(
        self, settings: Settings, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    ) -> None:
        """now: our clock, aware UTC."""
        self._settings = settings
        self._now = now
        self._theatre: Theatre = load_theatre(settings.theatre)
        self._folder = settings.var.absolute() / FOLDER

    async def run(self) -> None:
        """For ever. What cannot be read or written now is tried again."""
        while True:
            try:
                await self.look(self._now())
            except (StreamError, OSError, TimeoutError) as error:
                log.warning("no night report", reason=str(error) or type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def look(self, now: dt.datetime) -> tuple[Path, ...]:
        """Make what is due; the files that were made. Raises StoreError, ArchiveError or OSError."""
        over = await (self._exercise(now) if self._settings.status == "exercise" else self._nights(now))
        made: list[Path] = []
        for each in over:
            paths = [self._folder / f"{each.name}.{form}" for form in FORMATS]
            if not all(path.is_file() for path in paths):
                await self._make(each)
                made += paths
        return tuple(made)

    async def _make(self, over: Over) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        question, unfinished = (self._folder / f".{over.name}.{part}" for part in ("asked", "unfinished"))
        page = page_beside(unfinished)
        asked = Asked(kind="report", from_=over.start, to=over.end, form="both", by="watchfloor")
        question.write_bytes(msgspec.json.encode(asked))
        try:
            async with asyncio.timeout(LONGEST_S):
                last = await run_beside(self._settings, question, unfinished, lambda _: None)
            if not last.done:
                raise OSError(last.reason or "its process ended without a word")
            for made, form in ((page, "html"), (unfinished, "pdf")):
                made.replace(self._folder / f"{over.name}.{form}")
        finally:
            for path in (question, unfinished, page):
                path.unlink(missing_ok=True)
        log.info("night report made", night=over.name)

    async def _nights(self, now: dt.datetime) -> list[Over]:
        """The last nights that are over, of those in which anything was received; the latest first."""
        nights = Nights(load_rules(self._theatre.path).night)
        over: list[Over] = []
        end = nights.of(now - MARGIN).start
        client = connect(self._settings.store_url)
        try:
            history = History(shelf_of(self._settings), self._theatre.name, client)
            epoch = await history.epoch()
            for _ in range(MISSED):
                night = nights.of(end - dt.timedelta(seconds=1))
                place = History.place(epoch, night.start)
                entries, _ = await history.read(place, count=1, until=night.end, streams=TOLD)
                if entries:
                    over.append(Over(nights.morning(night).isoformat(), night.start, night.end))
                end = night.start
        finally:
            await client.aclose()
        return over

    async def _exercise(self, now: dt.datetime) -> list[Over]:
        """The last run of the exercise, where it has ended."""
        client = connect(self._settings.store_url)
        try:
            history = History(shelf_of(self._settings), self._theatre.name, client)
            entries = await history.newest(await history.epoch(), stream_of(_CLOCK), count=CLOCKS)
        finally:
            await client.aclose()
        for entry in entries:
            clock = entry.event
            if isinstance(clock, ExerciseClock):
                if clock.state != "ended" or entry.received_at + MARGIN > now:
                    return []
                lasted = (clock.ends_at - clock.starts_at) / clock.speed
                name = re.sub(r"[^0-9A-Za-z]+", "-", f"exercise-{clock.run}").strip("-")[:80]
                return [Over(name, entry.received_at - lasted - MARGIN, entry.received_at + MARGIN)]
        return []


_CLOCK = ExerciseClock(
    id="any",
    status="exercise",
    feed="any",
    title="",
    state="ended",
    at=dt.datetime(1970, 1, 2, tzinfo=dt.UTC),
    speed=1,
    starts_at=dt.datetime(1970, 1, 2, tzinfo=dt.UTC),
    ends_at=dt.datetime(1970, 1, 2, tzinfo=dt.UTC),
)
