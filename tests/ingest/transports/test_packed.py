"""Bodies: unpacked, counted while they come, and whole or refused."""

import gzip
import tracemalloc

import pytest

from ingest.errors import TransportError
from ingest.transports.packed import Body

TEXT = "Повітряна тривога. ".encode() * 2_000


def collected(body: Body, packed: bytes, step: int = 1_000) -> bytes:
    for start in range(0, len(packed), step):
        body.add(packed[start : start + step])
    return body.whole()


@pytest.mark.parametrize("step", [1, 7, 1_000_000])
@pytest.mark.parametrize(
    ("encoding", "packed"), [("", TEXT), ("identity", TEXT), ("GZIP", gzip.compress(TEXT))]
)
def test_a_body_comes_out_as_it_went_in(encoding: str, packed: bytes, step: int) -> None:
    assert collected(Body(encoding, len(TEXT)), packed, step) == TEXT


def test_members_one_after_the_other_are_one_body() -> None:
    assert collected(Body("gzip", 100), gzip.compress(b"one ") + gzip.compress(b"two"), 5) == b"one two"


def test_nothing_is_nothing() -> None:
    assert Body("gzip", 10).whole() == b""


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_one_byte_too_many_is_too_much(encoding: str) -> None:
    packed = gzip.compress(b"x" * 1_001) if encoding else b"x" * 1_001
    with pytest.raises(TransportError, match="more than the 1,000 bytes"):
        Body(encoding, 1_000).add(packed)


def test_a_bomb_takes_no_more_room_than_is_allowed() -> None:
    bomb = gzip.compress(bytes(50_000_000), 1)
    body = Body("gzip", 1_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(TransportError, match="more than the 1,000,000 bytes"):
            body.add(bomb)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_members_that_hold_nothing_end_as_well() -> None:
    nothing = gzip.compress(b"") * 1_000
    body = Body("gzip", 100_000)
    with pytest.raises(TransportError, match="more than"):
        collected(body, nothing * 100)


def test_half_of_a_packed_body_is_no_body() -> None:
    with pytest.raises(TransportError, match="half-way"):
        collected(Body("gzip", len(TEXT)), gzip.compress(TEXT)[:-1])


@pytest.mark.parametrize(
    "packed", [b"not gzip at all", gzip.compress(TEXT)[:50] + b"\0" * 50], ids=["text", "a broken stream"]
)
def test_what_is_not_gzip_is_said(packed: bytes) -> None:
    with pytest.raises(TransportError, match="not gzip"):
        collected(Body("gzip", len(TEXT)), packed)


def test_a_packing_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(TransportError, match="'br', which was not asked for"):
        Body("br", 10)


def test_what_is_announced_counts() -> None:
    with pytest.raises(TransportError, match="more than the 10 bytes"):
        Body("", 10).expect(11)
    Body("", 10).expect(10)
