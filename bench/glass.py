"""From XADD to the glass: the wall in a real browser, beside a plain Dash page that asks every second.

`python -m bench.glass [--quick]`. 200 further clients are connected and 500 events a second come in. Probes
of four kinds (a counter, the ticker, a track, a region's colour) are put into the streams in turn, and the
page itself notes when what it shows is theirs and has been painted. Limits: counters, ticker and tracks
within three frames of the same page's own animation loop, region colours within three repaints of the same
page's bare map, all by the median. Then the seed night is played at sixtyfold speed, and frame times and
heap at its end are held against those at its beginning.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as PlaywrightError
from redis.asyncio import Redis

from bench.push import Child, add
from bench.verdict import judge
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    Quantities,
    RaidReport,
    Statement,
    Threat,
    Track,
    TrackSweep,
)
from streams.store import connect
from tests.conftest import BROWSER_ARGUMENTS, BROWSERS
from tests.house import House

THEATRE = "eastern-flank"
CLIENTS = 200
LOAD_PER_S = 500
BATCHES_PER_S = 20
KINDS = ("counter", "ticker", "track", "region")
REGIONS = (
    "UA-05",
    "UA-07",
    "UA-18",
    "UA-21",
    "UA-26",
    "UA-46",
    "UA-51",
    "UA-53",
    "UA-56",
    "UA-61",
    "UA-68",
    "UA-71",
)
WARMING = 10
"""Probes of each kind that come first and do not count."""
FRAMES_ALLOWED = 3.0
GROWTH_ALLOWED = 1.25
NIGHT_SPEED = 60

# In the page: when a frame is painted, a probe is there if what the page shows is its. The page writes in its
# frames alone, so that nothing is seen before it is painted; the map is, when a pixel of it can be read.
WATCH = """
(() => {
  globalThis.seen = {};
  const probes = globalThis.probes = {};
  const { overlay, map: view } = watchfloor.stage;
  const at = () => performance.timeOrigin + performance.now();
  const told = new MessageChannel();
  const waiting = [];
  told.port1.onmessage = () => { for (const act of waiting.splice(0)) act(at()); };
  const afterPaint = (act) => {
    waiting.push(act);
    told.port2.postMessage(null);
  };
  const afterFrame = (act) => requestAnimationFrame(() => afterPaint(act));
  const said = globalThis.said = (selector) => document.querySelector(selector)?.textContent ?? '';
  const colour = (key) => view.map.getFeatureState({ source: 'borders', id: key }).alert ?? '';
  const mapPainted = (key) => view.map.once('render', () => {
    const { gl } = view.map.painter.context;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    afterPaint((when) => { seen[key] = when; });
  });
  const shown = {
    counter: (want) => said('#uav-launched-value').replaceAll(/\\D/g, '') === want,
    ticker: (want) => said('#ticker').includes(want),
    track: (want) => overlay.moving.tracks.keys.includes(want) && overlay.isDrawn,
    region: (want) => (colour(want.slice(1)) === '') === (want[0] === '-'),
  };
  const look = (when) => {
    for (const [key, [kind, want]] of Object.entries(probes)) {
      if (!shown[kind](want)) continue;
      delete probes[key];
      if (kind === 'region') mapPainted(key);
      else seen[key] = when;
    }
    afterFrame(look);
  };
  afterFrame(look);
  globalThis.frameTimes = (ms) => new Promise((done) => {
    const times = [];
    let last = performance.now();
    const end = last + ms;
    const frame = (now) => {
      times.push(now - last);
      last = now;
      if (now < end) requestAnimationFrame(frame);
      else done(times.slice(1));
    };
    requestAnimationFrame(frame);
  });
  globalThis.repaints = (count) => new Promise((done) => {
    const times = [];
    let last = performance.now();
    const painted = () => {
      times.push(performance.now() - last);
      last = performance.now();
      if (times.length <= count) return view.map.triggerRepaint();
      view.map.off('render', painted);
      done(times.slice(1));
    };
    view.map.on('render', painted);
    view.map.triggerRepaint();
  });
})()
"""
PLAIN = """
(want) => new Promise((done) => {
  const look = () => {
    if (document.querySelector('#value').textContent !== want) return setTimeout(look, 1);
    requestAnimationFrame(() => setTimeout(() => done(performance.timeOrigin + performance.now())));
  };
  look();
})
"""


def now() -> dt.datetime:
    """By this machine's clock, which is the store's and the browser's too."""
    return dt.datetime.now(dt.UTC)


