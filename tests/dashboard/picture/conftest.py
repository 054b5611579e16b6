"""What the picture's tests share: the theatre, and short ways to say what came when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, Literal

import pytest

from config.theatre import Theatre, load_theatre
from dashboard.picture.patch import merge
from dashboard.picture.picture import Picture
from dashboard.picture.rules import Rules
from streams.events import Event


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    return load_theatre("eastern-flank")


class Watch:
    """A picture and a client's copy of it, which must agree after every delta."""

    def __init__(
        self, theatre: Theatre, status: Literal["actual", "exercise"], rules: Rules | None = None
    ) -> None:
        self.picture = Picture(theatre, status, rules)
        self.copy = self.picture.view()
        self._numbers = count(1)
        self._status = status

    def hear(
        self, event: Event, at: dt.datetime | str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """One event comes in: `at` by our clock, as `HH:MM` of 9 June 2025 or whole."""
        received_at = instant(at) if isinstance(at, str) else at or instant("08:00")
        number = next(self._numbers)
        return self._see(self.picture.apply(event, received_at, key or f"{number:06d}"))

    def hear_all(self, events: Iterable[Event]) -> None:
        for event in events:
            self.hear(event)

    def tick(self, now: dt.datetime | str) -> dict[str, Any]:
        return self._see(self.picture.tick(instant(now) if isinstance(now, str) else now))

    @property
    def view(self) -> dict[str, Any]:
        return self.copy

    def _see(self, delta: dict[str, Any]) -> dict[str, Any]:
        self.copy = merge(self.copy, delta)
        assert self.copy == self.picture.view()
        return delta


def instant(text: str) -> dt.datetime:
    """`01:32` of the night of 8–9 June 2025, UTC: the hours from 15:00 on are the 8th's."""
    if len(text) > 5:
        return dt.datetime.fromisoformat(text)
    hour, minute = (int(part) for part in text.split(":"))
    return dt.datetime(2025, 6, 8 if hour >= 15 else 9, hour, minute, tzinfo=dt.UTC)


@pytest.fixture
def at() -> Callable[[str], dt.datetime]:
    return instant


@pytest.fixture
def watch(theatre: Theatre) -> Watch:
    """A picture of what is actual."""
    return Watch(theatre, "actual")


@pytest.fixture
def exercise(theatre: Theatre) -> Watch:
    """A picture of an exercise."""
    return Watch(theatre, "exercise")
