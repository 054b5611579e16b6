"""One process of ours with sockets: from its start until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import Protocol


class Service(Protocol):
    """What such a process runs."""

    async def start(self) -> None:
        """Begin to serve."""

    async def run(self) -> None:
        """Until one of its parts breaks."""

    async def stop(self) -> None:
        """Send everybody away, and stop."""


async def until_told(service: Service) -> None:
    """Run a service until SIGINT or SIGTERM.

    Raises what its start raises, or what a part of it broke with.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await service.start()
    running = asyncio.create_task(service.run())
    stopping = asyncio.create_task(stopped.wait())
    try:
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        running.cancel()
        stopping.cancel()
        await service.stop()