BEGUN_AT = now()


class Load:
    """Events that keep the picture busy: threats that move, alerts that come and go."""

    def __init__(self, client: Redis) -> None:
        self.client = client
        self.number = 0
        self._choose = random.Random(7)
        self._task: asyncio.Task[None] | None = None

    def event(self) -> Event:
        self.number += 1
        slot = self.number % 400
        revision = self.number // 400 + 1
        if slot < 2:
            return AirRaidAlert(
                id=f"load-alert-{slot}",
                revision=revision,
                status="actual",
                feed="bench",
                region=f"UA-{self._choose.choice(('23', '12', '65', '59', '63'))}",
                valid_from=now(),
                valid_to=now() if revision % 2 == 0 else None,
            )
        return Threat(
            id=f"load-threat-{slot % 60}",
            revision=self.number,
            status="actual",
            feed="bench",
            threat_type="drones",
            state="moving",
            regions=(self._choose.choice(REGIONS),),
            course_deg=float(self._choose.randrange(360)),
            valid_from=BEGUN_AT,
            published_at=now(),
        )

    async def _run(self) -> None:
        begun = time.monotonic()
        sent = 0
        while True:
            due = int((time.monotonic() - begun) * LOAD_PER_S)
            if due > sent:
                await add(self.client, *(self.event() for _ in range(due - sent)))
                sent = due
            await asyncio.sleep(1 / BATCHES_PER_S)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None


def probe(kind: str, number: int) -> tuple[Event, str]:
    """An event, and what the page shows when it has it."""
    frame: dict[str, Any] = {"status": "actual", "feed": "bench-probe", "published_at": now()}
    if kind == "counter":
        return (
            RaidReport(
                id="probe-report",
                revision=number + 1,
                claimant="ua-air-force",
                attacker="RU",
                valid_from=BEGUN_AT - dt.timedelta(hours=2),
                valid_to=BEGUN_AT,
                launched=Quantities(uav=Count(value=1_000 + number)),
                **frame,
            ),
            str(1_000 + number),
        )
    if kind == "ticker":
        speaker = f"Probe {number:05d}"
        return Statement(id=f"probe-said-{number}", speaker=speaker, topic="bench", **frame), speaker
    if kind == "track":
        key = f"{0xA00000 + number:06x}"
        track = Track(
            key=key, lon=24 + number % 50 / 10, lat=50.0, seen_at=now(), track_deg=90.0, speed_kt=400.0
        )
        return TrackSweep(id=f"probe-sweep-{number}", tracks=(track,), **frame), key
    region = REGIONS[number % len(REGIONS)]
    on = number // len(REGIONS) % 2 == 0
    return (
        AirRaidAlert(
            id=f"probe-alert-{region}",
            revision=number + 1,
            region=region,
            valid_from=now(),
            valid_to=None if on else now(),
            **frame,
        ),
        f"{'+' if on else '-'}{region}",
    )


