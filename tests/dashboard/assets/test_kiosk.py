"""What a wall does that nobody touches: its address, its bells, its layouts, and its eye on itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dashboard.assets.conftest import FakeGateway, Glass

Modules = Callable[..., Any]
Json = dict[str, Any]


@pytest.mark.parametrize(
    ("search", "asked"),
    [
        ("", {}),
        ("?scale=2&layouts=full,map&every=30", {"scale": 2, "layouts": ["full", "map"], "every": 30}),
        ("?scale=9&every=1&layouts=<b>&mute=7&follow=A%20B", {}),
        ("?mute=21-06&sound=off&shift=off", {"mute": {"from": 21, "to": 6}, "sound": "off", "shift": "off"}),
        ("?watch=UA-46,UA-07,x&follow=hall", {"watch": ["UA-46", "UA-07"], "follow": "hall"}),
    ],
)
def test_the_address_alone_sets_it_up(modules: Modules, search: str, asked: Json) -> None:
    assert modules("page", "(m, x) => m.asked(x)", search) == asked


BEFORE = {"scramble": ["a"], "alert": ["any"], "lost": []}


@pytest.mark.parametrize(
    ("now", "rings"),
    [
        (BEFORE, []),
        (BEFORE | {"scramble": ["a", "b"]}, ["scramble"]),
        (BEFORE | {"scramble": []}, []),
        (BEFORE | {"alert": []}, ["clear"]),
        (BEFORE | {"lost": ["sirens"]}, ["lost"]),
    ],
)
def test_only_what_is_new_rings(modules: Modules, now: Json, rings: list[str]) -> None:
    assert modules("bells", "(m, [a, b]) => m.ringing(a, b)", [BEFORE, now]) == rings


@pytest.mark.parametrize(
    ("mute", "hour", "is_muted"),
    [
        ({"from": 21, "to": 6}, 23, True),
        ({"from": 21, "to": 6}, 6, False),
        ({"from": 9, "to": 12}, 10, True),
        (None, 3, False),
    ],
)
def test_the_night_is_mute(modules: Modules, mute: Json | None, hour: int, is_muted: bool) -> None:
    assert modules("bells", "(m, [a, b]) => m.isMuted(a, b)", [mute, hour]) is is_muted


@pytest.mark.parametrize(
    ("seen", "keys"),
    [
        ({"frameAgeMs": 20, "stillMs": 0, "offsetMs": 40}, []),
        ({"frameAgeMs": 9_000, "stillMs": 0, "offsetMs": None}, ["watchdog.frames"]),
        (
            {"frameAgeMs": 20, "stillMs": 8_000, "offsetMs": -90_000},
            ["watchdog.still", "watchdog.clock_behind"],
        ),
    ],
)
def test_the_wall_says_what_is_wrong_with_itself(modules: Modules, seen: Json, keys: list[str]) -> None:
    assert modules("watchdog", "(m, x) => m.faults(x).map(({key}) => key)", seen) == keys


def test_a_reload_rings_for_nothing_old_and_a_new_scramble_rings(
    glass: Callable[..., Glass], gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass("?layouts=figures,full&every=600")
    wall.page.add_init_script(
        """
        globalThis.rung = [];
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (at) {
            rung.push(this.frequency.value);
            return start.call(this, at);
        };
        """
    )
    wall.page.reload()
    wall.wait_kind("exercise")
    wall.page.keyboard.press("Shift")
    wall.wait("watchfloor.wall.bells.state === 'on'")
    assert wall.page.get_attribute("#wall", "data-layout") == "figures"
    assert not wall.page.is_visible("#map")
    known = next(iter(night["scrambles"].values()))
    gateway.patch({"scrambles": {"new": known | {"country": "RO", "state": "start"}}})
    wall.wait("rung.includes(880)")
    wall.page.reload()
    wall.wait_kind("exercise")
    wall.page.keyboard.press("Shift")
    wall.wait("watchfloor.wall.bells.state === 'on'")
    # Two looks later: each picture is looked at five times a second.
    wall.wait("(globalThis.since ??= performance.now()) < performance.now() - 500")
    # A gateway that was not heard for a while is told of with lower tones.
    assert wall.page.evaluate("rung.filter((hertz) => hertz > 250)") == []


def test_a_counter_opens_to_its_claims_with_their_sentences(
    glass: Callable[..., Glass], gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    wall.page.focus("#uav-launched")
    wall.page.keyboard.press("Enter")
    wall.wait("document.querySelector('#dialog-claims')?.open")
    assert "479" in wall.text("#dialog-claims .asked")
    assert wall.text("#dialog-claims mark")
    wall.page.keyboard.press("Escape")
    wall.wait("!document.querySelector('#dialog-claims')")
    assert wall.page.evaluate("document.activeElement.id") == "uav-launched"


def test_jets_blink_until_somebody_has_acknowledged_them(
    glass: Callable[..., Glass], gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    marked = "document.querySelectorAll('.unacknowledged .jet').length"
    blink = "document.documentElement.dataset.blink"
    wall.wait(f"{marked} > 0 && {blink} === 'off'")
    wall.wait(f"{blink} === 'on'")
    (event,) = list(next(iter(night["scrambles"].values()))["witnesses"])[:1]
    ack = {"by": "anna", "at": "2025-06-09T08:00:00Z", "log": "desk:1"}
    gateway.patch({"acks": {event: ack}})
    wall.wait(f"{marked} === 0 && {blink} === 'on'")
    assert "seen by anna 08:00Z" in wall.text("#scrambles-list")
