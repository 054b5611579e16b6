"""The reports of nights that were made: where they lie, and which there are."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from dashboard.exports.answer import ReportAnswer

FOLDER = "reports"
FORMATS = ("html", "pdf")
MOST_LISTED = 400
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,80}\.(html|pdf)", re.ASCII)


def report_path(var: Path, name: str) -> Path | None:
    """The file of that name; None where there is none."""
    path = var / FOLDER / name
    return path if NAME.fullmatch(name) and path.is_file() else None


def kept_reports(var: Path) -> tuple[ReportAnswer, ...]:
    """What there is, the newest first."""
    folder = var / FOLDER
    if not folder.is_dir():
        return ()
    found: dict[str, list[Path]] = {}
    for path in folder.iterdir():
        if NAME.fullmatch(path.name):
            found.setdefault(path.stem, []).append(path)
    reports = [
        ReportAnswer(
            night=night,
            made_at=dt.datetime.fromtimestamp(int(max(path.stat().st_mtime for path in paths)), dt.UTC),
            names=tuple(sorted(path.name for path in paths)),
        )
        for night, paths in found.items()
    ]
    return tuple(
        sorted(reports, key=lambda report: (report.made_at, report.night), reverse=True)[:MOST_LISTED]
    )
