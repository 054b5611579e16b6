"""Makes an export: which code makes which kind. What is large is imported where it is needed."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

from config.theatre import load_theatre
from dashboard.exports.asked import Asked, Here, page_beside
from dashboard.exports.stretch import Progress, rows
from dashboard.exports.words import Speech


class ExportError(Exception):
    """An export that cannot be made; its text is for whoever asked."""


async def make(asked: Asked, here: Here, file: Path, progress: Progress) -> str:
    """Make an export as `file`; what is to be said of it, in a few words.

    Raises ExportError, StoreError, ArchiveError, or OSError.
    """
    theatre = load_theatre(here.theatre)
    about = about_of(asked, here)
    match asked.kind:
        case "csv":
            from dashboard.exports.tables import write_csv

            return _events(await write_csv(file, rows(asked, here, theatre, progress)))
        case "parquet":
            from dashboard.exports.tables import write_parquet

            stated = {name: str(value) for name, value in about.items()}
            return _events(await write_parquet(file, rows(asked, here, theatre, progress), stated))
        case "geojson":
            from dashboard.exports.geojson import write_geojson

            return _events(await write_geojson(file, rows(asked, here, theatre, progress), about))
        case "html":
            from dashboard.exports.takeaway import TooLargeError, write_takeaway

            try:
                size = await write_takeaway(file, asked, here, theatre, about, progress)
            except TooLargeError as error:
                raise ExportError("even in its coarsest form it is too large: ask for less time") from error
            return f"{size / 1_000_000:.1f} MB"
        case "report":
            from dashboard.exports.report import night_report

            speech = Speech(theatre, asked.lang)
            report = await night_report(asked, here, theatre, speech, progress)
            if asked.form != "html":
                from dashboard.exports.paper import write_report

                write_report(file, report, speech)
            if asked.form:
                from dashboard.exports.report_page import report_page

                page = file if asked.form == "html" else page_beside(file)
                await asyncio.to_thread(page.write_bytes, report_page(report, speech))
            return report.title
        case "pdf" | "pptx":
            from dashboard.exports.briefing import briefing_told

            speech = Speech(theatre, asked.lang)
            told = await briefing_told(asked, here, theatre, speech, progress)
            if asked.kind == "pdf":
                from dashboard.exports.paper import write_briefing

                write_briefing(file, told, speech)
            else:
                from dashboard.exports.slides import write_slides

                write_slides(file, told, speech)
            return f"{len(told.chapters) + 1} pages"


def about_of(asked: Asked, here: Here) -> dict[str, Any]:
    """What every export says of itself."""
    return {
        "title": asked.title,
        "theatre": here.theatre,
        "status": here.status,
        "from": iso(asked.from_),
        "to": iso(asked.to),
        "known": asked.known,
        "made_at": iso(dt.datetime.now(dt.UTC).replace(microsecond=0)),
    }


def iso(at: dt.datetime) -> str:
    """An instant in UTC, ISO 8601 with Z."""
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"
