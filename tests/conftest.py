"""What tests of every room use: real stores."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError

from streams.store import connect, embedded_command

SHARED = Path(__file__).resolve().parents[2] / "shared"


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until_serving(port: int, process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """Until the store answers and has read its file, or fail with what it said."""
    deadline = time.monotonic() + seconds
    with SyncRedis(port=port, socket_timeout=1) as client:
        while True:
            try:
                client.ping()
                return
            except RedisError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"the store did not start: exit {process.poll()}")
                time.sleep(0.01)


@pytest.fixture(scope="session")
def store_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a store for the whole run: the embedded Valkey, or WATCHFLOOR_TEST_STORE's server.

    WATCHFLOOR_TEST_STORE: a program such as `redis-server` to run in its place.
    """
    port = free_port()
    command = embedded_command(tmp_path_factory.mktemp("store"), port)
    if program := os.environ.get("WATCHFLOOR_TEST_STORE"):
        command[0] = program
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until_serving(port, process)
        yield port
        process.terminate()


@pytest.fixture(scope="session")
def store_url(store_port: int) -> str:
    return f"redis://127.0.0.1:{store_port}/0"


@pytest.fixture
async def redis_client(store_url: str) -> AsyncIterator[Redis]:
    """A client of the store, emptied."""
    client = connect(store_url)
    await client.flushdb()
    yield client
    await client.aclose()