async def wait(client: Redis, page: Page, kind: str, number: int) -> float:
    """Milliseconds from before the XADD of a probe until the page has painted it."""
    event, want = probe(kind, number)
    key = f"{kind}-{number}"
    await page.evaluate("([key, kind, want]) => { probes[key] = [kind, want]; }", [key, kind, want])
    # Of no fixed length, so that no probe falls in step with the frames.
    await asyncio.sleep(random.uniform(0.05, 0.25))
    begun = time.time() * 1_000
    await add(client, event)
    try:
        await page.wait_for_function("(key) => key in seen", arg=key, timeout=10_000, polling=30)
    except PlaywrightError as error:
        shown = await page.evaluate(
            "[probes, document.documentElement.dataset.kind, said('#uav-launched-value')]"
        )
        raise SystemExit(f"a probe of kind {kind} was not seen within 10 s: {want}; {shown}") from error
    return float(await page.evaluate("(key) => seen[key]", key)) - begun


def shares(waits: list[float], unit_ms: float) -> dict[str, float]:
    """p50 and p99 in milliseconds, and the median in units of a frame."""
    ordered = sorted(waits)
    return {
        "p50_ms": statistics.median(ordered),
        "p99_ms": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
        "p50_units": statistics.median(ordered) / unit_ms,
    }


async def plain_dash(browser: Browser, client: Redis, store_url: str, count: int) -> list[float]:
    """The same counter on a plain Dash page that asks for it once a second."""
    server = await Child.start("bench.glass_plain", store_url)
    try:
        port = (await server.answer())["port"]
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{port}/")
        await page.wait_for_selector("#value", state="attached")
        waits = []
        for number in range(count):
            want = str(5_000 + number)
            await asyncio.sleep(random.uniform(0.1, 0.9))
            begun = time.time() * 1_000
            await client.set("bench-plain", want)
            at = await page.evaluate(PLAIN, want)
            waits.append(at - begun)
        await page.close()
        return waits
    finally:
        await server.stop()


async def heap(page: Page) -> float:
    """Bytes on the page's heap after a collection."""
    session = await page.context.new_cdp_session(page)
    await session.send("HeapProfiler.collectGarbage")
    answer = await session.send("Runtime.getHeapUsage")
    await session.detach()
    return float(answer["usedSize"])


