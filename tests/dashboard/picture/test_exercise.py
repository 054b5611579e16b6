"""An exercise's own time."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dashboard.picture.exercise import instant_of, within
from dashboard.picture.shape import Clock
from streams.events import ExerciseClock

if TYPE_CHECKING:
    from tests.dashboard.picture.conftest import Watch

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
START = dt.datetime(2025, 6, 8, 17, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def clock(**changes: object) -> Clock:
    fields = {
        "run": "1",
        "title": "t",
        "state": "running",
        "at": START,
        "received_at": NOW,
        "speed": 300.0,
        "starts_at": START,
        "ends_at": START + dt.timedelta(hours=22),
        "beat_s": 5.0,
    }
    return Clock(**(fields | changes))  # type: ignore[arg-type]


def test_it_goes_on_between_beats_but_not_beyond_three() -> None:
    assert instant_of(clock(), NOW + 2 * SECOND) == START + 600 * SECOND
    assert instant_of(clock(), NOW + 60 * SECOND) == START + 4_500 * SECOND
    assert instant_of(clock(), NOW - 60 * SECOND) == START


def test_it_stops_at_its_end() -> None:
    late = clock(at=START + dt.timedelta(hours=21, minutes=59))
    assert instant_of(late, NOW + 10 * SECOND) == START + dt.timedelta(hours=22)
    assert instant_of(clock(state="ended"), NOW + 10 * SECOND) == START


def test_its_last_instant_belongs_to_its_last_night() -> None:
    at_end = clock(state="ended", at=START + dt.timedelta(hours=22))
    assert within(at_end, at_end.at) < at_end.ends_at


def test_the_picture_shows_the_exercises_night(exercise: Watch) -> None:
    for i, (at, state) in enumerate(((START, "running"), (START + dt.timedelta(hours=22), "ended"))):
        event = ExerciseClock(
            id=f"c{i}",
            status="exercise",
            run="1",
            feed="x",
            title="t",
            state=state,  # type: ignore[arg-type]
            at=at,
            speed=300,
            starts_at=START,
            ends_at=START + dt.timedelta(hours=22),
        )
        exercise.hear(event, at=NOW + i * SECOND)
        exercise.tick(NOW + i * SECOND)
        assert exercise.view["night"] == {"start": "2025-06-08T15:00:00Z", "end": "2025-06-09T15:00:00Z"}
