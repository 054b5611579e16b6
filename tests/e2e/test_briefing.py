"""The replay on screens: the briefing's controls, the two times, chapters, a presenter and who follows."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.conftest import Wall
from tests.house import PROCESSES, House

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
    for context in contexts:
        context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
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
    screen.until_kind("replay", 20)
    screen.until(f"{STATE}.toMs - {STATE}.fromMs > 4000", 20)
    screen.until("watchfloor.briefing.density.marks.length > 0", 15)
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
    screen.until(f"{STATE}.atMs === {at} && !{STATE}.playing && {STATE}.ready", 5)
    return float(at)


def test_every_control_moves_the_replay(screen: Wall) -> None:
    page, press = screen.page, screen.page.keyboard.press
    assert "REPLAY" in screen.text("#mark-replay")
    assert "EXERCISE" in screen.text("#mark-status")
    assert "NOT LIVE" in screen.text("#replay-band")

    press("Home")
    screen.until(f"{STATE}.atMs === {STATE}.fromMs", 5)
    press("ArrowRight")
    screen.until(f"{STATE}.atMs > {STATE}.fromMs && !{STATE}.playing", 5)
    first = state(screen)["atMs"]
    press("ArrowRight")
    screen.until(f"{STATE}.atMs > {first}", 5)
    press("ArrowLeft")
    screen.until(f"{STATE}.atMs === {first}", 5)

    press("Space")
    screen.until(f"{STATE}.playing && {STATE}.atMs > {first} + 200", 5)
    press("Space")
    screen.until(f"!{STATE}.playing", 5)
    at = seek(screen, 0.6)
    press("r")
    screen.until(f"{STATE}.playing && {STATE}.reverse && {STATE}.atMs < {at} - 200", 5)
    page.fill("#control-speed", "600")
    page.press("#control-speed", "Enter")
    screen.until(f"{STATE}.speed === 600 && {STATE}.atMs === {STATE}.fromMs && !{STATE}.playing", 5)
    page.fill("#control-speed", "1")
    page.press("#control-speed", "Enter")

    at = seek(screen, 0.5)
    field = "document.querySelector('#control-time').value.replace(' ', 'T')"
    screen.until(f"Math.abs(Date.parse({field}) - watchfloor.briefing.dial.shown({at})) < 1000", 5)
    shown = page.input_value("#control-time")
    seek(screen, 0.2)
    press("t")
    page.keyboard.type(shown)
    press("Enter")
    screen.until(f"Math.abs({STATE}.atMs - {at}) < 1000 && document.activeElement.id !== 'control-time'", 5)

    seek(screen, 0.3)
    press("[")
    seek(screen, 0.6)
    press("]")
    screen.until(f"{STATE}.loop !== null", 5)
    begin, end = state(screen)["loopMs"]
    assert begin < end
    press("o")
    screen.until(f"{STATE}.loop === null", 5)

    box = page.locator(".density-plot").bounding_box()
    assert box is not None
    x, y = box["x"], box["y"] + box["height"] / 2
    page.mouse.move(x + 10, y)
    page.mouse.down()
    for share in (0.02, 0.04, 0.06):
        page.mouse.move(x + share * box["width"], y)
    page.mouse.up()
    there = page.evaluate("(([from, to]) => from + 0.06 * (to - from))(watchfloor.briefing.density.window)")
    screen.until(f"Math.abs({STATE}.atMs - Math.min({STATE}.toMs, {there})) < 500", 5)

    press("?")
    screen.until_text("#dialog-help", "Next event", 3)
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
    screen.until(f"{STATE}.known === 'now' && {STATE}.loop !== null && {STATE}.ready", 15)
    screen.until("['known=now', 'speed=30', 'loop=', 'map=24'].every((p) => location.search.includes(p))", 5)
    address = str(screen.page.evaluate("location.pathname + location.search"))

    again = opened(contexts[1], house, address)
    again.until_kind("replay", 20)
    again.until(f"{STATE}.loop !== null && {STATE}.known === 'now'", 10)
    found = state(again)
    assert (found["atMs"], found["loopMs"], found["playing"]) == (at, [begin, end], False)
    assert again.page.evaluate("watchfloor.station.speed") == 30
    again.until("Math.abs(watchfloor.stage.map.map?.getZoom() - 6.2) < 0.01", 10)
    again.page.close()
    screen.page.keyboard.press("o")
    screen.page.evaluate("watchfloor.briefing.know('then'), watchfloor.briefing.setSpeed(1)")
    screen.until(f"{STATE}.known === 'then' && {STATE}.loop === null", 5)


def test_the_two_times_differ_where_we_knew_later(screen: Wall) -> None:
    density = "watchfloor.briefing.density"
    screen.until(f"({density}.all(), {density}.marks.some(({{ kind }}) => kind === 'most_drones'))", 20)
    report = screen.page.evaluate(
        "watchfloor.briefing.density.marks.find(({ kind }) => kind === 'most_drones').atMs"
    )
    # An hour before it was told nobody knew how many they were; by now it is known.
    at = report - 3_600_000 / SPEED
    screen.page.evaluate(f"watchfloor.briefing.seek({at})")
    screen.until(f"{STATE}.atMs === {at} && {STATE}.ready", 5)
    screen.until_text("#uav-launched-value", "—", 3)
    screen.page.keyboard.press("k")
    screen.until(f"{STATE}.known === 'now' && {STATE}.atMs === {at}", 5)
    screen.until_text("#uav-launched-value", "479", 15)
    screen.until_text("#replay-band", "as it is known now", 3)
    screen.until_text("#uav-launched .differs-said", "then: —", 15)
    screen.page.keyboard.press("d")
    screen.until_text("#differences-place", "— → 479", 3)
    screen.page.keyboard.press("k")
    screen.until(f"{STATE}.known === 'then' && {STATE}.atMs === {at}", 5)
    screen.until_text("#uav-launched-value", "—", 3)
    screen.until_text("#uav-launched .differs-said", "now: 479", 15)
    screen.page.keyboard.press("p")


def test_chapters_are_drafted_saved_shared_and_paused_at(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    page, press = screen.page, screen.page.keyboard.press
    press("c")
    page.click("[data-act=draft]")
    screen.until_text("#chapters-place", "First alert", 3)
    at = seek(screen, 0.5)
    press("b")
    page.locator('[data-field="chapter-title"]').fill("We stop here")
    page.locator('[data-field="chapter-note"]').fill("<b>A note</b>")
    page.locator(".chapter-form input[type=checkbox]").check()
    page.locator('[data-field="title"]').fill("The night")
    page.click("[data-act=save]")
    screen.until("watchfloor.briefing.file.saved.version === 1", 5)
    screen.until_text("#caption", "We stop here", 3)
    assert screen.text("#caption p") == "<b>A note</b>"

    page.evaluate(f"document.activeElement.blur(), watchfloor.briefing.seek({at} - 700)")
    screen.until(f"{STATE}.atMs === {at} - 700", 5)
    press("Space")
    screen.until(f"{STATE}.atMs === {at} && !{STATE}.playing", 8)

    saved = page.evaluate("watchfloor.briefing.file.saved.id")
    n = page.evaluate(f"watchfloor.briefing.file.chapters.findIndex((each) => each.at === {at}) + 1")
    shared = opened(contexts[1], house, f"/briefing?b={saved}&c={n}")
    shared.until_text("#chapters-place", "We stop here", 20)
    shared.until(f"{STATE}.atMs === {at}", 5)
    shared.page.evaluate("watchfloor.briefing.file.entitle('Hers')")
    shared.page.locator("[data-act=save]").click()
    shared.until("watchfloor.briefing.file.saved.version === 2", 5)
    shared.page.close()

    page.evaluate("watchfloor.briefing.file.entitle('His')")
    page.click("[data-act=save]")
    screen.until_text("#chapters-place", "saved version 2 meanwhile", 5)
    page.click("[data-act=theirs]")
    screen.until("document.querySelector('[data-field=title]').value === 'Hers'", 3)


def test_whoever_follows_sees_the_presenters_moment_and_goes_back_to_live(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    wall = opened(contexts[1], house, "/wall?follow=morning")
    desk = opened(contexts[2], house, "/desk?follow=morning")
    followers = (wall, desk)
    for each in followers:
        each.until("['exercise', 'exercise-ended'].includes(document.documentElement.dataset.kind)", 20)
        assert each.page.evaluate("document.documentElement.dataset.replay") == "false"
        each.until("watchfloor.station.replayed.idle", 10)

    at = seek(screen, 0.5)
    screen.page.keyboard.press("l")
    screen.page.fill("#lead-room", "morning")
    screen.page.keyboard.press("Enter")
    screen.until_text("#replay-band", "LEADING morning", 10)
    screen.until_text("#replay-band", "2 follow", 5)
    for each in followers:
        each.until_kind("replay", 5)
        each.until_text("#replay-band", "FOLLOWING morning", 2)
        each.until(f"{STATE}.atMs === {at}", 5)

    at = seek(screen, 0.3)
    screen.page.evaluate("watchfloor.stage.map.goTo(24, 50, 6)")
    for each in followers:
        # Within a second; twice that for a machine that does other things, too.
        each.until(f"{STATE}.atMs === {at}", 2)
        each.until("Math.abs(watchfloor.stage.map.view().lon - 24) < 0.01", 2)
    desk.page.keyboard.press("n")
    desk.until_text("#said", "nothing can be done in a replay", 3)
    assert desk.page.locator("dialog[open]").count() == 0

    screen.page.keyboard.press("l")
    for each in followers:
        each.until("document.documentElement.dataset.replay === 'false'", 3)
        each.until("document.documentElement.dataset.kind.startsWith('exercise')", 5)
        each.until("watchfloor.station.replayed.idle", 3)

    screen.page.keyboard.press("l")
    screen.page.fill("#lead-room", "morning")
    screen.page.keyboard.press("Enter")
    wall.until_kind("replay", 10)
    house.stop("replay", signal.SIGKILL)
    for each in followers:
        each.until("document.documentElement.dataset.replay === 'false'", 5)
    wall.until("document.documentElement.dataset.kind.startsWith('exercise')", 5)
    screen.until_kind("link-lost", 5)
    assert "NOT LIVE" in screen.text("#replay-band")
    house.start("replay")
    for each in followers:
        each.page.close()
    screen.until_kind("replay", 10)
    screen.until(f"{STATE}.atMs === {at}", 5)


def test_wall_and_desk_show_an_instant_under_the_banner_and_nothing_can_be_done(
    screen: Wall, house: House, contexts: list[BrowserContext]
) -> None:
    begin, end = screen.page.evaluate("watchfloor.briefing.dial.stretch")
    at = round((begin + end) / 2)
    screen.page.evaluate(f"watchfloor.briefing.seek({at})")
    screen.until(f"{STATE}.atMs === {at} && {STATE}.ready && watchfloor.station.tree.clock", 5)
    iso = screen.page.evaluate(f"new Date({at}).toISOString()")
    wall = opened(contexts[1], house, f"/wall?replay={iso}", QUIET)
    # The exercise's own clock is understood, too.
    shown = screen.page.evaluate(f"new Date(watchfloor.briefing.dial.shown({at})).toISOString()")
    desk = opened(contexts[2], house, f"/desk?replay={shown}&known=now")
    for each, known in ((wall, "then"), (desk, "now")):
        each.until_kind("replay", 20)
        each.until(f"Math.abs({STATE}.atMs - {at}) < 2 && {STATE}.known === '{known}'", 10)
        assert "NOT LIVE" in each.text("#replay-band")
    assert wall.page.evaluate("watchfloor.wall.bells.state") == "off"
    desk.page.keyboard.press("w")
    desk.until_text("#said", "nothing can be done in a replay", 3)
    assert desk.page.locator("dialog[open]").count() == 0