async def live(browser: Browser, quick: bool) -> dict[str, Any]:
    """The probes, with the load beside them."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), speed=0)
        clients: Child | None = None
        try:
            house.start("store", "gateway", "web")
            store_url = f"redis://127.0.0.1:{house.ports['STORE_PORT']}/0"
            client = connect(store_url)
            load = Load(client)
            await add(client, load.event())
            clients = await Child.start(
                "bench.push_clients",
                str(house.ports["GATEWAY_PORT"]),
                str(CLIENTS),
                f"/v1/picture?theatre={THEATRE}",
                '{"type":"hello"}',
                "no",
                store_url,
            )
            assert (await clients.answer())["connected"] == CLIENTS
            page = await browser.new_page(viewport={"width": 1920, "height": 1080})
            await page.goto(f"{house.wall}?sound=off&shift=off")
            await page.wait_for_function(
                "() => document.documentElement.dataset.map === 'drawn'", timeout=60_000
            )
            await page.evaluate(WATCH)
            load.start()
            await asyncio.sleep(3)
            frame_ms = statistics.median(await page.evaluate("frameTimes(4000)"))
            repaint_ms = statistics.median(await page.evaluate("repaints(12)"))
            count = 15 if quick else 100
            found: dict[str, Any] = {
                "frame_ms": frame_ms,
                "repaint_ms": repaint_ms,
                "events_before": load.number,
            }
            waits: dict[str, list[float]] = {kind: [] for kind in KINDS}
            for number in range(WARMING + count):
                for kind in KINDS:
                    waits[kind].append(await wait(client, page, kind, number))
            for kind in KINDS:
                found[kind] = shares(waits[kind][WARMING:], repaint_ms if kind == "region" else frame_ms)
            await load.stop()
            found["dash"] = shares(await plain_dash(browser, client, store_url, 5 if quick else 20), frame_ms)
            await page.close()
            await client.aclose()
            return found
        finally:
            if clients is not None:
                await clients.stop()
            house.close()


async def night(browser: Browser, minutes: float) -> dict[str, Any]:
    """Frame times and heap of the wall while the seed night plays at sixtyfold speed."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder), speed=NIGHT_SPEED)
        try:
            house.start()
            page = await browser.new_page(viewport={"width": 1920, "height": 1080})
            await page.goto(f"{house.wall}?sound=off&shift=off")
            await page.wait_for_function(
                "() => document.documentElement.dataset.map === 'drawn'", timeout=60_000
            )
            await page.evaluate(WATCH)
            await asyncio.sleep(20)
            rows = []
            end = time.monotonic() + minutes * 60
            while True:
                times = await page.evaluate("frameTimes(5000)")
                rows.append(
                    (statistics.median(times), sorted(times)[len(times) * 99 // 100], await heap(page))
                )
                if time.monotonic() > end:
                    break
                await asyncio.sleep(min(30.0, minutes * 6))
            third = max(1, len(rows) // 3)
            first, last = rows[:third], rows[-third:]

            def mean(part: list[tuple[float, float, float]], column: int) -> float:
                return statistics.mean(row[column] for row in part)

            await page.close()
            return {
                "frame_p50_growth": mean(last, 0) / mean(first, 0),
                "frame_p99_ms": mean(last, 1),
                "heap_growth": mean(last, 2) / mean(first, 2),
                "heap_mb": mean(last, 2) / 1e6,
                "looks": len(rows),
            }
        finally:
            house.close()


async def run(quick: bool, minutes: float) -> dict[str, Any]:
    """Everything, as numbers."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit("there is no Chromium or Chrome here: install the package chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        try:
            return {
                "live": await live(browser, quick),
                "night": await night(browser, minutes) if minutes else None,
            }
        finally:
            await browser.close()


def verdicts(found: dict[str, Any]) -> list[tuple[str, float, float]]:
    """What is held to a limit: (what, value, limit)."""
    held = [
        (
            f"{kind}: median in {'repaints' if kind == 'region' else 'frames'}",
            found["live"][kind]["p50_units"],
            FRAMES_ALLOWED,
        )
        for kind in KINDS
    ]
    if found["night"]:
        held += [
            ("night: frame time, end against beginning", found["night"]["frame_p50_growth"], GROWTH_ALLOWED),
            ("night: heap, end against beginning", found["night"]["heap_growth"], GROWTH_ALLOWED),
        ]
    return held


def main() -> int:
    """Print the ratios; 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few probes, a minute of the night")
    parser.add_argument(
        "--minutes", type=float, help="how long the night plays at 60x; 12 is a whole night, 0 for none"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    minutes = asked.minutes if asked.minutes is not None else (1.0 if asked.quick else 12.0)
    found = asyncio.run(run(asked.quick, minutes))
    if asked.json:
        print(json.dumps(found, indent=1))
        return 0
    lived = found["live"]
    print(
        f"{CLIENTS} clients, {LOAD_PER_S} events a second; a frame of this page {lived['frame_ms']:.1f} ms, "
        f"a repaint of its map {lived['repaint_ms']:.1f} ms"
    )
    for kind in (*KINDS, "dash"):
        row = lived[kind]
        unit = "repaints" if kind == "region" else "frames"
        times = f"p50 {row['p50_ms']:7.1f} ms  p99 {row['p99_ms']:7.1f} ms"
        print(f"  {kind:8} {times}  p50 = {row['p50_units']:.2f} {unit}")
    ratio = lived["dash"]["p50_ms"] / lived["counter"]["p50_ms"]
    print(f"  a plain Dash page that asks every second takes {ratio:.1f} x as long as the counter")
    if found["night"]:
        print(
            "  night at 60x: {looks} looks, heap {heap_mb:.1f} MB, frames p99 {frame_p99_ms:.1f} ms".format(
                **found["night"]
            )
        )
    return judge(verdicts(found))


if __name__ == "__main__":
    sys.exit(main())
