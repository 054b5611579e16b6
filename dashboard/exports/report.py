"""The night report: what one page says of a night, put together once for each form that it has."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct

from config.theatre import Theatre
from dashboard.exports import facts
from dashboard.exports.asked import Asked, Here
from dashboard.exports.blind import Stretch, Watched, watched
from dashboard.exports.facts import ClaimRow, Figure, ScrambleRow
from dashboard.exports.film import Filmed, film
from dashboard.exports.stretch import Progress
from dashboard.exports.words import Speech

SAMPLES = 120
"""Instants that are looked at for the one when most was under alert."""
MOST_SPANS = 6
MOST_LINES = 9
MOST_CLAIMS = 5


class Summary(Struct, frozen=True, kw_only=True):
    """A stretch of time by its last picture, in words. banner: what must stand on every page."""

    title: str
    banner: str
    about: str
    figures: tuple[Figure, ...]
    claimed: str
    claims: tuple[ClaimRow, ...]
    records: tuple[str, ...]
    sources: tuple[str, ...]
    time_png: bytes
    is_exercise: bool


class Report(Summary, frozen=True, kw_only=True):
    """All of a night report."""

    map_png: bytes
    map_title: str
    scrambles: tuple[ScrambleRow, ...]
    corrected: tuple[str, ...]
    blind: tuple[str, ...]


async def night_report(
    asked: Asked, here: Here, theatre: Theatre, speech: Speech, progress: Progress
) -> Report:
    """Put it together. Raises StoreError or ArchiveError."""
    from dashboard.exports.chart import draw_map

    filmed = await film(asked, here, theatre, lambda share: progress(0.7 * share))
    feeds = await watched(asked, here)
    last = filmed.closing
    fullest = fullest_at(filmed)
    tree = filmed.tree(fullest)
    shown = facts.shown_instant(tree, fullest)
    progress(0.8)
    return Report(
        **summary(
            asked,
            here,
            filmed,
            speech,
            f"{speech.say('report.title')} · {morning(last, speech)}".rstrip(" ·"),
        ),
        map_png=draw_map(theatre, tree, speech, shown, (8.2, 3.75)),
        map_title=speech.say("report.map", at=facts.group(shown), alerting=facts.alerting(tree, speech)),
        scrambles=facts.scrambles(last, speech),
        corrected=_cut(facts.corrections(last, speech), speech),
        blind=_cut(_blind(feeds, speech), speech),
    )


def summary(asked: Asked, here: Here, filmed: Filmed, speech: Speech, untitled: str) -> dict[str, Any]:
    """What a Summary is made of."""
    from dashboard.exports.chart import draw_time

    last = filmed.closing
    return {
        "title": asked.title or untitled,
        "banner": _banner(asked, here, speech),
        "about": _about(asked, here, last, filmed, speech),
        "figures": facts.figures(last, speech),
        "claimed": facts.claimed(last, speech),
        "claims": facts.claims(last, speech)[:MOST_CLAIMS],
        "records": facts.records(last, speech),
        "sources": facts.sources(last, speech),
        "time_png": draw_time(last, speech),
        "is_exercise": here.status == "exercise",
    }


def fullest_at(filmed: Filmed) -> dt.datetime:
    """When most regions were under alert; of several such instants, when most threats were announced too."""

    def full(instant: dt.datetime) -> tuple[int, int]:
        tree = filmed.tree(instant)
        live = [each for each in tree.get("threats", {}).values() if not each.get("stale")]
        return tree.get("alerting", {}).get("n", 0), len(live)

    return max((filmed.instant(number / SAMPLES) for number in range(SAMPLES + 1)), key=full)


def _banner(asked: Asked, here: Here, speech: Speech) -> str:
    """What must stand on every page: that it is not live, whether it is an exercise, as known when."""
    kind = "report.exercise" if here.status == "exercise" else "report.actual"
    as_of = min(asked.to, dt.datetime.now(dt.UTC))
    at = as_of if asked.known == "then" else dt.datetime.now(dt.UTC)
    return " · ".join(
        (
            speech.say("mark.replay"),
            speech.say(kind),
            speech.say(f"report.known_{asked.known}", at=facts.group(at)),
        )
    )


def _about(asked: Asked, here: Here, tree: Any, filmed: Filmed, speech: Speech) -> str:
    """Which stretch it is, by our clock and by that of the picture."""
    begin = dt.datetime.fromtimestamp(filmed.start_ms / 1_000, dt.UTC)
    end = dt.datetime.fromtimestamp(filmed.end_ms / 1_000, dt.UTC)
    # What is known now to have been so then may have been received years later.
    is_received = asked.known == "then" or here.status == "exercise"
    received = (
        speech.say("report.received", start=facts.group(begin), end=facts.group(end)) if is_received else ""
    )
    made = speech.say("takeaway.made_at", at=facts.group(dt.datetime.now(dt.UTC)))
    clock = (tree.get("clock") or {}).get("title", "")
    return " · ".join(part for part in (clock, _window(tree, speech), received, made) if part)


def _window(tree: Any, speech: Speech) -> str:
    night = tree.get("night")
    if night is None:
        return ""
    return speech.say("report.of_night", start=facts.group(night["start"]), end=facts.group(night["end"]))


def morning(tree: Any, speech: Speech) -> str:
    """The day that the night of a picture leads to; empty where there is none."""
    night = tree.get("night")
    end = facts.instant(night["end"]) if night is not None else None
    return speech.date(end.date()) if end is not None else ""


def _blind(feeds: Watched, speech: Speech) -> tuple[str, ...]:
    if not feeds.is_known:
        return (speech.say("report.no_health"),)
    lines = []
    for each in feeds.blind:
        if each.dead:
            total = sum((end - begin).total_seconds() for begin, end in each.dead)
            spans = _spans(each.dead, speech)
            lines.append(speech.say("report.blind_line", feed=each.feed, spans=spans, age=speech.age(total)))
        if each.unwatched:
            lines.append(speech.say("report.unwatched", feed=each.feed, spans=_spans(each.unwatched, speech)))
    return tuple(lines)


def _spans(stretches: tuple[Stretch, ...], speech: Speech) -> str:
    told = [f"{begin:%H:%M:%S}–{end:%H:%M:%S}Z" for begin, end in stretches[:MOST_SPANS]]
    if len(stretches) > MOST_SPANS:
        told.append(speech.say("report.more", n=len(stretches) - MOST_SPANS))
    return ", ".join(told)


def _cut(lines: tuple[str, ...], speech: Speech) -> tuple[str, ...]:
    if len(lines) <= MOST_LINES:
        return lines
    return (*lines[:MOST_LINES], speech.say("report.more", n=len(lines) - MOST_LINES))
