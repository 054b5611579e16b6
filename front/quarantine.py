"""`watchfloor quarantine`: what could not be taken, and to take it again after a fix."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence

import msgspec

from config.settings import settings
from ingest.retrying import Again, Retried, retry
from streams.errors import StoreError
from streams.names import QUARANTINE, REVIEW
from streams.quarantine import MAX_FEED_BYTES, NEWEST, PAGE, Quarantine, Refused
from streams.store import connect

MOST_AT_ONCE = 1_000
PATH_CHARS = 48
REASON_CHARS = 120


def quarantine_command(arguments: list[str]) -> int:
    """Run `watchfloor quarantine`; 0, 1 where not all could be done or the store is away, 2 for usage."""
    parser = _parser()
    try:
        given = parser.parse_args(arguments)
        if given.command == "retry" and bool(given.ids) + bool(given.feed) + given.all != 1:
            parser.error("retry what? ID…, --feed FEED or --all")
    except SystemExit as ended:
        return int(ended.code or 0)
    try:
        return asyncio.run(_run(given))
    except StoreError as error:
        print(f"watchfloor quarantine: the store is out of reach: {error}", file=sys.stderr)
        return 1


def plain(text: str) -> str:
    """The text with all that a terminal would act upon, or that reorders what is shown, written out."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


async def _run(given: argparse.Namespace) -> int:
    here = settings()
    client = connect(here.store_url)
    quarantine = Quarantine(client, here.theatre)
    stream = REVIEW if getattr(given, "review", False) else QUARANTINE
    try:
        if given.command == "list":
            return await _list(quarantine, stream, given)
        if given.command == "show":
            return await _show(quarantine, stream, given)
        if given.command == "drop":
            return await _drop(quarantine, stream, given.ids)
        ids = list(given.ids)
        if not ids:
            ids = [refused.entry_id async for refused in quarantine.each(feed=given.feed)][::-1]
        return _report(await retry(quarantine, ids, Again(here, client).take), as_json=given.json)
    finally:
        await client.aclose()


async def _list(quarantine: Quarantine, stream: str, given: argparse.Namespace) -> int:
    before = f"({given.before}" if given.before else NEWEST
    found: list[Refused] = []
    while before and len(found) < given.count:
        more, before = await quarantine.page(
            stream=stream, feed=given.feed, before=before, count=min(PAGE, given.count - len(found))
        )
        found += more
    kept, unkept = await quarantine.count(stream=stream), await quarantine.unkept(stream=stream)
    if given.json:
        _print_json(
            {
                "kept": kept,
                "entries": found,
                "more_before": found[-1].entry_id if before else "",
                "unkept": unkept,
            }
        )
        return 0
    rows = [("ID", "LAST", "TIMES", "FEED", "BYTES", "PATH", "REASON")]
    rows += [
        (
            one.entry_id,
            f"{one.last_at:%Y-%m-%d %H:%M:%SZ}",
            f"{one.times:,}",
            one.feed,
            f"{one.size:,}",
            _cut(one.path, PATH_CHARS),
            _cut(one.reason, REASON_CHARS),
        )
        for one in found
    ]
    if found:
        print(_table(rows))
    print(f"{kept:,} kept" + (f"; more with --before {found[-1].entry_id}" if before and found else ""))
    for feed, beyond in sorted(unkept.items()):
        last = f"{beyond.last_at:%Y-%m-%d %H:%M:%SZ}"
        full = f"its {MAX_FEED_BYTES // 1_000_000} MB are full"
        print(f"{plain(feed)}: {beyond.times:,} more were not kept, the last at {last}: {full}")
    return 0


