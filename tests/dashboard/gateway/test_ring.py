"""The ring: from which cut on somebody has to hear, and that it stays small."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from dashboard.gateway.ring import Ring
from dashboard.picture.patch import diff, encode, merge
from streams.position import Position


def position(alerts: int, raids: int = 0) -> Position:
    return Position("e", {"alerts": f"{alerts}-0", "raids": f"{raids}-0"})


def ring(*cuts: Position, most: int = 100, size: int = 10_000) -> Ring:
    made = Ring(Position("e"), cuts=most, size=size)
    for i, at in enumerate(cuts, start=1):
        made.append(at, {f"k{i}": i}, 1, 10)
    return made


def test_who_stands_at_a_cut_hears_what_came_after_it() -> None:
    made = ring(position(1), position(2), position(3))
    number = made.since(position(2))
    assert number == 2
    assert made.missed(number) == ({"k3": 3}, 1)


def test_who_stands_between_cuts_hears_from_the_one_behind() -> None:
    made = ring(position(10), position(20), position(20, 5))
    assert made.since(position(20, 3)) == 2
    assert made.since(position(15, 5)) == 1
    assert made.since(position(5)) == 0


def test_where_time_went_by_at_one_position_all_of_it_is_heard_again() -> None:
    made = ring(position(1), position(2), position(2), position(2))
    assert made.since(position(2)) == 2
    assert made.missed(2) == ({"k3": 3, "k4": 4}, 2)


def test_where_time_went_by_before_anything_came_that_is_heard_again_too() -> None:
    made = ring(Position("e"), Position("e"), position(1))
    assert made.since(Position("e")) == 0


def test_who_is_older_than_the_ring_or_of_another_epoch_cannot_be_told() -> None:
    made = ring(position(1), position(2), position(3), most=2)
    assert len(made) == 2
    assert made.since(Position("e")) is None
    assert made.since(position(0)) is None
    assert made.since(position(1)) == 1
    assert made.since(Position("other")) is None


def test_it_is_bounded_in_bytes_too() -> None:
    made = ring(*(position(i) for i in range(1, 50)), size=35)
    assert len(made) == 3
    assert made.size == 30
    made.append(position(99), {}, 1, 1_000)
    assert len(made) == 0
    assert made.since(position(99)) == made.number
    assert made.since(position(49)) is None


def test_from_any_cut_and_any_state_after_it_everybody_ends_level() -> None:
    """Whatever cut a client is served from, it ends where the changing tree is."""
    random = Random(7)

    def some_tree() -> dict[str, Any]:
        keys = random.sample("abc", random.randint(0, 3))
        return {key: {inner: random.randint(0, 2) for inner in random.sample("xyz", 2)} for key in keys}

    for _ in range(50):
        states = [some_tree() for _ in range(8)]
        made = Ring(Position("e"), cuts=5, size=10_000)
        for i in range(1, 8):
            made.append(position(i), diff(states[i - 1], states[i]), 1, 1)
        for i in range(8):
            number = made.since(position(i) if i else Position("e"))
            assert (number is None) == (i < 2)
            if number is not None:
                patch = json.loads(encode(made.missed(number)[0]))
                for held in states[number:]:
                    assert merge(held, patch) == states[-1]
