"""The archiver is killed anywhere, again and again: nothing is missing or doubled, nothing trimmed too far.

The suite kills a few times; `WATCHFLOOR_TEST_KILLS=50` kills fifty times.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from streams.archive.archive import Archive
from streams.archive.checking import check
from streams.archive.history import History
from streams.archive.shelf import FolderShelf
from streams.codec import encode
from streams.names import key
from streams.position import EntryId
from tests.house import ROOT
from tests.promises import PATIENCE_S
from tests.streams.archive.filling import DAY_MS, HOUR_MS, START_MS, THEATRE, alert, all_of, sweep

KILLS = int(os.environ.get("WATCHFLOOR_TEST_KILLS", "2"))
DAYS_A_KILL = 8
ENTRIES_A_DAY = 100
LONG_AGO_MS = START_MS - 4_000 * DAY_MS


class Archiving:
    """A store that gets entries of long ago, and an archiver of its own process that moves them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.store = SyncRedis.from_url(url)
        self.published: list[tuple[str, str, bytes]] = []
        self.folder = folder / "archive" / THEATRE
        self._log = folder / "archiver.log"
        self._day = 0
        self._environment = {
            **os.environ,
            "REDIS_URL": url,
            "WATCHFLOOR_THEATRE": THEATRE,
            "WATCHFLOOR_VAR": str(folder),
            "WATCHFLOOR_RETENTION_H": "1",
        }

    def publish_days(self) -> None:
        """Entries of some more days, of a stream that goes by the day and one that goes by the hour."""
        with self.store.pipeline(transaction=False) as pipeline:
            for _ in range(DAYS_A_KILL):
                for number in range(ENTRIES_A_DAY):
                    ms = LONG_AGO_MS + self._day * DAY_MS + number * (DAY_MS // ENTRIES_A_DAY)
                    self._add(pipeline, "alerts", f"{ms}-0", encode(alert(len(self.published))))
                    if number % 25 == 0:
                        self._add(pipeline, "tracks", f"{ms + HOUR_MS}-7", encode(sweep(len(self.published))))
                self._day += 1
            pipeline.execute()

    def start(self) -> subprocess.Popen[bytes]:
        # The lease of who was killed ends by itself after a while; here it does so at once.
        self.store.delete(key(THEATRE, "lease:archive"))
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "watchfloor", "archive", "run"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def until_said(self, words: str, after: int) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while self.said.count(words) <= after:
            assert time.monotonic() < deadline, self.said[-2_000:]
            time.sleep(0.005)

    def left(self) -> list[int]:
        """How many entries each stream has that are to be archived and trimmed."""
        return [int(self.store.xlen(key(THEATRE, stream))) for stream in ("alerts", "tracks")]

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    async def hold(self, client: Redis) -> None:
        """Nothing is missing or doubled, and what its stream has no more is in segments that are whole."""
        history = History(FolderShelf(self.folder), THEATRE, client)
        epoch = await history.epoch()
        assert await all_of(history, epoch) == sorted(self.published, key=lambda each: EntryId.parse(each[1]))
        archive = Archive(FolderShelf(self.folder), THEATRE)
        verified = {
            (segment.stream, row.entry_id)
            for segment in archive.catalogue().segments
            for row in archive.whole(segment)
        }
        for stream in ("alerts", "tracks"):
            there = {raw_id.decode() for raw_id, _ in self.store.xrange(key(THEATRE, stream))}
            gone = {entry_id for name, entry_id, _ in self.published if name == stream} - there
            assert {(stream, entry_id) for entry_id in gone} <= verified

    def _add(self, pipeline: SyncRedis, stream: str, entry_id: str, payload: bytes) -> None:
        pipeline.xadd(key(THEATRE, stream), {"event": payload}, id=entry_id)
        self.published.append((stream, entry_id, payload))


@pytest.mark.timeout(600)
async def test_killed_anywhere_it_loses_and_doubles_nothing(
    store_url: str, redis_client: Redis, tmp_path: Path
) -> None:
    rng = random.Random(7)
    archiving = Archiving(store_url, tmp_path)
    midway = 0
    for kill in range(KILLS):
        archiving.publish_days()
        archived = archiving.said.count("] archived")
        process = archiving.start()
        if kill % 5 < 4:
            archiving.until_said("] archived", archived)
        await asyncio.sleep(rng.uniform(0, 0.4))  # anywhere
        process.kill()
        process.wait()
        await archiving.hold(redis_client)
        midway += any(archiving.left())

    process = archiving.start()
    deadline = time.monotonic() + PATIENCE_S
    while any(archiving.left()):
        assert time.monotonic() < deadline, archiving.said[-2_000:]
        await asyncio.sleep(0.01)
    process.terminate()
    assert process.wait(PATIENCE_S) == 0
    await archiving.hold(redis_client)
    found = [
        finding async for finding in check(History(FolderShelf(archiving.folder), THEATRE, redis_client))
    ]
    assert [finding for finding in found if finding.wrong] == []
    assert not list(archiving.folder.rglob(".unfinished-*"))
    print(f"{KILLS} kills, {midway} of them with work left, {len(found)} segments")
    archiving.store.close()
