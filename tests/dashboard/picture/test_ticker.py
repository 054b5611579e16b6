"""The ticker: the last 60 lines by when it happened."""

import datetime as dt

from dashboard.picture.shape import Source, Tick
from dashboard.picture.ticker import SHOWN, Ticker, line_key
from dashboard.picture.tree import Tree

NOW = dt.datetime(2025, 6, 9, tzinfo=dt.UTC)


def line(minute: int, subject: str = "x") -> tuple[str, Tick]:
    at = NOW + dt.timedelta(minutes=minute)
    source = Source(event="e", revision=1, feed="f", received_at=at)
    return line_key(at, "k", f"{minute}"), Tick(at=at, kind="k", subject=subject, source=source)


def test_the_latest_sixty_are_shown_whatever_order_they_came_in() -> None:
    tree = Tree()
    ticker = Ticker(tree)
    for minute in (*range(50, 100), *range(50)):
        ticker.put(*line(minute))
    assert sorted(tree.root["ticker"]) == [line(minute)[0] for minute in range(100 - SHOWN, 100)]


def test_a_line_that_is_taken_back_makes_room_for_the_one_before() -> None:
    tree = Tree()
    ticker = Ticker(tree)
    for minute in range(100):
        ticker.put(*line(minute))
    ticker.drop(line(99)[0])
    ticker.drop(line(5)[0])
    ticker.drop("never there")
    assert sorted(tree.root["ticker"]) == [line(minute)[0] for minute in range(99 - SHOWN, 99)]


def test_a_changed_line_changes_where_it_is_shown() -> None:
    tree = Tree()
    ticker = Ticker(tree)
    for minute in range(100):
        ticker.put(*line(minute))
    tree.take()
    ticker.put(*line(1, "other"))
    assert tree.take() == {}
    ticker.put(*line(99, "other"))
    assert tree.take() == {"ticker": {line(99)[0]: {"subject": "other"}}}
