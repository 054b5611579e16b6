"""What is drawn over the map: how often, how fast, at what cost, and what is found under the pointer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from bench.tracks import CROWD

Modules = Callable[..., Any]

SETTING = """
    const holder = document.createElement("div");
    holder.style.cssText = "position: fixed; inset: 0; background: #15212d";
    document.body.replaceChildren(holder);
    const { loadSymbols } = await import(`${config.assets}/sprites.mjs`);
    await loadSymbols(`${config.assets}/symbols`, config.symbols);
    const view = { lon: 28, lat: 50, zoom: 5.5, width: innerWidth, height: innerHeight };
    const overlay = new m.Overlay(holder, () => view);
    const names = "threats unplaced scrambles closures strikes regions towns countries".split(" ");
    const EMPTY = { ...Object.fromEntries(names.map((name) => [name, []])), words };
    const still = {
        kind: "threat", symbol: "drones", label: "x", sub: "", silentMs: 0, course: null, isMissile: false,
        lost: false, stale: false, path: [], approximate: false,
    };
    const frame = () => new Promise((go) => requestAnimationFrame(go));
    const aircraft = (lon, lat, seen = 1, more = {}) =>
        Object.assign([lon, lat, seen, 90, 450, 35000, 0, "neutral", "LOT1", "B738", "adsb"], more);
    const tracks = (byKey, at = 1) => ({ byKey, at, staleAfterMs: 60000, late: [] });
    const both = () => {
        const threats = [{ ...still, key: "t", lon: 30, lat: 50 }];
        overlay.show({ ...EMPTY, threats, tracks: tracks({ abc123: aircraft(28, 50) }) });
    };
