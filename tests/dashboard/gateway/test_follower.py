"""The follower through every loss of the store: absent, killed, hung, and come back with less."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard.gateway.gateway import Gateway
from streams.codec import encode
from streams.events import AirRaidAlert, FeedHealth
from streams.names import key
from streams.store import connect
from tests.promises import PATIENCE_S, promised

if TYPE_CHECKING:
    from tests.conftest import Store
    from tests.dashboard.gateway.conftest import Peer

Start = Callable[..., Awaitable[Gateway]]
Meet = Callable[..., Awaitable["Peer"]]
Alarm = Callable[..., AirRaidAlert]


async def test_a_gateway_may_start_before_its_store(
    start: Start, meet: Meet, own_store: Store, alarm: Alarm
) -> None:
    gateway = await start(own_store.url)
    peer = await meet(gateway)
    waiting = await peer.until(lambda message: message.get("store") == "lost")
    assert "position" not in waiting
    assert "store_lost_at" in waiting
    own_store.start()
    await own_store.publish(alarm(1))
    await peer.until_type("welcome")
    await peer.until_alerts(1)
    assert {message["type"] for message in peer.heard[: peer.heard.index(waiting)]} <= {"heartbeat"}


async def test_a_picture_that_somebody_has_is_not_taken_away_while_the_store_is_lost(
    start: Start, meet: Meet, own_store: Store, alarm: Alarm
) -> None:
    own_store.start()
    await own_store.publish(alarm(1))
    first = await start(own_store.url)
    before = await meet(first)
    await before.until_alerts(1)
    own_store.kill()
    second = await start(own_store.url)
    after = await meet(second, after=before)
    await after.until(lambda message: message.get("store") == "lost")
    own_store.start()
    welcome = await after.until_type("welcome")
    assert welcome["recovered"] is True
    assert all(message["type"] in ("heartbeat", "welcome") for message in after.heard)


@pytest.mark.alone
async def test_a_killed_store_is_said_at_once_and_nothing_acknowledged_is_missing_after(
    start: Start, meet: Meet, own_store: Store, alarm: Alarm
) -> None:
    own_store.start()
    # No heartbeat is due within a test's patience: what is said is said because the store was lost.
    gateway = await start(own_store.url, heartbeat_s=2 * PATIENCE_S)
    peer = await meet(gateway)
    await own_store.publish(*(alarm(i) for i in range(50)))
    await peer.until_alerts(50)
    with promised(1):
        own_store.kill()
        lost = await peer.until(lambda message: message.get("store") == "lost")
    assert lost["position"] == peer.position
    newcomer = await meet(gateway)
    await newcomer.until_alerts(50)
    await newcomer.until(lambda message: message.get("store") == "lost")

    own_store.start()
    await peer.until(lambda message: message.get("store") == "ok")
    heard = len(peer.heard)
    await own_store.publish(alarm(50), alarm(0, revision=2, msg_type="cancel"))
    numbers = {f"R{i}|air_raid|" for i in range(1, 51)}
    await peer.until(lambda _: (peer.picture or {})["alerts"].keys() == numbers)
    # It went on where it was: nobody needed another picture.
    assert "snapshot" not in {message["type"] for message in peer.heard[heard:]}
    fresh = await meet(gateway)
    await fresh.until_type("snapshot")
    assert fresh.picture == peer.picture


async def test_a_store_that_hangs_is_lost_too(
    start: Start, meet: Meet, own_store: Store, alarm: Alarm
) -> None:
    own_store.start()
    gateway = await start(own_store.url, store_wait_ms=100, store_answer_s=0.3)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    own_store.signal(signal.SIGSTOP)
    try:
        await peer.until(lambda message: message.get("store") == "lost")
    finally:
        own_store.signal(signal.SIGCONT)
    await peer.until(lambda message: message.get("store") == "ok")
    await own_store.publish(alarm(1))
    await peer.until_alerts(1)


async def test_a_store_that_came_back_with_less_is_shown_as_it_is(
    start: Start, meet: Meet, own_store: Store, alarm: Alarm, tmp_path: Path
) -> None:
    own_store.start()
    await own_store.publish(alarm(1))
    gateway = await start(own_store.url)
    peer = await meet(gateway)
    await peer.until_alerts(1)
    # The copy has the epoch already: the store will say that it is the same life.
    shutil.copytree(own_store.folder / "appendonlydir", tmp_path.parent / f"{tmp_path.name}-copy")
    await own_store.publish(alarm(2))
    await peer.until_alerts(2)
    own_store.kill()
    shutil.rmtree(own_store.folder / "appendonlydir")
    shutil.copytree(tmp_path.parent / f"{tmp_path.name}-copy", own_store.folder / "appendonlydir")
    own_store.start()
    await peer.until_type("snapshot")
    assert list((peer.picture or {})["alerts"]) == ["R1|air_raid|"]


async def test_of_what_the_next_word_makes_void_only_the_last_hour_is_read(
    start: Start, meet: Meet, own_store: Store
) -> None:
    own_store.start()
    client = connect(own_store.url)
    stream = key("eastern-flank", "health")
    for feed, ms in (("long-gone", 1), ("quiet", 10_000_000), ("radar", 12_000_000)):
        at = dt.datetime(2026, 1, 5, 3, tzinfo=dt.UTC)
        word = FeedHealth(
            id=f"health:{feed}",
            status="system",
            feed=feed,
            subject=feed,
            state="fresh",
            checked_at=at,
            every_s=5,
        )
        await client.xadd(stream, {"event": encode(word)}, id=f"{ms}-0")
    await client.aclose()

    peer = await meet(await start(own_store.url))
    snapshot = await peer.until_type("snapshot")

    assert set(snapshot["picture"]["feeds"]) == {"quiet", "radar"}
