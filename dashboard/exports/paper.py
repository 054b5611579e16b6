"""Pages of paper: the night report, and a briefing with a page for each chapter, as PDF."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4, landscape  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepInFrame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from dashboard.exports.briefing import Told
from dashboard.exports.chart import font_file
from dashboard.exports.facts import CLAIM_COLUMNS, Figure
from dashboard.exports.report import Report
from dashboard.exports.words import Speech

INK, QUIET, RULE, EXERCISE = "#15212d", "#5a6670", "#dcd9cf", "#5b21b6"
MARGIN = 11 * mm
BAND = 8 * mm
_REGULAR, _BOLD = "WatchfloorSans", "WatchfloorSans-Bold"


def _style(size: float, **more: Any) -> ParagraphStyle:
    stated: dict[str, Any] = {
        "fontName": _REGULAR,
        "fontSize": size,
        "leading": size * 1.28,
        "textColor": INK,
    }
    return ParagraphStyle("", **{**stated, **more})


def _styles() -> dict[str, ParagraphStyle]:
    for name, bold in ((_REGULAR, False), (_BOLD, True)):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(font_file(bold))))
    return {
        "title": _style(17, fontName=_BOLD),
        "number": _style(19, fontName=_BOLD),
        "head": _style(7.2, fontName=_BOLD, textColor=QUIET, spaceBefore=4, spaceAfter=1.5),
        "text": _style(8),
        "note": _style(10),
        "small": _style(6.6, textColor=QUIET),
        "cell": _style(7),
        "strong": _style(7, fontName=_BOLD),
    }


def write_report(file: Path, report: Report, speech: Speech) -> None:
    """Write the night report, one page of A4. Raises OSError."""
    styles = _styles()
    width, height = A4
    inner = width - 2 * MARGIN
    jets = [
        (False, (row.who, row.since, row.until, row.why, row.lead, row.grade)) for row in report.scrambles
    ]
    claims = [(row.leads, (row.claimant, *row.cells, row.grade, row.witnesses)) for row in report.claims]
    columns = ("report.claimant", *CLAIM_COLUMNS, "report.grade", "report.witnesses")
    jets_columns = [f"report.{name}" for name in ("who", "up", "down", "why", "lead", "grade")]
    half = inner / 2 - 3 * mm
    left = [
        *_lines("report.corrected", report.corrected, speech, styles),
        *_lines("report.records", report.records, speech, styles),
        *_lines("report.blind", report.blind, speech, styles),
    ]
    right = _lines("report.sources", report.sources, speech, styles)
    story: list[Flowable] = [
        _text(report.title, styles["title"]),
        _text(report.about, styles["small"]),
        Spacer(0, 4),
        _figures(report.figures, inner, styles),
        _text(report.claimed, styles["small"]),
        _head("report.claims", speech, styles),
        _table(
            [speech.say(key) for key in columns], claims, inner, (2.2, 1, 1, 1, 1, 1, 0.7, 1), speech, styles
        ),
        _head("report.time", speech, styles),
        _image(report.time_png, inner),
        _text(report.map_title, styles["head"]),
        _image(report.map_png, inner),
        _head("report.scrambles", speech, styles),
        _table(
            [speech.say(key) for key in jets_columns], jets, inner, (2, 1, 1.2, 2.2, 1.6, 0.6), speech, styles
        ),
        Table([[left, "", right]], (half, 6 * mm, half), style=_FLAT, hAlign="LEFT"),
    ]
    whole = KeepInFrame(inner, height - 2 * MARGIN - BAND - 4, story, mode="shrink")
    _write(file, A4, [whole], report.banner, report.title, is_exercise=report.is_exercise)


def write_briefing(file: Path, told: Told, speech: Speech) -> None:
    """Write a briefing: a page with the night's figures, then one for each chapter. Raises OSError."""
    styles = _styles()
    width, height = landscape(A4)
    inner, high = width - 2 * MARGIN, height - 2 * MARGIN - BAND - 6
    claims = [(row.leads, (row.claimant, *row.cells, row.grade, row.witnesses)) for row in told.claims]
    columns = ("report.claimant", *CLAIM_COLUMNS, "report.grade", "report.witnesses")
    pages: list[list[Flowable]] = [
        [
            _text(told.title, styles["title"]),
            _text(told.about, styles["small"]),
            _head("report.figures", speech, styles),
            _figures(told.figures, inner, styles),
            _text(told.claimed, styles["small"]),
            _head("report.claims", speech, styles),
            _table(
                [speech.say(key) for key in columns],
                claims,
                inner,
                (2.2, 1, 1, 1, 1, 1, 0.7, 1),
                speech,
                styles,
            ),
            _head("report.time", speech, styles),
            _image(told.time_png, inner),
            *_lines("report.records", told.records, speech, styles),
            *_lines("report.sources", told.sources, speech, styles),
        ]
    ]
    wide = inner * 0.73
    for number, chapter in enumerate(told.chapters, 1):
        beside: list[Flowable] = [
            _text(chapter.when, styles["text"]),
            Spacer(0, 4),
            *(
                part
                for figure in chapter.figures
                for part in (
                    _text(figure.number, styles["number"]),
                    _text(f"{figure.label} {figure.below}", styles["small"]),
                )
            ),
            _text(chapter.claimed, styles["small"]),
            Spacer(0, 6),
            _text(chapter.alerting, styles["text"]),
            *(_text(line, styles["small"]) for line in chapter.jets),
            Spacer(0, 6),
            _text(chapter.note, styles["note"]),
        ]
        side = inner - wide - 5 * mm
        picture = [_image(chapter.map_png, wide), *_lines("report.sources", chapter.sources, speech, styles)]
        fitted = [
            KeepInFrame(wide, high - 30, picture, mode="shrink"),
            "",
            KeepInFrame(side, high - 30, beside, mode="shrink"),
        ]
        place = speech.say("report.chapter", n=number, of=len(told.chapters))
        pages.append(
            [
                _text(chapter.title, styles["title"]),
                _text(place, styles["small"]),
                Table([fitted], (wide, 5 * mm, side), style=_FLAT, hAlign="LEFT"),
            ]
        )
    story: list[Flowable] = []
    for page in pages:
        story += [KeepInFrame(inner, high, page, mode="shrink"), PageBreak()]
    _write(file, landscape(A4), story[:-1], told.banner, told.title, is_exercise=told.is_exercise)


