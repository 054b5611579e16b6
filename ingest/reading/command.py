"""`watchfloor read`: reads a text and prints its readings as JSON, or with --explain how they came about."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from config.theatre import TheatreError, load_theatre
from ingest.reading.explain import explain
from ingest.reading.lexicon import LexiconError
from ingest.reading.reader import read
from ingest.reading.reading import Reading

_MOST_BYTES = 4_000_000
_MONTH_ONLY = re.compile(r"\d{4}(-\d{2})?")
_CORPUS_KINDS = {"alert": "regional_threat", "threat": "regional_threat"}
"""The corpus has one kind for what a channel announces region by region; `facts.event` says which of ours."""


def parse_published(value: str) -> datetime | None:
    """An instant from ISO 8601, or from a date, which is taken at noon UTC so that it is that day in Europe.

    A year or a month alone says too little and counts as unknown, as does nothing.
    A time without a zone is UTC. Raises ValueError.
    """
    value = value.strip()
    if not value or _MONTH_ONLY.fullmatch(value):
        return None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return datetime.combine(datetime.fromisoformat(value).date(), time(12), tzinfo=UTC)
    at = datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def as_json(reading: Reading) -> dict[str, Any]:
    """A reading as the command prints it."""
    facts = dict(reading.facts)
    kind: str = reading.kind
    if kind in _CORPUS_KINDS:
        facts["event"] = kind
        kind = _CORPUS_KINDS[kind]
    return {
        "kind": kind,
        "facts": facts,
        "spans": {path: [list(span) for span in spans] for path, spans in reading.spans.items()},
        "lang": reading.lang,
        "confidence": reading.confidence,
        "reasons": list(reading.reasons),
        "quoted": reading.quoted,
    }


def read_command(argv: list[str]) -> int:
    """Run `watchfloor read` with these arguments. Returns the exit status: 0, or 2 for a bad file or date."""
    parser = argparse.ArgumentParser(
        prog="watchfloor read", description="Read a text and print what it reports as JSON."
    )
    parser.add_argument(
        "file", nargs="?", default="-", help="the text, UTF-8; - or nothing for standard input"
    )
    parser.add_argument(
        "--published", help="when it was published: a date or ISO 8601 (or WATCHFLOOR_PUBLISHED)"
    )
    parser.add_argument(
        "--explain", action="store_true", help="print the text with what was matched, by which rule"
    )
    try:
        args = parser.parse_args(argv)
    except SystemExit as left:
        return int(left.code or 0)
    published = args.published if args.published is not None else os.environ.get("WATCHFLOOR_PUBLISHED", "")
    try:
        published_at = parse_published(published)
    except ValueError:
        return _refuse(f"--published {published!r} is not a date or an ISO 8601 time")
    try:
        raw = sys.stdin.buffer.read(_MOST_BYTES + 1) if args.file == "-" else _file(Path(args.file))
    except OSError as error:
        return _refuse(f"{args.file}: {error.strerror}")
    if len(raw) > _MOST_BYTES:
        return _refuse(f"{args.file}: longer than {_MOST_BYTES} bytes")
    # Other line ends are kept: spans are characters of the text as it is.
    text = raw.decode("utf-8", errors="replace")
    try:
        theatre = load_theatre()
        if args.explain:
            out = explain(text, published_at=published_at, theatre=theatre)
        else:
            readings = read(text, published_at=published_at, theatre=theatre)
            out = json.dumps({"readings": [as_json(one) for one in readings]}, ensure_ascii=False, indent=1)
    except (LexiconError, TheatreError) as error:
        return _refuse(str(error))
    sys.stdout.buffer.write(out.encode("utf-8", errors="replace") + b"\n")
    sys.stdout.buffer.flush()
    return 0


def _file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES + 1)


def _refuse(reason: str) -> int:
    sys.stderr.write(f"watchfloor read: {reason}\n")
    return 2
