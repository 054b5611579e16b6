"""A briefing as pages or slides tell it: the night's figures, then a picture for each chapter."""

from __future__ import annotations

from msgspec import Struct

from config.theatre import Theatre
from dashboard.exports import facts
from dashboard.exports.asked import Asked, Here
from dashboard.exports.chapters import chapters, told
from dashboard.exports.facts import Figure
from dashboard.exports.film import film
from dashboard.exports.report import Summary, morning, summary
from dashboard.exports.stretch import Progress
from dashboard.exports.words import Speech


class ChapterTold(Struct, frozen=True):
    """One chapter, in words. map_png: what was shown then."""

    title: str
    when: str
    note: str
    figures: tuple[Figure, ...]
    claimed: str
    alerting: str
    jets: tuple[str, ...]
    sources: tuple[str, ...]
    map_png: bytes


class Told(Summary, frozen=True, kw_only=True):
    """All of it."""

    chapters: tuple[ChapterTold, ...]


async def briefing_told(
    asked: Asked, here: Here, theatre: Theatre, speech: Speech, progress: Progress
) -> Told:
    """Put it together. Raises StoreError or ArchiveError."""
    from dashboard.exports.chart import draw_map

    filmed = await film(asked, here, theatre, lambda share: progress(0.5 * share))
    found = await told(asked, here, theatre)
    pages = []
    wanted = chapters(asked, found, speech)
    for number, chapter in enumerate(wanted):
        tree = filmed.tree(chapter.at)
        shown = facts.shown_instant(tree, chapter.at)
        jets = (f"{row.who}: {row.since} – {row.until}" for row in facts.scrambles(tree, speech))
        pages.append(
            ChapterTold(
                title=chapter.title,
                when=facts.group(shown),
                note=chapter.note,
                figures=facts.figures(tree, speech),
                claimed=facts.claimed(tree, speech),
                alerting=facts.alerting(tree, speech),
                jets=tuple(jets),
                sources=facts.sources(tree, speech)[:5],
                map_png=draw_map(theatre, tree, speech, shown),
            )
        )
        progress(0.5 + 0.45 * (number + 1) / len(wanted))
    date = morning(filmed.closing, speech)
    untitled = speech.say("briefing.usual_title", date=date) if date else speech.say("app.name")
    return Told(**summary(asked, here, filmed, speech, untitled), chapters=tuple(pages))
