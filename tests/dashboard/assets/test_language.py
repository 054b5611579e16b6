"""A screen changes its language where it stands: words, names, numbers, and nothing that somebody typed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, TimeoutError, expect

from config.theatre import LANGUAGES
from dashboard.locale.catalogue import FORMS, catalogue
from dashboard.locale.speech import SPOKEN, say
from dashboard.views.words import ENGLISH
from tests.dashboard.assets.conftest import FRAMES, STEADY_CLOCK, FakeGateway, drag_map
from tests.promises import PATIENCE_S

Json = dict[str, Any]

TEXTS = """() => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const { parentElement: holder, data } = walker.currentNode;
        if (data.trim() && !holder.closest("script, noscript, option, blockquote")) found.add(data.trim());
    }
    for (const name of ["aria-label", "placeholder"]) {
        for (const each of document.querySelectorAll(`[${name}]`)) found.add(each.getAttribute(name));
    }
    return [...found];
}"""
CUT = """(allowed) => [...document.querySelectorAll("body *")].filter((each) => {
    if (each.closest(allowed) || each.closest("[hidden], .maplibregl-map, .js-plotly-plot")) return false;
    const { overflowX, textOverflow, visibility } = getComputedStyle(each);
    const words = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!words || visibility === "hidden" || !each.clientWidth) return false;
    const box = each.getBoundingClientRect();
    const off = box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1 || box.top < -1;
    const cuts = overflowX !== "visible" && textOverflow === "ellipsis";
    return off || (cuts && each.scrollWidth > each.clientWidth + 1);
}).map((each) => `${each.className || each.id || each.tagName}: ${each.textContent}`)"""
GRAVE = ("serious", "critical")


def foreign_words(lang: str) -> set[str]:
    """English words that are others in a language, and so have no place on its screens."""
    words = catalogue(lang).words
    own = set(words.values())
    return {
        text
        for key, text in ENGLISH.items()
        if "{" not in text and len(text) > 3 and words.get(key) != text and text not in own
    }


def left_in_english(page: Page, lang: str) -> set[str]:
    """Words that are English still, once there are none or after all patience."""
    foreign = foreign_words(lang)
    with contextlib.suppress(TimeoutError):
        some = f"(foreign) => !({TEXTS})().some((text) => foreign.includes(text))"
        page.wait_for_function(some, arg=sorted(foreign))
    return set(page.evaluate(TEXTS)) & foreign


def grave(page: Page, *, contrast_7: bool = False) -> list[str]:
    """What axe finds that is serious or critical, each with where."""
    rules = {"color-contrast-enhanced": {"enabled": contrast_7}}
    answer = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules}).response
    return [
        f"{found['id']}: {[node['html'][:160] for node in found['nodes'][:4]]}"
        for found in answer["violations"]
        if found["impact"] in GRAVE
    ]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One browser for all of it, which would rather have French."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, locale="fr-FR", reduced_motion="reduce"
    )
    context.add_init_script(STEADY_CLOCK)
    context.set_default_timeout(PATIENCE_S * 1_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def opened(page: Page, site: str, gateway: FakeGateway, night: Json) -> Iterator[Callable[[str], Page]]:
    """Open a screen with the night's picture; what its scripts complain of fails the test."""
    gateway.picture = night
    gateway.start()
    complaints: list[str] = []

    def complained(error: Any) -> None:
        complaints.append(str(error))

    page.on("pageerror", complained)

    def go(path: str) -> Page:
        page.goto(f"{site}{path}", wait_until="commit")
        # A briefing has no replay to show here.
        ready = "moment" if path == "/briefing" else "station?.tree"
        page.wait_for_function(f"() => globalThis.watchfloor?.{ready}")
        return page

    yield go
    page.remove_listener("pageerror", complained)
    assert complaints == []


def until_language(page: Page, lang: str) -> None:
    page.wait_for_function("(lang) => document.documentElement.lang === lang", arg=lang)
    page.evaluate(FRAMES)


