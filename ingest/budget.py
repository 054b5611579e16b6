"""A feed's budget: how much it may bring before it has to wait, so that no flood slows the others."""

from __future__ import annotations

import asyncio

BURST_S = 10.0
"""A feed that was quiet may bring at once what this time allows."""


class Budget:
    """Bytes a second, on average. Times are by the event loop's clock."""

    def __init__(self, bytes_s: float) -> None:
        self._bytes_s = bytes_s
        self._paid_until = float("-inf")

    def wait_s(self, size: int) -> float:
        """Take `size` bytes from the budget; for how long the feed then has to wait before it brings more."""
        now = asyncio.get_running_loop().time()
        self._paid_until = max(self._paid_until, now - BURST_S) + size / self._bytes_s
        return max(0.0, self._paid_until - now)

    @property
    def owed_s(self) -> float:
        """How long the feed has to wait now."""
        return max(0.0, self._paid_until - asyncio.get_running_loop().time())
