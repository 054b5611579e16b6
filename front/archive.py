"""`watchfloor archive`: the archiver, and what it keeps: to list, to verify, a night to carry elsewhere."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import signal
import sys
from pathlib import Path

from config.settings import Settings, settings
from config.theatre import load_theatre
from dashboard.picture.night import Nights
from dashboard.picture.rules import load_rules
from dashboard.picture.shape import Night
from streams.archive.archiver import Archiver, keepings
from streams.archive.checking import check
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.archive.nightfile import Manifest, export, read_manifest, take
from streams.archive.segment import Segment, day_of
from streams.archive.shelf import shelf_of
from streams.errors import FencedError, StoreError
from streams.store import connect

NO_STORE = 69
"""EX_UNAVAILABLE of sysexits.h."""


def archive_command(arguments: list[str]) -> int:
    """Run it; 0, 1 where something is wrong with what is kept or given, 2 for usage, 69 without the store."""
    parser = _parser()
    try:
        given = parser.parse_args(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    here = settings()
    try:
        return asyncio.run(_run(given, here))
    except FencedError:
        return _refuse("another archives at this very moment", 1)
    except StoreError as error:
        return _refuse(f"the store is out of reach: {error}", NO_STORE)
    except (ArchiveError, OSError) as error:
        return _refuse(str(error), 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="watchfloor archive", description="The archive of what was received."
    )
    acts = parser.add_subparsers(dest="act", required=True)
    run = acts.add_parser("run", help="archive what is old enough and trim the streams, for ever")
    run.add_argument("--once", action="store_true", help="look at the streams once, and end")
    lists = acts.add_parser("list", help="what there is, by day")
    lists.add_argument("--segments", action="store_true", help="by segment")
    acts.add_parser("verify", help="read and verify everything")
    out = acts.add_parser("export", help="a night as one file")
    out.add_argument("night", help="the date of its morning, 2026-11-23; or two instants, SINCE/UNTIL")
    out.add_argument("file", type=Path)
    out.add_argument("--epoch", default="", help="of this life of the store only, as `list` shows it")
    take_in = acts.add_parser("import", help="take in such a file; again, it takes nothing twice")
    take_in.add_argument("file", type=Path)
    take_in.add_argument("--check", action="store_true", help="only verify it")
    return parser


async def _run(given: argparse.Namespace, here: Settings) -> int:
    if given.act == "import" and given.check:
        return _told(read_manifest(given.file, here.theatre), "is whole")
    client = connect(here.store_url)
    try:
        shelf = shelf_of(here)
        history = History(shelf, here.theatre, client)
        if given.act in ("list", "verify", "export"):
            try:
                await history.epoch()
            except StoreError as error:
                print(f"the store is out of reach, so this is the archive alone: {error}", file=sys.stderr)
                history = History(shelf, here.theatre, None)
        match given.act:
            case "run":
                archiver = Archiver(
                    client,
                    here.theatre,
                    shelf,
                    keepings(dt.timedelta(hours=here.retention_h)),
                    sweeps_kept=dt.timedelta(days=here.sweeps_days) if here.sweeps_days else None,
                )
                return await _archive(archiver, is_once=given.once)
            case "list":
                return await _list(history, by_segment=given.segments)
            case "verify":
                return await _verify(history)
            case "export":
                since, until = _stretch(given.night, here)
                return _told(await export(history, since, until, given.file, epoch=given.epoch), "written")
            case _:
                taken = await take(history, given.file)
                _told(taken.manifest, "is whole")
                print(f"new here: {taken.entries:,} entries, {taken.keyframes:,} keyframes")
                return 0
    finally:
        await client.aclose()


async def _archive(archiver: Archiver, *, is_once: bool) -> int:
    if is_once:
        await archiver.recover()
        await archiver.look()
        await archiver.leave()
        return 0
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await archiver.run(stop)
    return 0


async def _list(history: History, *, by_segment: bool) -> int:
    catalogue = await asyncio.to_thread(history.archive.catalogue)
    live = await history.epoch()
    rows: dict[tuple[str, ...], list[Segment]] = {}
    for segment in catalogue.segments:
        row = (segment.epoch, day_of(segment.first_id), segment.stream, segment.name if by_segment else "")
        rows.setdefault(row, []).append(segment)
    for (epoch, day, stream, name), segments in sorted(rows.items(), key=lambda row: row[0][1:]):
        entries = sum(segment.rows for segment in segments)
        size = sum(segment.size for segment in segments)
        whose = "this store" if epoch == live else epoch
        print(f"{day}  {stream:10} {entries:>11,} entries {_bytes(size):>10}  {whose}  {name}".rstrip())
    total = sum(segment.size for segment in catalogue.segments)
    events = sum(segment.event_bytes for segment in catalogue.segments)
    entries = sum(segment.rows for segment in catalogue.segments)
    print(f"{len(catalogue.segments):,} segments, {entries:,} entries, {_bytes(total)} of {_bytes(events)}")
    for stream, mark in (await history.trimmed()).items():
        at = dt.datetime.fromtimestamp(mark.ms / 1_000, dt.UTC)
        print(f"{stream} is trimmed up to {at:%Y-%m-%d %H:%M:%SZ}")
    return 0


async def _verify(history: History) -> int:
    looked_at = wrong = 0
    async for finding in check(history):
        looked_at += 1
        if finding.wrong:
            wrong += 1
            print(f"WRONG  {finding.about}: {finding.wrong}")
    print(f"{looked_at:,} looked at, {wrong:,} wrong")
    return 1 if wrong else 0


def _stretch(night: str, here: Settings) -> tuple[dt.datetime, dt.datetime]:
    """From when to when: the operational night that leads to a morning, or what two instants enclose."""
    try:
        if "/" in night:
            since, until = (dt.datetime.fromisoformat(each) for each in night.split("/"))
            if since.tzinfo is None or until.tzinfo is None or since >= until:
                raise ValueError
            return since, until
        found: Night = Nights(load_rules(load_theatre(here.theatre).path).night).of_morning(
            dt.date.fromisoformat(night)
        )
    except ValueError:
        raise ArchiveError(
            f"{night!r} is no night: name the date of its morning, 2026-11-23, or two instants with their "
            "offsets, 2026-11-22T18:00Z/2026-11-23T06:00Z"
        ) from None
    return found.start, found.end


def _told(manifest: Manifest, outcome: str) -> int:
    when = f"{manifest.since:%Y-%m-%d %H:%MZ} to {manifest.until:%Y-%m-%d %H:%MZ}"
    what = f"{manifest.entries:,} entries, {len(manifest.keyframes):,} keyframes"
    print(f"{when}: {what}; {outcome}")
    return 0


def _bytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 100_000 else f"{count / 1e3:,.1f} kB"


def _refuse(reason: str, status: int) -> int:
    print(f"watchfloor archive: {reason}", file=sys.stderr)
    return status
