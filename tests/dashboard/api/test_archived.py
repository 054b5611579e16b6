"""What is answered is the same, byte for byte, before and after the streams were archived and trimmed."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from config.theatre import load_theatre
from dashboard.api.events import events_answer
from dashboard.api.pictures import Pictures
from dashboard.api.question import EventsQuestion, PictureQuestion
from streams.archive.archive import Archive
from streams.archive.archiver import DAY_MS, Archiver, keepings
from streams.archive.errors import ArchiveError
from streams.archive.shelf import FolderShelf
from streams.events import Event, FeedHealth
from streams.names import STREAMS, key
from streams.store import connect
from tests.dashboard.api.conftest import THEATRE, a_night, hour
from tests.streams.archive.filling import RETENTION


async def archive(url: str, folder: Path) -> int:
    """Archive and trim all there is; how many entries the streams have left."""
    client = connect(url)
    now_ms = 1_000 * int((await client.time())[0])
    later = Archiver(client, THEATRE, FolderShelf(folder), keepings(RETENTION), lambda: now_ms + 9 * DAY_MS)
    await later.look()
    left = sum([int(await client.xlen(key(THEATRE, stream))) for stream in STREAMS])
    await client.aclose()
    return left


def test_trimming_changes_no_answer(
    publish: Callable[[Sequence[Event]], None], store_url: str, tmp_path: Path
) -> None:
    looked = FeedHealth(
        id="h", status="system", feed="i", subject="t", state="fresh", checked_at=hour(9), every_s=10
    )
    publish([*a_night(), looked])
    theatre, now = load_theatre(THEATRE), dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
    questions = [
        PictureQuestion(),
        PictureQuestion(known_at=now),
        PictureQuestion(at=hour(10)),
        PictureQuestion(at=hour(18), known_at=now),
    ]

    def answers() -> list[bytes]:
        kept = Archive(FolderShelf(tmp_path), THEATRE)
        pictures = Pictures(store_url, kept, theatre, "actual", lambda: now)
        events = events_answer(store_url, kept, theatre, EventsQuestion(), audit=True)
        return [*(pictures.answer(question) for question in questions), events]

    before = answers()
    assert len(set(before)) == len(before)
    assert asyncio.run(archive(store_url, tmp_path)) == 0
    assert answers() == before

    (tmp_path / "catalogue.json").unlink()
    with pytest.raises(ArchiveError):
        answers()
