"""What forms of acts understand of what is typed: times, positions, figures, names; and what they keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Modules = Callable[..., Any]

NOW = "Date.parse('2025-06-09T04:52:17Z')"


def iso(modules: Modules, typed: str) -> str | None:
    """How an instant is understood at 04:52:17Z on 9 June 2025."""
    said: str | None = modules(
        "acts/instants",
        f"(m, t) => {{ const ms = m.parseInstant(t, {NOW});"
        " return ms === null ? null : new Date(ms).toISOString().slice(0, 19); }",
        typed,
    )
    return said


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0310", "2025-06-09T03:10:00"),
        ("03:10Z", "2025-06-09T03:10:00"),
        ("03:10:25", "2025-06-09T03:10:25"),
        # Six digits are a day and a time, as in every message.
        ("031025z", "2025-06-03T10:25:00"),
        # Of the clocks nearest to now: it is 04:52Z.
        ("2350", "2025-06-08T23:50:00"),
        ("090310Z", "2025-06-09T03:10:00"),
        ("312300Z", "2025-05-31T23:00:00"),
        ("090310ZJUN25", "2025-06-09T03:10:00"),
        ("090310Z JUN 24", "2024-06-09T03:10:00"),
        ("9 jun 03:10", "2025-06-09T03:10:00"),
        ("2025-06-09 03:10Z", "2025-06-09T03:10:00"),
        ("2025-06-09T06:10:05+03:00", "2025-06-09T03:10:05"),
        ("-15", "2025-06-09T04:37:17"),
        ("+2h", "2025-06-09T06:52:17"),
        ("2560", None),
        ("310310ZJUN25", None),
        ("soon", None),
        ("2025-02-30 03:10", None),
    ],
)
def test_an_instant_is_understood_as_it_is_typed(modules: Modules, typed: str, meant: str | None) -> None:
    assert iso(modules, typed) == meant


@pytest.mark.parametrize(
    ("typed", "lat", "lon"),
    [
        ("50.85, 24.71", 50.85, 24.71),
        ("50,85 24,71", 50.85, 24.71),
        ("50.85N 24.71E", 50.85, 24.71),
        ("n50.85 e024.71", 50.85, 24.71),
        ("33.5S 70.25W", -33.5, -70.25),
        ("50°51'00\"N 24°42'36\"E", 50.85, 24.71),
        ("505100N 0244236E", 50.85, 24.71),
        ("5051N02442E", 50.85, 24.7),
    ],
)
def test_a_position_is_understood_as_it_is_typed(
    modules: Modules, typed: str, lat: float, lon: float
) -> None:
    found = modules("acts/positions", "(m, t) => m.parsePosition(t)", typed)
    assert found == pytest.approx({"lat": lat, "lon": lon}, abs=1e-6)


@pytest.mark.parametrize(
    "typed", ["", "somewhere", "95, 24", "50.85", "50°70'N 24°00'E", "35U LR 123", "61U LR 11"]
)
def test_what_is_no_position_is_none(modules: Modules, typed: str) -> None:
    assert modules("acts/positions", "(m, t) => m.parsePosition(t)", typed) is None


def test_a_grid_reference_leads_back_to_where_it_was_made(modules: Modules) -> None:
    points = [
        [24.71, 50.85],
        [37.6, 55.75],
        [-70.25, -33.5],
        [5.3, 60.4],
        [15.6, 78.2],
        [0.01, -0.01],
        [179.9, 64.2],
    ]
    apart = modules(
        "acts/positions",
        """async (m, points) => {
            const { mgrs } = await import(`${config.assets}/mgrs.mjs`);
            return points.map(([lon, lat]) => {
              const found = m.parsePosition(mgrs(lon, lat));
              return Math.hypot(found.lat - lat, (found.lon - lon) * Math.cos(lat * Math.PI / 180)) * 111320;
            });
        }""",
        points,
    )
    assert all(metres < 1 for metres in apart), apart
    rough = modules("acts/positions", "(m) => m.echoedPosition(m.parsePosition('35U LR 38 36'))")
    assert "35U LR 38" in rough


@pytest.mark.parametrize(
    "count",
    [
        {"value": 479},
        {"value": 480, "qualifier": "nearly"},
        {"min": 50, "qualifier": "over"},
        {"max": 50, "qualifier": "up to"},
        {"min": 50},
        {"min": 20, "max": 30},
        {"qualifier": "unnumbered"},
        {"value": 50, "qualifier": "more than"},
    ],
)
def test_a_figure_that_nobody_touched_stays_as_it_was(modules: Modules, count: dict[str, Any]) -> None:
    said = modules(
        "acts/counts",
        "(m, c) => { const { hedge, number } = m.split(c); return m.joined(hedge, number, c); }",
        count,
    )
    assert said == count


@pytest.mark.parametrize(
    ("hedge", "typed", "count"),
    [
        ("exact", "479", {"value": 479}),
        ("exact", "1 200", {"value": 1200}),
        ("over", "50", {"min": 50, "qualifier": "over"}),
        ("up to", "50", {"max": 50, "qualifier": "up to"}),
        ("nearly", "480", {"value": 480, "qualifier": "nearly"}),
        ("exact", "20-30", {"min": 20, "max": 30}),
        ("unnumbered", "", {"qualifier": "unnumbered"}),
        ("exact", "30-20", None),
        ("exact", "many", None),
        ("exact", "-4", None),
    ],
)
def test_a_typed_figure_keeps_its_hedge(modules: Modules, hedge: str, typed: str, count: Any) -> None:
    assert modules("acts/counts", "(m, [h, t]) => m.joined(h, t)", [hedge, typed]) == count


def test_names_are_found_without_their_accents_in_the_pages_language(modules: Modules) -> None:
    find = """async (m, [lang, kind, typed]) => {
        const { Words } = await import(`${config.assets}/words.mjs`);
        const said = new Words({}, await (await fetch(config.languages[lang].atlas)).json());
        return m.matching(m.choices(said, kind), typed).map(({ key }) => key);
    }"""
    assert modules("acts/names", find, ["pl", "region", "lwow"])[0] == "UA-46"
    assert modules("acts/names", find, ["uk", "region", "львів"])[0] == "UA-46"
    assert modules("acts/names", find, ["en", "region", "vol"])[:2] == ["UA-07", "RU-VGG"]
    assert modules("acts/names", find, ["en", "area", "western uk"])[0] == "western-ukraine"
    assert modules("acts/names", find, ["en", "base", "eplb"])[0] == "EPLB"
    assert modules("acts/names", find, ["en", "weapon", "101"])[0] == "kh-101"
    assert modules("acts/names", find, ["fr", "country", "pol"])[0] == "PL"


def test_only_what_was_changed_is_a_change(modules: Modules) -> None:
    same = """(m, [a, b]) => m.same(a, b)"""
    assert modules("acts/paths", same, ["2025-06-09T03:10:00Z", "2025-06-09T03:10:00.000000Z"])
    assert modules("acts/paths", same, [{"value": 4, "qualifier": ""}, {"value": 4}])
    assert modules("acts/paths", same, [[], None])
    assert not modules("acts/paths", same, [False, None])
    assert not modules("acts/paths", same, [0, None])
    made = modules(
        "acts/paths", "(m, v) => m.nested(v)", {"launched.uav": {"value": 4}, "state": "end", "x": None}
    )
    assert made == {"launched": {"uav": {"value": 4}}, "state": "end"}


def test_drafts_are_of_one_person_and_one_form(modules: Modules) -> None:
    kept = modules(
        "acts/drafts",
        """(m) => {
            sessionStorage.clear();
            m.keep("anna", "note", "a/b", { raw: 1 }, sessionStorage, 1000);
            m.keep("anna", "ack", "", { raw: 2 }, sessionStorage, 2000);
            m.keep("ben", "note", "a/b", { raw: 3 }, sessionStorage, 3000);
            m.drop("anna", "ack", "none");
            const full = { setItem() { throw new DOMException("full", "QuotaExceededError"); } };
            const bens = [m.kept("ben", "note", "a/b").data, m.kept("ben", "ack", "")];
            return [m.drafts("anna"), ...bens, m.keep("x", "y", "z", {}, full)];
        }""",
    )
    assert kept == [
        [{"name": "ack", "item": "", "at": 2000}, {"name": "note", "item": "a/b", "at": 1000}],
        {"raw": 3},
        None,
        False,
    ]


def test_a_text_is_cut_where_values_were_read_and_where_nothing_was(modules: Modules) -> None:
    pieces = modules(
        "acts/spans",
        "(m, [t, s, l]) => m.pieces(t, s, l).map((p) => [p.text, p.marks.map((at) => at.path), p.left])",
        [
            "🚀 20 missiles over Lviv",
            [
                {"reading": 0, "path": "launched.missile", "start": 2, "end": 4},
                {"reading": 0, "path": "kind", "start": 2, "end": 13},
                {"reading": 0, "path": "nowhere", "start": 20, "end": 99},
            ],
            [[14, 18]],
        ],
    )
    assert pieces == [
        ["🚀 ", [], False],
        ["20", ["launched.missile", "kind"], False],
        [" missiles", ["kind"], False],
        [" ", [], False],
        ["over", [], True],
        [" Lviv", [], False],
    ]


def test_what_steers_a_texts_direction_is_shown_as_a_sign(modules: Modules) -> None:
    assert (
        modules("acts/spans", "(m, t) => m.visible(t)", "launched 12\u202e9\nhits")
        == "launched 12\ufffd9\nhits"
    )


def test_a_send_without_an_answer_goes_out_again_as_the_same_act_until_it_is_known(modules: Modules) -> None:
    told = modules(
        "acts/sending",
        """async (m) => {
            const answers = [0, 503, 504, 200];
            const sent = [], states = [], pauses = [];
            const ask = async (path, { body }) => {
              sent.push(JSON.parse(body));
              const status = answers.shift();
              if (!status) throw new TypeError("network");
              return new Response('{"log": "desk:1"}', { status });
            };
            const answer = await m.sendUntilKnown("/x", { once: "one", act: "ack" }, {
              ask, tell: (state) => states.push(state), paused: async (ms) => pauses.push(ms),
            });
            return { answer, sent, states, pauses };
        }""",
    )
    assert told["answer"] == {"status": 200, "body": {"log": "desk:1"}}
    assert told["sent"] == [{"once": "one", "act": "ack"}] * 4
    assert [state["state"] for state in told["states"]] == ["busy", "unsure", "unsure", "unsure"]
    assert told["pauses"] == [1000, 2000, 4000]


def test_a_refusal_is_certain_and_is_not_sent_again(modules: Modules) -> None:
    sent = modules(
        "acts/sending",
        """async (m) => {
            let n = 0;
            const ask = async () => ((n += 1), new Response('{"parameter": "note"}', { status: 400 }));
            const answer = await m.sendUntilKnown("/x", {}, { ask, paused: async () => {} });
            return [n, answer.status];
        }""",
    )
    assert sent == [1, 400]


def test_similar_events_are_of_one_kind_and_near_in_time(modules: Modules) -> None:
    rows = [
        {"id": "a", "kind": "threat", "revision": 1, "msg_type": "alert", "at": "2025-06-09T03:00:00Z"},
        {"id": "b", "kind": "threat", "revision": 1, "msg_type": "alert", "at": "2025-06-09T04:00:00Z"},
        {"id": "b", "kind": "threat", "revision": 2, "msg_type": "update", "at": "2025-06-09T04:30:00Z"},
        {"id": "c", "kind": "alert", "revision": 1, "msg_type": "alert", "at": "2025-06-09T03:00:00Z"},
        {"id": "d", "kind": "threat", "revision": 1, "msg_type": "alert", "at": "2025-06-08T03:00:00Z"},
        {"id": "e", "kind": "threat", "revision": 1, "msg_type": "cancel", "at": "2025-06-09T03:00:00Z"},
        {"id": "f", "kind": "threat", "revision": 1, "msg_type": "alert", "at": "2025-06-09T02:50:00Z"},
    ]
    found = modules(
        "acts/merge",
        "(m, rows) => m.similar(rows, { id: 'a', kind: 'threat', at: Date.parse('2025-06-09T03:00:00Z') })"
        ".map(({ id, revision }) => [id, revision])",
        rows,
    )
    assert found == [["f", 1], ["b", 2]]
