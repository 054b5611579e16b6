"""What explains a scramble, and that nothing does, on its line and in its card."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dashboard.assets.conftest import FakeGateway, Glass

    Glasses = Callable[..., Glass]

Json = dict[str, Any]
LINK = "(m, scramble) => m.linkOf(scramble, words)"


@pytest.mark.parametrize(
    ("scramble", "says"),
    [
        ({"lead_s": 1860, "causes": {"western-alert": {"n": 1}}}, "31 min after the first western alert"),
        ({"lead_s": -720, "causes": {"western-alert": {"n": 1}}}, "12 min before the first western alert"),
        ({"lead_s": 60, "causes": {"own-rule": {"n": 1}}}, "60 s after the first alert that explains it"),
        ({"causes": {"mig-31k": {}, "own-rule": {}}}, "explained by MiG-31K airborne, own-rule"),
        ({"no_cause_found": True}, "no cause found"),
        ({}, ""),
    ],
)
def test_a_scramble_says_what_explains_it(modules: Callable[..., Any], scramble: Json, says: str) -> None:
    assert modules("scrambles", LINK, scramble) == says


def test_an_airport_is_as_it_was_told_last(modules: Callable[..., Any]) -> None:
    scramble = {
        "airports_closed": ["EPRZ", "EPLB", "EPWA"],
        "airports_reopened": ["EPRZ", "EPLB"],
        "airports": {
            "EPRZ": {"state": "closed", "at": "2025-06-09T07:00:00Z"},
            "EPLB": {"state": "reopened", "at": "2025-06-09T06:00:00Z"},
        },
    }
    assert modules("scrambles", "(m, s) => m.closedAirports(s)", scramble) == ["EPRZ", "EPWA"]


def test_lead_time_and_evidence_stand_with_the_scramble(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    witness = {"feed": "sirens", "received_at": "2025-06-09T05:47:00Z"}
    night["alerts"]["UA-46|air_raid|red"]["witnesses"] = {"alert-1": witness}
    night["scrambles"]["PL|1"] |= {
        "lead_s": 1860,
        "causes": {
            "western-alert": {
                "since": "2025-06-09T05:47:00Z",
                "regions": ["UA-46", "101/hromada/umanska"],
                "events": ["alert-1", "alert-that-is-over"],
                "n": 2,
            }
        },
    }
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    assert "31 min after the first western alert" in wall.text("#scrambles .details")
    wall.page.focus("[data-scramble]")
    card = wall.text("#card")
    assert "alert in western Ukraine · Lviv, Umanska hromada · since 05:47Z · 2 alerts and threats" in card
    assert "Lviv: air alert · red · 03:00Z · sirens" in card
    assert "and over by now: 1" in card
    assert wall.page.locator("#scrambles .remark").count() == 0


def test_that_nothing_explains_a_scramble_is_said_and_seen(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    night["scrambles"]["PL|1"] |= {"no_cause_found": True, "not_stood_down": True}
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    assert wall.page.locator("#scrambles .remark").all_text_contents() == [
        " · no cause found",
        " · stand-down not reported",
    ]
    wall.page.focus("[data-scramble]")
    assert "No alert and no threat that is known explains it." in wall.text("#card")
    ring = "watchfloor.stage.overlay.scene?.scrambles[0].note"
    wall.wait(f"{ring} === 'no cause found'")
    gateway.patch({"scrambles": {"PL|1": {"no_cause_found": None, "causes": {"mig-31k": {"n": 1}}}}})
    wall.wait("document.querySelector('#scrambles').textContent.includes('explained by MiG-31K airborne')")
    wall.wait(f"{ring} !== 'no cause found'")
