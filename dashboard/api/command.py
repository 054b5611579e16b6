"""The command `watchfloor picture`: the air picture as JSON, now or about any instant."""

from __future__ import annotations

import argparse
import sys

import msgspec

from config.settings import settings
from config.theatre import load_theatre
from dashboard.api.openapi import openapi_document
from dashboard.api.pictures import Pictures
from dashboard.api.problems import ApiError
from dashboard.api.question import picture_question
from streams.archive.archive import Archive
from streams.archive.errors import ArchiveError
from streams.archive.shelf import shelf_of
from streams.errors import StoreError


def picture_command(arguments: list[str]) -> int:
    """Print the picture; 0, or 1 where the store is away, 2 where what is asked for makes no sense."""
    parser = argparse.ArgumentParser(prog="watchfloor picture", description="The air picture, as JSON.")
    parser.add_argument("--at", help="about which instant of the world: 2025-06-09T06:00:00Z")
    parser.add_argument("--known-at", help="only what had been received by then")
    parser.add_argument(
        "--status",
        help="actual or exercise; with --at: actual where that shows anything, else exercise; "
        "without: what this installation shows",
    )
    parser.add_argument("--pretty", action="store_true", help="indented")
    parser.add_argument("--openapi", action="store_true", help="print the API's OpenAPI document instead")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    if given.openapi:
        print(openapi_document(), end="")
        return 0
    asked = {"at": given.at, "known_at": given.known_at, "status": given.status}
    try:
        question = picture_question((name, value) for name, value in asked.items() if value is not None)
        here = settings()
        archive = Archive(shelf_of(here), here.theatre)
        pictures = Pictures(here.store_url, archive, load_theatre(here.theatre), here.status)
        body = pictures.answer(question)
    except ApiError as error:
        print(f"watchfloor picture: --{str(error).replace('_', '-', 1)}", file=sys.stderr)
        return 2
    except ArchiveError as error:
        print(f"watchfloor picture: {error}", file=sys.stderr)
        return 1
    except StoreError as error:
        print(f"watchfloor picture: the store is out of reach: {error}", file=sys.stderr)
        return 1
    print((msgspec.json.format(body, indent=2) if given.pretty else body).decode().rstrip("\n"))
    return 0
