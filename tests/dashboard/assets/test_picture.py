"""The client's merge patch is the server's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import find, settings
from hypothesis import strategies as st

from dashboard.picture.patch import diff, merge, plain

SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text("ab", max_size=2) | st.lists(st.integers(0, 3))
)
PATCHES = st.recursive(
    SCALARS, lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4), max_leaves=12
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), PATCHES, max_size=4)

# RFC 7396, appendix A: target, patch, result; those whose patch is an object.
APPENDIX: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


def samples(count: int) -> list[tuple[Any, Any]]:
    """Pairs of objects, the same in every run."""
    drawn: list[tuple[Any, Any]] = []

    def keep(pair: tuple[Any, Any]) -> bool:
        drawn.append(pair)
        return len(drawn) > count

    find(
        st.tuples(OBJECTS, OBJECTS),
        keep,
        settings=settings(max_examples=count + 2, derandomize=True, database=None),
    )
    return drawn[:count]


def test_the_examples_of_the_standard_come_out_as_it_says(modules: Callable[..., Any]) -> None:
    pairs = [[target, patch] for target, patch, _ in APPENDIX]
    got = modules("picture", "(m, pairs) => pairs.map(([t, p]) => m.mergePatch(t, p))", pairs)
    assert got == [result for _, _, result in APPENDIX]


def test_the_client_applies_a_patch_as_the_server_does(modules: Callable[..., Any]) -> None:
    pairs = samples(400)
    assert len(pairs) == 400
    got = modules("picture", "(m, pairs) => pairs.map(([t, p]) => m.mergePatch(t, p))", pairs)
    assert got == [merge(target, patch) for target, patch in pairs]


def test_a_delta_between_two_pictures_gives_the_second(modules: Callable[..., Any]) -> None:
    def stated(value: Any) -> Any:
        """Nothing in a picture is ever null."""
        if isinstance(value, dict):
            return {key: stated(inner) for key, inner in value.items() if inner is not None}
        return value

    pairs = [(stated(old), stated(new)) for old, new in samples(200)]
    deltas = [[old, plain(diff(old, new))] for old, new in pairs]
    got = modules("picture", "(m, pairs) => pairs.map(([t, p]) => m.mergePatch(t, p))", deltas)
    assert got == [new for _, new in pairs]


def test_what_a_patch_does_not_touch_stays_the_same_object(modules: Callable[..., Any]) -> None:
    assert modules(
        "picture",
        """(m) => {
            const before = { alerts: { a: { level: "red" } }, threats: { t: {} } };
            const after = m.mergePatch(before, { threats: { t: null } });
            const untouched = before.threats.t !== undefined;
            return [after.alerts === before.alerts, after.threats === before.threats, untouched];
        }""",
    ) == [True, False, True]


def test_a_key_that_would_reach_a_prototype_is_passed_over(modules: Callable[..., Any]) -> None:
    assert modules(
        "picture",
        """(m) => {
            const patch = JSON.parse('{"__proto__": {"bad": 1}, "constructor": {"bad": 1}, "a": 1}');
            const tree = m.mergePatch({}, patch);
            return [({}).bad, tree.bad, Object.keys(tree)];
        }""",
    ) == [None, None, ["a"]]


def test_a_delta_before_any_snapshot_is_refused(modules: Callable[..., Any]) -> None:
    assert (
        modules(
            "picture",
            "(m) => { try { new m.Picture().apply({}, {}); return ''; } catch (e) { return e.message; } }",
        )
        == "a delta came before any snapshot"
    )
