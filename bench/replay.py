"""How fast a replay is at any instant of a day, a month and four years, and what many cost the live path.

Run `python -m bench.replay [--quick]`. One synthetic history is filmed (with a tick in ten minutes, where the
recorder has one a second), and is sought in after each length, with nothing kept in memory. A gateway and a
replay run as processes of their own on one store, and what is published reaches a live client with and
without fifty people who replay. Exit status 1 when the p95 of a seek is 100 ms or more, or more than twice
what it is in the shortest history and 5 ms.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.picture import history
from bench.push import own_store
from config.theatre import Theatre, load_theatre
from dashboard.access.gate import LOCAL
from dashboard.access.tickets import Tickets
from dashboard.gateway.pace import Pace
from dashboard.picture.patch import diff, encode
from dashboard.picture.picture import Picture
from dashboard.replay.filming import Camera
from dashboard.replay.reels import Reels, Shared
from streams.archive.shelf import FolderShelf
from streams.codec import encode as encode_event
from streams.events import Event, Threat
from streams.names import key, stream_of
from streams.read import Entry
from streams.store import connect as store_client

NIGHT = 522
"""Events of a night of the history."""
LENGTHS = {"1 day": NIGHT, "1 month": 30 * NIGHT, "4 years": 1_461 * NIGHT}
QUICK = {"1 day": NIGHT, "2 days": 2 * NIGHT}
SEEKS = 400
MOST_P95_MS = 100.0
MOST_GROWTH = 2.0
VIEWERS = 50
NEWS = 300
GAP_S = 0.06
"""Between two events that are timed: a gateway sends deltas at a pace."""
FULL_SPEED_STEP_MS = 180_000
"""What a frame covers at 3,600 times."""


class Quickly(FolderShelf):
    """A shelf that does not wait for the disk: what is measured is reading."""

    def put(self, name: str, payload: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(payload)


class Hasty(Camera):
    """A camera that looks at the clock once in ten minutes, so that four years are filmed in minutes."""

    def go(self, second: int) -> Iterator[None]:
        pace = self.pace
        pace.second = pace.second or second - 1
        while pace.second < second:
            self._tick(min(second, pace.second + 600))
            yield


class Found(Struct):
    """What seeking and playing cost in a history of one length."""

    name: str
    entries: int
    reels: int
    disk_mb: float
    look_ms: float
    p50_ms: float
    p95_ms: float
    most_ms: float
    events_per_s: float


def entry_of(at: dt.datetime, event: Event, seen: dict[int, int]) -> Entry:
    """An event as an entry that came then."""
    ms = int(at.timestamp() * 1_000)
    seen[ms] = seen.get(ms, -1) + 1
    return Entry(stream_of(event), f"{ms}-{seen[ms]}", encode_event(event), event)


async def film_and_seek(theatre: Theatre, folder: Path, lengths: dict[str, int]) -> list[Found]:
    """Film one history, and look at it after each length."""
    shelf = Quickly(folder)
    reels = Reels(shelf, "bench", "actual", "0" * 16, Shared())
    camera = Hasty(Pace(Picture(theatre, "actual")), reels.film)
    events, played, found = history(theatre), 0, []
    began_at = time.perf_counter()
    for name, length in lengths.items():
        seen: dict[int, int] = {}
        for at, event in islice(events, length - played):
            entry = entry_of(at, event, seen)
            camera.take(entry)
            if reels.unwritten > 500:
                await reels.put_away()
        played = length
        camera.flush()
        await reels.put_away()
        print(f"  filmed {length:,} entries in {time.perf_counter() - began_at:,.0f} s", flush=True)
        found.append(await look(name, length, shelf))
    return found


async def look(name: str, entries: int, shelf: FolderShelf) -> Found:
    """Seek in what is on a shelf, and play it at full speed."""
    began_at = time.perf_counter()
    shared = Shared()
    reels = Reels(shelf, "bench", "actual", "0" * 16, shared)
    await reels.look()
    look_ms = 1e3 * (time.perf_counter() - began_at)
    random = Random(1)
    took = []
    for _ in range(SEEKS):
        ms = random.randint(reels.first_ms, reels.until_ms)
        shared.forget()
        began_at = time.perf_counter()
        block = await reels.block_at(ms)
        if block is not None:
            encode(block.tree(block.count_at(ms)))
        took.append(1e3 * (time.perf_counter() - began_at))
    files = list(shelf.folder.rglob("*.reel"))
    took.sort()
    return Found(
        name=name,
        entries=entries,
        reels=len(files),
        disk_mb=sum(path.stat().st_size for path in files) / 1e6,
        look_ms=look_ms,
        p50_ms=took[len(took) // 2],
        p95_ms=took[int(0.95 * len(took))],
        most_ms=took[-1],
        events_per_s=await full_speed(reels),
    )


async def full_speed(reels: Reels) -> float:
    """Events a second when a replay is played as fast as it can be, with the patch of each frame."""
    ms = max(reels.first_ms, reels.until_ms - 30 * 86_400_000)
    events, tree, began_at = 0, None, time.perf_counter()
    while ms < reels.until_ms and time.perf_counter() - began_at < 10:
        block = await reels.block_at(ms)
        if block is not None:
            count = block.count_at(ms)
            after = block.tree(count)
            if tree is not None:
                encode(diff(tree, after))
            tree = after
            events += sum(f.events for f in block.frames[block.count_at(ms - FULL_SPEED_STEP_MS) : count])
        ms += FULL_SPEED_STEP_MS
    return events / (time.perf_counter() - began_at)


class Crowd(Struct):
    """What a live client waits, in ms, and what the replay weighs."""

    alone_ms: list[float]
    crowded_ms: list[float]
    first_mb: float
    crowded_mb: float
    frames: int


@contextlib.asynccontextmanager
async def process(command: str, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """One of our processes."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "watchfloor.py",
        command,
        env={**os.environ, **variables, "WATCHFLOOR_LOG_LEVEL": "error"},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        child.terminate()
        await child.wait()


