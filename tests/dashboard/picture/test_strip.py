"""The time strip: ten minutes to a bin, the present night's bins and marks."""

import datetime as dt

from dashboard.picture.shape import Mark, Night
from dashboard.picture.strip import Strip
from dashboard.picture.tree import Tree

START = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
NIGHT = Night(start=START, end=START + DAY)


def made() -> tuple[Strip, Tree]:
    tree = Tree()
    strip = Strip(tree)
    strip.turn(NIGHT)
    return strip, tree


def test_what_two_feeds_tell_of_one_region_in_one_bin_counts_once() -> None:
    strip, tree = made()
    at = START + dt.timedelta(minutes=14)
    strip.count("alerts", at, "UA-46")
    strip.count("alerts", at + dt.timedelta(minutes=1), "UA-46")
    strip.count("alerts", at, "UA-07")
    assert tree.root["strip"]["bins"] == {"2025-06-08T15:10:00Z": {"alerts": 2}}
    strip.uncount("alerts", at, "UA-46")
    assert tree.root["strip"]["bins"] == {"2025-06-08T15:10:00Z": {"alerts": 2}}
    strip.uncount("alerts", at, "UA-46")
    strip.uncount("alerts", at + dt.timedelta(minutes=1), "UA-46")
    assert tree.root["strip"]["bins"] == {"2025-06-08T15:10:00Z": {"alerts": 1}}
    strip.uncount("alerts", at, "UA-07")
    assert tree.root["strip"]["bins"] == {}


def test_the_next_night_begins_empty_and_the_last_one_is_still_there() -> None:
    strip, tree = made()
    strip.count("threats", START, "t")
    strip.mark("m", Mark(at=START, kind="strike"))
    shown = tree.copy()["strip"]
    strip.turn(Night(start=START + DAY, end=START + 2 * DAY))
    assert tree.root["strip"] == {"bins": {}, "marks": {}, "hour": {}}
    strip.turn(NIGHT)
    assert tree.root["strip"] == shown


def test_a_mark_that_moves_out_of_the_night_is_gone() -> None:
    strip, tree = made()
    strip.mark("m", Mark(at=START, kind="strike"))
    strip.mark("m", Mark(at=START - DAY, kind="strike"))
    assert tree.root["strip"]["marks"] == {}
