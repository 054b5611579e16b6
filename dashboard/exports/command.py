"""`watchfloor export KIND`: an export on the command line, with a bar while it is made."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from config.settings import Settings, settings
from config.theatre import LANGUAGES
from dashboard.api.problems import ApiError
from dashboard.exports.asked import KINDS, Asked, Here, Wanted, asked_of
from dashboard.exports.briefed import briefing_of
from dashboard.exports.making import ExportError, make
from streams.archive.errors import ArchiveError
from streams.errors import StoreError

NO_STORE = 69
"""EX_UNAVAILABLE of sysexits.h."""


def export_command(arguments: list[str]) -> int:
    """Make one; 0, 1 where it cannot be made, 2 for what makes no sense, 69 without the store."""
    parser = argparse.ArgumentParser(prog="watchfloor export", description="What a night leaves.")
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--from", dest="begin", help="by our clock: 2026-11-22T15:00:00Z")
    parser.add_argument("--to", dest="end", help="not in it any more")
    parser.add_argument("--known", choices=("then", "now"), help="as known then (so it is at first), or now")
    parser.add_argument("--epoch", help="of `watchfloor archive list`; else what this installation received")
    parser.add_argument("--briefing", help="id of a saved briefing: its chapters, stretch and title")
    parser.add_argument("--title", help="what stands over it")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="language of what we say")
    parser.add_argument("-o", "--output", type=Path, help="the file; else one of a name of ours, here")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    here = settings()
    wanted = Wanted(
        kind=given.kind,
        from_=given.begin,
        to=given.end,
        known=given.known,
        epoch=given.epoch,
        title=given.title,
        lang=given.lang,
    )
    try:
        asked = asked_of(wanted, briefing=asyncio.run(briefing_of(given.briefing, here)))
        file = given.output or Path(asked.file_name)
        if asked.kind == "report" and file.suffix == ".html":
            asked = msgspec.structs.replace(asked, form="html")
        said = _made(asked, here, file)
    except ApiError as error:
        return _refuse(f"--{error}" if error.problem.parameter else str(error), 2)
    except StoreError as error:
        return _refuse(f"the store is out of reach: {error}", NO_STORE)
    except (ExportError, ArchiveError, OSError) as error:
        return _refuse(str(error), 1)
    print(f"{file}: {said}, {file.stat().st_size:,} bytes")
    return 0


def _made(asked: Asked, here: Settings, file: Path) -> str:
    unfinished = file.with_name(f".{file.name}.unfinished")
    console = Console(stderr=True)
    columns = (
        TextColumn(asked.kind),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(asked.kind, total=1.0)

            def progress(share: float) -> None:
                bar.update(task, completed=share)

            said = asyncio.run(make(asked, Here.of(here), unfinished, progress))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return said


def _refuse(reason: str, status: int) -> int:
    print(f"watchfloor export: {reason}", file=sys.stderr)
    return status
