"""Positions: stored, compared, resumed."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import PositionError
from streams.names import STREAMS
from streams.position import Position

entry_ids = st.builds(lambda ms, seq: f"{ms}-{seq}", st.integers(0, 2**48), st.integers(0, 2**32))
positions = st.builds(
    Position,
    st.text("0123456789abcdef", min_size=1, max_size=16),
    st.dictionaries(st.sampled_from(STREAMS), entry_ids),
)


@given(positions)
def test_a_position_survives_being_written_down(position: Position) -> None:
    assert Position.parse(str(position)) == position
    assert msgspec.json.decode(msgspec.json.encode(position), type=Position) == position


@given(positions, st.sampled_from(STREAMS))
def test_a_position_that_read_on_is_ahead(position: Position, stream: str) -> None:
    ms, _, seq = position.at(stream).partition("-")
    ahead = position.advanced(stream, f"{ms}-{int(seq) + 1}")

    assert position <= ahead
    assert not ahead <= position
    assert position <= position


def test_entry_ids_compare_as_numbers() -> None:
    assert Position("e", {"alerts": "9-5"}) <= Position("e", {"alerts": "10-0"})
    assert Position("e", {"alerts": "10-9"}) <= Position("e", {"alerts": "10-10"})


def test_positions_that_are_each_ahead_somewhere_do_not_compare() -> None:
    one, other = Position("e", {"alerts": "2-0"}), Position("e", {"raids": "2-0"})

    assert not one <= other
    assert not other <= one


def test_positions_of_two_epochs_do_not_compare() -> None:
    assert not Position("a") <= Position("b")


@pytest.mark.parametrize(
    "text", ["", "e;alerts", "e;alerts=1", "e;alerts=1-x", "e;elsewhere=1-0", "e f", "e;alerts=1-0;"]
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(PositionError):
        Position.parse(text)


@given(st.text(max_size=200))
def test_any_text_is_a_position_or_an_error_of_ours(text: str) -> None:
    try:
        position = Position.parse(text)
    except PositionError:
        return
    assert Position.parse(str(position)) == position
