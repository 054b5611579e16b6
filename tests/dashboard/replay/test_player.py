"""The player: where it stands, as the clock goes on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dashboard.replay.player import Player

FIRST, LAST = 1_000_000, 9_000_000
SPEEDS = st.floats(1, 3_600)
PLACES = st.integers(FIRST, LAST)


@given(start=PLACES, speed=SPEEDS, waits=st.lists(st.floats(0, 5), max_size=8), reverse=st.booleans())
def test_it_moves_as_fast_as_it_was_told_however_often_it_is_asked(
    start: int, speed: float, waits: list[float], reverse: bool
) -> None:
    player = Player(start, 0.0)
    player.play(0.0, speed, reverse=reverse)
    now = 0.0
    for wait in waits:
        now += wait
        at = player.at(now, FIRST, LAST)
    moved = 1_000 * speed * now
    expected = max(FIRST, start - moved) if reverse else min(LAST, start + moved)
    assert not waits or abs(at - expected) < 2
    assert player.playing or (reverse and expected == FIRST)


@given(
    start=PLACES, span=st.integers(1_000, 500_000), speed=SPEEDS, now=st.floats(0, 1_000), back=st.booleans()
)
def test_a_loop_is_not_left(start: int, span: int, speed: float, now: float, back: bool) -> None:
    player = Player(FIRST, 0.0)
    loop = (start, min(LAST, start + span))
    if loop[0] == loop[1]:
        return
    player.repeat(loop, 0.0)
    player.play(0.0, speed, reverse=back)
    assert loop[0] <= player.at(now, FIRST, LAST) <= loop[1]
    assert player.playing


def test_it_goes_on_with_the_end_that_goes_on() -> None:
    player = Player(LAST - 500, 0.0)
    player.play(0.0, 60.0, reverse=False)
    assert player.at(1.0, FIRST, LAST) == LAST
    assert player.at(2.0, FIRST, LAST + 1_000) == LAST + 1_000
    assert player.playing


def test_back_at_the_beginning_it_stands_still() -> None:
    player = Player(FIRST + 500, 0.0)
    player.play(0.0, 60.0, reverse=True)
    assert player.at(1.0, FIRST, LAST) == FIRST
    assert not player.playing


def test_a_seek_is_gone_on_from_and_a_pause_keeps_its_place() -> None:
    player = Player(FIRST, 0.0)
    player.play(0.0, 10.0, reverse=False)
    player.seek(5_000_000, 3.0)
    assert player.at(4.0, FIRST, LAST) == 5_010_000
    player.pause()
    assert player.at(400.0, FIRST, LAST) == 5_010_000
    player.play(400.0, None, reverse=True)
    assert player.at(401.0, FIRST, LAST) == 5_000_000


def test_who_says_no_place_begins_an_hour_before_the_end() -> None:
    player = Player(None, 0.0)
    assert player.is_beyond(LAST)
    assert player.at(0.0, FIRST, LAST) == LAST - 3_600_000
    assert not player.is_beyond(LAST)
