"""Two ingest hosts and one feed: kill whichever leads, again and again, and every event is there once.

The suite kills a few times. `WATCHFLOOR_TEST_KILLS=20` kills twenty times in a stream of 100,000 events.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from ingest.source import BEAT_S
from streams.codec import decode
from streams.lease import MISSED_BEATS
from streams.names import key
from streams.store import embedded_command
from tests.conftest import wait_until_serving
from tests.house import ROOT, free_port

KILLS = int(os.environ.get("WATCHFLOOR_TEST_KILLS", "2"))
EVENTS_A_KILL = 5_000
BUDGET_BYTES_S = 40_000
"""Ten seconds' worth, which a feed may bring at once, is nearly what is read between two kills: so none comes
when all is read already."""
THEATRE = "eastern-flank"
FEED = "neighbour"


class Host:
    """An ingest process of its own, on a store that others use too."""

    def __init__(self, name: str, folder: Path, feeds: Path, store_url: str) -> None:
        self.name = name
        self._log = folder / f"{name}.log"
        self._environment = {
            **os.environ,
            "REDIS_URL": store_url,
            "WATCHFLOOR_EXERCISE": "off",
            "WATCHFLOOR_FEEDS": str(feeds),
            "WATCHFLOOR_VAR": str(folder / name),
            "WATCHFLOOR_INTAKE_PORT": str(free_port()),
        }
        self._starts = 0
        self.start()

    def start(self) -> None:
        """Start it, or start it again, without waiting for it."""
        self._starts += 1
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "watchfloor", "ingest"],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    @property
    def is_up(self) -> bool:
        return self.said.count("ingest is up") >= self._starts

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")


class Pair:
    """Two hosts, the file that both follow, and the store that both write to."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.file = folder / "events.ndjson"
        self.file.touch()
        feeds = folder / "feeds.toml"
        feeds.write_text(
            f'[feeds.{FEED}]\non = true\nformat = "own"\ntransport = "file"\nurl = "{self.file}"\n'
            f"every_s = 0.1\nbudget_bytes_s = {BUDGET_BYTES_S}\n"
        )
        store = folder / "store"
        store.mkdir()
        self._store = subprocess.Popen(embedded_command(store, port), stdout=subprocess.DEVNULL)
        wait_until_serving(port, self._store)
        self.client = Redis(port=port, socket_timeout=5)
        self.hosts = [Host(name, folder, feeds, f"redis://127.0.0.1:{port}/0") for name in ("one", "two")]

    def close(self) -> None:
        for host in self.hosts:
            host.kill()
        self.client.close()
        self._store.terminate()
        self._store.wait()

    def append(self, count: int) -> None:
        """Add so many events to the file: alerts, each begun and then ended."""
        with self.file.open("a") as file:
            for number in range(count):
                revision, fact = 1 + number % 2, number // 2
                ended = ',"valid_to":"2025-06-09T00:00:00Z"' if revision == 2 else ""
                file.write(
                    f'{{"kind":"alert","id":"{fact}","revision":{revision},"region":"UA-46"{ended}}}\n'
                )

    @property
    def published(self) -> int:
        return int(self.client.xlen(key(THEATRE, "alerts")))

    def leader(self) -> Host | None:
        """The host that has the feed's lease."""
        holder = self.client.get(key(THEATRE, f"lease:{FEED}"))
        if not isinstance(holder, bytes):
            return None
        pids = {str(host.process.pid): host for host in self.hosts}
        return next((pids[part] for part in holder.decode().split(":") if part in pids), None)

    def until_leader(self, *, other_than: Host | None = None) -> Host:
        """The leader, once there is one."""
        self.until(lambda: self.leader() not in (None, other_than))
        leader = self.leader()
        assert leader is not None
        return leader

    def until(self, what: Callable[[], bool], within_s: float = 30) -> None:
        """Look until `what` holds."""
        deadline = time.monotonic() + within_s
        while not what():
            if time.monotonic() > deadline:
                said = "\n".join(host.said[-2_000:] for host in self.hosts)
                pytest.fail(f"{self.published:,} published after {within_s} s\n{said}")
            time.sleep(0.002)

    def assert_each_once_in_order(self, count: int) -> None:
        rows = self.client.xrange(key(THEATRE, "alerts"))
        assert isinstance(rows, list)
        found = [(event.id, event.revision) for event in (decode(fields[b"event"]) for _, fields in rows)]
        assert found == [(f"{FEED}:{number // 2}", 1 + number % 2) for number in range(count)]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.close()


@pytest.mark.timeout(60 + 15 * KILLS)
def test_a_leader_killed_again_and_again_leaves_each_event_once(pair: Pair) -> None:
    count = KILLS * EVENTS_A_KILL
    leader = pair.until_leader()
    pair.append(count)
    took_s = []

    for turn in range(KILLS):
        pair.until(lambda: all(host.is_up for host in pair.hosts))
        wanted = turn * EVENTS_A_KILL + random.randrange(1, EVENTS_A_KILL - 500)
        pair.until(lambda wanted=wanted: pair.published >= wanted)  # type: ignore[misc]
        leader.kill()
        killed_at = time.monotonic()
        assert pair.published < count, "all was published before the last kill"
        leader.start()
        leader = pair.until_leader()
        took_s.append(time.monotonic() - killed_at)

    pair.until(lambda: pair.published >= count)
    pair.assert_each_once_in_order(count)
    print(f"{KILLS} kills in {count:,} events; takeover after {max(took_s):.2f} s at most")
    assert max(took_s) < (MISSED_BEATS + 1) * BEAT_S + 1


@pytest.mark.timeout(90)
def test_a_leader_that_hung_comes_back_and_doubles_nothing(pair: Pair) -> None:
    count = 2 * EVENTS_A_KILL
    leader = pair.until_leader()
    pair.append(count)
    pair.until(lambda: pair.published >= EVENTS_A_KILL // 2)
    leader.process.send_signal(signal.SIGSTOP)
    pair.until_leader(other_than=leader)
    leader.process.send_signal(signal.SIGCONT)

    pair.until(lambda: pair.published >= count)
    pair.until(lambda: "another host has the feed" in leader.said)
    pair.assert_each_once_in_order(count)
