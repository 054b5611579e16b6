"""Tracks between their fixes: none is ever ahead of its last fix, and an old one is told as old."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Modules = Callable[..., Any]

FIX = """
    const fix = (lon, seen, more = {}) =>
        Object.assign([lon, 50, seen, 90, 450, 35000, 0, "neutral", "LOT1", "B738", "adsb"], more);
    const t = new m.Tracks();
    const at = (key, now) => t.positionOf(t.placeOf(key), now)[0] * 360 - 180;
"""


def on_tracks(modules: Modules, script: str) -> Any:
    return modules("tracks", "(m) => {" + FIX + script + "}")


def test_it_glides_over_the_sweeps_interval_and_waits_at_its_last_fix(modules: Modules) -> None:
    script = """
        t.take({ a: fix(20, 1000) }, 0);
        t.take({ a: fix(21, 11000) }, 10000);
        const first = [at("a", 10000), at("a", 15000), at("a", 20000), at("a", 60000)];
        t.take({ a: fix(22, 21000) }, 20000);
        return [...first, at("a", 25000), at("a", 30000)];
    """
    assert on_tracks(modules, script) == pytest.approx([20, 20.5, 21, 21, 21.5, 22])


def test_a_late_sweep_begins_where_the_track_is_shown(modules: Modules) -> None:
    script = """
        t.take({ a: fix(20, 1000) }, 0);
        t.take({ a: fix(21, 11000) }, 10000);
        t.take({ a: fix(22, 16000) }, 15000);
        return [at("a", 15000), at("a", 15001) > 20.5];
    """
    position, goes_on = on_tracks(modules, script)
    assert position == pytest.approx(20.5)
    assert goes_on


def test_a_frame_that_began_before_the_picture_came_shows_the_track_all_the_same(modules: Modules) -> None:
    script = """
        t.take({ a: fix(20, 1000) }, 100);
        const fastest = t.place(90, { size: 360, left: 180, top: 0 });
        return [t.x[0], fastest, at("a", 90)];
    """
    assert on_tracks(modules, script) == pytest.approx([20, 0, 20])


def test_nothing_moves_on_that_was_not_seen_again_and_pieces_of_a_sweep_are_one(modules: Modules) -> None:
    script = """
        const b = fix(30, 1000);
        t.take({ a: fix(20, 1000), b }, 0);
        t.take({ a: fix(21, 11000), b }, 10000);
        t.take({ a: fix(21, 11000), b: fix(31, 11000) }, 10020);
        return [at("b", 10000), at("b", 15020), at("b", 20020)];
    """
    assert on_tracks(modules, script) == pytest.approx([30, 30.5, 31])


@pytest.mark.parametrize("seen", [500, 9_000_000])
def test_a_jump_in_time_is_no_flight(modules: Modules, seen: int) -> None:
    script = f"""
        t.take({{ a: fix(20, 1000) }}, 0);
        t.take({{ a: fix(20.1, 11000) }}, 10000);
        t.take({{ a: fix(35, {seen}) }}, 20000);
        return at("a", 20000);
    """
    assert on_tracks(modules, script) == pytest.approx(35)


def test_who_is_gone_is_gone_and_the_others_keep_their_places(modules: Modules) -> None:
    script = """
        const all = Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`k${n}`, fix(n / 10, 1)]));
        t.take(all, 0);
        const { k3, k599, ...rest } = all;
        const changed = [t.take({ ...rest }, 1), t.take({ ...rest }, 2)];
        return [changed, t.count, t.placeOf("k3"), at("k598", 3), at("k0", 3), new Set(t.keys).size];
    """
    got = on_tracks(modules, script)
    assert got[:3] == [[True, False], 598, -1]
    assert got[3:] == pytest.approx([59.8, 0, 598])


def test_what_is_no_track_is_left_out(modules: Modules) -> None:
    script = """
        t.take({ a: [null, 50], b: "x", c: { lon: 1 }, d: fix(20, 1, { 7: "purple", 3: null }) }, 0);
        return [t.count, m.spriteOf(t.sprite[0])];
    """
    told = {"affiliation": "unknown", "military": False, "ground": False, "stale": False, "sector": None}
    assert on_tracks(modules, script) == [1, told]


def test_an_old_fix_and_a_late_feed_are_stale(modules: Modules) -> None:
    script = """
        t.take({ a: fix(20, 1000), b: fix(21, 90000), c: fix(22, 90000, { 10: "own" }) }, 0);
        const stale = () => ["a", "b", "c"].map((key) => m.spriteOf(t.sprite[t.placeOf(key)]).stale);
        const changes = [t.age(100000, 60000, []), t.age(100000, 60000, [])];
        const old = stale();
        t.age(100000, 60000, ["own"]);
        return [changes, old, stale()];
    """
    assert on_tracks(modules, script) == [[True, False], [True, False, False], [True, False, True]]


def test_the_card_tells_what_is_known_and_how_old_it_is(modules: Modules) -> None:
    function = """async (m) => {
        const { reading } = await import(`${config.assets}/tracks.mjs`);
        const how = [270, 450, 35000, 6];
        const track = reading([30.5234, 50.4501, 1000, ...how, "friend", "NATO1", "E3TF", "adsb"]);
        const nodes = m.trackCard({ key: "~ae1234", label: "NATO1", track }, words, 61000);
        return nodes.map((node) => node.textContent);
    }"""
    assert modules("trackcard", function) == [
        "NATO1",
        "friend · military · E3TF · ~AE1234",
        "35,000 ft · 450 kt · course 270°",
        "36U UA 24182 91607",
        "relayed by adsb · seen 60 s ago",
        "Its address is not its own.",
    ]
