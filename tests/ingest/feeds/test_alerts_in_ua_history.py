"""Past alerts of alerts.in.ua: with their ends, and beside the feed of active ones."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.alerts_in_ua_history import decode
from streams.events import AirRaidAlert
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

FIXTURE = (Path(__file__).parent / "fixtures" / "alerts_in_ua_history.json").read_bytes()
GIVEN = context("history")


def test_past_alerts_have_their_ends_and_the_list_ends_no_other() -> None:
    decoded = decode(FIXTURE, GIVEN)
    first, second = as_read(decoded)

    assert not decoded.is_listing
    assert isinstance(first, AirRaidAlert)
    assert isinstance(second, AirRaidAlert)
    assert (first.id, first.region, first.calculated) == ("history:401", "UA-59", False)
    assert first.valid_to == dt.datetime(2026, 11, 21, 3, 25, 40, tzinfo=dt.UTC)
    assert second.calculated, "an end that the source worked out is not reported as such"


def test_the_ids_are_those_of_the_feed_beside_it() -> None:
    events = as_read(decode(FIXTURE, context("history", ids_of="alerts-in-ua")))

    assert [event.id for event in events] == ["alerts-in-ua:401", "alerts-in-ua:402"]
    assert {event.feed for event in events} == {"history"}


def test_an_option_of_another_type_is_refused_by_name() -> None:
    with pytest.raises(DecodeError) as refused:
        decode(FIXTURE, context("history", ids_of=5))
    assert "ids_of" in refused.value.path


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(FIXTURE)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


def test_a_third_partys_fixture() -> None:
    past, lasting = as_read(decode(sample("alerts_in_ua/history_fixture_fyennyi.json"), GIVEN))

    assert isinstance(past, AirRaidAlert)
    assert isinstance(lasting, AirRaidAlert)
    assert past.valid_to == dt.datetime(2023, 4, 14, 11, 30, tzinfo=dt.UTC)
    assert lasting.valid_to is None
