"""The desk's table: scrolled with 50,000 rows, against the same table with 100.

`python -m bench.table [--quick]`. The whole desk in a real browser, its rows out of a real store. The same
way down and up again, by the wheel's steps in every frame, is timed with few rows and with many, at rest and
while news comes in; then the many are gone through by the scrollbar. Limits are ratios of frame times of the
same page.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright
from redis.asyncio import Redis

from bench.push import add
from bench.verdict import judge
from streams.events import AirRaidAlert, Event, Evidence, Statement
from streams.store import connect
from tests.conftest import BROWSER_ARGUMENTS, BROWSERS
from tests.house import House

FEW = 100
MANY = 50_000
REGIONS = tuple(f"UA-{number:02d}" for number in (5, 7, 9, 12, 14, 18, 21, 23, 26, 32, 35, 46, 48, 51, 53))
FRAMES = 300
STEP_PX = 100
"""What a notch of a wheel moves."""
NEWS_EVERY_S = 0.25
FRAME_ALLOWED = 1.5
WORST_ALLOWED = 3.0
BLANK_ALLOWED = 0.02

# Frame times in ms while the table is moved in every frame, and in how many of them its middle showed no row.
SCROLL = """
([step, frames]) => new Promise((done) => {
  const view = document.querySelector('#events .ag-body-viewport');
  const box = view.getBoundingClientRect();
  const times = [];
  let [blank, last, way] = [0, null, 1];
  view.scrollTop = 0;
  const frame = (now) => {
    if (last !== null) times.push(now - last);
    last = now;
    if (!document.elementFromPoint(box.left + 40, box.top + box.height / 2)?.closest('.ag-row')) blank += 1;
    if (times.length === frames) return done({ times, blank });
    const end = view.scrollHeight - view.clientHeight;
    const next = view.scrollTop + way * (step < 1 ? step * end : step);
    if (next >= end || next <= 0) way = -way;
    view.scrollTop = Math.min(end, Math.max(0, next));
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})
"""


def event(number: int, now: dt.datetime) -> Event:
    """One of many: alerts that were, and what somebody said, a minute apart."""
    at = now - dt.timedelta(minutes=MANY - number)
    frame: dict[str, Any] = {"status": "actual", "feed": f"bench-{number % 7}", "published_at": at}
    if number % 5:
        return AirRaidAlert(
            id=f"row-{number}",
            region=REGIONS[number % len(REGIONS)],
            valid_from=at,
            valid_to=at + dt.timedelta(seconds=40),
            **frame,
        )
    text = f"Statement {number} of a spokesman on what the night has brought and on air defence."
    evidence = Evidence(document=f"d{number}", text=text, lang="en")
    return Statement(id=f"row-{number}", speaker="A spokesman", topic=text, evidence=evidence, **frame)


async def fill(client: Redis, first: int, last: int) -> None:
    """Events of these numbers into the streams."""
    now = dt.datetime.now(dt.UTC)
    for at in range(first, last, 500):
        await add(client, *(event(number, now) for number in range(at, min(at + 500, last))))


async def opened(page: Page, house: House, rows: int) -> None:
    """The desk with all its rows."""
    await page.goto(house.desk)
    ready = (
        "(rows) => globalThis.watchfloor?.desk?.table.shown >= rows && !watchfloor.desk.intake.state.loading"
    )
    await page.wait_for_function(ready, arg=rows, timeout=180_000)
    await page.wait_for_function("() => document.documentElement.dataset.map === 'drawn'", timeout=60_000)
    await asyncio.sleep(2)


async def scrolled(page: Page, step: float, frames: int) -> dict[str, float]:
    """Mean and p99 of the frames in milliseconds, and the share of those without a row."""
    found = await page.evaluate(SCROLL, [step, frames])
    times = sorted(found["times"])
    return {
        "mean_ms": statistics.mean(times),
        "p99_ms": times[len(times) * 99 // 100],
        "blank": found["blank"] / len(times),
    }


async def with_news(client: Redis, page: Page, number: int, frames: int) -> dict[str, float]:
    """The same while events come in. number: of the first of them."""

    async def bring() -> None:
        at = number
        while True:
            await add(client, *(event(at + each, dt.datetime.now(dt.UTC)) for each in range(3)))
            at += 3
            await asyncio.sleep(NEWS_EVERY_S)

    news = asyncio.create_task(bring())
    try:
        return await scrolled(page, STEP_PX, frames)
    finally:
        news.cancel()
        await asyncio.gather(news, return_exceptions=True)


async def run(many: int, frames: int) -> dict[str, dict[str, float]]:
    """Everything, as numbers."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit("there is no Chromium or Chrome here: install the package chromium")
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), speed=0)
        try:
            house.start("store", "gateway", "web")
            client = connect(f"redis://127.0.0.1:{house.ports['STORE_PORT']}/0")
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
                done = 0
                for name, rows in (("few", FEW), ("many", many)):
                    await fill(client, done, rows)
                    page = await browser.new_page(viewport={"width": 1920, "height": 1080})
                    await opened(page, house, rows)
                    found[name] = await scrolled(page, STEP_PX, frames)
                    found[f"{name}, with news"] = await with_news(client, page, MANY + done, frames)
                    if name == "many":
                        found["many, by the scrollbar"] = await scrolled(page, 1 / 150, frames)
                    await page.close()
                    done = rows
                await browser.close()
            await client.aclose()
        finally:
            house.close()
    return found


def main() -> int:
    """Print the ratios; 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5,000 rows")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = asyncio.run(run(5_000 if asked.quick else MANY, FRAMES))
    if asked.json:
        print(json.dumps(found, indent=1))
        return 0
    for name, row in found.items():
        print(
            f"  {name:24} frames mean {row['mean_ms']:6.1f} ms  p99 {row['p99_ms']:6.1f} ms"
            f"  blank {row['blank']:.1%}"
        )
    few, news = found["few"], found["few, with news"]
    held = [
        ("mean frame, many against few", found["many"]["mean_ms"] / few["mean_ms"], FRAME_ALLOWED),
        ("p99 frame, many against few", found["many"]["p99_ms"] / few["p99_ms"], WORST_ALLOWED),
        (
            "mean frame with news, many against few",
            found["many, with news"]["mean_ms"] / news["mean_ms"],
            FRAME_ALLOWED,
        ),
        (
            "p99 frame with news, many against few",
            found["many, with news"]["p99_ms"] / news["p99_ms"],
            WORST_ALLOWED,
        ),
        (
            "mean frame by the scrollbar, against few",
            found["many, by the scrollbar"]["mean_ms"] / few["mean_ms"],
            WORST_ALLOWED,
        ),
        ("frames without a row", found["many"]["blank"], BLANK_ALLOWED),
    ]
    return judge(held)


if __name__ == "__main__":
    sys.exit(main())
