"""What of a stretch of time is worth a mark: the first draft of a briefing's chapters."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec
from msgspec import Struct

from config.theatre import Theatre
from dashboard.api.moments import Moment, moments
from dashboard.api.problems import ApiError
from dashboard.api.question import ReplayQuestion
from dashboard.api.replay import MOST_DAYS
from dashboard.api.shape import encoded
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.events import AirRaidAlert, LogEntry, RaidReport, Scramble
from streams.store import connect

STREAMS = ("alerts", "raids", "scrambles", "log")
MOST_MARKS = 500
"""Of what there is more than that of, the last ones."""

Kind = Literal["first_alert", "last_clear", "scramble", "stand_down", "report", "most_drones", "bookmark"]


class MarkAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something worth a mark, when it came or, of a bookmark, what it is of; by our clock.

    subject: a key of the theatre. n: how many drones a report says were launched. view: a bookmark's.
    """

    at: dt.datetime
    kind: Kind
    subject: str = ""
    n: int | None = None
    title: str = ""
    note: str = ""
    view: str = ""
    by: str = ""


class MarksAnswer(Struct, frozen=True, kw_only=True):
    """First alert, scrambles, stand-downs, reports and the one of most drones, last all-clear, bookmarks."""

    marks: tuple[MarkAnswer, ...]


async def marks_answer(
    store_url: str,
    archive: Archive,
    theatre: Theatre,
    status: Literal["actual", "exercise"],
    question: ReplayQuestion,
) -> bytes:
    """The whole answer. Raises ApiError, StoreError or ArchiveError."""
    if question.to - question.from_ > dt.timedelta(days=MOST_DAYS):
        raise ApiError("parameter", f"must be {MOST_DAYS} days after from, or less", "to")
    marks = Marks(theatre)
    client = connect(store_url)
    try:
        history = History(archive, theatre.name, client)
        stretch = (question.from_, question.to)
        found = moments(
            history, theatre, status, STREAMS, *stretch, known=question.known, epoch=question.epoch
        )
        async for moment in found:
            marks.hear(moment)
    finally:
        await client.aclose()
    return encoded(MarksAnswer(marks=marks.all()))


class Marks:
    """Collects marks from moments, in their order."""

    def __init__(self, theatre: Theatre) -> None:
        self._permanent = {key for key, region in theatre.regions.items() if region.permanent_alert}
        self._found: list[MarkAnswer] = []
        self._bookmarks: dict[str, MarkAnswer] = {}
        self._on: set[str] = set()
        self._first: MarkAnswer | None = None
        self._last: MarkAnswer | None = None
        self._heard: set[tuple[str, int]] = set()
        self._up: dict[str, str] = {}

    def hear(self, moment: Moment) -> None:
        """The next one."""
        at, event, is_first = moment
        match event:
            case AirRaidAlert():
                self._alert(event, at)
            case Scramble() if is_first:
                self._jets(event, at)
            case RaidReport() if event.msg_type != "cancel":
                self._report(event, at)
            case LogEntry(act="bookmark"):
                self._bookmark(event, at)

    def all(self) -> tuple[MarkAnswer, ...]:
        """What was found, in the order of time."""
        most = max(
            (mark for mark in self._found if mark.kind == "report" and mark.n), key=_launched, default=None
        )
        found = [
            msgspec.structs.replace(mark, kind="most_drones") if mark is most else mark
            for mark in self._found[-MOST_MARKS:]
        ]
        further = [mark for mark in (self._first, self._last) if mark is not None]
        return tuple(
            sorted(
                [*found, *further, *list(self._bookmarks.values())[-MOST_MARKS:]], key=lambda mark: mark.at
            )
        )

    def _alert(self, event: AirRaidAlert, at: dt.datetime) -> None:
        if event.permanent or event.alert_type != "air_raid" or event.region in self._permanent:
            return
        if event.valid_to is None and event.msg_type != "cancel":
            self._on.add(event.id)
            self._last = None
            if self._first is None:
                self._first = MarkAnswer(at=at, kind="first_alert", subject=event.region)
        elif event.id in self._on:
            self._on.discard(event.id)
            if not self._on:
                self._last = MarkAnswer(at=at, kind="last_clear", subject=event.region)

    def _jets(self, event: Scramble, at: dt.datetime) -> None:
        # Several sources tell of one launch.
        if self._up.get(event.country, "end") == event.state:
            return
        self._up[event.country] = event.state
        kind: Kind = "scramble" if event.state == "start" else "stand_down"
        self._found.append(MarkAnswer(at=at, kind=kind, subject=event.country))

    def _report(self, event: RaidReport, at: dt.datetime) -> None:
        uav = event.launched.uav if event.launched is not None else None
        n = uav.value if uav is not None else None
        # That somebody's number is said again is no news, and nor is what is said of another night.
        if n is None or (event.claimant, n) in self._heard or _is_of_another_night(event):
            return
        self._heard.add((event.claimant, n))
        self._found.append(MarkAnswer(at=at, kind="report", subject=event.claimant, n=n))

    def _bookmark(self, event: LogEntry, at: dt.datetime) -> None:
        if event.msg_type == "cancel":
            self._bookmarks.pop(event.id, None)
            return
        title, _, note = event.note.partition("\n")
        self._bookmarks[event.id] = MarkAnswer(
            # An exercise's own clock is not ours.
            at=event.valid_from if event.valid_from is not None and event.status == "actual" else at,
            kind="bookmark",
            title=title,
            note=note.strip(),
            view=event.evidence.text if event.evidence is not None else "",
            by=event.by,
        )


def _is_of_another_night(event: RaidReport) -> bool:
    night_of, said_at = event.night_of, event.published_at
    return night_of is not None and said_at is not None and (said_at.date() - night_of).days > 1


def _launched(mark: MarkAnswer) -> int:
    return mark.n or 0
