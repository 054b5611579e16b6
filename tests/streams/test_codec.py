"""The contract: what was once published can always be read again."""

import contextlib
import datetime as dt
import typing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codec import MAX_EVENT_BYTES, decode, encode, published_schema
from streams.errors import EventError
from streams.events import (
    AirRaidAlert,
    Count,
    Event,
    Quantities,
    RaidReport,
    Scramble,
    Statement,
    Threat,
)
from streams.names import stream_of

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path(__file__).parents[2] / "docs" / "events.schema.json"
KINDS = {kind.__struct_config__.tag: kind for kind in typing.get_args(Event)}


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_of_the_first_day_still_decodes_to_the_same_fields(kind: str) -> None:
    golden = (GOLDEN / f"{kind}.json").read_bytes()

    event = decode(golden)

    assert type(event) is KINDS[kind]
    assert msgspec.json.decode(encode(event)) == msgspec.json.decode(golden)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_stream(kind: str) -> None:
    assert stream_of(decode((GOLDEN / f"{kind}.json").read_bytes()))


def test_a_field_of_a_later_version_does_not_stop_an_older_reader() -> None:
    later = b'{"kind":"alert","id":"a","status":"actual","feed":"f","region":"UA-46","since_version_9":true}'

    assert decode(later) == AirRaidAlert(id="a", status="actual", feed="f", region="UA-46")


def test_the_published_schema_is_the_contracts() -> None:
    assert SCHEMA.read_text() == published_schema(), (
        "write it anew: watchfloor schema > docs/events.schema.json"
    )


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "truncated"),
        (b"{}", "kind"),
        (b'{"kind":"nonsense"}', "nonsense"),
        (b'{"kind":"alert","id":"a","status":"actual","feed":"f","region":5}', "$.region"),
        (b'{"kind":"alert","id":"a","status":"maybe","feed":"f","region":"x"}', "$.status"),
        (
            b'{"kind":"alert","id":"a","status":"actual","feed":"f","region":"x","valid_from":"2025-06-09T01:00"}',
            "$.valid_from",
        ),
        (
            b'{"kind":"raid_report","id":"a","status":"actual","feed":"f","launched":{"uav":{"value":-1}}}',
            "$.launched.uav.value",
        ),
        (b"[" * 100_000, ""),
        (b"\xff\xfe", ""),
        (b'{"kind":"alert","id":"\xff","status":"actual","feed":"f","region":"x"}', "utf-8"),
    ],
)
def test_what_is_no_event_is_refused_by_path_and_reason(payload: bytes, says: str) -> None:
    with pytest.raises(EventError) as refused:
        decode(payload)
    assert says in refused.value.reason


def test_an_event_larger_than_any_of_ours_is_refused_unread() -> None:
    with pytest.raises(EventError, match="allowed"):
        decode(b" " * (MAX_EVENT_BYTES + 1))


def test_an_event_that_no_reader_would_take_is_not_written() -> None:
    event = Threat(
        id="x", status="test", feed="f", threat_type="drones", state="moving", regions=("UA-46",) * 600_000
    )

    with pytest.raises(EventError, match="allowed"):
        encode(event)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_an_error_of_ours(payload: bytes) -> None:
    with contextlib.suppress(EventError):
        decode(payload)


instants = st.integers(1_640_995_200, 1_900_000_000).map(
    lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC)
)
lines = st.text(max_size=40)
counts = st.one_of(
    st.none(),
    st.builds(Count, value=st.integers(0, 10_000)),
    st.builds(Count, min=st.integers(0, 999), qualifier=st.sampled_from(["over", "at least"])),
    st.just(Count(qualifier="unnumbered")),
)
quantities = st.one_of(
    st.none(),
    st.builds(
        Quantities,
        uav=counts,
        missile=counts,
        types=st.dictionaries(st.sampled_from(["kh-101", "shahed-136"]), counts.filter(bool), max_size=2),
    ),
)
carried = {
    "id": st.text(min_size=1, max_size=40),
    "revision": st.integers(1, 2**40),
    "status": st.sampled_from(["actual", "exercise", "system", "test"]),
    "feed": st.just("f"),
    "valid_from": st.none() | instants,
    "published_at": st.none() | instants,
}
events = st.one_of(
    st.builds(RaidReport, launched=quantities, neutralised=quantities, impact_places=counts, **carried),
    st.builds(AirRaidAlert, region=st.just("UA-46"), level=st.sampled_from(["red", "yellow", ""]), **carried),
    st.builds(
        Threat,
        threat_type=st.just("drones"),
        course_deg=st.none() | st.floats(0, 360),
        toward=lines,
        count=counts,
        **carried,
    ),
    st.builds(
        Scramble, country=st.just("PL"), state=st.just("start"), allied=st.none() | st.booleans(), **carried
    ),
    st.builds(Statement, speaker=lines, topic=lines, quote=lines, **carried),
)


@given(events)
def test_an_event_survives_the_wire(event: Event) -> None:
    assert decode(encode(event)) == event


@given(events)
def test_what_is_absent_is_left_out_and_never_null_or_zero(event: Event) -> None:
    assert b"null" not in encode(event)
