"""What an event says of its feed, and what the feed's configuration says of its format."""

import datetime as dt
from typing import Any

import pytest
from msgspec import Struct

from config.theatre import load_theatre
from ingest.decoding import Context
from ingest.errors import DecodeError
from ingest.origin import options, origin


class Chosen(Struct, frozen=True):
    stale_s: float = 60.0


def given(**told: Any) -> Context:
    return Context(
        feed="radar", theatre=load_theatre(), received_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC), **told
    )


def test_every_event_is_its_feeds_with_its_status_and_its_grade() -> None:
    assert origin(given(status="exercise", run="r", claimant="pl-dorsz", reliability="B", credibility=2)) == {
        "feed": "radar",
        "status": "exercise",
        "run": "r",
        "claimant": "pl-dorsz",
        "reliability": "B",
        "credibility": 2,
    }


def test_options_have_defaults_and_may_be_the_transports() -> None:
    assert options(given(), Chosen).stale_s == 60
    assert options(given(options={"stale_s": 5, "framing": "xml"}), Chosen).stale_s == 5


def test_a_wrong_option_is_refused_by_name() -> None:
    with pytest.raises(DecodeError, match="float") as refused:
        options(given(options={"stale_s": "5"}), Chosen)
    assert refused.value.path == "options.stale_s"
