from __future__ import annotations

import pytest

from ingest.reading.reading import Draft


def test_a_fact_without_a_span_is_refused() -> None:
    with pytest.raises(ValueError, match="no span for"):
        Draft().put("launched.uav", 3)


def test_a_fact_taken_back_leaves_nothing() -> None:
    draft = Draft()
    draft.put("shot_down.uav", 3, (0, 1))
    draft.drop("shot_down.uav")
    assert (draft.facts, draft.spans) == ({}, {})


def test_doubts_lower_the_confidence_once_each() -> None:
    draft = Draft()
    draft.doubt("hedged", 0.2)
    draft.doubt("hedged", 0.2)
    reading = draft.finish("strike", "en")
    assert reading.confidence == pytest.approx(0.75)
    assert reading.reasons == ("hedged",)
