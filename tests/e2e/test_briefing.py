"""The replay on screens: the briefing's controls, the two times, chapters, a presenter and who follows."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage

from tests.e2e.conftest import Wall
from tests.house import PROCESSES, House
from tests.promises import promised

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
STATE = "(watchfloor.station.replay ?? {})"
"""Of the screen; one that follows has none while it is live."""
SPEED = 6_000
QUIET = "globalThis.AudioContext = class { constructor() { throw new Error('this page sounds'); } };"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose exercise has a night's first hours behind it within seconds."""
    house = House(tmp_path_factory.mktemp("briefing"), speed=SPEED)
    house.start(*PROCESSES, "replay")
    yield house
    house.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Three browsers that know nothing of each other; their consoles end clean."""
    complaints: list[str] = []
    contexts = [browser.new_context(viewport={"width": 1280, "height": 720}) for _ in range(3)]

    def heard(said: ConsoleMessage) -> None:
        if said.type == "error":
            complaints.append(f"{said.text} {said.location['url']}")

    for context in contexts:
        context.on("console", heard)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield contexts
    for context in contexts:
        context.close()
    # A browser itself reports every refused connection and every refusal, which is what some of it is about.
    refused = ("WebSocket connection", "net::ERR_CONNECTION_REFUSED", "409 (Conflict)")
    assert [said for said in complaints if not any(words in said for words in refused)] == []


def opened(context: BrowserContext, house: House, address: str, script: str = "") -> Wall:
    page = context.new_page()
    if script:
        page.add_init_script(script)
    page.goto(f"http://127.0.0.1:{house.ports['PORT']}{address}")
    return Wall(page)


@pytest.fixture(scope="module")
def screen(house: House, contexts: list[BrowserContext]) -> Wall:
    """The briefing, with some of the night behind it."""
    screen = opened(contexts[0], house, "/briefing", QUIET)
    screen.until_kind("replay")
    screen.until(f"{STATE}.toMs - {STATE}.fromMs > 4000")
    screen.until("watchfloor.briefing.density.marks.length > 0")
    return screen


def state(screen: Wall) -> dict[str, Any]:
    return dict(json.loads(screen.page.evaluate(f"JSON.stringify({STATE})")))


def seek(screen: Wall, share: float) -> float:
    """Go to a share of the exercise as far as it has come, standing still; where that is, in ms."""
    at = screen.page.evaluate(
        f"(() => {{ const r = {STATE};"
        "  const to = Math.min(r.toMs, watchfloor.briefing.dial.stretch?.[1] ?? r.toMs);"
        f"  const at = Math.round(r.fromMs + {share} * (to - r.fromMs));"
        "  watchfloor.station.pause(); watchfloor.briefing.seek(at); return at; })()"
    )
    screen.until(f"{STATE}.atMs === {at} && !{STATE}.playing && {STATE}.ready")
    return float(at)


def test_every_control_moves_the_replay(screen: Wall) -> None:
    page, press = screen.page, screen.page.keyboard.press
    assert "REPLAY" in screen.text("#mark-replay")
    assert "EXERCISE" in screen.text("#mark-status")
    assert "NOT LIVE" in screen.text("#replay-band")

    press("Home")
    screen.until(f"{STATE}.atMs === {STATE}.fromMs")
    press("ArrowRight")
    screen.until(f"{STATE}.atMs > {STATE}.fromMs && !{STATE}.playing")
    first = state(screen)["atMs"]
    press("ArrowRight")
    screen.until(f"{STATE}.atMs > {first}")
    press("ArrowLeft")
    screen.until(f"{STATE}.atMs === {first}")

    press("Space")
    screen.until(f"{STATE}.playing && {STATE}.atMs > {first} + 200")
    press("Space")
    screen.until(f"!{STATE}.playing")
    at = seek(screen, 0.6)
    press("r")
    screen.until(f"{STATE}.playing && {STATE}.reverse && {STATE}.atMs < {at} - 200")
    page.fill("#control-speed", "600")
    page.press("#control-speed", "Enter")
    screen.until(f"{STATE}.speed === 600 && {STATE}.atMs === {STATE}.fromMs && !{STATE}.playing")
    page.fill("#control-speed", "1")
    page.press("#control-speed", "Enter")

    at = seek(screen, 0.5)
    field = "document.querySelector('#control-time').value.replace(' ', 'T')"
    screen.until(f"Math.abs(Date.parse({field}) - watchfloor.briefing.dial.shown({at})) < 1000")
    shown = page.input_value("#control-time")
    seek(screen, 0.2)
    press("t")
    page.keyboard.type(shown)
    press("Enter")
    screen.until(f"Math.abs({STATE}.atMs - {at}) < 1000 && document.activeElement.id !== 'control-time'")

    seek(screen, 0.3)
    press("[")
    seek(screen, 0.6)
    press("]")
    screen.until(f"{STATE}.loop !== null")
    begin, end = state(screen)["loopMs"]
    assert begin < end
    press("o")
    screen.until(f"{STATE}.loop === null")

    box = page.locator(".density-plot").bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + box["height"] / 2
    page.mouse.move(x + 10, y)
    page.mouse.down()
    for share in (0.02, 0.04, 0.06):
        page.mouse.move(x + share * box["width"], y)
    page.mouse.up()
    there = page.evaluate("(([from, to]) => from + 0.06 * (to - from))(watchfloor.briefing.density.window)")
    screen.until(f"Math.abs({STATE}.atMs - Math.min({STATE}.toMs, {there})) < 500")

    press("?")
    screen.until_text("#dialog-help", "Next event")
    press("Escape")


def test_a_cold_link_is_the_same_second_seen_in_the_same_way(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    at = seek(screen, 0.4)
    begin, end = int(at), int(at) + 1_500
    screen.page.evaluate(
        f"watchfloor.briefing.setSpeed(30), watchfloor.briefing.repeat([{begin}, {end}]),"
        "watchfloor.stage.map.goTo(24, 50, 6.2), watchfloor.briefing.know('now')"
    )
    screen.until(f"{STATE}.known === 'now' && {STATE}.loop !== null && {STATE}.ready")
    screen.until("['known=now', 'speed=30', 'loop=', 'map=24'].every((p) => location.search.includes(p))")
    address = str(screen.page.evaluate("location.pathname + location.search"))

    again = opened(contexts[1], house, address)
    again.until_kind("replay")
    again.until(f"{STATE}.loop !== null && {STATE}.known === 'now'")
    found = state(again)
    assert (found["atMs"], found["loopMs"], found["playing"]) == (at, [begin, end], False)
    assert again.page.evaluate("watchfloor.station.speed") == 30
    again.until("Math.abs(watchfloor.stage.map.map?.getZoom() - 6.2) < 0.01")
    again.page.close()
    screen.page.keyboard.press("o")
    screen.page.evaluate("watchfloor.briefing.know('then'), watchfloor.briefing.setSpeed(1)")
    screen.until(f"{STATE}.known === 'then' && {STATE}.loop === null")


def test_the_two_times_differ_where_we_knew_later(screen: Wall) -> None:
    density = "watchfloor.briefing.density"
    screen.until(f"({density}.all(), {density}.marks.some(({{ kind }}) => kind === 'most_drones'))")
    report = screen.page.evaluate(
        "watchfloor.briefing.density.marks.find(({ kind }) => kind === 'most_drones').atMs"
    )
    # An hour before it was told nobody knew how many they were; by now it is known.
    at = report - 3_600_000 / SPEED
    screen.page.evaluate(f"watchfloor.briefing.seek({at})")
    screen.until(f"{STATE}.atMs === {at} && {STATE}.ready")
    screen.until_text("#uav-launched-value", "—")
    screen.page.keyboard.press("k")
    screen.until(f"{STATE}.known === 'now' && {STATE}.atMs === {at}")
    screen.until_text("#uav-launched-value", "479")
    screen.until_text("#replay-band", "as it is known now")
    screen.until_text("#uav-launched .differs-said", "then: —")
    screen.page.keyboard.press("d")
    screen.until_text("#differences-place", "— → 479")
    screen.page.keyboard.press("k")
    screen.until(f"{STATE}.known === 'then' && {STATE}.atMs === {at}")
    screen.until_text("#uav-launched-value", "—")
    screen.until_text("#uav-launched .differs-said", "now: 479")
    screen.page.keyboard.press("p")


def test_chapters_are_drafted_saved_shared_and_paused_at(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    page, press = screen.page, screen.page.keyboard.press
    press("c")
    page.click("[data-act=draft]")
    screen.until_text("#chapters-place", "First alert")
    at = seek(screen, 0.5)
    press("b")
    page.locator('[data-field="chapter-title"]').fill("We stop here")
    page.locator('[data-field="chapter-note"]').fill("<b>A note</b>")
    page.locator(".chapter-form input[type=checkbox]").check()
    page.locator('[data-field="title"]').fill("The night")
    page.click("[data-act=save]")
    screen.until("watchfloor.briefing.file.saved.version === 1")
    screen.until_text("#caption", "We stop here")
    assert screen.text("#caption p") == "<b>A note</b>"

    page.evaluate(f"document.activeElement.blur(), watchfloor.briefing.seek({at} - 700)")
    screen.until(f"{STATE}.atMs === {at} - 700")
    press("Space")
    screen.until(f"{STATE}.atMs === {at} && !{STATE}.playing")

    saved = page.evaluate("watchfloor.briefing.file.saved.id")
    n = page.evaluate(f"watchfloor.briefing.file.chapters.findIndex((each) => each.at === {at}) + 1")
    shared = opened(contexts[1], house, f"/briefing?b={saved}&c={n}")
    shared.until_text("#chapters-place", "We stop here")
    shared.until(f"{STATE}.atMs === {at}")
    shared.page.evaluate("watchfloor.briefing.file.entitle('Hers')")
    shared.page.locator("[data-act=save]").click()
    shared.until("watchfloor.briefing.file.saved.version === 2")
    shared.page.close()

    page.evaluate("watchfloor.briefing.file.entitle('His')")
    page.click("[data-act=save]")
    screen.until_text("#chapters-place", "saved version 2 meanwhile")
    page.click("[data-act=theirs]")
    screen.until("document.querySelector('[data-field=title]').value === 'Hers'")


def test_whoever_follows_sees_the_presenters_moment_and_goes_back_to_live(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    wall = opened(contexts[1], house, "/wall?follow=morning")
    desk = opened(contexts[2], house, "/desk?follow=morning")
    followers = (wall, desk)
    for each in followers:
        each.until_playing()
        assert each.page.evaluate("document.documentElement.dataset.replay") == "false"
        each.until("watchfloor.station.replayed.idle")

    at = seek(screen, 0.5)
    screen.page.keyboard.press("l")
    screen.page.fill("#lead-room", "morning")
    screen.page.keyboard.press("Enter")
    screen.until_text("#replay-band", "LEADING morning")
    screen.until_text("#replay-band", "2 follow")
    for each in followers:
        each.until_kind("replay")
        each.until_text("#replay-band", "FOLLOWING morning")
        each.until(f"{STATE}.atMs === {at}")

    at = seek(screen, 0.3)
    screen.page.evaluate("watchfloor.stage.map.goTo(24, 50, 6)")
    with promised(2):  # Within a second each, and they are looked at one after the other.
        for each in followers:
            each.until(f"{STATE}.atMs === {at}")
            each.until("Math.abs(watchfloor.stage.map.view().lon - 24) < 0.01")
    desk.page.keyboard.press("n")
    desk.until_text("#said", "nothing can be done in a replay")
    assert desk.page.locator("dialog[open]").count() == 0

    screen.page.keyboard.press("l")
    for each in followers:
        each.until("document.documentElement.dataset.replay === 'false'")
        each.until_playing()
        each.until("watchfloor.station.replayed.idle")

    screen.page.keyboard.press("l")
    screen.page.fill("#lead-room", "morning")
    screen.page.keyboard.press("Enter")
    wall.until_kind("replay")
    house.stop("replay", signal.SIGKILL)
    for each in followers:
        each.until("document.documentElement.dataset.replay === 'false'")
    wall.until_playing()
    screen.until_kind("link-lost")
    assert "NOT LIVE" in screen.text("#replay-band")
    house.start("replay")
    for each in followers:
        each.page.close()
    screen.until_kind("replay")
    screen.until(f"{STATE}.atMs === {at}")


def test_wall_and_desk_show_an_instant_under_the_banner_and_nothing_can_be_done(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    begin, end = screen.page.evaluate("watchfloor.briefing.dial.stretch")
    at = round((begin + end) / 2)
    screen.page.evaluate(f"watchfloor.briefing.seek({at})")
    screen.until(f"{STATE}.atMs === {at} && {STATE}.ready && watchfloor.station.tree.clock")
    iso = screen.page.evaluate(f"new Date({at}).toISOString()")
    wall = opened(contexts[1], house, f"/wall?replay={iso}", QUIET)
    # The exercise's own clock is understood, too.
    shown = screen.page.evaluate(f"new Date(watchfloor.briefing.dial.shown({at})).toISOString()")
    desk = opened(contexts[2], house, f"/desk?replay={shown}&known=now")
    for each, known in ((wall, "then"), (desk, "now")):
        each.until_kind("replay")
        each.until(f"Math.abs({STATE}.atMs - {at}) < 2 && {STATE}.known === '{known}'")
        assert "NOT LIVE" in each.text("#replay-band")
    assert wall.page.evaluate("watchfloor.wall.bells.state") == "off"
    desk.page.keyboard.press("w")
    desk.until_text("#said", "nothing can be done in a replay")
    assert desk.page.locator("dialog[open]").count() == 0
