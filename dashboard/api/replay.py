"""What can be replayed: from when to when, and how much was received in each stretch of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Literal

from msgspec import Struct, field

from config.theatre import Theatre
from dashboard.api.moments import Moment, moments
from dashboard.api.problems import ApiError
from dashboard.api.question import ReplayQuestion
from dashboard.api.shape import encoded
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.events import AirRaidAlert, LogEntry, RaidReport, Scramble, Threat
from streams.store import connect

STREAMS = ("alerts", "raids", "scrambles", "threats", "log")
MOST_DAYS = 62
"""More is not counted in one answer."""


class ReplaySpan(Struct, frozen=True, kw_only=True):
    """One life of a store, or what was carried here of one. live: what goes on now."""

    epoch: str
    from_: dt.datetime = field(name="from")
    to: dt.datetime
    entries: int
    live: bool


class ExtentAnswer(Struct, frozen=True, kw_only=True):
    """How far back and on the replay goes, by when things were received; null while nothing was."""

    from_: dt.datetime | None = field(name="from")
    to: dt.datetime
    spans: tuple[ReplaySpan, ...]
    """Every epoch that can be replayed, oldest first; `epoch` of an address chooses one."""


class DensityAnswer(Struct, frozen=True, kw_only=True):
    """How many alerts, threats and scrambles began to be told of, reports came and bookmarks were set.

    Each list has one number a bin, of `bin_s` seconds, from `from` on; what is counted was received then, or
    as known now was so then.
    """

    from_: dt.datetime = field(name="from")
    to: dt.datetime
    bin_s: float
    alerts: tuple[int, ...]
    threats: tuple[int, ...]
    scrambles: tuple[int, ...]
    reports: tuple[int, ...]
    marks: tuple[int, ...]


def extent_answer(store_url: str, archive: Archive, theatre: str) -> bytes:
    """The whole answer. Raises StoreError or ArchiveError."""
    return encoded(asyncio.run(_extent(store_url, archive, theatre)))


def density_answer(
    store_url: str,
    archive: Archive,
    theatre: Theatre,
    status: Literal["actual", "exercise"],
    question: ReplayQuestion,
) -> bytes:
    """The whole answer. Raises ApiError, StoreError or ArchiveError."""
    if question.to - question.from_ > dt.timedelta(days=MOST_DAYS):
        raise ApiError("parameter", f"must be {MOST_DAYS} days after from, or less", "to")
    return encoded(asyncio.run(_density(store_url, archive, theatre, status, question)))


async def _extent(store_url: str, archive: Archive, theatre: str) -> ExtentAnswer:
    client = connect(store_url)
    try:
        spans = await History(archive, theatre, client).spans()
    finally:
        await client.aclose()
    now = dt.datetime.fromtimestamp(int(time.time()), dt.UTC)
    shown = tuple(
        ReplaySpan(
            epoch=span.epoch,
            from_=_instant(span.first_ms),
            to=now if span.is_live else _instant(span.last_ms),
            entries=span.entries,
            live=span.is_live,
        )
        for span in spans
    )
    return ExtentAnswer(from_=next((span.from_ for span in shown if span.live), None), to=now, spans=shown)


async def _density(
    store_url: str,
    archive: Archive,
    theatre: Theatre,
    status: Literal["actual", "exercise"],
    question: ReplayQuestion,
) -> DensityAnswer:
    begin_ms, end_ms = _ms(question.from_), _ms(question.to)
    bin_ms = (end_ms - begin_ms) / question.bins
    counts = {name: [0] * question.bins for name in ("alerts", "threats", "scrambles", "reports", "marks")}
    client = connect(store_url)
    try:
        history = History(archive, theatre.name, client)
        stretch = (question.from_, question.to)
        found = moments(
            history, theatre, status, STREAMS, *stretch, known=question.known, epoch=question.epoch
        )
        async for moment in found:
            number = int((_ms(moment.at) - begin_ms) / bin_ms)
            if (name := counted_as(moment)) and 0 <= number < question.bins:
                counts[name][number] += 1
    finally:
        await client.aclose()
    lists = {name: tuple(numbers) for name, numbers in counts.items()}
    return DensityAnswer(from_=question.from_, to=question.to, bin_s=bin_ms / 1_000, **lists)


def counted_as(moment: Moment) -> str:
    """Which number of a bin it is counted in; empty for none."""
    match moment.event:
        case RaidReport():
            return "reports"
        case _ if not moment.is_first:
            return ""
        case AirRaidAlert():
            return "alerts"
        case Threat():
            return "threats"
        case Scramble(state="start"):
            return "scrambles"
        case LogEntry(act="bookmark"):
            return "marks"
        case _:
            return ""


def _instant(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)


def _ms(at: dt.datetime) -> int:
    return round(at.timestamp() * 1_000)
