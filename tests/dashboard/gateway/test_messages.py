"""Messages: what a client may say, and that all of it is written down."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.gateway import messages
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.limits import Limits
from dashboard.gateway.messages import Hello, MessageError, Resync, decode, position_of
from streams.position import Position

DOCUMENT = (Path(__file__).parents[3] / "docs/protocol.md").read_text()
NOW = dt.datetime(2025, 6, 9, tzinfo=dt.UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_a_hello_says_where_a_picture_stands() -> None:
    hello = decode('{"type":"hello","position":{"epoch":"e","ids":{"alerts":"5-0"}},"gateway":"g","new":1}')
    assert isinstance(hello, Hello)
    assert position_of(hello.position) == Position("e", {"alerts": "5-0"})
    assert isinstance(decode('{"type":"resync"}'), Resync)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"type":"welcome"}',
        '{"type":"hello","position":"x"}',
        '{"type":"hello","position":{"epoch":"","ids":{}}}',
        '{"type":"hello","position":{"epoch":"e","ids":{"alerts":"x"}}}',
        '{"type":"hello","position":{"epoch":"e","ids":{"alerts":"99999999999999999999-0"}}}',
        '{"type":"hello","position":{"epoch":"e","ids":{"alerts":5}}}',
        '{"type":"hello","gateway":5}',
        "[" * 4_000,
        '{"type":"hello","position":' * 500,
        "\ud800",
    ],
)
def test_garbage_is_no_message(text: str) -> None:
    with pytest.raises(MessageError):
        decode(text)


def test_a_binary_message_is_none_either() -> None:
    with pytest.raises(MessageError):
        decode(b'{"type":"resync"}')


@given(JSON)
def test_any_json_is_a_message_or_an_error(value: object) -> None:
    try:
        decode(json.dumps(value))
    except MessageError:
        return
    assert isinstance(value, dict)


def test_a_position_in_streams_that_are_not_ours_is_no_position() -> None:
    hello = decode('{"type":"hello","position":{"epoch":"e","ids":{"other":"5-0"}}}')
    assert isinstance(hello, Hello)
    assert position_of(hello.position) is None
    assert position_of(None) is None


@pytest.mark.parametrize("name", messages.MESSAGES)
def test_every_message_type_is_documented(name: str) -> None:
    assert f"| `{name}` |" in DOCUMENT


@pytest.mark.parametrize(
    "made",
    [
        messages.welcome(gateway="g", recovered=True, status="actual", heartbeat_s=0.5, server_time=NOW),
        messages.snapshot(Position("e"), b"{}", NOW),
        messages.delta(Position("e"), {"a": None}, 1, NOW),
        messages.heartbeat(Position("e"), NOW, NOW),
    ],
    ids=lambda made: json.loads(made)["type"],
)
def test_every_member_of_every_message_is_documented(made: bytes) -> None:
    message = json.loads(made)
    (row,) = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{message['type']}` |")]
    assert set(message) - {"type"} == set(re.findall(r"`([a-z_]+)`", row)) & set(message)


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_documented(code: CloseCode) -> None:
    assert f"| {code.value} | `{code.name}` |" in DOCUMENT
    assert code.reason


def test_no_close_code_is_documented_that_does_not_exist() -> None:
    assert {int(code) for code in re.findall(r"^\| (4\d{3}) \|", DOCUMENT, re.M)} == {*CloseCode}


def test_the_bounds_are_documented_as_they_are() -> None:
    limits = Limits()
    for stated in (
        f"within {limits.hello_s:g} s",
        f"At most {limits.message_bytes:,} bytes",
        f"{limits.clients:,} are connected",
        f"at most {limits.queue_bytes // 1_024} kB wait in the gateway's memory",
        f"and {2 * limits.kernel_bytes // 1_024} kB in the\nkernel's",
        f"nothing for {limits.stalled_s:g} s",
        f"after {limits.behind_s:g} s",
        f"last {limits.ring_cuts:,} deltas, {limits.ring_bytes // 1_024**2} MB at most",
        f"at most {1 / limits.frame_interval_s:g} deltas a second",
        f"`heartbeat_s` ({limits.heartbeat_s:g} s)",
        f"every {limits.ping_s:g} s",
    ):
        assert stated in DOCUMENT, stated
