"""Framing: the same messages come out however the bytes are cut, and too long ones do not spoil the next."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import TransportError
from ingest.transports.framing import Cutter, Frame, Frames, TakFrames

EVENTS = [
    b'<?xml version="1.0"?><event uid="a"><point lat="50.4" lon="30.5"/></event>',
    b'<event uid="b"><detail><remarks>one\ntwo</remarks></detail></event >',
    b'<event uid="c"/></event>',
]


def cut(frames: Cutter, stream: bytes, cuts: list[int]) -> list[Frame]:
    marks = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    found = []
    for start, end in itertools.pairwise(marks):
        found += list(frames.add(stream[start:end]))
    return found


@given(st.lists(st.integers(min_value=0), max_size=30))
def test_events_come_out_whole_however_they_came_in(cuts: list[int]) -> None:
    assert cut(Frames("xml", 100), b"\n".join(EVENTS), cuts) == [Frame(event) for event in EVENTS]


@given(st.lists(st.binary(max_size=20)), st.lists(st.integers(min_value=0), max_size=30))
def test_lines_come_out_whole_however_they_came_in(lines: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(line + b"\r\n" for line in lines)
    expected = [Frame(line.strip()) for line in stream.split(b"\n") if line.strip()]
    assert cut(Frames("line", 100), stream, cuts) == expected


@given(st.integers(min_value=1, max_value=400), st.lists(st.integers(min_value=0), max_size=30))
def test_a_frame_over_the_limit_comes_cut_and_the_next_whole(longer: int, cuts: list[int]) -> None:
    stream = EVENTS[0] + b"<event>" + b"x" * (100 + longer) + b"</event>" + EVENTS[1]
    found = cut(Frames("xml", 100), stream, cuts)
    assert [frame.is_cut for frame in found] == [False, True, False]
    assert found[1].body == (b"<event>" + b"x" * 100)[:100]
    assert found[2].body == EVENTS[1]


def test_a_frame_without_end_takes_no_more_room_than_is_allowed() -> None:
    frames = Frames("line", 1_000)
    found = [frame for _ in range(1_000) for frame in frames.add(b"x" * 1_000)]
    assert found == [Frame(b"x" * 1_000, is_cut=True)]
    assert len(frames._buffer) < 2_100
    assert list(frames.add(b"\nshort\n")) == [Frame(b"short")]


@pytest.mark.parametrize(
    "dtd", [b'<!DOCTYPE event SYSTEM "file:///etc/passwd">', b"<!doctype event [<!entity a 'b'>]>"]
)
def test_a_document_type_is_refused(dtd: bytes) -> None:
    with pytest.raises(TransportError, match="document type"):
        list(Frames("xml", 1_000).add(dtd + EVENTS[0]))


def test_a_message_that_has_begun_and_not_ended_is_known() -> None:
    frames = Frames("xml", 1_000)
    assert not frames.is_half_way
    list(frames.add(EVENTS[0] + b"\n  "))
    assert not frames.is_half_way
    list(frames.add(b"<event"))
    assert frames.is_half_way


def tak(message: bytes) -> bytes:
    """As the TAK protocol's stream has it."""
    length, left = bytearray(), len(message)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes((0xBF, *length, left)) + message


@given(st.lists(st.binary(max_size=300)), st.lists(st.integers(min_value=0), max_size=30))
def test_messages_of_the_tak_protocol_come_out_whole(messages: list[bytes], cuts: list[int]) -> None:
    framed = [tak(message) for message in messages]
    frames = TakFrames(1_000)

    assert cut(frames, b"".join(framed), cuts) == [Frame(each) for each in framed]
    assert not frames.is_half_way


@given(st.integers(min_value=100, max_value=20_000), st.lists(st.integers(min_value=0), max_size=30))
def test_a_message_over_the_limit_comes_cut_and_the_next_whole(size: int, cuts: list[int]) -> None:
    long, short = tak(b"x" * size), tak(b"next")

    assert cut(TakFrames(100), long + short, cuts) == [Frame(long[:100], is_cut=True), Frame(short)]


@pytest.mark.parametrize("stream", [b"<event/>", tak(b"whole") + b"\n", b"\xbf" + b"\xff" * 6])
def test_what_is_no_tak_stream_is_refused(stream: bytes) -> None:
    with pytest.raises(TransportError, match="TAK protocol"):
        list(TakFrames(1_000).add(stream))
