"""What tests of the web process use: it, in a thread, on a port of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from config.settings import Settings
from config.theatre import load_theatre
from dashboard.app.server import create_app

GATEWAY_PORT = 4444
"""Of no gateway: nothing here connects to one."""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def address() -> Iterator[tuple[str, int]]:
    """Host and port of a running web process."""
    settings = Settings(port=free_port(), gateway_port=GATEWAY_PORT, origins="https://watch.example:8443")
    app = create_app(settings, load_theatre(settings.theatre))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_level="error", ws="none")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    yield "127.0.0.1", settings.port
    server.should_exit = True
    thread.join()
