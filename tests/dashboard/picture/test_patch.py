"""Patches: apply, compose, and replay more than is missing, over any trees at all."""

import itertools
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboard.picture.patch import Gone, compose, diff, encode, fold, merge, plain

KEYS = st.sampled_from(["a", "b", "c"])
SCALARS = st.one_of(st.booleans(), st.integers(0, 3), st.sampled_from(["x", "y"]), st.just(("p", "q")))
TREES = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(SCALARS, inner), max_size=3),
    max_leaves=8,
)
HISTORIES = st.lists(TREES, min_size=2, max_size=6)


def patches(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [diff(old, new) for old, new in itertools.pairwise(history)]


def test_a_patch_of_equal_trees_is_empty() -> None:
    assert diff({"a": {"b": 1}}, {"a": {"b": 1}}) == {}


def test_true_is_not_one() -> None:
    assert merge({"a": 1}, diff({"a": 1}, {"a": True}))["a"] is True


@given(TREES, TREES)
def test_the_difference_makes_the_old_tree_into_the_new_one(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert merge(old, diff(old, new)) == new


@given(HISTORIES)
def test_a_composed_patch_does_what_its_parts_do(history: list[dict[str, Any]]) -> None:
    composed: dict[str, Any] = {}
    for patch in patches(history):
        composed = compose(composed, patch)
    assert merge(history[0], composed) == history[-1]


@given(HISTORIES)
def test_replaying_more_than_is_missing_ends_in_the_same_tree(history: list[dict[str, Any]]) -> None:
    composed: dict[str, Any] = {}
    for patch in patches(history):
        fold(composed, patch)
    for state in history:
        assert merge(state, composed) == history[-1]


@given(TREES, TREES, TREES, TREES)
def test_composing_is_associative_when_applied(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any], fourth: dict[str, Any]
) -> None:
    p, q, r = patches([first, second, third, fourth])
    left, right = compose(compose(p, q), r), compose(p, compose(q, r))
    assert merge(first, left) == merge(first, right) == fourth


@given(HISTORIES)
def test_composing_changes_neither_patch_nor_tree(history: list[dict[str, Any]]) -> None:
    made = patches(history)
    before = [repr(patch) for patch in made], repr(history)
    composed: dict[str, Any] = {}
    for patch in made:
        fold(composed, patch)
        merge(history[0], patch)
    assert ([repr(patch) for patch in made], repr(history)) == before


@given(HISTORIES)
def test_what_is_sent_does_the_same_as_what_was_composed(history: list[dict[str, Any]]) -> None:
    composed: dict[str, Any] = {}
    for patch in patches(history):
        fold(composed, patch)
    sent = json.loads(encode(composed))
    assert json.loads(encode(plain(composed))) == sent
    start = json.loads(encode(history[0]))
    assert merge(start, sent) == json.loads(encode(history[-1]))


def test_an_object_that_went_and_came_back_with_less_loses_the_rest() -> None:
    went = diff({"a": {"x": 1, "y": {"z": 2}}}, {})
    assert isinstance(went["a"], Gone)
    back = compose(went, diff({}, {"a": {"x": 3}}))
    assert plain(back) == {"a": {"x": 3, "y": None}}
