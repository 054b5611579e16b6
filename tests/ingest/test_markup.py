"""XML from outside: nothing looked up, nothing without bounds, instants with their offset."""

import datetime as dt

import pytest

from ingest import markup
from ingest.errors import DecodeError
from ingest.markup import MAX_DEPTH, instant, name, parse


def test_a_document_is_parsed_with_its_namespaces() -> None:
    root = parse("<a xmlns='urn:x'><b>ż</b></a>".encode(), "feed")

    assert (name(root), name(root[0]), root[0].text) == ("a", "b", "ż")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "not XML"),
        (b"<a>", "not XML"),
        (b"<a>\xff</a>", "not XML"),
        (b"<a>&b;</a>", "not XML"),
        (b"<!DOCTYPE a><a/>", "DTD"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "DTD"),
        (b"<?xml version='1.0' encoding='shift_jis'?><a/>", "encoding"),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "encoding"),
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "nested"),
    ],
)
def test_what_is_not_taken_is_refused_with_the_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason) as refused:
        parse(payload, "feed", at="here")
    assert (refused.value.feed, refused.value.path, refused.value.sample) == ("feed", "here", payload)


def test_no_more_elements_are_taken_than_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_ELEMENTS", 1_000)
    assert len(parse(b"<a>" + b"<b/>" * 999 + b"</a>", "feed")) == 999
    with pytest.raises(DecodeError, match="more than the 1,000 elements allowed"):
        parse(b"<a>" + b"<b/>" * 1_000 + b"</a>", "feed")


def test_as_deep_as_allowed_is_taken() -> None:
    assert parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH, "feed").tag == "a"


@pytest.mark.parametrize(
    "said", ["2026-11-22T21:00:00+02:00", "2026-11-22T19:00:00Z", "2026-11-22T19:00:00.000-00:00"]
)
def test_an_instant_is_told_in_utc(said: str) -> None:
    assert instant(said, "feed", "at") == dt.datetime(2026, 11, 22, 19, tzinfo=dt.UTC)
    assert instant(said, "feed", "at").utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "2026-11-22",
        "2026-11-22T21:00:00",
        "2026-11-22 21:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-11-22T24:01:00Z",
        "0001-01-01T00:00:00+01:00",
        "９９９９-11-22T21:00:00Z",
        "2026-11-22T21:00:00Z\n",
    ],
)
def test_what_is_no_instant_is_refused_by_name(said: str) -> None:
    with pytest.raises(DecodeError) as refused:
        instant(said, "feed", "alert/sent")
    assert refused.value.path == "alert/sent"
