"""A gateway that starts shows what was archived too, and what is flying now whatever the archive is like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from config.theatre import load_theatre
from dashboard.gateway.gateway import Gateway
from streams.archive.archive import Archive
from streams.archive.archiver import DAY_MS, Archiver, keepings
from streams.archive.shelf import FolderShelf
from streams.events import AirRaidAlert
from streams.names import key
from streams.publish import Publisher
from tests.streams.archive.filling import RETENTION, THEATRE

Start = Callable[[], Awaitable[Gateway]]


@pytest.fixture
async def start(
    store_url: str,
    redis_client: Redis,
    publisher: Publisher,
    alarm: Callable[..., AirRaidAlert],
    tmp_path: Path,
) -> AsyncIterator[Start]:
    """Starts a gateway on five alerts that were archived and trimmed, and one in its stream."""
    shelf = FolderShelf(tmp_path)
    await publisher.publish([alarm(number) for number in range(5)])
    now_s = (await redis_client.time())[0]
    later_ms = 1_000 * now_s + 9 * DAY_MS
    await Archiver(redis_client, THEATRE, shelf, keepings(RETENTION), lambda: later_ms).look()
    assert await redis_client.xlen(key(THEATRE, "alerts")) == 0
    await publisher.publish([alarm(5)])
    running: list[Gateway] = []

    async def begin() -> Gateway:
        gateway = Gateway(
            theatre=load_theatre(THEATRE),
            status="actual",
            store_url=store_url,
            archive=Archive(shelf, THEATRE),
        )
        await gateway.start()
        running.append(gateway)
        return gateway

    yield begin
    for gateway in running:
        await gateway.stop()


async def test_what_was_trimmed_is_in_the_picture(start: Start, meet: Any) -> None:
    peer = await meet(await start())

    await peer.until_alerts(6)


async def test_without_its_archive_it_shows_what_the_streams_hold(
    start: Start, meet: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catalogue.json").unlink()
    peer = await meet(await start())

    await peer.until_alerts(1)
    assert "the archive lacks alerts after 0-0" in capsys.readouterr().out
