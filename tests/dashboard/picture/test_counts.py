"""Counts: what a hedge allows."""

import pytest

from dashboard.picture.counts import allows, exact, words
from streams.events import Count


@pytest.mark.parametrize(
    ("count", "value", "can_mean"),
    [
        (Count(value=480, qualifier="nearly"), 479, True),
        (Count(value=480, qualifier="nearly"), 481, False),
        (Count(value=480, qualifier="nearly"), 300, False),
        (Count(value=50, qualifier="over"), 50, False),
        (Count(value=50, qualifier="over"), 57, True),
        (Count(min=50, qualifier="over"), 57, True),
        (Count(value=50, qualifier="at least"), 50, True),
        (Count(max=100, qualifier="up to"), 101, False),
        (Count(value=100, qualifier="up to"), 3, True),
        (Count(min=50, max=60), 61, False),
        (Count(value=100, qualifier="about"), 105, True),
        (Count(value=100, qualifier="about"), 150, False),
        (Count(qualifier="unnumbered"), 0, False),
        (Count(qualifier="unnumbered"), 7, True),
    ],
)
def test_what_a_hedge_can_mean(count: Count, value: int, can_mean: bool) -> None:
    assert allows(count, value) is can_mean
    assert exact(count) is None


def test_only_a_bare_number_is_exact() -> None:
    assert exact(Count(value=0)) == 0
    assert exact(None) is None


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (Count(value=479), "479"),
        (Count(value=480, qualifier="nearly"), "nearly 480"),
        (Count(min=50, max=60), "50–60"),
        (Count(min=500, qualifier="over"), "over 500"),
        (Count(qualifier="unnumbered"), "unnumbered"),
        (Count(min=0, qualifier="at least"), "at least 0"),
    ],
)
def test_a_count_in_words(count: Count, text: str) -> None:
    assert words(count) == text
