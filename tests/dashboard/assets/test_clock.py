"""The shown instant: the server's, or an exercise's that stops when nobody hears of it any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CLOCK = {
    "run": "r",
    "title": "t",
    "state": "running",
    "at": "2025-06-09T03:00:00Z",
    "received_at": "2030-01-01T00:00:00Z",
    "speed": 300.0,
    "starts_at": "2025-06-08T17:00:00Z",
    "ends_at": "2025-06-09T12:00:00Z",
    "beat_s": 5.0,
}
SHOWN = """(m, [tree, now]) => {
    const shown = m.shownInstant(tree, Date.parse(now));
    return [shown.state, shown.at === null ? null : new Date(shown.at).toISOString()];
}"""


def shown(modules: Callable[..., Any], clock: dict[str, Any] | None, now: str) -> Any:
    tree = {"status": "exercise", **({"clock": clock} if clock else {})}
    return modules("clock", SHOWN, [tree, now])


def test_an_exercises_clock_runs_at_its_own_speed(modules: Callable[..., Any]) -> None:
    assert shown(modules, CLOCK, "2030-01-01T00:00:02Z") == ["running", "2025-06-09T03:10:00.000Z"]


def test_it_stops_after_three_missed_beats_and_says_so(modules: Callable[..., Any]) -> None:
    assert shown(modules, CLOCK, "2030-01-01T00:00:15Z") == ["running", "2025-06-09T04:15:00.000Z"]
    assert shown(modules, CLOCK, "2030-01-01T00:00:16Z") == ["lost", "2025-06-09T04:15:00.000Z"]
    assert shown(modules, CLOCK, "2031-01-01T00:00:00Z") == ["lost", "2025-06-09T04:15:00.000Z"]


def test_it_never_runs_past_the_exercises_end(modules: Callable[..., Any]) -> None:
    late = CLOCK | {"at": "2025-06-09T11:59:00Z"}
    assert shown(modules, late, "2030-01-01T00:00:10Z") == ["running", "2025-06-09T12:00:00.000Z"]


def test_an_ended_exercise_stands_still(modules: Callable[..., Any]) -> None:
    ended = CLOCK | {"state": "ended"}
    assert shown(modules, ended, "2030-01-01T09:00:00Z") == ["ended", "2025-06-09T03:00:00.000Z"]


def test_an_exercise_without_a_clock_has_no_time(modules: Callable[..., Any]) -> None:
    assert shown(modules, None, "2030-01-01T00:00:00Z") == ["unknown", None]


def test_a_server_behind_the_beat_does_not_run_the_clock_backwards(modules: Callable[..., Any]) -> None:
    assert shown(modules, CLOCK, "2029-12-31T23:59:59Z") == ["running", "2025-06-09T03:00:00.000Z"]


def test_the_actual_picture_shows_the_servers_time(modules: Callable[..., Any]) -> None:
    assert modules("clock", SHOWN, [{"status": "actual"}, "2025-06-09T03:12:00Z"]) == [
        "actual",
        "2025-06-09T03:12:00.000Z",
    ]


@pytest.mark.parametrize(
    ("function", "value", "text"),
    [
        ("dateTimeGroup", "2025-06-09T04:30:59Z", "090430ZJUN25"),
        ("zuluSeconds", "2025-06-09T04:30:59Z", "04:30:59Z"),
        ("zuluDay", "2025-06-09T04:30:59Z", "09 JUN"),
    ],
)
def test_times_are_written_as_the_military_does(
    modules: Callable[..., Any], function: str, value: str, text: str
) -> None:
    assert modules("clock", f"(m, v) => m.{function}(Date.parse(v))", value) == text


def test_local_times_follow_their_zone(modules: Callable[..., Any]) -> None:
    function = "(m, zones) => zones.map((zone) => m.localTime(Date.parse('2025-06-09T04:30:00Z'), zone))"
    zones = ["Europe/Kyiv", "Europe/Warsaw", "No/Where"]
    assert modules("clock", function, zones) == ["07:30", "06:30", ""]


def test_timers_count_hours_only_when_there_are_any(modules: Callable[..., Any]) -> None:
    function = "(m, ms) => ms.map(m.timer)"
    assert modules("clock", function, [6_125_000, 125_000, 0, -5_000]) == [
        "1:42:05",
        "02:05",
        "00:00",
        "00:00",
    ]


def test_the_servers_time_is_kept_against_a_wrong_browser_clock(modules: Callable[..., Any]) -> None:
    got = modules(
        "servertime",
        """(m) => {
            let at = 1000;
            const time = new m.ServerTime(() => at);
            time.heard("2030-01-01T00:00:00.000Z");   // on its way for 80 ms
            at += 500;
            time.heard("2030-01-01T00:00:00.580Z");   // on its way for 0 ms
            at += 500;
            time.heard("2030-01-01T00:00:00.900Z");   // late by 180 ms
            const steady = new Date(time.now()).toISOString();
            time.heard("2031-01-01T00:00:00.000Z");   // the server's clock was set
            return [steady, new Date(time.now()).toISOString()];
        }""",
    )
    assert got == ["2030-01-01T00:00:01.080Z", "2031-01-01T00:00:00.000Z"]
