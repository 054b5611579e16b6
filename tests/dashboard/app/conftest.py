"""What tests of the web process use: it, in a thread, on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.settings import Settings
from tests.house import free_port, web_in_thread

GATEWAY_PORT = 4444
"""Of no gateway: nothing here connects to one."""


@pytest.fixture(scope="session")
def address() -> Iterator[tuple[str, int]]:
    """Host and port of a running web process."""
    settings = Settings(port=free_port(), gateway_port=GATEWAY_PORT, origins="https://watch.example:8443")
    with web_in_thread(settings):
        yield "127.0.0.1", settings.port
