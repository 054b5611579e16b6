"""The whole house in processes of its own, each to be stopped and started, on free ports in a folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn
from redis import Redis
from redis.exceptions import RedisError

from config.settings import Settings
from config.theatre import load_theatre
from dashboard.app.server import create_app
from tests.promises import PATIENCE_S

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
PROCESSES = ("store", "ingest", "gateway", "web")
"""What a house starts unless it is told otherwise."""
PORTS = ("PORT", "GATEWAY_PORT", "INTAKE_PORT", "STORE_PORT", "REPLAY_PORT")


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def web_in_thread(settings: Settings) -> Iterator[None]:
    """The web process's server in a thread of this process, for tests that need it alone."""
    app = create_app(settings, load_theatre(settings.theatre))
    config = uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + PATIENCE_S
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield
    server.should_exit = True
    thread.join()


class House:
    """Starts and stops Watchfloor's processes as an operator would.

    var: where it keeps its state. speed: of the exercise, in exercise seconds a second; 0 for none.
    """

    def __init__(self, var: Path, speed: float = 3_000) -> None:
        self.var = var
        self.ports = {name: free_port() for name in PORTS}
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
            "WATCHFLOOR_VAR": str(var),
            "WATCHFLOOR_OPEN_BROWSER": "no",
            "WATCHFLOOR_EXERCISE": "seed-night" if speed else "off",
            **{f"WATCHFLOOR_{name}": str(port) for name, port in self.ports.items()},
        }
        if speed:
            self.environment["WATCHFLOOR_EXERCISE_SPEED"] = str(speed)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def wall(self) -> str:
        return f"http://127.0.0.1:{self.ports['PORT']}/wall"

    @property
    def desk(self) -> str:
        return f"http://127.0.0.1:{self.ports['PORT']}/desk"

    def start(self, *names: str) -> None:
        """Start these processes, or all, and wait until each answers."""
        for name in names or PROCESSES:
            log = (self.var / f"{name}.log").open("ab")
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "watchfloor", name],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            log.close()
        for name in names or PROCESSES:
            self._wait_for(name)

    def stop(self, name: str, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """Stop one process, by force with SIGKILL, and wait until it has gone."""
        process = self._running[name]
        process.send_signal(signal.SIGCONT)
        process.send_signal(with_signal)
        process.wait(PATIENCE_S)
        del self._running[name]

    def freeze(self, name: str) -> None:
        """Let a process hang: it is there, and does nothing."""
        self._running[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a hanging process go on."""
        self._running[name].send_signal(signal.SIGCONT)

    def close(self) -> None:
        """Stop everything, the store last."""
        for name in ("replay", *reversed(PROCESSES)):
            if name in self._running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.stop(name)
        for process in self._running.values():
            process.kill()
            process.wait()
        self._running.clear()

    def log(self, name: str) -> str:
        """What a process has said."""
        return (self.var / f"{name}.log").read_text(errors="replace")

    def store(self) -> Redis:
        """A client of the store."""
        return Redis(port=self.ports["STORE_PORT"], socket_timeout=PATIENCE_S)

    def post(self, document: dict[str, Any]) -> dict[str, Any]:
        """Post a document to the intake; its answer, a refusal's too."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports['INTAKE_PORT']}/v1/documents",
            json.dumps(document).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as refusal:
            with refusal:
                return dict(json.load(refusal))

    def _wait_for(self, name: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not self.answers(name):
            if self._running[name].poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{name} did not start:\n{self.log(name)}")
            time.sleep(0.02)

    def answers(self, name: str) -> bool:
        """Whether a process can be reached."""
        if name == "store":
            try:
                with self.store() as client:
                    return bool(client.ping())
            except RedisError:
                return False
        port = self.ports[
            {"ingest": "INTAKE_PORT", "gateway": "GATEWAY_PORT", "web": "PORT", "replay": "REPLAY_PORT"}[name]
        ]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False