async def _show(quarantine: Quarantine, stream: str, given: argparse.Namespace) -> int:
    found = await quarantine.whole(given.id, stream=stream)
    if found is None:
        print(f"watchfloor quarantine: there is no {given.id}", file=sys.stderr)
        return 1
    refused, payload = found
    if given.raw:
        sys.stdout.buffer.write(payload)
        sys.stdout.buffer.flush()
    elif given.json:
        _print_json({"entry": refused, "payload_base64": payload})
    else:
        for name, value in (
            ("feed", refused.feed),
            ("path", refused.path),
            ("reason", refused.reason),
            ("first", f"{refused.received_at:%Y-%m-%d %H:%M:%SZ}"),
            ("last", f"{refused.last_at:%Y-%m-%d %H:%M:%SZ}"),
            ("times", f"{refused.times:,}"),
            ("bytes", f"{refused.size:,}"),
        ):
            print(f"{name:7} {plain(value)}")
        print()
        for line in payload.decode(errors="backslashreplace").split("\n"):
            print(plain(line.removesuffix("\r")))
    return 0


async def _drop(quarantine: Quarantine, stream: str, ids: Sequence[str]) -> int:
    missing = [entry_id for entry_id in ids if not await quarantine.let_go(entry_id, stream=stream)]
    for entry_id in missing:
        print(f"watchfloor quarantine: there is no {entry_id}", file=sys.stderr)
    print(f"{len(ids) - len(missing):,} of {len(ids):,} dropped")
    return 1 if missing else 0


def _report(results: Sequence[Retried], *, as_json: bool = False) -> int:
    if as_json:
        _print_json(results)
    else:
        for one in results:
            print(f"{one.entry_id}  {'taken' if one.is_taken else 'STAYS'}  {plain(one.said)}")
        taken = sum(one.is_taken for one in results)
        print(f"{taken:,} of {len(results):,} taken")
    return 0 if all(one.is_taken for one in results) else 1


def _print_json(found: object) -> None:
    # Escaped to ASCII, so that what a source wrote does nothing to a terminal here either.
    print(json.dumps(msgspec.to_builtins(found), indent=1).replace("\x7f", "\\u007f"))


def _cut(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1]}…"


def _table(rows: Sequence[Sequence[str]]) -> str:
    shown = [[plain(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in shown) for column in range(len(shown[0]))]
    return "\n".join(
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    )


def _count(said: str) -> int:
    number = int(said)
    if not 1 <= number <= MOST_AT_ONCE:
        raise argparse.ArgumentTypeError(f"must be from 1 to {MOST_AT_ONCE:,}")
    return number


def _entry_id(said: str) -> str:
    ms, _, seq = said.partition("-")
    if not (ms.isascii() and ms.isdigit() and seq.isascii() and seq.isdigit() and len(said) <= 40):
        raise argparse.ArgumentTypeError("must be an ID that `list` shows, as 1749470400000-0")
    return said


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="watchfloor quarantine", description="What could not be taken, kept whole with the reason."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    of_review = {"action": "store_true", "help": "what was read but is too unsure to be shown, instead"}
    as_json = {"action": "store_true", "help": "as JSON"}

    listing = commands.add_parser("list", help="newest first, a line each")
    listing.add_argument("--feed", default="", help="of this feed only")
    listing.add_argument("--count", type=_count, default=PAGE, help=f"how many; {PAGE} unless told")
    listing.add_argument("--before", type=_entry_id, metavar="ID", help="older than this one")
    listing.add_argument("--review", **of_review)  # type: ignore[arg-type]
    listing.add_argument("--json", **as_json)  # type: ignore[arg-type]

    show = commands.add_parser("show", help="one of them, whole")
    show.add_argument("id", type=_entry_id, metavar="ID")
    show.add_argument("--review", **of_review)  # type: ignore[arg-type]
    form = show.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the payload's bytes alone, as they came")
    form.add_argument("--json", **as_json)  # type: ignore[arg-type]

    again = commands.add_parser(
        "retry", help="decode and publish them as today, and keep what is refused again"
    )
    again.add_argument("ids", nargs="*", type=_entry_id, metavar="ID")
    again.add_argument("--feed", default="", help="all of this feed, oldest first")
    again.add_argument("--all", action="store_true", help="all, oldest first")
    again.add_argument("--json", **as_json)  # type: ignore[arg-type]

    drop = commands.add_parser("drop", help="throw them away")
    drop.add_argument("ids", nargs="+", type=_entry_id, metavar="ID")
    drop.add_argument("--review", **of_review)  # type: ignore[arg-type]
    return parser
