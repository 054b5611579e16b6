"""The follower through every loss of the store: absent, killed, hung, and come back with less."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboard.gateway.gateway import Gateway
from streams.codec import encode
from streams.events import AirRaidAlert, FeedHealth
from streams.names import key
from streams.publish import Publisher
from streams.store import connect, embedded_command
from tests.conftest import wait_until_serving
from tests.house import free_port
from tests.promises import PATIENCE_S, promised

if TYPE_CHECKING:
    from tests.dashboard.gateway.conftest import Peer

Start = Callable[..., Awaitable[Gateway]]
Meet = Callable[..., Awaitable["Peer"]]
Alarm = Callable[..., AirRaidAlert]


class Store:
    """A store of one test's own, to be treated badly."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = embedded_command(self.folder, self.port)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until_serving(self.port, self.process)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    async def publish(self, *events: AirRaidAlert) -> None:
        client = connect(self.url)
        await Publisher(client, "eastern-flank").publish(events)
        await client.aclose()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path)
    yield made
    made.kill()


async def test_a_gateway_may_start_before_its_store(
    start: Start, meet: Meet, store: Store, alarm: Alarm
) -> None:
    gateway = await start(store.url)
    peer = await meet(gateway)
    waiting = await peer.until(lambda message: message.get("store") == "lost")
    assert "position" not in waiting
    assert "store_lost_at" in waiting
    store.start()
    await store.publish(alarm(1))
    await peer.until_type("welcome")
    await peer.until_alerts(1)
    assert {message["type"] for message in peer.heard[: peer.heard.index(waiting)]} <= {"heartbeat"}


async def test_a_picture_that_somebody_has_is_not_taken_away_while_the_store_is_lost(
    start: Start, meet: Meet, store: Store, alarm: Alarm
) -> None:
    store.start()
    await store.publish(alarm(1))
    first = await start(store.url)
    before = await meet(first)
    await before.until_alerts(1)
    store.kill()
    second = await start(store.url)
    after = await meet(second, after=before)
    await after.until(lambda message: message.get("store") == "lost")
    store.start()
    welcome = await after.until_type("welcome")
    assert welcome["recovered"] is True
    assert all(message["type"] in ("heartbeat", "welcome") for message in after.heard)


@pytest.mark.alone
async def test_a_killed_store_is_said_at_once_and_nothing_acknowledged_is_missing_after(
    start: Start, meet: Meet, store: Store, alarm: Alarm
) -> None:
    store.start()
    # No heartbeat is due within a test's patience: what is said is said because the store was lost.
    gateway = await start(store.url, heartbeat_s=2 * PATIENCE_S)
    peer = await meet(gateway)
    await store.publish(*(alarm(i) for i in range(50)))
    await peer.until_alerts(50)
    with promised(1):
        store.kill()
        lost = await peer.until(lambda message: message.get("store") == "lost")
    assert lost["position"] == peer.position
    newcomer = await meet(gateway)
    await newcomer.until_alerts(50)
    await newcomer.until(lambda message: message.get("store") == "lost")

    store.start()
    await peer.until(lambda message: message.get("store") == "ok")
    heard = len(peer.heard)
    await store.publish(alarm(50), alarm(0, revision=2, msg_type="cancel"))
    numbers = {f"R{i}|air_raid|" for i in range(1, 51)}
    await peer.until(lambda _: (peer.picture or {})["alerts"].keys() == numbers)
    # It went on where it was: nobody needed another picture.
    assert "snapshot" not in {message["type"] for message in peer.heard[heard:]}
    fresh = await meet(gateway)
    await fresh.until_type("snapshot")
    assert fresh.picture == peer.picture


async def test_a_store_that_hangs_is_lost_too(start: Start, meet: Meet, store: Store, alarm: Alarm) -> None:
    store.start()
    gateway = await start(store.url, store_wait_ms=100, store_answer_s=0.3)
    peer = await meet(gateway)
    await peer.until_type("snapshot")
    store.signal(signal.SIGSTOP)
    try:
        await peer.until(lambda message: message.get("store") == "lost")
    finally:
        store.signal(signal.SIGCONT)
    await peer.until(lambda message: message.get("store") == "ok")
    await store.publish(alarm(1))
    await peer.until_alerts(1)


async def test_a_store_that_came_back_with_less_is_shown_as_it_is(
    start: Start, meet: Meet, store: Store, alarm: Alarm, tmp_path: Path
) -> None:
    store.start()
    await store.publish(alarm(1))
    gateway = await start(store.url)
    peer = await meet(gateway)
    await peer.until_alerts(1)
    # The copy has the epoch already: the store will say that it is the same life.
    shutil.copytree(store.folder / "appendonlydir", tmp_path.parent / f"{tmp_path.name}-copy")
    await store.publish(alarm(2))
    await peer.until_alerts(2)
    store.kill()
    shutil.rmtree(store.folder / "appendonlydir")
    shutil.copytree(tmp_path.parent / f"{tmp_path.name}-copy", store.folder / "appendonlydir")
    store.start()
    await peer.until_type("snapshot")
    assert list((peer.picture or {})["alerts"]) == ["R1|air_raid|"]


async def test_of_what_the_next_word_makes_void_only_the_last_hour_is_read(
    start: Start, meet: Meet, store: Store
) -> None:
    store.start()
    client = connect(store.url)
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

    peer = await meet(await start(store.url))
    snapshot = await peer.until_type("snapshot")

    assert set(snapshot["picture"]["feeds"]) == {"quiet", "radar"}
