"""Statements: one speaker on one topic tonight is one item."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from streams.events import Figure, Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]


def statement(name: str, **fields: Any) -> Statement:
    defaults = {"status": "actual", "feed": "f", "speaker": "Mark Rutte", "topic": "air defence"}
    return Statement(id=name, **(defaults | fields))


def test_texts_that_quote_one_speaker_are_one_statement(watch: Watch, at: At) -> None:
    more = Figure(value=400, unit="%", about="air defence")
    watch.hear(statement("a", figures=(more,), published_at=at("09:00")))
    watch.hear(
        statement(
            "b",
            figures=(more, Figure(value=5, unit="%", about="GDP")),
            quote="we need more",
            published_at=at("10:00"),
        )
    )
    (item,) = watch.view["statements"].values()
    assert [figure["value"] for figure in item["figures"]] == [400, 5]
    assert item["quote"] == "we need more"
    assert item["at"] == "2025-06-09T09:00:00Z"
    assert list(item["witnesses"]) == ["a", "b"]


def test_another_topic_is_another_statement(watch: Watch, at: At) -> None:
    watch.hear(statement("a", published_at=at("09:00")))
    watch.hear(statement("b", topic="spending", published_at=at("09:00")))
    assert len(watch.view["statements"]) == 2
