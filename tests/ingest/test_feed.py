"""A feed's health: fresh, quiet, slow and dead are four different things."""

import asyncio

import pytest

from ingest.feed import Pulse


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


def state(pulse: Pulse) -> str:
    return pulse.health("f", "actual", "").state


def test_a_feed_that_was_never_checked_is_dead(clock: Loop) -> None:
    assert state(Pulse(10)) == "dead"


def test_a_feed_that_speaks_is_fresh_and_falls_quiet_while_it_still_answers(clock: Loop) -> None:
    pulse = Pulse(10)
    pulse.checked(spoke=True)
    assert state(pulse) == "fresh"

    clock.now += 31
    pulse.checked()
    assert state(pulse) == "quiet"


def test_a_feed_that_is_late_is_slow_and_after_three_missed_checks_dead(clock: Loop) -> None:
    pulse = Pulse(10)
    pulse.checked(spoke=True)

    clock.now += 16
    assert state(pulse) == "slow"
    clock.now += 15
    assert state(pulse) == "dead"


def test_a_feed_does_not_age_before_the_next_word_of_it_is_due(clock: Loop) -> None:
    pulse = Pulse(2)
    pulse.checked(spoke=True)

    assert pulse.health("f", "actual", "", told_every_s=5).every_s == 5
    assert pulse.health("f", "actual", "", told_every_s=1).every_s == 2


def test_a_feed_that_failed_is_dead_with_its_reason_until_it_answers(clock: Loop) -> None:
    pulse = Pulse(10)
    pulse.checked(spoke=True)
    pulse.failed("refused")

    health = pulse.health("f", "actual", "")
    assert (health.state, health.detail) == ("dead", "refused")

    pulse.checked()
    assert state(pulse) == "fresh"
