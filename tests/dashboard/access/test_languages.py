"""The pages that the server makes: in each language, and without a hindrance that axe would find."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from redis.asyncio import Redis

from config.theatre import LANGUAGES
from dashboard.locale.catalogue import catalogue
from streams.store import connect
from tests.dashboard.access.conftest import PASSWORD, Visitor


@pytest.fixture
def store(store_url: str) -> Callable[[Callable[[Redis], Awaitable[Any]]], Any]:
    """As everybody's here, in a thread: the browser's own loop runs in this one."""

    async def with_client(act: Callable[[Redis], Awaitable[Any]]) -> Any:
        client = connect(store_url)
        try:
            return await act(client)
        finally:
            await client.aclose()

    def run(act: Callable[[Redis], Awaitable[Any]]) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda: asyncio.run(with_client(act))).result()

    run(lambda client: client.flushdb())
    return run


def grave(page: Page) -> list[str]:
    """What axe finds that is serious or critical."""
    answer = Axe().run(page).response
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:160]}"
        for found in answer["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_a_person_is_met_in_the_language_that_they_choose(
    browser: Browser, guarded_port: int, people: dict[str, str]
) -> None:
    origin = f"http://127.0.0.1:{guarded_port}"
    context = browser.new_context(locale="uk-UA")
    page = context.new_page()
    page.goto(f"{origin}/admin")
    assert page.get_attribute("html", "lang") == "uk"
    assert grave(page) == []
    page.click("nav.languages a[lang=pl]")
    page.wait_for_selector("html[lang=pl]")
    words = catalogue("pl").words
    assert page.text_content("label[for=name]") == words["access.name"]
    assert page.get_attribute("nav.languages", "aria-label") == words["language.title"]
    page.fill("#name", "admin")
    page.fill("#password", PASSWORD)
    page.click("form button >> nth=0")
    page.wait_for_url(f"{origin}/admin")
    assert page.get_attribute("html", "lang") == "pl"
    assert words["admin.add_person"] in page.inner_text("main")
    assert grave(page) == []
    page.goto(f"{origin}/admin/accounts/anna?lang=fr")
    assert catalogue("fr").words["admin.password_set"] in page.inner_text("main")
    assert grave(page) == []
    page.goto(f"{origin}/account?lang=en")
    assert catalogue("en").words["account.sessions"] in page.inner_text("main")
    assert grave(page) == []
    context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_refusal_is_said_in_the_language_of_the_cookie(
    visitor: Callable[[], Visitor], people: Any, lang: str
) -> None:
    somebody = visitor()
    somebody.cookies["watchfloor-lang"] = lang
    refused = somebody.sign_in("anna", "wrong")
    assert f'<html lang="{lang}">' in refused.body
    assert catalogue(lang).words["access.wrong"].replace("'", "&#x27;") in refused.body
