"""Advisories over the map: what is on, the gravest first; what ended, for a while; else nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dashboard.assets.conftest import FakeGateway, Glass

    Glasses = Callable[..., Glass]

Json = dict[str, Any]
HOSTILE = "<img src=x onerror='window.hacked=1'>"
SLOW = 0.01
"""Of the exercise's clock: what ended is still told at the end of the test."""


def advisory(state: str = "on", severity: str = "warning", **more: Any) -> Json:
    return {
        "state": state,
        "severity": severity,
        "title": {"en": "Strategic aviation airborne"},
        "since": "2025-06-09T07:30:00Z",
        **more,
    }


@pytest.mark.parametrize(
    ("at", "shown"), [("07:50", ["grave", "new", "old", "over"]), ("08:20", ["grave", "new", "old"])]
)
def test_the_gravest_comes_first_and_what_ended_goes_after_a_while(
    modules: Callable[..., Any], at: str, shown: list[str]
) -> None:
    advisories = {
        "over": advisory("ended", "alarm", until="2025-06-09T07:45:00Z"),
        "old": advisory(severity="notice"),
        "new": advisory(severity="made-up", since="2025-06-09T07:40:00Z"),
        "grave": advisory(severity="alarm", since="2025-06-09T06:00:00Z"),
    }
    function = f"(m, a) => m.current(a, Date.parse('2025-06-09T{at}:00Z')).map(([key]) => key)"
    assert modules("advisories", function, advisories) == shown


def test_a_title_is_in_the_pages_language_else_in_english_else_the_key(modules: Callable[..., Any]) -> None:
    function = "(m, [title, lang]) => m.titleOf('mass-alert', { title }, lang)"
    titles = {"en": "Mass alert", "fr": "Alerte massive"}
    got = [modules("advisories", function, each) for each in ([titles, "fr"], [titles, "pl"], [{}, "en"])]
    assert got == ["Alerte massive", "Mass alert", "mass-alert"]


def test_an_advisory_comes_with_its_reasons_and_goes(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    night["clock"]["speed"] = SLOW
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_map()
    assert not wall.page.is_visible("#advisories")
    on = advisory(why=["t1", "one-that-is-over"])
    gateway.patch({"advisories": {"strategic-aviation-airborne": on}})
    wall.wait("document.querySelector('#advisories .advisory')")
    assert wall.text("#advisories .advisory-title") == "Strategic aviation airborne"
    assert wall.text("#advisories .advisory-when") == "warning · since 07:30Z"
    assert wall.text("#advisories .timer") == "0:30"
    wall.page.hover("#advisories .advisory")
    wall.wait("!document.querySelector('#card').hidden")
    assert "Rivne: Kh-101" in wall.text("#card")
    assert "and over by now: 1" in wall.text("#card")
    ended = {"state": "ended", "until": "2025-06-09T07:55:00Z", "ended_because": "scramble began"}
    gateway.patch({"advisories": {"strategic-aviation-airborne": ended}})
    wall.wait("document.querySelector('#advisories .over')")
    assert wall.text("#advisories .advisory-when") == "over · 07:30Z–07:55Z · jets scrambled"
    gateway.patch({"advisories": {"strategic-aviation-airborne": None}})
    wall.wait("document.querySelector('#advisories').hidden")


def test_words_of_an_advisory_stay_words(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    night["advisories"] = {
        HOSTILE: advisory(severity=HOSTILE, title={"en": HOSTILE}, why=[HOSTILE]),
        "b": advisory("ended", until="2025-06-09T07:59:00Z", ended_because=HOSTILE, title={}),
    }
    night["scrambles"]["PL|1"]["causes"] = {HOSTILE: {"regions": [HOSTILE], "events": [HOSTILE], "n": 1}}
    night["alerts"]["x"] = night["alerts"]["UA-46|air_raid|red"] | {"region": HOSTILE}
    night["clock"]["speed"] = SLOW
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_map()
    wall.wait("document.querySelector('#advisories .advisory')")
    assert HOSTILE in wall.text("#advisories")
    for selector in ("#advisories .advisory", "[data-scramble]", "#alerts-list"):
        wall.page.focus(selector)
        wall.wait("!document.querySelector('#card').hidden")
        assert HOSTILE in wall.text("#card")
    wall.page.wait_for_timeout(300)
    assert wall.page.evaluate("() => window.hacked ?? null") is None
    assert wall.page.evaluate("() => document.querySelectorAll('img[src=x]').length") == 0
