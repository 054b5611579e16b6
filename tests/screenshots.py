"""Take the pictures of the screens in the documents anew, of the real house. `make screenshots`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import BROWSER_ARGUMENTS, BROWSERS
from tests.house import ROOT, House

DOCS = ROOT / "docs"
SPEED = 600
SHOWN_AT = "2025-06-09T01:45:00Z"
"""In the briefing: jets have just been scrambled."""
WITNESSES = 3
"""Of the morning's report: the Ukrainian, the English and the Polish text."""


def main() -> int:
    """Play the night to its morning report, and write docs/wall.png, desk.png and briefing.png."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("there is no Chromium or Chrome here: install the package chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder), speed=SPEED)
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        try:
            house.start()
            house.start("replay")
            _wall(browser, house)
            _desk(browser, house)
            _briefing(browser, house)
        finally:
            browser.close()
            house.close()
    return 0


def _open(browser: Browser, address: str, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.wait_for_function("() => document.documentElement.dataset.map === 'drawn'", timeout=60_000)
    return page


def _wall(browser: Browser, house: House) -> None:
    page = _open(browser, f"{house.wall}?sound=off", 1920, 1080)
    page.wait_for_function(
        """(least) => Object.values(watchfloor.picture.tree?.claims ?? {})
            .some((claim) => claim.tonight && Object.keys(claim.witnesses ?? {}).length >= least)""",
        arg=WITNESSES,
        timeout=300_000,
    )
    page.screenshot(path=DOCS / "wall.png")
    page.close()


def _desk(browser: Browser, house: House) -> None:
    page = _open(browser, house.wall, 1280, 720)
    event = page.evaluate(
        """() => {
            const { claims, tally } = watchfloor.picture.tree;
            const { witnesses } = claims[tally.claim];
            return Object.keys(witnesses).find((id) => witnesses[id].lang === 'en');
        }"""
    )
    page.close()
    page = _open(browser, f"{house.desk}?id={quote(event, safe='')}", 1440, 900)
    page.wait_for_selector("#drawer-body mark")
    page.screenshot(path=DOCS / "desk.png")
    page.close()


def _briefing(browser: Browser, house: House) -> None:
    page = _open(browser, f"{house.wall.replace('/wall', '/briefing')}?at={SHOWN_AT}&known=now", 1920, 1080)
    page.wait_for_function(
        "() => Object.keys(watchfloor.picture.tree?.scrambles ?? {}).length > 0", timeout=120_000
    )
    page.wait_for_timeout(3_000)
    page.screenshot(path=DOCS / "briefing.png")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
