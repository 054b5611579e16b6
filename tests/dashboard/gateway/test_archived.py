"""A gateway that starts shows what was archived too, and what is flying now whatever the archive is like."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from config.theatre import load_theatre
from dashboard.gateway.checkpoint import Checkpoint, save
from dashboard.gateway.gateway import Gateway
from dashboard.gateway.limits import Limits
from dashboard.picture import snapshot
from dashboard.picture.picture import Picture
from dashboard.replay.edition import edition_of
from streams.archive.archive import Archive
from streams.archive.archiver import DAY_MS, Archiver, keepings
from streams.archive.shelf import FolderShelf
from streams.events import AirRaidAlert
from streams.names import TRIMMED, key
from streams.publish import Publisher
from streams.read import Reader
from tests.dashboard.gateway.conftest import patient
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
    shelf = FolderShelf(tmp_path / "archive")
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
            checkpoint=tmp_path / "checkpoint",
            limits=patient(Limits()),
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
    (tmp_path / "archive" / "catalogue.json").unlink()
    peer = await meet(await start())

    await peer.until_alerts(1)
    assert "the archive lacks alerts after 0-0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("alerts", "edition", "last", "shown"),
    [
        (5, "", "", 6),
        (3, "", "", 4),
        (5, "another", "", 1),
        (5, "", "9999999999999-0", 1),
    ],
)
async def test_it_goes_on_from_a_checkpoint_that_is_of_this_store_and_these_rules(
    start: Start,
    meet: Any,
    redis_client: Redis,
    alarm: Callable[..., AirRaidAlert],
    tmp_path: Path,
    alerts: int,
    edition: str,
    last: str,
    shown: int,
) -> None:
    (tmp_path / "archive" / "catalogue.json").unlink()
    theatre = load_theatre(THEATRE)
    trimmed = (await redis_client.hget(key(THEATRE, TRIMMED), "alerts")).decode()
    epoch = await Reader(redis_client, THEATRE).epoch()
    picture = Picture(theatre, "actual")
    for number in range(alerts):
        picture.apply(alarm(number), dt.datetime.now(dt.UTC), f"{number:014d}-0000000000-0")
    memory = snapshot.encode(picture.memory())
    kept = Checkpoint(edition or edition_of(theatre), epoch, {"alerts": last or trimmed}, 0, 0, memory)
    save(kept, tmp_path / "checkpoint")

    peer = await meet(await start())

    await peer.until_alerts(shown)
    first = next(message for message in peer.heard if message["type"] == "snapshot")
    assert len(first["picture"]["alerts"]) == shown
