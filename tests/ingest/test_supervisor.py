"""The supervisor: one feed's fall is its own."""

import asyncio
from collections.abc import Sequence

import pytest

from ingest import supervisor
from ingest.feed import Pulse
from ingest.supervisor import supervise
from streams.events import Event, FeedHealth
from streams.publish import Published
from tests.promises import PATIENCE_S


class Told:
    """Takes what would be published."""

    def __init__(self) -> None:
        self.healths: list[FeedHealth] = []

    async def publish(self, events: Sequence[Event]) -> list[Published]:
        self.healths += [event for event in events if isinstance(event, FeedHealth)]
        return []

    def last(self, feed: str) -> str:
        return next((one.state for one in reversed(self.healths) if one.subject == feed), "")


class Steady:
    name = "steady"
    is_ours = True

    def __init__(self) -> None:
        self.pulse = Pulse(0.05)

    async def run(self) -> None:
        while True:
            self.pulse.checked(spoke=True)
            await asyncio.sleep(0.01)


class Falling:
    name = "falling"
    is_ours = True

    def __init__(self, falls: int) -> None:
        self.pulse = Pulse(0.5)
        self.falls = falls

    async def run(self) -> None:
        if self.falls:
            self.falls -= 1
            raise RuntimeError("garbage at offset 3")
        self.pulse.checked(spoke=True)
        await asyncio.Event().wait()


async def eventually(what: object) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not what():  # type: ignore[operator]
            await asyncio.sleep(0.005)


async def test_a_feed_that_falls_is_dead_and_disturbs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 60)
    told = Told()
    work = asyncio.create_task(
        supervise([Steady(), Falling(falls=1)], told, status="actual", run=lambda: "", beat_s=0.02)  # type: ignore[arg-type]
    )

    await eventually(lambda: told.last("falling") == "dead" and told.last("steady") == "fresh")
    assert any("garbage at offset 3" in one.detail for one in told.healths)

    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_a_feed_that_fell_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_WAIT_S", 0.01)
    told = Told()
    work = asyncio.create_task(
        supervise([Falling(falls=3)], told, status="actual", run=lambda: "", beat_s=0.02)  # type: ignore[arg-type]
    )

    await eventually(lambda: told.last("falling") == "fresh")

    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