"""


def on_overlay(modules: Modules, script: str, argument: Any = None) -> Any:
    """Run a script with an overlay over an empty page, and what SETTING defines."""
    return modules("overlay", "async (m, a) => {" + SETTING + script + "}", argument)


def test_what_stands_is_drawn_anew_only_when_it_is_seen_to_change(modules: Modules) -> None:
    script = """
        const threat = { ...still, key: "t", lon: 30, lat: 50, view: {} };
        const shown = [];
        const show = async (threats, byKey) => {
            overlay.show({ ...EMPTY, countries: [], threats, tracks: tracks(byKey) });
            await frame();
            await frame();
            shown.push([overlay.frames.still, overlay.frames.changes]);
        };
        await show([threat], {});
        await show([{ ...threat }], {});
        await show([threat], { a: aircraft(29, 50) });
        await show([{ ...threat, label: "y" }], { a: aircraft(29, 50) });
        for (let n = 0; n < 120 && overlay.frames.still < 2; n += 1) await frame();
        shown.splice(3, 1, [overlay.frames.still, overlay.frames.changes]);
        return { shown, at: overlay.frames.changedAt > 0 };
    """
    assert on_overlay(modules, script) == {"shown": [[1, 1], [1, 1], [1, 2], [2, 3]], "at": True}


def test_nothing_is_drawn_while_nothing_moves(modules: Modules) -> None:
    script = """
        overlay.show({ ...EMPTY, tracks: tracks({ a: aircraft(29, 50) }) });
        const isDue = () => !overlay.isDrawn || overlay.moving.isNamingDue;
        for (let n = 0; n < 600 && isDue(); n += 1) await frame();
        const before = overlay.frames.moving;
        for (let n = 0; n < 20; n += 1) await frame();
        return overlay.frames.moving - before;
    """
    assert on_overlay(modules, script) == 0


def test_a_track_is_found_where_it_is_and_a_layer_that_is_off_is_not(modules: Modules) -> None:
    script = """
        both();
        await frame();
        await frame();
        const found = () => [[innerWidth / 2, innerHeight / 2], [overlay.items[0]?.x, overlay.items[0]?.y]]
            .map(([x, y]) => overlay.at(x, y)?.item)
            .map((item) => item && [item.kind, item.key, item.label]);
        const on = found();
        overlay.layers({ tracks: false, threats: false });
        await frame();
        await frame();
        const off = found();
        overlay.layers({ tracks: true });
        await frame();
        await frame();
        return [on, off, found()];
    """
    track, threat = ["track", "abc123", "LOT1"], ["threat", "t", "x"]
    assert on_overlay(modules, script) == [[track, threat], [None, None], [track, None]]


def test_a_selection_and_a_measuring_line_are_seen_and_move_nothing(modules: Modules) -> None:
    script = """
        both();
        const ink = async (canvas) => {
            await frame();
            await frame();
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let sum = 0;
            for (let n = 3; n < data.length; n += 4) sum += data[n] > 0;
            return sum;
        };
        const [standing, flying] = [overlay.still.canvas, overlay.moving.canvas];
        const plain = [await ink(standing), await ink(flying)];
        overlay.select("t");
        const threat = [await ink(standing), await ink(flying)];
        overlay.select("abc123");
        const track = [await ink(standing), await ink(flying)];
        overlay.select(null);
        overlay.measure = { from: [21, 52], to: [30, 50] };
        const line = await ink(standing);
        overlay.measure = null;
        return {
            threat: threat[0] > plain[0] && threat[1] === plain[1],
            track: track[0] === plain[0] && track[1] > plain[1],
            line: line > plain[0],
            back: (await ink(standing)) === plain[0],
            view: view.lon,
        };
    """
    assert on_overlay(modules, script) == {
        "threat": True,
        "track": True,
        "line": True,
        "back": True,
        "view": 28,
    }


def test_threats_on_each_other_fan_out_and_many_are_one_with_a_count(modules: Modules) -> None:
    function = """(m, n) => {
        const same = { y: 100, lon: 30, lat: 50, symbol: "drones", isMissile: false, stale: false };
        const items = Array.from({ length: n }, (_, k) => ({ ...same, key: `t${k}`, x: 100 + k }));
        return m.spread(items, () => 10).map(({ kind = "threat", members = [0], x, y, stands }) =>
            ({ kind, n: members.length, x, y, stands }));
    }"""
    assert [item["n"] for item in modules("clusters", function, 1)] == [1]
    three = modules("clusters", function, 3)
    assert [item["stands"] for item in three] == [[100, 100], [101, 100], [102, 100]]
    for n, one in enumerate(three):
        for other in three[n + 1 :]:
            assert ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5 >= 20
    (many,) = modules("clusters", function, 12)
    assert (many["kind"], many["n"], many["x"]) == ("cluster", 12, 105.5)


COUNTING = """
    const strokes = CanvasRenderingContext2D.prototype;
    const own = Object.fromEntries(Object.entries(Object.getOwnPropertyDescriptors(strokes))
        .filter(([, { value }]) => typeof value === "function").map(([name, { value }]) => [name, value]));
    const styleOf = globalThis.getComputedStyle;
    /** How often each thing is done to a canvas while something is done; looks at styles are "style". */
    const counted = (act) => {
        const done = {};
        const note = (what) => (done[what] = (done[what] ?? 0) + 1);
        const places = new Map([[overlay.moving.canvas, "moving"], [overlay.still.canvas, "still"]]);
        for (const [name, stroke] of Object.entries(own)) {
            strokes[name] = function (...given) {
                note(`${places.get(this.canvas) ?? "picture"} ${name}`);
                return stroke.apply(this, given);
            };
        }
        globalThis.getComputedStyle = (...given) => (note("style"), styleOf(...given));
        try {
            act();
        } finally {
            Object.assign(strokes, own);
            globalThis.getComputedStyle = styleOf;
        }
        return done;
    };
    overlay.show(EMPTY);
    /** Have so many seen, and all pictures of them made; when their glide to the next places begins. */
    const begin = (count) => {
        for (const seen of [1, 2]) {
            overlay.showTracks(tracks(crowd(count, seen), seen));
            // Twice, for a crowd is found out when it is drawn; so late that names are due.
            for (const n of [0, 1]) overlay.draw(performance.now() + 60000 * seen + n);
        }
        return overlay.moving.tracks.begins[0];
    };
