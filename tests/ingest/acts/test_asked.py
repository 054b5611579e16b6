"""Acts as they are asked for: whatever comes is an act, or is refused by the field that is wrong."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.acts.asked import Correct, act_of, asked_by, reading_of
from ingest.acts.refusal import ActRefused


def test_an_act_is_told_by_its_name() -> None:
    act = act_of(b'{"act":"correct","id":"a","revision":2,"changes":{"level":"red"}}')

    assert act == Correct(id="a", revision=2, changes={"level": "red"})


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({}, "body"),
        ({"act": "launch"}, "act"),
        ({"act": "ack", "about": []}, "about"),
        ({"act": "ack", "about": ["a"] * 300}, "about"),
        ({"act": "ack", "about": [""]}, "about[0]"),
        ({"act": "note", "note": ""}, "note"),
        ({"act": "note", "note": "x", "by": "ben"}, "body"),
        ({"act": "handover", "note": "x", "since": "2025-06-09T08:00:00"}, "since"),
        ({"act": "correct", "id": "a", "revision": 0, "changes": {"a": 1}}, "revision"),
        ({"act": "correct", "id": "a", "revision": 1, "changes": {}}, "changes"),
        ({"act": "retry", "quarantine": "*"}, "quarantine"),
        ({"act": "settle", "review": "1-0", "decision": "perhaps"}, "decision"),
        ({"act": "undo", "id": "a", "once": "short"}, "once"),
    ],
)
def test_what_is_wrong_is_named(asked: Any, parameter: str) -> None:
    with pytest.raises(ActRefused) as refused:
        act_of(msgspec.json.encode(asked))

    assert (refused.value.problem.status, refused.value.problem.parameter) == (400, parameter)


@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_an_act_or_refused(body: bytes) -> None:
    for decoded in (act_of, asked_by, reading_of):
        problem = None
        try:
            decoded(body)
        except ActRefused as refused:
            problem = refused.problem
        assert problem is None or problem.status == 400
