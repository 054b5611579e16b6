"""The night report as one HTML page: it holds all that it shows, and runs nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

from dashboard.exports.facts import CLAIM_COLUMNS
from dashboard.exports.report import Report
from dashboard.exports.words import Speech

_STYLE = """
@page { size: A4; margin: 9mm }
body { margin: 0 auto; max-width: 60rem; padding: 0.8rem; color: #15212d; background: #fff;
  font: 0.82rem/1.35 "DejaVu Sans", "Segoe UI", Arial, sans-serif }
.banner { padding: 0.35rem 0.8rem; color: #fff; background: #15212d; font-weight: 700 }
.exercise .banner { background: #5b21b6 }
h1 { margin: 0.6rem 0 0; font-size: 1.5rem }
h2 { margin: 0.8rem 0 0.2rem; font-size: 0.78rem; letter-spacing: 0.04em; color: #5a6670 }
.about, .small { margin: 0; color: #5a6670; font-size: 0.74rem }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1rem; margin-top: 0.6rem }
.figures b { display: block; font-size: 2.1rem; line-height: 1.1 }
table { width: 100%; border-collapse: collapse }
th { text-align: left; color: #5a6670; font-weight: 400 }
td, th { padding: 0.12rem 0.6rem 0.12rem 0; border-bottom: 1px solid #dcd9cf; overflow-wrap: break-word }
.leads td { font-weight: 700 }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 1.6rem }
img { width: 100%; border: 1px solid #dcd9cf }
ul { margin: 0; padding-left: 1.1rem; overflow-wrap: anywhere }
"""


def report_page(report: Report, speech: Speech) -> bytes:
    """The whole page."""
    columns = [
        speech.say(key) for key in ("report.claimant", *CLAIM_COLUMNS, "report.grade", "report.witnesses")
    ]
    claims = [(row.leads, (row.claimant, *row.cells, row.grade, row.witnesses)) for row in report.claims]
    jets = [
        (False, (row.who, row.since, row.until, row.why, row.lead, row.grade)) for row in report.scrambles
    ]
    jets_columns = [speech.say(f"report.{name}") for name in ("who", "up", "down", "why", "lead", "grade")]
    figures = "".join(
        f"<div><b>{escape(each.number)}</b>{escape(each.label)}<p class=small>{escape(each.below)}</p></div>"
        for each in report.figures
    )
    body = (
        f"<div class=banner>{escape(report.banner)}</div>",
        f"<h1>{escape(report.title)}</h1><p class=about>{escape(report.about)}</p>",
        f"<div class=figures>{figures}</div><p class=small>{escape(report.claimed)}</p>",
        _part(speech, "report.claims", _table(columns, claims, speech)),
        _part(speech, "report.time", _image(report.time_png)),
        f"<h2>{escape(report.map_title)}</h2>{_image(report.map_png)}",
        _part(speech, "report.scrambles", _table(jets_columns, jets, speech)),
        "<div class=two><div>",
        _part(speech, "report.corrected", _list(report.corrected, speech)),
        _part(speech, "report.records", _list(report.records, speech)),
        _part(speech, "report.blind", _list(report.blind, speech)),
        "</div><div>",
        _part(speech, "report.sources", _list(report.sources, speech)),
        f"</div></div><p class=small>{escape(report.banner)}</p>",
    )
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    kind = ' class="exercise"' if report.is_exercise else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{speech.lang}"{kind}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>{escape(report.title)} · {escape(report.banner)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    ).encode()


def _part(speech: Speech, key: str, inside: str) -> str:
    return f"<h2>{escape(speech.say(key))}</h2>{inside}"


def _table(columns: Iterable[str], rows: Sequence[tuple[bool, tuple[str, ...]]], speech: Speech) -> str:
    if not rows:
        return f"<p class=small>{escape(speech.say('report.none'))}</p>"
    head = "".join(f"<th>{escape(each)}</th>" for each in columns)
    lines = "".join(
        f"<tr{' class=leads' if leads else ''}>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        for leads, cells in rows
    )
    return f"<table><tr>{head}</tr>{lines}</table>"


def _list(lines: tuple[str, ...], speech: Speech) -> str:
    if not lines:
        return f"<p class=small>{escape(speech.say('report.none'))}</p>"
    return f"<ul class=small>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _image(png: bytes) -> str:
    return f'<img alt="" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
