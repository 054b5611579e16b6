"""One big mark, and always the worst that is true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

UP, LOST, OPENING = {"state": "up"}, {"state": "lost"}, {"state": "opening"}
OK, GONE = {"state": "ok"}, {"state": "lost"}
EXERCISE = {"status": "exercise"}
ACTUAL = {"status": "actual", "feeds": {"a": {"state": "dead"}, "b": {"state": "quiet"}}}
DEAF = {"status": "actual", "feeds": {"a": {"state": "dead"}, "b": {"state": "slow"}}}


@pytest.mark.parametrize(
    ("link", "store", "tree", "instant", "kind", "broken"),
    [
        (OPENING, OK, None, "unknown", "waiting", True),
        (UP, OK, None, "unknown", "waiting", True),
        (UP, OK, ACTUAL, "actual", "live", False),
        (UP, OK, DEAF, "actual", "no-feed", False),
        (UP, OK, {"status": "actual"}, "actual", "no-feed", False),
        (LOST, OK, DEAF, "actual", "link-lost", True),
        (LOST, OK, ACTUAL, "actual", "link-lost", True),
        (OPENING, OK, ACTUAL, "actual", "link-lost", True),
        (UP, GONE, ACTUAL, "actual", "store-lost", True),
        (LOST, GONE, ACTUAL, "actual", "link-lost", True),
        (UP, OK, EXERCISE, "running", "exercise", False),
        (UP, OK, EXERCISE, "lost", "exercise-lost", False),
        (UP, OK, EXERCISE, "ended", "exercise-ended", False),
        (UP, OK, EXERCISE, "unknown", "exercise-waiting", False),
        (LOST, OK, EXERCISE, "running", "link-lost", True),
        (UP, GONE, EXERCISE, "running", "store-lost", True),
    ],
)
def test_the_mark_is_the_worst_that_is_true(
    modules: Callable[..., Any],
    link: dict[str, str],
    store: dict[str, str],
    tree: dict[str, Any] | None,
    instant: str,
    kind: str,
    broken: bool,
) -> None:
    state = {"link": link, "store": store, "tree": tree, "instant": {"state": instant}}
    got = modules("status", "(m, state) => m.statusOf(state)", state)
    assert (got["kind"], got["broken"], got["exercise"]) == (kind, broken, tree == EXERCISE)