_FLAT = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ]
)


def _write(
    file: Path,
    size: tuple[float, float],
    story: list[Flowable],
    banner: str,
    title: str,
    *,
    is_exercise: bool,
) -> None:
    width, height = size

    def stamp(canvas: Any, _: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(HexColor(EXERCISE if is_exercise else INK))
        canvas.rect(0, height - MARGIN, width, BAND, stroke=0, fill=1)
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.setFont(_BOLD, 8)
        canvas.drawString(MARGIN, height - MARGIN + 2.6 * mm, banner)
        canvas.setFillColor(HexColor(QUIET))
        canvas.setFont(_REGULAR, 6.5)
        canvas.drawString(MARGIN, 5 * mm, banner)
        canvas.drawRightString(width - MARGIN, 5 * mm, str(canvas.getPageNumber()))
        canvas.restoreState()

    frame = Frame(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN - 3, 0, 0, 0, 0)
    document = BaseDocTemplate(str(file), pagesize=size, title=title, author="Watchfloor", subject=banner)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=stamp)])
    document.build(story)


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    """Text as text: what reportlab takes for markup is escaped."""
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    return Paragraph(escape(plain).replace("\n", "<br/>"), style)


def _head(key: str, speech: Speech, styles: dict[str, ParagraphStyle]) -> Paragraph:
    return _text(speech.say(key), styles["head"])


def _lines(
    key: str, lines: Iterable[str], speech: Speech, styles: dict[str, ParagraphStyle]
) -> list[Flowable]:
    told = list(lines) or [speech.say("report.none")]
    return [_head(key, speech, styles), *(_text(f"• {line}", styles["small"]) for line in told)]


def _figures(figures: Sequence[Figure], width: float, styles: dict[str, ParagraphStyle]) -> Table:
    cells = [
        [
            _text(each.number, styles["number"]),
            _text(each.label, styles["text"]),
            _text(each.below, styles["small"]),
        ]
        for each in figures
    ]
    return Table([cells], [width / len(cells)] * len(cells), style=_FLAT, hAlign="LEFT")


def _table(
    columns: Sequence[str],
    rows: Sequence[tuple[bool, tuple[str, ...]]],
    width: float,
    shares: Sequence[float],
    speech: Speech,
    styles: dict[str, ParagraphStyle],
) -> Flowable:
    if not rows:
        return _text(speech.say("report.none"), styles["small"])
    told = [[_text(each, styles["small"]) for each in columns]]
    told += [[_text(cell, styles["strong" if leads else "cell"]) for cell in cells] for leads, cells in rows]
    rules = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(RULE)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
    ]
    return Table(
        told, [width * share / sum(shares) for share in shares], style=TableStyle(rules), hAlign="LEFT"
    )


def _image(png: bytes, width: float) -> Image:
    image = Image(io.BytesIO(png))
    image.drawHeight *= width / image.drawWidth
    image.drawWidth = width
    image.hAlign = "LEFT"
    return image
