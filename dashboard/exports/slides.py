"""A briefing as slides: a title with the night's figures, then one for each chapter."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.util import Inches, Pt

from dashboard.exports.briefing import ChapterTold, Told
from dashboard.exports.facts import CLAIM_COLUMNS, Figure
from dashboard.exports.words import Speech

WIDE, HIGH = 13.333, 7.5
MARGIN = 0.45
INK, QUIET, WHITE, EXERCISE = "15212D", "5A6670", "FFFFFF", "5B21B6"
PALE = "EFEDE6"
MOST_NOTE = 700
"""Characters of a note on its slide; all of it is in the slide's notes."""


def write_slides(file: Path, told: Told, speech: Speech) -> None:
    """Write PPTX. Raises OSError."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    deck.core_properties.title = _plain(told.title)
    deck.core_properties.author = "Watchfloor"
    deck.core_properties.subject = told.banner
    _title(_slide(deck, told), told, speech)
    for number, chapter in enumerate(told.chapters, 1):
        place = speech.say("report.chapter", n=number, of=len(told.chapters))
        slide = _slide(deck, told)
        _chapter(slide, chapter, place, speech)
        slide.notes_slide.notes_text_frame.text = _plain(
            "\n".join(part for part in (chapter.note, *chapter.sources, told.banner) if part)
        )
    deck.save(str(file))


def _slide(deck: Any, told: Told) -> Any:
    """An empty slide, under the band that is on every one."""
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    band = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Inches(WIDE), Inches(0.42))
    band.fill.solid()
    band.fill.fore_color.rgb = _colour(EXERCISE if told.is_exercise else INK)
    band.line.fill.background()
    frame = band.text_frame
    frame.margin_left = Inches(MARGIN)
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _run(frame.paragraphs[0], told.banner, 12, colour=WHITE, bold=True)
    return slide


def _title(slide: Any, told: Told, speech: Speech) -> None:
    inner = WIDE - 2 * MARGIN
    _box(slide, (MARGIN, 0.6, inner, 0.9), [(told.title, 34, INK, True)])
    _box(slide, (MARGIN, 1.4, inner, 0.4), [(told.about, 11, QUIET, False)])
    wide = inner / max(1, len(told.figures))
    for number, figure in enumerate(told.figures):
        _figure(slide, figure, (MARGIN + number * wide, 1.85, wide - 0.1, 1.5), 44)
    _box(slide, (MARGIN, 3.3, inner, 0.35), [(told.claimed, 12, QUIET, False)])
    columns = [speech.say(key) for key in ("report.claimant", *CLAIM_COLUMNS, "report.grade")]
    rows = [(row.claimant, *row.cells, row.grade) for row in told.claims[:4]]
    if rows:
        _table(slide, columns, rows, (MARGIN, 3.75, inner, 0.3 * (len(rows) + 1)))
    top = 3.85 + 0.32 * (len(rows) + 1)
    slide.shapes.add_picture(
        io.BytesIO(told.time_png), Inches(MARGIN), Inches(top), width=Inches(inner * 0.62)
    )
    beside = (MARGIN + inner * 0.64, top, inner * 0.36, HIGH - top - 0.2)
    lines = _fitting((*told.records, *told.sources), 9.5, beside, speech)
    _box(slide, beside, [(line, 9.5, QUIET, False) for line in lines])


def _chapter(slide: Any, chapter: ChapterTold, place: str, speech: Speech) -> None:
    wide, top = 7.5, 1.3
    _box(slide, (MARGIN, 0.5, WIDE - 2 * MARGIN, 0.75), [(chapter.title, 26, INK, True)])
    picture = slide.shapes.add_picture(
        io.BytesIO(chapter.map_png), Inches(MARGIN), Inches(top), width=Inches(wide)
    )
    below = top + picture.height / 914_400 + 0.05
    under = (MARGIN, below, wide, HIGH - below - 0.2)
    sources = [(line, 8, QUIET, False) for line in _fitting(chapter.sources, 8, under, speech)]
    if sources:
        _box(slide, under, [(speech.say("report.sources"), 8, INK, True), *sources])
    left, side = MARGIN + wide + 0.25, WIDE - 2 * MARGIN - wide - 0.25
    _box(slide, (left, top, side, 0.4), [(f"{chapter.when} · {place}", 12, QUIET, False)])
    for number, figure in enumerate(chapter.figures):
        across, down = number % 2, number // 2
        _figure(slide, figure, (left + across * side / 2, top + 0.4 + down * 1.1, side / 2, 1.1), 26)
    lines = [(chapter.claimed, 9.5, QUIET, False), (chapter.alerting, 13, INK, True)]
    lines += [(line, 11, INK, False) for line in chapter.jets]
    note = chapter.note if len(chapter.note) <= MOST_NOTE else f"{chapter.note[:MOST_NOTE]} …"
    _box(
        slide,
        (left, top + 2.7, side, HIGH - top - 2.8),
        [*lines, ("", 6, INK, False), (note, 13, INK, False)],
    )


def _figure(slide: Any, figure: Figure, place: tuple[float, float, float, float], size: float) -> None:
    lines = [
        (figure.number, size, INK, True),
        (figure.label, 12, INK, False),
        (figure.below, 9.5, QUIET, False),
    ]
    _box(slide, place, lines)


def _table(
    slide: Any,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    place: tuple[float, float, float, float],
) -> None:
    table = slide.shapes.add_table(len(rows) + 1, len(columns), *map(Inches, place)).table
    for down, cells in enumerate((columns, *rows)):
        for across, cell in enumerate(cells):
            frame = table.cell(down, across).text_frame
            colour = WHITE if down == 0 else INK
            _run(frame.paragraphs[0], cell, 10.5, colour=colour, bold=down == 1)
            fill = table.cell(down, across).fill
            fill.solid()
            fill.fore_color.rgb = _colour(INK if down == 0 else PALE)


def _fitting(
    lines: Sequence[str], size: float, place: tuple[float, float, float, float], speech: Speech
) -> list[str]:
    """As many lines as there is room for under a head; how many more there are, where some were left out."""
    _, _, wide, high = place
    letters = int(wide * 72 / (size * 0.58))
    room = int(high * 72 / (size * 1.25)) - 2
    told: list[str] = []
    for number, line in enumerate(lines):
        room -= -(-len(line) // letters)
        if room < 0:
            return [*told, speech.say("report.more", n=len(lines) - number)]
        told.append(line)
    return told


def _box(
    slide: Any,
    place: tuple[float, float, float, float],
    lines: Sequence[tuple[str, float, str, bool]],
) -> None:
    frame = slide.shapes.add_textbox(*map(Inches, place)).text_frame
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    is_first = True
    for text, size, colour, bold in lines:
        for part in text.split("\n"):
            paragraph = frame.paragraphs[0] if is_first else frame.add_paragraph()
            is_first = False
            _run(paragraph, part, size, colour=colour, bold=bold)


def _run(paragraph: Any, text: str, size: float, *, colour: str, bold: bool) -> None:
    run = paragraph.add_run()
    run.text = _plain(text)
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.rgb = _colour(colour)


def _plain(text: str) -> str:
    """Text that XML can hold."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _colour(name: str) -> Any:
    return RGBColor.from_string(name)  # type: ignore[no-untyped-call]
