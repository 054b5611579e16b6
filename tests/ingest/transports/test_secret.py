"""A key: how it is shown to its source, and that nothing else shows it."""

import pytest

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.secret import Secret, link_of

KEY = "s3cr&t/key=="


def secret(shown: str = "bearer", key: str = KEY) -> Secret:
    fields = {"secret": "KEY", "secret_as": shown}
    return Secret(FeedConfig(name="f", format="any", transport="http", **fields), {"KEY": key})


def test_it_is_shown_as_the_source_wants_it() -> None:
    assert secret("bearer").headers() == {"Authorization": f"Bearer {KEY}"}
    assert secret("authorization").headers() == {"Authorization": KEY}
    assert secret("header:X-API-Key").headers() == {"X-API-Key": KEY}
    assert secret("query:token").headers() == {}
    assert secret("query:token").query() == {"token": KEY}
    assert secret("bearer").query() == {}


def test_a_feed_without_one_shows_nothing() -> None:
    none = Secret(FeedConfig(name="f", format="any", transport="http"), {})
    assert (none.headers(), none.query()) == ({}, {})
    assert none.hide("text") == "text"
    assert not none.is_in("https://source.example/")


def test_a_reason_never_has_it_however_it_is_written() -> None:
    written = f"GET https://a.example/?token=s3cr%26t%2Fkey%3D%3D and s3cr%26t/key%3D%3D and {KEY}\n  failed"
    told = secret().told(written)
    assert told == "GET https://a.example/?token=*** and *** and *** failed"
    assert len(secret().told("x" * 10_000)) == 300


def test_an_address_that_carries_it_is_known() -> None:
    assert secret().is_in("https://b.example/?t=s3cr%26t%2fkey%3d%3d")
    assert not secret().is_in("https://b.example/?t=other")


def test_it_is_not_in_what_a_traceback_shows() -> None:
    assert KEY not in repr(secret())


def test_one_that_is_not_set_or_breaks_a_header_is_said() -> None:
    with pytest.raises(TransportError, match="KEY, which is not set"):
        secret(key="")
    with pytest.raises(TransportError, match="no header may have") as raised:
        secret(key="good\r\nX-Bad: 1")
    assert "good" not in raised.value.reason


def test_a_link_has_no_user_password_or_fragment() -> None:
    assert link_of("https://u:p@a.example:8443/x?y=1#z") == "https://a.example:8443/x?y=1"
