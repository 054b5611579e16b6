"""The chapters of an export, a briefing's own or what is worth a mark; and how much came when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from msgspec import Struct

from config.theatre import Theatre
from dashboard.api.moments import moments
from dashboard.api.replay import STREAMS, counted_as
from dashboard.briefings.marks import MarkAnswer, Marks
from dashboard.exports.asked import Asked, Chapter, Here
from dashboard.exports.words import Speech
from streams.archive.history import History
from streams.store import connect

MOST_DRAFTED = 24
"""Chapters that are drafted; of more the most telling are taken."""
_RANKS = {"bookmark": 0, "scramble": 1, "most_drones": 1, "first_alert": 2, "last_clear": 2, "stand_down": 3}


class Told(Struct, frozen=True):
    """marks: what is worth a mark, in order. counts: by kind, when each was received, in ms."""

    marks: tuple[MarkAnswer, ...]
    counts: dict[str, list[int]]

    def plain_marks(self) -> list[dict[str, Any]]:
        """The marks as JSON-able data."""
        return [dict(msgspec.to_builtins(mark)) for mark in self.marks]


async def told(asked: Asked, here: Here, theatre: Theatre) -> Told:
    """What was received in the stretch. Raises StoreError or ArchiveError."""
    marks = Marks(theatre)
    counts: dict[str, list[int]] = {
        name: [] for name in ("alerts", "threats", "scrambles", "reports", "marks")
    }
    client = connect(here.store_url)
    try:
        history = History(here.shelf, here.theatre, client)
        stretch = (asked.from_, asked.to)
        found = moments(
            history, theatre, here.status, STREAMS, *stretch, known=asked.known, epoch=asked.epoch
        )
        async for moment in found:
            marks.hear(moment)
            if name := counted_as(moment):
                counts[name].append(int(1_000 * moment.at.timestamp()))
    finally:
        await client.aclose()
    return Told(tuple(mark for mark in marks.all() if asked.from_ <= mark.at < asked.to), counts)


def chapters(asked: Asked, found: Told, speech: Speech) -> tuple[Chapter, ...]:
    """In order."""
    if asked.chapters:
        return asked.chapters
    ranked = sorted(found.marks, key=lambda mark: _RANKS.get(mark.kind, 4))[:MOST_DRAFTED]
    drafted = [Chapter(at=mark.at, title=mark_words(mark, speech), note=mark.note) for mark in ranked]
    return tuple(sorted(drafted, key=_at))


def mark_words(mark: MarkAnswer, speech: Speech) -> str:
    """What a mark is called, as on the screens."""
    key = f"replay.mark.{mark.kind}"
    match mark.kind:
        case "first_alert" | "last_clear":
            return speech.say(key, region=speech.region(mark.subject))
        case "report" | "most_drones":
            return speech.say(key, n=speech.number(mark.n or 0), claimant=speech.claimant(mark.subject))
        case "bookmark":
            return mark.title or speech.say(key, title="")
        case _:
            return speech.say(key, country=speech.national(mark.subject), key=mark.subject)


def _at(chapter: Chapter) -> dt.datetime:
    return chapter.at
