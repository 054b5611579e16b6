"""What tests of the whole house use: the house, and a wall whose every complaint fails the test."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.house import House

PATIENCE_S = 90.0
"""How long a test waits for what must come: a whole night of the exercise, at the speed of the tests."""


class Wall:
    """A wall in a browser, read as a person reads it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def kind(self) -> str:
        """What the wall says of itself: waiting, live, exercise, exercise-ended, link-lost, store-lost, …"""
        return self.page.evaluate("document.documentElement.dataset.kind || ''")

    def text(self, selector: str) -> str:
        """The words that are seen there, on one line."""
        return " ".join(self.page.inner_text(selector).split())

    def until(self, expression: str) -> None:
        """Wait until an expression is true in the page."""
        begun = time.monotonic()
        while not self.page.evaluate(expression):
            if time.monotonic() - begun > PATIENCE_S:
                raise AssertionError(f"not true: {expression}\nkind: {self.kind}\n{self.text('body')}")
            self.page.wait_for_timeout(20)

    def until_kind(self, kind: str) -> None:
        self.until(f"document.documentElement.dataset.kind === '{kind}'")

    def until_playing(self) -> None:
        """Wait until the wall shows the exercise, with its clock running or at its end."""
        self.until("['exercise', 'exercise-ended'].includes(document.documentElement.dataset.kind)")

    def until_text(self, selector: str, words: str) -> None:
        self.until(
            f"document.querySelector({selector!r})?.innerText.replace(/\\s+/g, ' ').includes({words!r})"
        )

    def counters(self) -> dict[str, str]:
        """The four big numbers."""
        names = ("uav-launched", "uav-neutralised", "missiles", "impacts")
        return {name: self.text(f"#{name}-value") for name in names}

    def until_painted(self) -> None:
        """Wait until the map is on the glass."""
        self.until("performance.getEntriesByName('watchfloor-map-painted').length > 0")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Nothing of it runs yet."""
    house = House(tmp_path)
    yield house
    house.close()


@pytest.fixture
def open_wall(browser: Browser) -> Iterator[Callable[[str], Wall]]:
    """Open walls; at the end their consoles are clean and none asked another machine for anything."""
    pages: list[Page] = []
    complaints: list[str] = []
    elsewhere: list[str] = []

    def open_one(url: str) -> Wall:
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        pages.append(page)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda asked: elsewhere.append(asked.url) if "127.0.0.1" not in asked.url else None
        )
        page.goto(url)
        return Wall(page)

    yield open_one
    for page in pages:
        page.close()
    # A browser itself reports every refused connection, which is what some tests are about.
    refused = ("WebSocket connection", "net::ERR_CONNECTION_REFUSED")
    assert [said for said in complaints if not any(words in said for words in refused)] == []
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []
