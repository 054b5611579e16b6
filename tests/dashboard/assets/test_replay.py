"""The replay's modules: its clock, typed times, the address, keys, chapters, and what differs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Modules = Callable[..., Any]
AT = "2025-06-09T03:10:09Z"


def test_the_clock_goes_as_the_replay_goes_and_no_further_than_it_can(modules: Modules) -> None:
    function = """(m, [state, passed]) => {
        let now = 0;
        const time = new m.ReplayTime(() => now);
        time.learn({ at: "2025-06-09T03:00:00Z", from: "2025-06-09T00:00:00Z", to: "2025-06-09T04:00:00Z",
                     playing: true, ready: true, speed: 60, reverse: false, loop: null, ...state });
        now = passed;
        return new Date(time.now()).toISOString().slice(11, 19);
    }"""
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({}, 1_000, "03:01:00"),
        ({"reverse": True}, 1_000, "02:59:00"),
        ({"playing": False}, 1_000, "03:00:00"),
        ({"speed": 3_600}, 1_400, "04:00:00"),
        ({}, 60_000, "03:01:30"),
        ({"loop": ["2025-06-09T02:00:00Z", "2025-06-09T03:00:30Z"]}, 1_000, "03:00:30"),
    ]
    got = [modules("replay/station", function, [state, passed]) for state, passed, _ in cases]
    assert got == [shown for _, _, shown in cases]


def test_another_socket_that_knows_no_place_yet_moves_nobody(modules: Modules) -> None:
    function = """(m, at) => {
        const location = { protocol: "http:", hostname: "127.0.0.1" };
        const config = { theatre: "t", replay_port: 1 };
        const station = new m.ReplayStation(config, {}, { at: Date.parse(at) }, location);
        const asked = () => new URL(station.link.url).searchParams.get("at");
        const told = { from: "2025-06-09T00:00:00Z", to: "2025-06-09T04:00:00Z", known: "then" };
        const never = "1970-01-01T00:00:00Z";
        const nowhere = { ...told, at: never, from: never, to: never };
        const say = (type, replay) => station.link.handlers.frame({ type, replay });
        const seen = [asked()];
        say("heartbeat", { ...nowhere, ready: false });
        seen.push(asked());
        say("heartbeat", { ...told, at: "2025-06-09T03:00:00Z", ready: true });
        seen.push(asked(), station.replay.at);
        say("heartbeat", { ...nowhere, ready: false });
        seen.push(asked(), station.replay.at, station.replay.to, station.replay.ready);
        station.seek(Date.parse("2025-06-09T02:00:00Z"));
        seen.push(asked());
        return seen;
    }"""
    asked, three = "2025-06-09T03:10:09.000Z", "2025-06-09T03:00:00.000Z"
    assert modules("replay/station", function, AT) == [
        asked,
        asked,
        three,
        "2025-06-09T03:00:00Z",
        three,
        "2025-06-09T03:00:00Z",
        "2025-06-09T04:00:00Z",
        False,
        "2025-06-09T02:00:00.000Z",
    ]


def test_a_replay_stands_at_its_instant_while_the_link_is_lost(modules: Modules) -> None:
    function = """(m, at) => {
        const location = { protocol: "http:", hostname: "127.0.0.1" };
        const station = new m.ReplayStation({ theatre: "t", replay_port: 1 }, {}, {}, location);
        const replay = { at, from: at, to: at, known: "then", playing: false, ready: true };
        const picture = { status: "actual" };
        station.link.handlers.frame({ type: "snapshot", picture, position: {}, replay });
        station.link.state = "lost";
        station.link.lostAt = station.link.monotonic() - 10_000;
        const { status, instant } = station.moment();
        return [status.kind, instant.at];
    }"""
    at = round(dt.datetime.fromisoformat(AT).timestamp() * 1_000)
    assert modules("replay/station", function, AT) == ["link-lost", at]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0310", "2025-06-09T03:10:00Z"),
        ("03:10:09Z", AT),
        ("090310ZJUN25", "2025-06-09T03:10:00Z"),
        ("2025-06-09T03:10:09Z", AT),
        ("9 JUN 03:10", "2025-06-09T03:10:00Z"),
        ("06:10 Kyiv", "2025-06-09T03:10:00Z"),
        ("0510 Warsaw", "2025-06-09T03:10:00Z"),
        ("0610L", "2025-06-09T03:10:00Z"),
        ("2025-01-15 05:10 Kyiv", "2025-01-15T03:10:00Z"),
        ("06:10 Atlantis", None),
        ("tomorrow", None),
    ],
)
def test_a_time_is_understood_as_people_write_it(modules: Modules, typed: str, meant: str | None) -> None:
    function = """(m, [typed, at]) => {
        const zones = [{ zone: "Europe/Kyiv", name: "Kyiv" }, { zone: "Europe/Warsaw", name: "Warsaw" }];
        const ms = m.parseTyped(typed, Date.parse(at), zones);
        return ms === null ? null : new Date(ms).toISOString().replace(".000Z", "Z");
    }"""
    assert modules("replay/dial", function, [typed, AT]) == meant


def test_an_exercise_has_a_clock_of_its_own(modules: Modules) -> None:
    function = """(m) => {
        const dial = new m.Dial();
        const clock = { at: "2025-06-08T18:00:00Z", received_at: "2026-01-01T00:00:00Z", speed: 480,
                        starts_at: "2025-06-08T15:00:00Z", ends_at: "2025-06-09T12:00:00Z" };
        dial.look({ status: "exercise", clock });
        const minute = Date.parse("2026-01-01T00:01:00Z");
        const shown = dial.shown(minute);
        dial.look({ status: "exercise", clock: null });
        const kept = dial.ours(shown) === minute;
        dial.look({ status: "actual" });
        return [new Date(shown).toISOString(), kept, dial.shown(minute) === minute];
    }"""
    assert modules("replay/dial", function) == ["2025-06-09T02:00:00.000Z", True, True]


def test_an_address_says_all_that_is_shown_and_nothing_that_cannot_be(modules: Modules) -> None:
    query = (
        "?theatre=t&at=2025-06-09T03:10:09.250Z&known=now&speed=60"
        "&loop=2025-06-09T03:00:00Z/2025-06-09T04:00:00Z&map=24.5000,50.0000,6.20"
        "&lead=room&tab=chapters&b=250609-ab12&v=2&c=3"
    )
    function = "(m, query) => m.writeAddress(m.readAddress(query), '?theatre=t&at=old')"
    again = modules("replay/address", function, query)
    assert again == query
    bad = "?at=2025-06-09T03:10&known=x&speed=0&loop=a/b&map=1,2&lead=a%20b&b=../x&v=0&c=-1"
    read = modules("replay/address", "(m, query) => m.readAddress(query)", bad)
    assert read == {
        "at": None,
        "known": "then",
        "speed": None,
        "loop": None,
        "map": None,
        "lead": "",
        "epoch": "",
        "tab": "",
        "briefing": "",
        "version": None,
        "chapter": None,
    }


def test_speeds_are_from_1_to_3600(modules: Modules) -> None:
    function = "(m, typed) => typed.map((each) => m.parseSpeed(each))"
    typed = ["1", "600×", "×3600", "3601", "0.5", "", "fast", "2,5"]
    assert modules("replay/controls", function, typed) == [1, 600, 3600, None, None, None, None, 2.5]
    assert modules(
        "replay/controls", "(m) => [m.nextSpeed(1, 1), m.nextSpeed(45, -1), m.nextSpeed(3600, 1)]"
    ) == [
        2,
        30,
        3600,
    ]


def test_every_key_is_its_own_and_in_the_document(modules: Modules) -> None:
    document = (Path(__file__).parents[3] / "docs" / "briefing.md").read_text()
    rows = dict(re.findall(r"^\| ((?:`[^`]+` ?)+) \| ([^|]+?) \|$", document.partition("## Keys")[2], re.M))
    keys = modules("replay/keys", "(m) => m.KEYS.map(({ keys, word }) => [keys, words.say(word)])")
    assert rows == {" ".join(f"`{key}`" for key in each): said for each, said in keys}
    every = [key for each, _ in keys for key in each]
    assert len(set(every)) == len(every)

    command = """(m, [key, tag, shiftKey]) => {
        const target = document.createElement(tag);
        return m.commandOf({ key, shiftKey, target })?.name ?? null;
    }"""
    assert modules("replay/keys", command, [" ", "div", False]) == "toggle"
    assert modules("replay/keys", command, [" ", "button", False]) is None
    assert modules("replay/keys", command, ["r", "input", False]) is None
    assert modules("replay/keys", command, ["ArrowLeft", "div", True]) == "back"


def test_what_differs_between_the_two_times_is_told(modules: Modules) -> None:
    then = {
        "alerting": {},
        "regions": {
            "UA-46": {"alerting": True, "whole": True, "levels": ["red"]},
            "UA-59": {"permanent": True},
        },
        "claims": {"c": {"launched": {"uav": {"value": 470}}, "witnesses": {}}},
        "tally": {"claim": "c"},
        "threats": {"a": {"threat_type": "drones"}},
        "feeds": {"x": {"state": "dead"}},
    }
    now = {
        "alerting": {},
        "regions": {"UA-51": {"alerting": True, "whole": False, "levels": []}, "UA-59": {"permanent": True}},
        "claims": {"c": {"launched": {"uav": {"value": 479}}, "witnesses": {}}},
        "tally": {"claim": "c"},
        "threats": {"a": {"threat_type": "drones"}},
        "log": {"l": {"act": "correction", "note": "479"}},
        "feeds": {"x": {"state": "fresh"}},
    }
    found, count, none = modules(
        "replay/difference",
        """(m, [then, now]) => {
            const found = m.difference(then, now, words);
            return [found, m.countOf(found), m.countOf(m.difference(now, now, words))];
        }""",
        [then, now],
    )
    assert [(each["name"], each["then"], each["now"]) for each in found["counters"]] == [
        ("uav-launched", "470", "479")
    ]
    assert found["regions"] == [
        {"key": "UA-46", "then": "red", "now": ""},
        {"key": "UA-51", "then": "", "now": "plain part"},
    ]
    assert found["threats"] == {"then": [], "now": []}
    assert [each["note"] for each in found["log"]["now"]] == ["479"]
    assert found["feeds"] == [{"name": "x", "then": "dead", "now": "fresh"}]
    assert (count, none) == (4, 0)


def test_a_briefing_keeps_its_order_and_tells_who_saved_meanwhile(modules: Modules) -> None:
    function = """async (m) => {
        const sent = [];
        const answers = [
            { status: 200, body: { id: "a", version: 1 } },
            { status: 409, body: { by: "eva", current: { id: "a", version: 2, versions: 2, by: "eva",
              saved_at: "2025-06-09T10:00:00Z", briefing: null } } },
            { status: 200, body: { id: "a", version: 3 } },
        ];
        const file = new m.BriefingFile("t", () => {}, async (method, path, body) => {
            sent.push(body);
            return answers.shift();
        });
        const at = Date.parse("2025-06-09T03:00:00Z");
        file.add({ at: at + 60_000, title: "second" });
        const n = file.add({ at, title: "first", pause: true });
        const on = [at - 1, at, at + 59_999, at + 60_000].map((ms) => m.chapterAt(file.chapters, ms));
        const moved = file.change(1, { at: at + 120_000 });
        const first = await file.save([at, at + 30_000], "Night");
        file.entitle("Other");
        const stale = await file.save([at, at], file.title);
        const kept = [file.dirty, file.theirs.by];
        file.insist();
        const again = await file.save([at, at], file.title);
        return [n, on, moved, first, stale, kept, again, sent, file.dirty];
    }"""
    n, on, moved, first, stale, kept, again, sent, dirty = modules("replay/file", function)
    assert (n, on, moved) == (1, [0, 1, 1, 2], 2)
    assert (first, stale, kept, again, dirty) == ("", "stale", [True, "eva"], "", False)
    assert [body.get("version") for body in sent] == [None, 1, 2]
    assert sent[0]["briefing"] == {
        "title": "Night",
        "theatre": "t",
        "from": "2025-06-09T03:00:00Z",
        "to": "2025-06-09T03:02:01Z",
        "known": "then",
        "chapters": [
            {"at": "2025-06-09T03:01:00Z", "title": "second"},
            {"at": "2025-06-09T03:02:00Z", "title": "first", "pause": True},
        ],
    }


def test_a_replay_is_never_called_live(modules: Modules) -> None:
    function = """(m, [link, tree]) => {
        const store = { state: "ok" };
        const state = { link: { state: link }, store, tree, instant: { state: "actual" }, replay: true };
        const { kind, exercise } = m.statusOf(state);
        return [kind, exercise];
    }"""
    fresh = {"status": "actual", "feeds": {"a": {"state": "fresh"}}}
    assert modules("status", function, ["up", fresh]) == ["replay", False]
    assert modules("status", function, ["up", {"status": "exercise"}]) == ["replay", True]
    assert modules("status", function, ["lost", fresh]) == ["link-lost", False]


def test_the_cursor_of_a_table_is_just_after_the_instant(modules: Modules) -> None:
    assert modules("desk/intake", "(m) => m.cursorAt('e', 1000.5)").startswith(
        "e;alerts=1001-0;raids=1001-0;"
    )
