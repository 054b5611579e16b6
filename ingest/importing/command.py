"""`watchfloor import sirens|attacks FILE`: history from a table into the streams, a bar, a summary."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from config.settings import Settings, settings
from config.theatre import Theatre, load_theatre
from ingest.importing import attack_rows, attacks, sirens, summary
from ingest.importing.loading import Loader
from ingest.importing.table import Table
from streams.errors import StoreError
from streams.store import connect

NO_STORE = 69
"""EX_UNAVAILABLE of sysexits.h."""


def import_command(arguments: list[str]) -> int:
    """Run `watchfloor import` with these arguments.

    Returns 0 when the whole table was taken in, what was refused included; 2 for a file that is no such
    table; 69 where the store does not answer, and then nothing is lost by running it again.
    """
    parser = argparse.ArgumentParser(
        prog="watchfloor import",
        description="Take in history from a table. Run again it publishes nothing twice.",
    )
    parser.add_argument("what", choices=("sirens", "attacks"), help="which kind of table")
    parser.add_argument("file", type=Path, help="the table, comma-separated, UTF-8")
    try:
        args = parser.parse_args(arguments)
    except SystemExit as left:
        return int(left.code or 0)
    try:
        with args.file.open("rb") as file:
            return asyncio.run(_import(args.what, file, args.file, settings()))
    except OSError as error:
        return _refuse(f"{args.file}: {error.strerror or error}", 2)
    except StoreError as error:
        return _refuse(f"{error}; run it again, nothing is published twice", NO_STORE)


async def _import(what: str, file: BinaryIO, path: Path, options: Settings) -> int:
    theatre = load_theatre(options.theatre)
    table = Table(file)
    feed = sirens.feed_of(table.header) if what == "sirens" else _attacks_feed(table)
    if feed is None:
        return _refuse(f"{path}: its first line is not that of a table of {what}", 2)
    name = path.name.encode("utf-8", "replace").decode()
    client = connect(options.store_url)
    began = time.monotonic()
    try:
        loader = Loader(client, options.theatre, name)
        with _bar(path, table, name) as beat:
            if what == "sirens":
                lines = await _sirens(table, feed, theatre, loader, beat)
            else:
                lines = await _attacks(table, feed, theatre, loader, beat)
    finally:
        await client.aclose()
    print(f"{name}: imported in {time.monotonic() - began:.1f} s")
    for line in lines:
        print(f"  {line}")
    return 0


async def _sirens(table: Table, feed: str, theatre: Theatre, loader: Loader, beat: _Beat) -> list[str]:
    traps = sirens.Traps()
    await loader.load(sirens.decode(table.rows(feed), theatre, traps), beat)
    loaded = loader.take_count()
    await loader.load(sirens.permanent_alerts(theatre), beat)
    return list(summary.of_sirens(feed, traps, loaded, loader.take_count()))


async def _attacks(table: Table, feed: str, theatre: Theatre, loader: Loader, beat: _Beat) -> list[str]:
    traps = attacks.Traps()
    await loader.load(attacks.decode(table.rows(feed), theatre, traps), beat)
    return list(summary.of_attacks(traps, loader.take_count()))


def _attacks_feed(table: Table) -> str | None:
    return attack_rows.FEED if set(table.header) >= attacks.FIELDS else None


class _Beat:
    """Moves the bar to where the table is."""

    def __init__(self, progress: Progress, table: Table, name: str, total: int) -> None:
        self._progress = progress
        self._table = table
        self._task = progress.add_task(escape(name), total=total)

    def __call__(self) -> None:
        self._progress.update(self._task, completed=self._table.read_bytes)


@contextmanager
def _bar(path: Path, table: Table, name: str) -> Iterator[_Beat]:
    """A bar on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Beat(progress, table, name, path.stat().st_size)


def _refuse(reason: str, status: int) -> int:
    sys.stderr.write(f"watchfloor import: {reason}\n")
    return status
