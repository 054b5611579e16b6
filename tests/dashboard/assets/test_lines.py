"""What happened, in one line; and the ticker's choice of lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("tick", "tone", "subject", "what"),
    [
        (
            {"kind": "alert.start", "subject": "UA-46", "detail": {"type": "air_raid", "level": "red"}},
            "red",
            "Lviv",
            "air alert · red",
        ),
        (
            {"kind": "alert.end", "subject": "UA-46", "detail": {"type": "air_raid"}},
            "clear",
            "Lviv",
            "all-clear",
        ),
        (
            {
                "kind": "threat.start",
                "subject": "UA-56",
                "detail": {"type": "cruise_missiles", "weapon": "kh-101", "toward": "Dubno"},
            },
            "threat",
            "Rivne",
            "Kh-101 → Dubno",
        ),
        (
            {
                "kind": "scramble.start",
                "subject": "PL",
                "detail": {"allied": "yes", "cause_regions": "UA-46"},
            },
            "scramble",
            "Poland",
            "own and allied jets scrambled · because of Lviv",
        ),
        ({"kind": "scramble.end", "subject": "PL"}, "scramble", "Poland", "jets stood down"),
        (
            {
                "kind": "raid_report",
                "subject": "ua-air-force",
                "detail": {"launched.uav": "nearly 480", "neutralised.uav": "460"},
            },
            "report",
            "Ukrainian Air Force",
            "nearly 480 UAV launched · 460 neutralised",
        ),
        ({"kind": "something.new", "subject": "x"}, "other", "x", "something.new"),
    ],
)
def test_a_tick_is_put_into_words(
    modules: Callable[..., Any], tick: dict[str, Any], tone: str, subject: str, what: str
) -> None:
    assert modules("lines", "(m, tick) => m.lineOf(tick, words)", tick) == {
        "tone": tone,
        "subject": subject,
        "what": what,
    }


def test_a_salvo_of_alerts_is_one_line(modules: Callable[..., Any]) -> None:
    def alert(region: str, minute: int, level: str = "red") -> dict[str, Any]:
        return {
            "at": f"2025-06-09T03:{minute:02}:30Z",
            "kind": "alert.start",
            "subject": region,
            "detail": {"type": "air_raid", "level": level},
            "source": {"feed": "alerts"},
        }

    ticker = {
        "1|a": alert("UA-46", 1),
        "2|b": alert("UA-59", 2),
        "2|c": alert("UA-53", 2),
        "2|d": alert("UA-51", 2, "yellow"),
        "3|e": {
            "at": "2025-06-09T03:03:00Z",
            "kind": "scramble.start",
            "subject": "PL",
            "source": {"feed": "pl"},
        },
    }
    got = modules("ticker", "(m, t) => m.newest(t).map(([key, , subjects]) => [key, subjects])", ticker)
    assert got == [["3|e", ["PL"]], ["2|d", ["UA-51"]], ["2|c", ["UA-53", "UA-59"]], ["1|a", ["UA-46"]]]


def test_a_quote_marks_its_figure_by_characters_and_not_by_utf16(modules: Callable[..., Any]) -> None:
    quote = {"text": "𝟒𝟕𝟗 said: 479 UAV.", "start": 10, "end": 13}
    assert modules("card", "(m, q) => m.quoteParts(q)", quote) == ["𝟒𝟕𝟗 said: ", "479", " UAV."]