def test_the_wall_speaks_every_language_by_a_key_and_nothing_is_cut(opened: Callable[[str], Page]) -> None:
    page = opened("/wall?lang=en&sound=off")
    page.wait_for_selector("#scrambles-list .row")
    for lang in LANGUAGES:
        until_language(page, lang)
        words = catalogue(lang).words
        page.wait_for_function(
            "(said) => document.querySelector('#scrambles .section-head').textContent.includes(said)",
            arg=words["scrambles.title"],
        )
        assert left_in_english(page, lang) == set()
        assert page.evaluate(CUT, ".theatre-title, .ticker, #card") == []
        if lang in ("pl", "uk"):
            assert grave(page, contrast_7=True) == []
            page.keyboard.press("d")
            assert page.get_attribute("html", "data-theme") == ("light" if lang == "pl" else "dark")
        rate = "96.0" if lang == "en" else "96,0"
        expect(page.locator("#tonight")).to_contain_text(rate, timeout=PATIENCE_S * 1_000)
        assert f"lang={lang}" in page.url
        page.keyboard.press("l")
    until_language(page, "en")


def test_the_desk_keeps_what_was_typed_and_chosen(opened: Callable[[str], Page]) -> None:
    page = opened("/desk?lang=fr")
    page.wait_for_selector("#now-list .now-row")
    page.wait_for_function("() => performance.getEntriesByName('watchfloor-map-painted').length > 0")
    page.fill("#table-search", "Lviv 479")
    page.evaluate("() => watchfloor.desk.selection.set(['e'], 'now')")
    page.wait_for_selector("#drawer-place:not([hidden])")
    until_language(page, "fr")
    drag_map(page, 300, 250)
    view = page.evaluate("() => watchfloor.stage.map.chosen")
    for lang in ("uk", "pl", "en", "fr"):
        page.select_option("#language-menu", lang)
        until_language(page, lang)
        words = catalogue(lang).words
        page.wait_for_function(
            "(said) => document.querySelector('#now-list').textContent.includes(said)",
            arg=words["desk.now.threats"],
        )
        assert left_in_english(page, lang) == set()
        assert (
            page.evaluate(CUT, ".skip, .palette-open, #card, .ag-root-wrapper, #drawer-place, #table-foot")
            == []
        )
        if lang in ("en", "fr"):
            assert grave(page) == []
            page.click("#theme-switch")
        assert page.input_value("#table-search") == "Lviv 479"
        assert page.evaluate("() => watchfloor.desk.selection.ids") == ["e"]
        assert page.evaluate("() => watchfloor.stage.map.chosen") == view
        assert page.get_attribute("#table-search", "placeholder") == words["desk.search"]
        assert f"lang={lang}" in page.url
    page.evaluate("() => watchfloor.desk.selection.clear()")


def test_what_was_chosen_holds_for_the_next_screen(opened: Callable[[str], Page]) -> None:
    opened("/wall?sound=off&lang=pl")
    page = opened("/briefing")
    assert page.get_attribute("html", "lang") == "pl"
    assert grave(page) == []
    page.select_option("#language-menu", "uk")
    until_language(page, "uk")
    assert left_in_english(page, "uk") == set()


def test_nothing_moves_or_blinks_for_who_asked_for_no_motion(
    opened: Callable[[str], Page], gateway: FakeGateway
) -> None:
    page = opened("/wall?sound=off")
    page.wait_for_selector("#scrambles-list .row")
    page.wait_for_function("() => document.querySelector('#uav-launched-value').textContent === '479'")
    gateway.patch({"claims": {"c": {"launched": {"uav": {"value": 481}}}}})
    page.wait_for_function("() => document.querySelector('#uav-launched-value').textContent === '481'")
    moving = "() => document.getAnimations().map((each) => each.animationName ?? each.transitionProperty)"
    assert page.evaluate(moving) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_browser_and_server_choose_the_same_form_for_a_number(modules: Any, lang: str) -> None:
    said = modules(
        "language",
        """async (m, lang) => {
            const { words } = await m.Language.of({ ...config, lang });
            return Array.from({ length: 131 }, (_, n) => words.say("ticker.regions", { n }));
        }""",
        lang,
    )
    token = SPOKEN.set(lang)
    try:
        assert said == [say("ticker.regions", n=n) for n in range(131)]
    finally:
        SPOKEN.reset(token)
    assert len({text.split(" ", 1)[1] for text in said}) == len(FORMS[lang])
