"""The wall in a real browser, against a gateway of our own making."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.dashboard.assets.conftest import NOW, drag_map, iso
from tests.promises import PATIENCE_S, promised

if TYPE_CHECKING:
    from tests.dashboard.assets.conftest import FakeGateway, Glass

    Glasses = Callable[..., Glass]

Json = dict[str, Any]
VIEW = """() => {
    const map = document.querySelector('.js-plotly-plot')._fullLayout.map._subplot.map;
    return [map.getCenter().lng, map.getCenter().lat, map.getZoom(), map.getBearing()];
}"""


def test_the_night_is_read_off_the_glass(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    wall.wait_text("#uav-launched-value", "479")
    wall.wait_text("#uav-neutralised-value", "460")
    wall.wait_text("#missiles-value", "20")
    wall.wait_text("#missiles-more", "19 neutralised")
    wall.wait_text("#impacts-value", "10")
    assert "RECORD · 472" in wall.text("#uav-launched-more")
    assert "Polish and allied jets" in wall.text("#scrambles")
    assert "western Ukraine" in wall.text("#scrambles")
    assert re.fullmatch(r"\d:\d\d:\d\d", wall.text("#scrambles .timer"))
    assert wall.text("#alerts-list .big") == "3 of 27 regions"
    wall.wait_text("#mark-status", "EXERCISE×300")
    assert "400 %" in wall.text("#statements")
    assert wall.text("#feeds") == "feeds1 fresh1 quiet0 dead"
    assert wall.text("#ticker").startswith("08:00ZPoland")


def test_before_any_picture_the_wall_waits_and_shows_no_figure(glass: Glasses) -> None:
    wall = glass()
    wall.wait_kind("waiting")
    assert wall.text("#mark-status") == "WAITING"
    assert wall.page.is_visible("#banner")
    assert "Waiting for the picture" in wall.text("#banner")
    assert not wall.page.is_visible("#uav-launched-value")


@pytest.mark.alone
def test_a_gateway_that_goes_away_is_told_within_two_seconds_and_back_within_three(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    wall.wait_map()
    wall.page.evaluate("() => { window.notReloaded = true }")
    gateway.stop()
    with promised(2):
        wall.wait_mark("link-lost")
    assert wall.text("#mark-link") == "LINK LOST"
    assert wall.text("#mark-status") == "EXERCISE"
    assert "No word from the gateway since" in wall.text("#banner")
    assert "grayscale" in wall.page.evaluate(
        "() => getComputedStyle(document.querySelector('.panel')).filter"
    )
    # By then the tries are as slow as they become.
    wall.wait("watchfloor.link.attempt > 5")
    gateway.patch({"claims": {"c": {"launched": {"uav": {"value": 481}}}}})
    gateway.start()
    with promised(3):
        wall.wait_mark("exercise")
        wall.wait("document.querySelector('#uav-launched-value').textContent === '481'")
    assert not wall.page.is_visible("#banner")
    assert not wall.page.is_visible("#mark-link")
    assert wall.page.evaluate("() => window.notReloaded")


@pytest.mark.alone
def test_silence_is_a_lost_link_though_the_socket_is_open(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass(steady=False)
    wall.wait_kind("exercise")
    wall.wait_map()
    gateway.silent = True
    with promised(2):
        wall.wait_mark("link-lost")
    gateway.silent = False
    with promised(3):
        wall.wait_mark("exercise")


@pytest.mark.alone
def test_a_lost_store_is_as_loud_as_a_lost_link(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    gateway.store = {"store": "lost", "store_lost_at": gateway.now()}
    with promised(2):
        wall.wait_mark("store-lost")
    wall.wait_text("#mark-link", "STORE LOST")
    assert wall.page.is_visible("#banner")
    gateway.store = {"store": "ok"}
    with promised(2):
        wall.wait_mark("exercise")


def test_a_client_comes_back_with_its_position_and_keeps_what_it_has(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    assert "position" not in gateway.hellos[0]
    position = gateway.position
    gateway.stop()
    wall.wait_kind("link-lost")
    gateway.start()
    wall.wait_kind("exercise")
    assert gateway.hellos[-1] == {"type": "hello", "position": position, "gateway": "g"}
    wall.wait_text("#uav-launched-value", "479")


def test_a_frame_that_cannot_be_applied_is_answered_by_a_resync(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    gateway.send("{not json")
    wall.wait("watchfloor.link.state === 'up'")
    deadline = time.monotonic() + PATIENCE_S
    while {"type": "resync"} not in gateway.said:
        assert time.monotonic() < deadline
        wall.page.wait_for_timeout(50)
    wall.wait_kind("exercise")


def test_text_from_outside_stays_text(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    hostile = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    night["scrambles"]["PL|1"] |= {"cause": hostile, "cause_regions": [], "aircraft": [hostile]}
    night["statements"]["n"] |= {"speaker": hostile, "topic": hostile}
    night["strikes"]["v"]["target"] = hostile
    night["threats"]["t1"] |= {"weapon": hostile, "toward": hostile}
    night["claims"]["c"] |= {"claimant": hostile}
    night["claims"]["c"]["launched"]["uav"] = {"value": 479, "qualifier": hostile[:64]}
    night["claims"]["c"]["quotes"]["launched.uav"]["text"] = hostile
    night["ticker"]["1"] |= {"subject": hostile, "kind": "statement", "detail": {"topic": hostile}}
    night["feeds"][hostile] = {"state": "dead", "checked_at": gateway.now(), "every_s": 1, "detail": hostile}
    night["clock"]["title"] = hostile
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    assert hostile in wall.text("#scrambles")
    assert hostile in wall.text("#ticker")
    wall.wait_text("#uav-launched-hedge", hostile[:64])
    wall.page.hover("#uav-launched")
    assert "<img" in wall.text("#card")
    wall.page.hover("#feeds")
    assert hostile in wall.text("#card")
    wall.page.wait_for_timeout(300)
    assert wall.page.evaluate("() => window.hacked ?? null") is None
    assert wall.page.evaluate("() => document.querySelectorAll('img[src=x], #wall script').length") == 0


def test_no_request_leaves_the_machine(glass: Glasses, gateway: FakeGateway, night: Json, site: str) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    wall.wait_map()
    wall.page.wait_for_timeout(500)
    asked = {urlsplit(url).netloc for url in wall.requests if urlsplit(url).scheme in ("http", "https")}
    assert asked == {urlsplit(site).netloc}
    assert {urlsplit(url).scheme for url in wall.requests} <= {"http", "blob", "data"}


def test_new_data_does_not_move_the_viewers_map_nor_its_focus(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    wall.wait_map()
    place = wall.page.locator("#map-place").bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    framed = wall.page.evaluate(VIEW)
    drag_map(wall.page, x, y)
    moved = wall.page.evaluate(VIEW)
    assert moved[0] < framed[0]
    assert moved[3] == 0
    wall.page.focus("#missiles")
    gateway.patch({"claims": {"c": {"launched": {"uav": {"value": 500}}}}})
    gateway.patch(
        {"alerts": {"UA-63|air_raid|red": night["alerts"]["UA-46|air_raid|red"] | {"region": "UA-63"}}}
    )
    gateway.patch({"threats": {"t1": None}})
    wall.wait("document.querySelector('#uav-launched-value').textContent === '500'")
    wall.page.wait_for_timeout(400)
    assert wall.page.evaluate(VIEW) == pytest.approx(moved)
    assert wall.page.evaluate("() => document.activeElement.id") == "missiles"


def test_alerts_paint_their_regions_and_all_clears_take_the_paint_away(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_map()
    state = "watchfloor.stage.map.map.getFeatureState({ source: 'borders', id: '%s' }).alert"
    wall.wait(f"{state % 'UA-46'}")
    assert [wall.page.evaluate(state % key) for key in ("UA-46", "UA-51", "UA-09", "UA-12")] == [
        "red",
        "yellow",
        "permanent",
        None,
    ]
    gateway.patch(
        {"alerts": {"UA-46|air_raid|red": None}, "regions": {"UA-46": None}, "alerting": {"n": 2, "red": 1}}
    )
    wall.wait("document.querySelector('#alerts-list .big').textContent.startsWith('2')")
    wall.wait(f"{state % 'UA-46'} === ''")


def test_plotlys_own_map_is_where_we_reach_for_it(glass: Glasses) -> None:
    """Pinned with plotly: when this fails, assets/glmap.mjs needs the map's new place."""
    wall = glass()
    wall.wait_map()
    methods = [
        "jumpTo",
        "getCenter",
        "getZoom",
        "setFeatureState",
        "addImage",
        "setFilter",
        "areTilesLoaded",
        "setPaintProperty",
    ]
    missing = wall.page.evaluate(
        """(methods) => {
            const map = document.querySelector('.js-plotly-plot')._fullLayout.map._subplot.map;
            return methods.filter((name) => typeof map[name] !== "function");
        }""",
        methods,
    )
    assert missing == []