"""
MOST_NAMES = 40


@pytest.mark.parametrize("count", [1_000, 5_000])
def test_a_frame_of_thousands_of_tracks_is_one_stroke_on_the_canvas(modules: Modules, count: int) -> None:
    """So they glide about as an empty page does: how fast, `bench/tracks.py` measures."""
    script = """
        const begins = begin(a);
        const { x } = overlay.moving.tracks;
        const frames = [];
        for (let n = 1; n < 20; n += 1) {
            const before = x.slice(0, a);
            const done = counted(() => overlay.draw(begins + 5 * n));
            frames.push([done, before.filter((was, place) => was !== x[place]).length]);
        }
        return frames;
    """
    for done, moved in on_overlay(modules, CROWD + COUNTING + script, count):
        assert done == {"moving putImageData": 1}
        assert moved == count


@pytest.mark.parametrize("count", [1_000, 5_000])
def test_a_symbol_is_drawn_once_for_all_tracks_that_have_it(modules: Modules, count: int) -> None:
    script = """
        const begins = begin(a);
        const kinds = new Set(overlay.moving.tracks.sprite.slice(0, a)).size;
        overlay.moving.repaint();
        const done = counted(() => overlay.draw(begins + 50));
        return { kinds, pictures: done["picture getImageData"], put: done["moving putImageData"] };
    """
    found = on_overlay(modules, CROWD + COUNTING + script, count)
    assert found["put"] == 1
    assert found["kinds"] < 200
    # A picture of each kind, of each name, and of the dot of each affiliation.
    assert found["kinds"] <= found["pictures"] <= found["kinds"] + MOST_NAMES + 4


def test_tracks_that_move_are_drawn_once_a_frame_and_nothing_that_stands_is(modules: Modules) -> None:
    script = """
        overlay.show({ ...EMPTY, threats: [{ ...still, key: "t", lon: 30, lat: 50 }] });
        for (let n = 0; n < 600 && (overlay.frames.still < 1 || !overlay.isDrawn); n += 1) await frame();
        const [stood, moved] = [overlay.frames.still, overlay.frames.moving];
        for (let n = 0; n < 20; n += 1) {
            for (let part = 1; part <= 5; part += 1) overlay.showTracks(tracks(crowd(50, 5 * n + part), n));
            await frame();
        }
        return [overlay.frames.still - stood, overlay.frames.moving - moved];
    """
    redrawn, drawn = on_overlay(modules, CROWD + script)
    assert redrawn == 0
    assert 19 <= drawn <= 21


def test_thousands_of_updates_leave_no_memory_behind(modules: Modules, browser: Browser) -> None:
    script = (
        CROWD
        + """
        Object.assign(view, { width: 400, height: 300 });
        overlay.show(EMPTY);
        let from = 0;
        globalThis.update = (count) => {
            const to = from + count;
            for (; from < to; from += 1) {
                const byKey = crowd(50, from);
                // Aircraft come and go, and one has another name each time.
                byKey[from % 50][8] = `N${from}`;
                for (const key of Object.keys(byKey)) if (Number(key) % 7 === from % 7) delete byKey[key];
                overlay.showTracks(tracks(byKey, from));
                overlay.draw(from * 500);
            }
        };
    """
    )
    on_overlay(modules, script)
    (page,) = (page for context in browser.contexts for page in context.pages)
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")

    def held_bytes() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"])

    page.evaluate("update(400)")
    before = held_bytes()
    page.evaluate("update(2000)")
    assert held_bytes() - before < 300_000
    session.detach()


def test_the_wall_shows_aircraft_and_explains_them(
    glass: Callable[..., Any], gateway: Any, night: dict[str, Any]
) -> None:
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_map()
    rows = "[...document.querySelectorAll('#legend li:not([hidden]) i')].map((row) => row.className).join()"
    wall.wait(f"watchfloor.stage?.overlay.scene && !{rows}.includes('track')")
    now = int(datetime.now(UTC).timestamp() * 1000)
    track = [25.0, 48.0, now, 90.0, 420.0, 34000.0, 2, "friend", "NATO1", "E3TF", "own"]
    gateway.patch({"tracks": {"4b1805": track}})
    wall.wait("watchfloor.stage.overlay.moving.tracks.x[0] > 0")
    wall.wait(f"{rows}.includes('swatch-track')")
    spot = wall.page.evaluate(
        """() => {
            const { tracks } = watchfloor.stage.overlay.moving;
            const frame = document.querySelector("#map-place").getBoundingClientRect();
            return [frame.left + tracks.x[0], frame.top + tracks.y[0]];
        }"""
    )
    wall.page.mouse.move(*spot)
    wall.wait("!document.querySelector('#card').hidden")
    card = wall.text("#card")
    assert "NATO1" in card
    assert "34,000 ft · 420 kt · course 090°" in card
