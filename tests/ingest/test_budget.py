"""The budget: a feed that floods waits, one that was quiet does not."""

import asyncio

import pytest

from ingest.budget import BURST_S, Budget


class Loop:
    """Stands in for the running loop's clock."""

    now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Loop:
    loop = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: loop)
    return loop


def test_a_flood_is_slowed_to_the_budget(clock: Loop) -> None:
    budget = Budget(bytes_s=100)
    brought, began = 0, clock.now
    for _ in range(200):
        brought += 50
        clock.now += budget.wait_s(50)

    taken_s = clock.now - began
    assert brought / (taken_s + BURST_S) == pytest.approx(100)


def test_a_burst_after_quiet_waits_for_nothing(clock: Loop) -> None:
    budget = Budget(bytes_s=100)

    assert budget.wait_s(int(100 * BURST_S)) == 0
    assert budget.owed_s == 0
    assert budget.wait_s(100) == pytest.approx(1)
    assert budget.owed_s == pytest.approx(1)
