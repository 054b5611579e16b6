"""The take-away page, opened from disk by a browser without a network."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from redis import Redis

from dashboard.exports.asked import Chapter, Here
from dashboard.exports.making import make
from streams.archive.shelf import FolderShelf
from streams.codec import encode
from streams.names import key, stream_of
from tests.dashboard.exports.conftest import EVENING, HOSTILE, THEATRE, asked, at, night
from tests.promises import PATIENCE_S


@pytest.fixture(scope="module")
def file(store_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The night as one file."""
    folder = tmp_path_factory.mktemp("takeaway")
    with Redis.from_url(store_url) as client:
        client.flushdb()
        with client.pipeline(transaction=False) as pipeline:
            for number, (received_at, event) in enumerate(night()):
                name = key(THEATRE.name, stream_of(event))
                entry_id = f"{int(received_at.timestamp() * 1_000)}-{number + 1}"
                pipeline.xadd(name, {"event": encode(event)}, id=entry_id)
            pipeline.execute()
    here = Here(
        shelf=FolderShelf(folder / "archive"),
        store_url=store_url,
        theatre=THEATRE.name,
        status="actual",
        var=folder,
    )
    chapters = (
        Chapter(at=at(96), title="Jets", note=HOSTILE),
        Chapter(at=at(420), title=f"Report {HOSTILE}"),
    )
    file = folder / "night.html"
    wanted = asked("html", chapters=chapters)
    # The browser's driver has a loop in this thread already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(make(wanted, here, file, lambda _: None))).result()
    return file


@pytest.fixture(scope="module")
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page, ready; at the end its console is clean, and it asked nobody for anything."""
    complaints: list[str] = []
    elsewhere: list[str] = []
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: elsewhere.append(request.url))
    page.goto(file.as_uri())
    until(page, "document.documentElement.dataset.ready === 'true'")
    yield page
    context.close()
    assert [said for said in complaints if "GPU stall" not in said and "GL Driver" not in said] == []
    assert [url for url in elsewhere if not url.startswith((file.as_uri(), "data:", "blob:"))] == []


MINUTES = f"(watchfloor.station.now() / 60000 - {EVENING.timestamp() / 60})"
"""How long after the evening began the page stands."""


def until(page: Page, expression: str) -> None:
    # Not wait_for_function: the page's policy lets nobody evaluate text in it.
    deadline = time.monotonic() + PATIENCE_S
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def test_it_is_small_and_replays_with_map_counters_chapters_and_evidence(page: Page, file: Path) -> None:
    assert file.stat().st_size < 15_000_000
    until(page, "document.documentElement.dataset.map === 'drawn'")
    until(page, "watchfloor.stage.map.map.queryRenderedFeatures({ layers: ['land'] }).length > 50")
    # What the overlay puts on the map lies where the map has it.
    box = "Object.values(document.querySelector('{}').getBoundingClientRect().toJSON()).map(Math.round)"
    until(page, f"`${{{box.format('.maplibregl-canvas')}}}` === `${{{box.format('#map-place')}}}`")
    assert "REPLAY" in page.inner_text("#replay-band")
    page.click("#tab-chapters")
    page.click(".taken-chapter >> nth=1")
    until(page, "document.querySelector('#uav-launched-value').textContent === '479'")
    until(page, f"{MINUTES} === 420")
    page.click("#tab-figures")
    page.hover("#uav-launched")
    until(page, "document.querySelector('#card blockquote mark')?.textContent === '479'")
    assert HOSTILE in page.inner_text("#card blockquote")
    assert page.evaluate("globalThis.hostile") is None
    assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0


def test_it_plays_steps_is_dragged_and_goes_to_a_typed_time(page: Page) -> None:
    page.fill("#control-time", "2026-03-03 20:35:30")
    page.press("#control-time", "Enter")
    until(page, f"{MINUTES} === 95.5")
    until(page, "document.querySelectorAll('[data-scramble]').length === 1")
    ends = "document.querySelector('{}').getBoundingClientRect().bottom"
    until(page, f"{ends.format('#alerts')} <= {ends.format('#side-figures')}")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    until(page, f"{MINUTES} < 95")
    until(page, "document.querySelectorAll('[data-scramble]').length === 0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    until(page, f"{MINUTES} >= 95")
    page.keyboard.press("Space")
    begun = page.evaluate(MINUTES)
    until(page, f"{MINUTES} > {begun + 1}")
    page.keyboard.press("Space")
    until(page, "!watchfloor.station.replay.playing")
    box = page.locator(".density-plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    until(page, f"Math.abs({MINUTES} - {0.75 * 480}) < 15")


def test_both_times_are_in_it(page: Page) -> None:
    page.evaluate(f"watchfloor.station.seek({at(60).timestamp() * 1_000})")
    value = "document.querySelector('#uav-launched-value').textContent"
    until(page, f"{value} === '—'")
    page.keyboard.press("k")
    until(page, f"{value} === '479'")
    assert "known now" in page.inner_text("#replay-band")
    page.keyboard.press("k")
    until(page, f"{value} === '—'")
