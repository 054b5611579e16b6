"""The desk's modules: rows and how they are asked for, spans, revisions, the address, keys, notifications."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Modules = Callable[..., Any]


def test_a_row_is_replaced_by_its_later_revision_and_by_nothing_else(modules: Modules) -> None:
    taken = modules(
        "desk/ledger",
        """(m) => {
            const ledger = new m.Ledger();
            const row = (id, revision, entry) => ({ id, revision, entry });
            const first = ledger.take([row("a", 2, "1-0"), row("a", 1, "0-0"), row("b", 1, "0-1")]);
            const second = ledger.take([row("a", 1, "9-0"), row("b", 2, "2-0")]);
            const ids = ({ add, update }) => [add.map(({ id }) => id), update.map(({ id }) => id)];
            return [ids(first), ids(second), ledger.get("a").revision, ledger.get("b").revision, ledger.size];
        }""",
    )

    assert taken == [[["a", "b"], []], [[], ["b"]], 2, 2, 2]


def test_rows_come_in_pages_newest_first_and_then_what_is_new_four_times_a_second_at_most(
    modules: Modules,
) -> None:
    asked, rows, gaps = modules(
        "desk/intake",
        """async (m) => {
            const asked = [], rows = [], times = [];
            let read = 0;
            const now = () => (read = performance.now());
            const pages = { "": ["p1", "c"], p1: ["p2", "c"], p2: [null, "c"] };
            const ask = async (query) => {
                asked.push(query.after ? `after ${query.after}` : `before ${query.before ?? ""}`);
                if (query.after) {
                    times.push(read);
                    return { rows: [{ id: "n" + times.length }], position: query.after + "+" };
                }
                const [next, position] = pages[query.before ?? ""];
                return { rows: [{ id: "r" }, { id: "s" }], next, position };
            };
            const take = (some) => rows.push(...some);
            const intake = new m.Intake({ take, ask, now, pause: async () => {}, page: 2 });
            intake.hear();
            await intake.start();
            for (let n = 0; n < 40; n += 1) {
                intake.hear();
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
            return [asked, rows.length, times.slice(1).map((at, n) => at - times[n])];
        }""",
    )

    assert asked[:4] == ["before ", "before p1", "before p2", "after c"]
    assert asked[4] == "after c+"
    assert rows >= 8
    assert all(gap > 240 for gap in gaps)


def test_what_is_asked_for_in_vain_is_asked_for_again(modules: Modules) -> None:
    said = modules(
        "desk/intake",
        """async (m) => {
            const said = [];
            let n = 0;
            const ask = async () => {
                if (n++ === 0) throw Object.assign(new Error("rows: 401"), { status: 401 });
                return { rows: [], next: null, position: "c" };
            };
            const intake = new m.Intake({ take() {}, told: ({ error }) => said.push(error), ask });
            await intake.start();
            await intake.start();
            return said;
        }""",
    )

    assert "rows: 401" in said
    assert said[-1] == ""


def test_who_begins_anew_asks_for_nothing_after_no_row(modules: Modules) -> None:
    asked = modules(
        "desk/intake",
        """async (m) => {
            const asked = [];
            const ask = async (query) => {
                asked.push(query);
                // Longer than what was heard of waits for its turn.
                if (asked.length > 1) await new Promise((resolve) => setTimeout(resolve, 400));
                return { rows: [{ id: "r" }], next: null, position: "c" };
            };
            const intake = new m.Intake({ take() {}, ask, pause: async () => {} });
            await intake.start();
            intake.hear();
            intake.hear();
            await intake.start();
            intake.hear();
            await new Promise((resolve) => setTimeout(resolve, 800));
            return asked.filter((query) => "after" in query).map(({ after }) => after);
        }""",
    )

    assert asked
    assert set(asked) == {"c"}


def test_spans_cut_a_text_by_characters_and_steering_signs_are_shown(modules: Modules) -> None:
    pieces = modules(
        "desk/spans",
        "(m, x) => m.cut(x, { a: [[2, 4]], b: [[3, 5]], outside: [[4, 99]], none: [[3, 3]] })",
        "👍👍abc\u202ed",
    )

    assert [(piece["text"], piece["fields"]) for piece in pieces] == [
        ("👍👍", []),
        ("a", ["a"]),
        ("b", ["a", "b"]),
        ("c", ["b"]),
        ("\ufffdd", []),
    ]


def test_between_revisions_only_what_differs_is_told(modules: Modules) -> None:
    before = {
        "id": "e",
        "revision": 1,
        "kind": "raid_report",
        "launched": {"uav": {"value": 472}},
        "regions": ["A"],
    }
    after = {**before, "revision": 2, "msg_type": "update", "launched": {"uav": {"value": 479}}, "by": "anna"}

    changes = modules("desk/fields", "(m, [a, b]) => m.changesBetween(a, b)", [before, after])

    assert {change["path"]: (change.get("before"), change.get("after")) for change in changes} == {
        "launched.uav": ({"value": 472}, {"value": 479}),
        "msg_type": (None, "update"),
        "by": (None, "anna"),
    }


def test_an_address_holds_a_view_and_leaves_out_what_is_no_view(modules: Modules) -> None:
    view = {
        "filters": ["tonight"],
        "kinds": ["threat"],
        "search": "sumy & more",
        "sort": "where:asc",
        "off": ["towns"],
        "map": [30.5, 50.25, 6.5],
        "selected": ["a:b|c", "d"],
        "panel": "raw",
        "side": "log",
        "model": '{"feed":{"filter":"x"}}',
    }

    again = modules("desk/address", "(m, view) => m.readView(m.writeView(view, '?scale=2'))", view)
    hostile = modules(
        "desk/address",
        "(m) => m.readView('?map=999,x,2&sort=a;b&panel=<b>&model={&show=<script>&side=../..')",
    )
    kept = modules(
        "desk/address", "(m, view) => m.writeView({ ...view, selected: [] }, '?scale=2&id=old')", view
    )

    assert again == view
    assert hostile == modules("desk/address", "(m) => m.EMPTY")
    assert "scale=2" in kept
    assert "id=" not in kept


def test_no_key_is_two_commands_and_letters_are_letters_where_somebody_writes(modules: Modules) -> None:
    keys = modules("desk/keys", "(m) => m.KEYS.flatMap(({ keys }) => keys)")
    acts = modules("acts/open", "(m) => m.ACTS.map(({ key }) => key).filter(Boolean)")
    assert len(set(keys + acts)) == len(keys + acts)

    command = """(m, [key, tag, ctrlKey]) =>
        m.commandOf({ key, ctrlKey, target: document.createElement(tag) })?.name"""
    assert modules("desk/keys", command, ["j", "div", False]) == "next"
    assert modules("desk/keys", command, ["j", "input", False]) is None
    assert modules("desk/keys", command, ["k", "textarea", True]) == "palette"
    assert modules("desk/keys", command, ["Escape", "input", False]) == "close"


def test_every_key_is_in_the_document_with_what_it_does(modules: Modules) -> None:
    document = (Path(__file__).parents[3] / "docs" / "desk.md").read_text()
    rows = dict(re.findall(r"^\| ((?:`[^`]+` ?)+) \| (.+?) \|$", document, re.M))
    keys = modules("desk/keys", "(m) => m.KEYS.map(({ keys, word }) => [keys, words.say(word)])")
    acts = modules(
        "acts/open", "(m) => m.ACTS.filter(({ key }) => key).map((a) => [[a.key], words.say(a.word)])"
    )

    assert rows == {" ".join(f"`{key}`" for key in each): said for each, said in keys + acts}


def test_the_palette_finds_by_every_part_the_better_first(modules: Modules) -> None:
    found = modules(
        "desk/palette",
        "(m, list) => m.best(list, 'scr no', (each) => each)",
        ["Nothing scrambled", "Scramble: note", "note", "describe another node"],
    )

    assert found == ["Nothing scrambled", "Scramble: note", "describe another node"]


def test_notifications_tell_what_came_while_the_page_was_open_by_rule(modules: Modules) -> None:
    shown = modules(
        "desk/notify",
        """(m) => {
            const kept = { notify: { scramble: true, feed: true } };
            const own = { get: (name, other) => kept[name] ?? other };
            const shown = [];
            const show = (title, { rule, key }) => shown.push([rule, key, title]);
            const notifier = new m.Notifier({ own, words, show });
            const jets = (country) => ({ state: "start", country });
            notifier.look({ scrambles: { old: jets("PL") }, feeds: { a: { state: "fresh" } } });
            notifier.look({
                scrambles: { old: jets("PL"), fresh: jets("RO") },
                feeds: { a: { state: "dead" } },
                advisories: { x: { state: "on", severity: "alarm", title: {} } },
            });
            notifier.look({
                scrambles: { old: jets("PL"), fresh: jets("RO") },
                feeds: { a: { state: "dead" } },
            });
            return shown;
        }""",
    )

    assert shown == [
        ["scramble", "fresh", "Romanian jets scrambled"],
        ["feed", "a", "Feed dead: a"],
    ]


def test_what_nobody_acknowledged_comes_first_and_an_event_behind_it_is_enough(modules: Modules) -> None:
    wanting = modules(
        "desk/attention",
        """(m) => {
          const at = (n) => `2025-06-09T0${n}:00:00Z`;
          const by = (...ids) => Object.fromEntries(ids.map((id, n) => [id, { received_at: at(n) }]));
          return m.wanting({
            scrambles: {
                p: { country: "PL", state: "start", since: at(1), newest: "w", witnesses: by("w", "v") },
                r: { country: "RO", state: "start", since: at(2), newest: "x", witnesses: by("x") },
                u: { country: "UA", state: "end", newest: "y" },
            },
            advisories: {
                a: { state: "on", severity: "alarm", title: {}, since: at(0), why: ["e"] },
                b: { state: "on", severity: "notice", title: {}, since: at(0), why: ["f"] },
            },
            acks: { v: { by: "anna", at: at(1), log: "l" } },
        }, words, Date.parse(at(3))).map(({ key, ack }) => [key, ack?.by ?? ""]);
        }""",
    )

    assert wanting == [["r", ""], ["a", ""], ["p", "anna"]]


def test_what_a_person_keeps_survives_the_page_and_is_nobody_elses(modules: Modules) -> None:
    kept = modules(
        "desk/own",
        """(m) => {
            const held = new Map([["watchfloor.desk.eve", "{"]]);
            const storage = {
                getItem: (key) => held.get(key) ?? null,
                setItem: (key, value) => held.set(key, value),
            };
            new m.Own("anna", storage).set("dtg", true);
            return ["anna", "eve", "otto"].map((name) => new m.Own(name, storage).get("dtg", false));
        }""",
    )

    assert kept == [True, False, False]


def test_a_place_is_written_in_degrees_or_in_the_grid_and_a_distance_with_its_bearing(
    modules: Modules,
) -> None:
    said = modules(
        "desk/places",
        """(m) => [
            m.placeWords([30.5233, 50.45], false),
            m.placeWords([-0.5, -33.25], false),
            m.placeWords([30.5233, 50.45], true),
            m.measured([30, 50], [30, 51], words),
        ]""",
    )

    assert said[0] == "50°27.00′N 030°31.40′E"
    assert said[1] == "33°15.00′S 000°30.00′W"
    assert said[2].startswith("36U UA")
    assert said[3] == "111 km · 60 NM · 000°"
