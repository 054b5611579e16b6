"""Two ingest hosts and one feed: kill whichever leads, again and again, and every event is there once.

A feed that numbers its events, and a listing, whose every beginning and end is found by comparing. The suite
kills a few times; `WATCHFLOOR_TEST_KILLS=20` kills twenty times in a stream of 100,000 events.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from redis import Redis

from ingest.source import BEAT_S
from streams.codec import decode
from streams.events import Event
from streams.lease import MISSED_BEATS
from streams.names import key
from streams.store import embedded_command
from tests.conftest import wait_until_serving
from tests.house import ROOT, free_port
from tests.promises import PATIENCE_S, promised

pytestmark = pytest.mark.alone

KILLS = int(os.environ.get("WATCHFLOOR_TEST_KILLS", "2"))
EVENTS_A_KILL = 5_000
COUNT = KILLS * EVENTS_A_KILL
TAKEOVER_WITHIN_S = MISSED_BEATS * BEAT_S + 1
"""Three missed beats, and what a slow machine takes to notice and to say so."""
ALERTS_A_STEP = 250
"""That begin, and as many that end, from one listing to the next."""
STEPS_LISTED = 3
"""For how many listings an alert is there: one that falls with its host between poll and publishing is made
good by the next."""
STEPS_A_KILL = EVENTS_A_KILL // (2 * ALERTS_A_STEP)
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


class Listing:
    """A source over HTTP that lists the alerts in force; with each answer a step on, up to `last_step`."""

    def __init__(self, alerts: int) -> None:
        self.last_step = 0
        self._alerts = alerts
        self._step = 0
        listing = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = listing._next()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _next(self) -> bytes:
        self._step = min(self._step + 1, self.last_step)
        first, end = (
            min(max(step, 0) * ALERTS_A_STEP, self._alerts)
            for step in (self._step - STEPS_LISTED, self._step)
        )
        records = [
            {
                "id": number,
                "location_uid": "27",
                "location_title": "Львівська область",
                "location_type": "oblast",
                "alert_type": "air_raid",
                "started_at": "2026-01-05T02:00:00.000Z",
                "finished_at": None,
            }
            for number in range(first, end)
        ]
        return json.dumps({"alerts": records}).encode()


class Pair:
    """Two hosts, the feed that both follow, and the store that both write to."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "events.ndjson"
        self.file.touch()
        self._appended = 0
        self._feeds = folder / "feeds.toml"
        self._folder = folder
        self._port = free_port()
        store = folder / "store"
        store.mkdir()
        self._store = subprocess.Popen(embedded_command(store, self._port), stdout=subprocess.DEVNULL)
        wait_until_serving(self._port, self._store)
        self.client = Redis(port=self._port, socket_timeout=5)
        self.hosts: list[Host] = []

    def follow(self, **feed: object) -> None:
        """Start both hosts with this feed."""
        lines = [f"{name} = {json.dumps(value)}" for name, value in {"on": True, **feed}.items()]
        self._feeds.write_text("\n".join((f"[feeds.{FEED}]", *lines)))
        url = f"redis://127.0.0.1:{self._port}/0"
        self.hosts = [Host(name, self._folder, self._feeds, url) for name in ("one", "two")]

    def follow_file(self) -> None:
        """Start both hosts with a feed that numbers its events: the file that `append` writes."""
        self.follow(format="own", transport="file", url=str(self.file), every_s=0.1)

    def close(self) -> None:
        for host in self.hosts:
            host.kill()
        self.client.close()
        self._store.terminate()
        self._store.wait()

    def append(self, count: int) -> None:
        """Add so many events to the file: alerts, each begun and then ended."""
        with self.file.open("a") as file:
            for number in range(self._appended, self._appended + count):
                revision, fact = 1 + number % 2, number // 2
                ended = ',"valid_to":"2025-06-09T00:00:00Z"' if revision == 2 else ""
                file.write(
                    f'{{"kind":"alert","id":"{fact}","revision":{revision},"region":"UA-46"{ended}}}\n'
                )
        self._appended += count

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
        found: list[Host] = []

        def is_found() -> bool:
            leader = self.leader()
            if leader is not None and leader is not other_than:
                found.append(leader)
            return bool(found)

        self.until(is_found)
        return found[0]

    def until(self, what: Callable[[], bool]) -> None:
        """Look until `what` holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            if time.monotonic() > deadline:
                said = "\n".join(host.said[-2_000:] for host in self.hosts)
                pytest.fail(f"{self.published:,} published after {PATIENCE_S} s\n{said}")
            time.sleep(0.002)

    def assert_each_once_in_order(self, count: int) -> None:
        found = [(event.id, event.revision) for event in self._events()]
        assert found == [(f"{FEED}:{number // 2}", 1 + number % 2) for number in range(count)]

    def assert_each_begun_and_ended_once(self, alerts: int) -> None:
        revisions: dict[str, list[tuple[int, bool]]] = defaultdict(list)
        for event in self._events():
            revisions[event.id].append((event.revision, event.valid_to is not None))
        assert revisions == {f"{FEED}:{number}": [(1, False), (2, True)] for number in range(alerts)}

    def _events(self) -> list[Event]:
        rows = self.client.xrange(key(THEATRE, "alerts"))
        assert isinstance(rows, list)
        return [decode(fields[b"event"]) for _, fields in rows]

    def kill_each_turn(self, when: Callable[[int], int]) -> None:
        """Kill the leader again and again, each time when as much is published as `when` says of the turn."""
        leader = self.until_leader()
        for turn in range(KILLS):
            self.until(lambda: all(host.is_up for host in self.hosts))
            wanted = when(turn)
            self.until(lambda wanted=wanted: self.published >= wanted)  # type: ignore[misc]
            with promised(TAKEOVER_WITHIN_S):
                leader.kill()
                leader.start()
                leader = self.until_leader()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(tmp_path)
    yield pair
    pair.close()


@pytest.fixture
def listing() -> Iterator[Listing]:
    listing = Listing(COUNT // 2)
    yield listing
    listing.close()


@pytest.mark.timeout(60 + 15 * KILLS)
def test_a_leader_killed_again_and_again_leaves_each_event_once(pair: Pair) -> None:
    pair.follow_file()

    def amid_the_events_of(turn: int) -> int:
        pair.append(EVENTS_A_KILL)
        return turn * EVENTS_A_KILL + random.randrange(1, EVENTS_A_KILL - 500)

    pair.kill_each_turn(amid_the_events_of)

    pair.until(lambda: pair.published >= COUNT)
    pair.assert_each_once_in_order(COUNT)


@pytest.mark.timeout(60 + 15 * KILLS)
def test_a_leader_of_a_listing_killed_again_and_again_leaves_each_change_once(
    pair: Pair, listing: Listing
) -> None:
    pair.follow(format="alerts-in-ua", transport="http", url=listing.url, every_s=0.1)

    def amid_the_steps_of(turn: int) -> int:
        done = max(2 * turn * STEPS_A_KILL - STEPS_LISTED, 0) * ALERTS_A_STEP
        listing.last_step = (turn + 1) * STEPS_A_KILL
        return done + random.randrange(1, EVENTS_A_KILL - 1_000)

    pair.kill_each_turn(amid_the_steps_of)

    listing.last_step += STEPS_LISTED
    pair.until(lambda: pair.published >= COUNT)
    pair.assert_each_begun_and_ended_once(COUNT // 2)


def test_a_leader_that_hung_comes_back_and_doubles_nothing(pair: Pair) -> None:
    count = 2 * EVENTS_A_KILL
    pair.follow_file()
    leader = pair.until_leader()
    pair.append(count)
    pair.until(lambda: pair.published >= EVENTS_A_KILL // 2)
    leader.process.send_signal(signal.SIGSTOP)
    pair.until_leader(other_than=leader)
    leader.process.send_signal(signal.SIGCONT)

    pair.until(lambda: pair.published >= count)
    pair.until(lambda: "another host has the feed" in leader.said)
    pair.assert_each_once_in_order(count)