def test_without_webgl_the_figures_stand_and_the_map_says_why_not(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass(
        script="""HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
            apply: (get, canvas, [kind, ...more]) =>
                kind.startsWith("webgl") ? null : Reflect.apply(get, canvas, [kind, ...more]),
        });""",
        forgiven="webgl",
    )
    wall.wait_kind("exercise")
    wall.wait_text("#uav-launched-value", "479")
    assert "no WebGL" in wall.text("#map-note")
    assert wall.page.is_visible("#map-note")


def test_absent_zero_and_hedged_are_three_things_on_the_glass(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    claim = night["claims"]["c"]
    claim["launched"] = {"uav": {"value": 480, "qualifier": "nearly"}}
    claim["neutralised"] = {"uav": {"value": 0}}
    del claim["impact_places"]
    night["tally"]["rates"] = {}
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    for name, hedge, number in (
        ("uav-launched", "nearly", "480"),
        ("uav-neutralised", "", "0"),
        ("missiles", "", "—"),
        ("impacts", "", "—"),
    ):
        wall.wait_text(f"#{name}-value", number)
        wall.wait_text(f"#{name}-hedge", hedge)


def test_figures_dim_when_all_their_feeds_are_dead(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    assert not wall.page.locator("#uav-launched.stale").count()
    now = gateway.now()
    gateway.patch(
        {
            "feeds": {
                "channel": {"state": "dead"},
                "press": {"state": "slow", "checked_at": now, "every_s": 5},
            }
        }
    )
    wall.wait("document.querySelector('#uav-launched.stale')")
    wall.page.hover("#uav-launched")
    assert "The feed behind this is slow." in wall.text("#card")


def test_a_counter_shows_the_sentence_that_it_is_from(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    for witness in night["claims"]["c"]["witnesses"].values():
        witness["received_at"] = iso(datetime.now(UTC) - timedelta(hours=3))
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    wall.page.focus("#uav-launched")
    wall.wait("!document.querySelector('#card').hidden")
    assert wall.text("#card mark") == "479"
    assert "460 of them neutralised" in wall.text("#card")
    assert "Ukrainian Air Force says" in wall.text("#card")
    assert "received 3 h 0" in wall.text("#card")


def test_a_wrong_browser_clock_changes_nothing(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    night["status"] = "actual"
    del night["clock"]
    gateway.picture = night
    gateway.skew = NOW - datetime.now(UTC)
    gateway.start()
    wall = glass()
    wall.wait_kind("live")
    assert wall.text("#clock-zulu").startswith("09 JUN 08:0")
    wall.wait_text("#mark-status", "LIVE")


def test_an_exercise_that_ends_says_so(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    gateway.patch({"clock": {"state": "ended"}})
    wall.wait_kind("exercise-ended")
    wall.wait_text("#mark-status", "EXERCISE ENDED")


def test_an_exercise_whose_clock_is_not_heard_stops_it(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    night["clock"] |= {"beat_s": 0.2, "received_at": iso(datetime.now(UTC) - timedelta(minutes=1))}
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise-lost")
    stopped = wall.text("#clock-zulu")
    wall.page.wait_for_timeout(700)
    assert wall.text("#clock-zulu") == stopped
    assert "exercise clock silent for" in wall.text("#clock-note")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080), (3840, 2160)])
def test_nothing_spills_over_its_place(
    glass: Glasses, gateway: FakeGateway, night: Json, width: int, height: int
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass(width=width, height=height)
    wall.wait_kind("exercise")
    wall.wait_text("#uav-launched-value", "479")
    spilt = wall.page.evaluate(
        """() => [
                document.documentElement,
                ...document.querySelectorAll(".head, .panel, .strip, .ticker-band, .figure"),
            ].filter((e) => e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2)
            .map((e) => e.id || e.className || e.tagName)"""
    )
    assert spilt == []


def test_another_theatre_than_the_servers_is_not_passed_off_as_it(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass("?theatre=elsewhere")
    wall.wait("document.querySelector('#banner')?.textContent.includes('elsewhere')")
    wall.page.wait_for_timeout(500)
    assert gateway.hellos == []
    wall.wait_kind("waiting")
    assert not wall.page.is_visible("#uav-launched-value")


def test_scale_makes_everything_larger(glass: Glasses) -> None:
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    normal, large, wrong = glass(), glass("?scale=1.25"), glass("?scale=900")
    for wall in (normal, large, wrong):
        wall.wait_kind("waiting")
    sizes = [wall.page.evaluate(size) for wall in (normal, large, wrong)]
    assert sizes[1] == pytest.approx(1.25 * sizes[0], rel=1e-4)
    assert sizes[2] == sizes[0]