async def enter(store_url: str, port: int, path: str) -> ClientConnection:
    """Connect and say hello, once somebody listens."""
    client = store_client(store_url)
    try:
        while True:
            ticket = await Tickets(client).issue(LOCAL)
            try:
                connection = await connect(
                    f"ws://127.0.0.1:{port}{path}",
                    subprotocols=[Subprotocol("watchfloor.v1"), Subprotocol(f"ticket.{ticket}")],
                    max_size=None,
                    compression=None,
                )
                break
            except OSError:
                await asyncio.sleep(0.2)
    finally:
        await client.aclose()
    await connection.send('{"type":"hello"}')
    return connection


async def crowd(theatre: Theatre, viewers: int, news: int) -> Crowd:
    """Time what is published to a live client, without and with people who replay."""
    with own_store() as store_url, tempfile.TemporaryDirectory() as folder:
        client = store_client(store_url)
        begun = dt.datetime.now(dt.UTC) - dt.timedelta(hours=10)
        told = [each for each in islice(history(theatre), NIGHT) if not hasattr(each[1], "checked_at")]
        first, seen = told[0][0], dict[int, int]()
        for at, event in told:
            shifted = begun + (at - first) / 3
            entry = entry_of(shifted, event, seen)
            with contextlib.suppress(Exception):
                await client.xadd(
                    key(theatre.name, entry.stream), {"event": entry.payload}, id=entry.entry_id
                )
        gateway_port, replay_port = free_ports(2)
        common = {
            "REDIS_URL": store_url,
            "WATCHFLOOR_VAR": folder,
            "WATCHFLOOR_EXERCISE": "off",
            "WATCHFLOOR_GATEWAY_PORT": str(gateway_port),
            "WATCHFLOOR_REPLAY_PORT": str(replay_port),
        }
        async with process("gateway", **common), process("replay", **common) as replay:
            live = await enter(store_url, gateway_port, "/v1/picture")
            one = await enter(store_url, replay_port, "/v1/replay")
            await heard(one, "snapshot")
            await heard(live, "snapshot")
            alone = await times(live, client, theatre, news)
            first_mb = rss_mb(replay.pid)
            crowd_ = [await enter(store_url, replay_port, "/v1/replay") for _ in range(viewers)]
            counts = [0]
            random = Random(3)
            tasks = [
                asyncio.create_task(watch(each, random.randrange(1_000), i, begun, counts))
                for i, each in enumerate(crowd_)
            ]
            await asyncio.sleep(2)
            crowded = await times(live, client, theatre, news)
            crowded_mb = rss_mb(replay.pid)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for each in (live, one, *crowd_):
                each.transport.abort()
        await client.aclose()
    return Crowd(alone, crowded, first_mb, crowded_mb, counts[0])


