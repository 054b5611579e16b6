"""What tests of the whole house use: the house, and a real browser whose every complaint fails the test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.house import House

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Nothing of it runs yet."""
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture(scope="session")
def browser_program() -> str:
    """Where the browser is."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None and ON_MAC.exists():
        found = str(ON_MAC)
    if found is None:
        pytest.fail("the browser tests need Chromium or Chrome: install the package chromium")
    return found


@pytest.fixture
async def browser(browser_program: str) -> AsyncIterator[Browser]:
    """The system's Chromium or Chrome, headless, on software graphics."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_program, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A wall's page at 1920×1080; at the end its console is clean."""
    page = await browser.new_page(viewport={"width": 1920, "height": 1080})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await page.close()
    # A browser reports every refused connection itself, which is what some tests are about.
    assert [said for said in complaints if "WebSocket connection" not in said] == []
