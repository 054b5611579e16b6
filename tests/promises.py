"""Promises of time, held to the time that the machine gave: its own standstills are nobody's delay."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 30.0
"""How long a test waits for what must come, where no promise says when."""
STEP_S = 0.01
HITCH_S = 0.02
"""A step that is late by no more than this is a busy machine; by more, one that stood still."""


@contextmanager
def promised(seconds: float) -> Iterator[None]:
    """What is done within takes less than so many seconds; a standstill of the machine is not counted."""
    watch = _Standstill()
    watch.start()
    began_at = time.monotonic()
    try:
        yield
        took_s, stood_s = time.monotonic() - began_at, watch.seconds
    finally:
        watch.done.set()
        watch.join()
    assert took_s - stood_s < seconds, f"took {took_s:.2f} s, and the machine stood still for {stood_s:.2f} s"


class _Standstill(threading.Thread):
    """How long nothing ran: a clock that ticks each step, and what its ticks were late."""

    def __init__(self) -> None:
        super().__init__(name="standstill", daemon=True)
        self.done = threading.Event()
        self._ticked_at = time.monotonic()
        self._late_s = 0.0

    @property
    def seconds(self) -> float:
        """So far, with a standstill that the clock has not woken from yet."""
        return self._late_s + self._late_now_s()

    def run(self) -> None:
        while not self.done.wait(STEP_S):
            self._late_s += self._late_now_s()
            self._ticked_at = time.monotonic()

    def _late_now_s(self) -> float:
        late_s = time.monotonic() - self._ticked_at - STEP_S
        return late_s if late_s > HITCH_S else 0.0