async def watch(
    connection: ClientConnection, seed: int, number: int, begun: dt.datetime, counts: list[int]
) -> None:
    """Replay as people do: some play, some play fast, some drag."""
    random = Random(seed)
    while True:
        at = begun + random.random() * dt.timedelta(hours=4)
        await connection.send(json.dumps({"type": "seek", "at": at.isoformat()}))
        if number % 4:
            speed = 60 if number % 2 else 600
            await connection.send(json.dumps({"type": "play", "speed": speed}))
        until = time.monotonic() + (0.2 if number % 4 == 0 else 5)
        while time.monotonic() < until:
            await connection.recv()
            counts[0] += 1


async def times(live: ClientConnection, client: Any, theatre: Theatre, news: int) -> list[float]:
    """Milliseconds from the publication of each event to its delta."""
    took = []
    for number in range(news):
        stamp = f"{time.monotonic_ns():019d}"
        event = Threat(
            id="news",
            revision=int(time.time() * 1_000) % 2_000_000_000,
            status="actual",
            feed="bench",
            threat_type="drones",
            state="moving",
            toward=stamp,
        )
        began_at = time.perf_counter()
        await client.xadd(key(theatre.name, "threats"), {"event": encode_event(event)})
        while stamp not in str(await live.recv()):
            continue
        took.append(1e3 * (time.perf_counter() - began_at))
        await asyncio.sleep(max(0.0, began_at + GAP_S + number % 7 / 1_000 - time.perf_counter()))
    return took


async def heard(connection: ClientConnection, kind: str) -> None:
    """Until a message of this type came."""
    while f'"type":"{kind}"' not in str(await connection.recv())[:100]:
        continue


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(each.getsockname()[1]) for each in listeners]
    for each in listeners:
        each.close()
    return ports


def rss_mb(pid: int) -> float:
    """Resident memory of a process, on Linux."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def p99(values: list[float]) -> float:
    return sorted(values)[int(0.99 * len(values))]


def main() -> int:
    """Measure, print, and judge."""
    theatre = load_theatre()
    is_quick = "--quick" in sys.argv[1:]
    crowded = asyncio.run(crowd(theatre, 5 if is_quick else VIEWERS, 20 if is_quick else NEWS))
    for name, values in (("alone", crowded.alone_ms), ("with the replays", crowded.crowded_ms)):
        print(f"live, {name}: p50 {statistics.median(values):.1f} ms, p99 {p99(values):.1f} ms")
    viewers = 5 if is_quick else VIEWERS
    each_mb = (crowded.crowded_mb - crowded.first_mb) / viewers
    print(
        f"{viewers} replays at once: {crowded.frames:,} frames to them; the process has "
        f"{crowded.first_mb:.0f} MB with one, {crowded.crowded_mb:.0f} MB with all: {each_mb:.2f} MB a replay"
    )
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(film_and_seek(theatre, Path(folder), QUICK if is_quick else LENGTHS))
    print("   length    entries   reels    on disk   looked   seek p50      p95      most   events/s")
    for each in found:
        print(
            f"{each.name:>9} {each.entries:10,d} {each.reels:7,d} {each.disk_mb:7,.1f} MB "
            f"{each.look_ms:5,.0f} ms {each.p50_ms:7.1f} ms {each.p95_ms:5.1f} ms {each.most_ms:6.1f} ms "
            f"{each.events_per_s:10,.0f}"
        )
    worst = max(each.p95_ms for each in found)
    return 1 if worst >= MOST_P95_MS or worst > MOST_GROWTH * max(2.5, found[0].p95_ms) else 0


if __name__ == "__main__":
    sys.exit(main())
