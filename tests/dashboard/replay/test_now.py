"""As known now: what comes while an hour is filmed is not lost."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor, Future
from typing import Any

import pytest
from msgspec.structs import replace

from dashboard.replay import now
from dashboard.replay.now import Aside, Hours
from dashboard.replay.reel import Block, Stored, encode
from streams.archive.shelf import FolderShelf
from streams.events import AirRaidAlert
from tests.dashboard.replay.conftest import EVENING, SECOND, THEATRE
from tests.promises import PATIENCE_S

HOUR_MS = 4_102_444_800_000
"""Of 2100: the hour after it, which is filmed for whoever plays on, is never over meanwhile."""


class _Films(Executor):
    """Films when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Future[Any]] = []

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        self.asked.append(Future())
        return self.asked[-1]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.asked) < count:
                await asyncio.sleep(0)

    def show(self, number: int, words: bytes) -> None:
        self.asked[number].set_result(encode([Block(Stored(HOUR_MS, words, []))], HOUR_MS + 3_600_000))


async def test_what_comes_while_an_hour_is_filmed_is_filmed_next(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(now, "FRESH_S", 0.0)
    films = _Films()
    hours = Hours(
        shelf=FolderShelf(tmp_path),
        store_url="",
        theatre=THEATRE.name,
        status="exercise",
        epoch="e",
        aside=Aside(lambda: films),
    )
    asking = asyncio.create_task(hours.block_at(HOUR_MS + 5))
    await films.until(1)
    alert = AirRaidAlert(id="a", status="exercise", feed="desk", region="UA-46", valid_from=EVENING)
    hours.touch(replace(alert, valid_from=EVENING - 999 * SECOND), EVENING + 2 * SECOND)
    films.show(0, b"{}")
    shown = await asking
    assert shown is not None
    assert shown.tree(0) == {}

    await hours.block_at(HOUR_MS + 5)
    await films.until(2)
    films.show(1, b'{"a":1}')
    async with asyncio.timeout(PATIENCE_S):
        while (block := await hours.block_at(HOUR_MS + 5)) is None or block.tree(0) != {"a": 1}:
            await asyncio.sleep(0)
