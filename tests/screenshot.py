"""Take the README's picture of the wall anew: the real house, the real browser. `make screenshot`."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import BROWSER_ARGUMENTS, BROWSERS
from tests.house import ROOT, House

SPEED = 600
AFTER_REPORT_S = 6
"""By then the English and the Polish witnesses are in too."""


def main() -> int:
    """Play the night to an hour after its morning report, and write docs/wall.png."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        print("there is no Chromium or Chrome here: install the package chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = House(Path(folder), speed=SPEED)
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        try:
            house.start()
            page = browser.new_page(viewport={"width": 1920, "height": 1080})
            page.goto(house.wall)
            while page.inner_text("#uav-launched-value") != "479":
                page.wait_for_timeout(100)
            time.sleep(AFTER_REPORT_S)
            page.screenshot(path=ROOT / "docs" / "wall.png")
        finally:
            browser.close()
            house.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
