"""The frames of the map while thousands of aircraft glide over it, against those of an empty page.

`python -m bench.tracks [--quick]`. The overlay alone in a real browser on software graphics: with nothing
to draw, with one pixel of a canvas changed in every frame, and with 1,000 and 5,000 tracks, each seen
elsewhere twice a second. They take turns, and the median of the rounds counts. Limits are shares of the
frames that the same browser had of the empty page: a thousand tracks have three of four at least, five
thousand one of two.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from bench.verdict import judge
from config.settings import Settings
from tests.conftest import BROWSER_ARGUMENTS, BROWSERS
from tests.house import free_port, web_in_thread

LEAST = {1_000: 0.75, 5_000: 0.5}
"""By the number of tracks: the frames that are drawn at least, of those of an empty page."""
ROUNDS = 5
MS = 1_500
"""How long frames are counted of each."""

CROWD = """
    const crowd = (count, seen) => Object.fromEntries(Array.from({ length: count }, (_, n) => {
        const [lon, lat] = [28 + 8 * Math.sin(1.3 * seen + 2.3 * n), 50 + 3 * Math.cos(seen + 2 * n)];
        const affiliation = ["neutral", "unknown", "friend", "hostile"][n % 4];
        const how = [(n * 7) % 360, 450, 35000, n % 20 ? 0 : 2];
        return [n, [lon, lat, seen, ...how, affiliation, `LOT${n}`, "", "own"]];
    }));
"""
"""So many tracks by key, all over the map, each elsewhere when it is seen again."""

# Frames a second of each, in one round.
ROUND = (
    """
async ([config, counts, ms]) => {
    const { Language } = await import(`${config.assets}/language.mjs`);
    const { loadSymbols } = await import(`${config.assets}/sprites.mjs`);
    const { Overlay } = await import(`${config.assets}/overlay.mjs`);
    const { words } = await Language.of(config);
    await loadSymbols(`${config.assets}/symbols`, config.symbols);
"""
    + CROWD
    + """
    const holder = document.createElement("div");
    holder.style.cssText = "position: fixed; inset: 0; background: #15212d";
    document.body.replaceChildren(holder);
    const view = { lon: 28, lat: 50, zoom: 5.5, width: innerWidth, height: innerHeight };
    const overlay = new Overlay(holder, () => view);
    const names = "threats unplaced scrambles closures strikes regions towns countries".split(" ");
    overlay.show({ ...Object.fromEntries(names.map((name) => [name, []])), words });

    const paced = async (ms, each) => {
        const begun = performance.now();
        let frames = 0;
        while (performance.now() - begun < ms) {
            frames += each();
            await new Promise((go) => requestAnimationFrame(go));
        }
        return (frames * 1000) / (performance.now() - begun);
    };
    let [seen, swept, drawn] = [0, 0, 0];
    const glide = (count) => () => {
        if (performance.now() - swept > 500) {
            swept = performance.now();
            seen += 1;
            overlay.showTracks({ byKey: crowd(count, seen), at: seen, staleAfterMs: 60000, late: [] });
        }
        const more = overlay.frames.moving - drawn;
        drawn += more;
        return more;
    };
    const dot = () => {
        overlay.moving.context.fillRect(seen++ % 500, 0, 1, 1);
        return 1;
    };
    await paced(500, () => 1);
    const rates = { page: await paced(ms, () => 1), canvas: await paced(ms, dot) };
    for (const count of counts) {
        await paced(1100, glide(count));
        rates[count] = await paced(ms, glide(count));
    }
    return rates;
}
"""
)


def run(rounds: int, ms: int) -> list[dict[str, float]]:
    """Frames a second in each round: of the empty page, of a canvas with one pixel, by number of tracks."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit("there is no Chromium or Chrome here: install the package chromium")
    settings = Settings(port=free_port(), gateway_port=free_port())
    with web_in_thread(settings), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{settings.url}/wall", wait_until="commit")
        config: dict[str, Any] = json.loads(page.text_content("#watchfloor") or "")
        found = []
        for _ in range(rounds):
            page.goto(f"{settings.url}/healthz")
            found.append(page.evaluate(ROUND, [config, list(LEAST), ms]))
        browser.close()
    return found


def main() -> int:
    """Print the ratios; 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = run(1 if asked.quick else ROUNDS, MS)
    if asked.json:
        print(json.dumps(found, indent=1))
        return 0

    def median(name: str, of: str = "") -> float:
        return statistics.median(each[name] / (each[of] if of else 1) for each in found)

    print(
        f"frames a second: {median('page'):.0f} of an empty page, {median('canvas'):.0f} with one pixel of a "
        f"canvas changed ({median('canvas', 'page'):.2f} of these)"
    )
    for count in map(str, LEAST):
        print(
            f"  {int(count):5,} tracks  {median(count):5.1f}  {median(count, 'page'):.2f} of the empty page's"
            f", {median(count, 'canvas'):.2f} of the canvas's"
        )
    return judge(
        (f"frames lost with {count:,} tracks, of an empty page's", 1 - median(str(count), "page"), 1 - least)
        for count, least in LEAST.items()
    )


if __name__ == "__main__":
    sys.exit(main())
