"""Checking: every segment is what its name says, none is missing, and nothing was trimmed too far."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from msgspec import Struct

from streams.archive.errors import ArchiveError
from streams.archive.history import PASSING, History
from streams.names import STREAMS
from streams.position import EntryId


class Finding(Struct, frozen=True):
    """What was looked at, and what is wrong with it; empty where nothing is."""

    about: str
    wrong: str = ""


async def check(history: History) -> AsyncIterator[Finding]:
    """Look at everything there is.

    Raises ArchiveError where the archive cannot be read at all, StoreError where the store cannot be reached.
    """
    archive = history.archive
    catalogue = await asyncio.to_thread(archive.catalogue)
    names = set(await asyncio.to_thread(archive.shelf.names, "segments/"))
    for segment in catalogue.segments:
        try:
            await asyncio.to_thread(archive.verified, segment)
            yield Finding(segment.name)
        except ArchiveError as error:
            yield Finding(segment.name, str(error))
    for name in sorted(names - catalogue.names):
        yield Finding(name, "is not in the catalogue; `watchfloor archive run` enters it where it is whole")
    live = await history.epoch()
    for epoch in catalogue.epochs:
        for stream in STREAMS:
            for after, to in catalogue.gaps(epoch, stream):
                what = f"{stream} of {epoch}"
                if epoch == live and stream not in PASSING:
                    yield Finding(what, f"nothing tells what was between {_text(after)} and {_text(to)}")
                else:
                    yield Finding(f"{what}: not all was archived or carried here after {_text(after)}")
    for stream, mark in (await history.trimmed()).items():
        reached = max((each.last_id for each in catalogue.of(live, stream)), default=EntryId(0, 0))
        if reached < mark and stream not in PASSING:
            yield Finding(f"{stream} of {live}", f"was trimmed up to {_text(mark)}, beyond what is here")


def _text(at: EntryId) -> str:
    return f"{at.ms}-{at.seq}"
