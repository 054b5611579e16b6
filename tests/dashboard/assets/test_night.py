"""The seed night played: the client that applies the deltas holds what the picture of the events holds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.exercise import load_exercise
from config.theatre import load_theatre
from dashboard.picture.patch import encode
from dashboard.picture.picture import Picture
from dashboard.picture.snapshot import decode as decode_snapshot
from dashboard.picture.snapshot import encode as encode_snapshot
from ingest.documents import Document
from ingest.feeds.exercise import Moment, decode
from ingest.reading.reader import read
from ingest.reports import events_of
from streams.events import Event, ExerciseClock

THEATRE = load_theatre("eastern-flank")
EXERCISE = load_exercise("seed-night", THEATRE)
RUN = "20260101T000000-seed-night"
SPEED = 480.0
BEGUN_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
LOOK_EVERY = 40
Entry = tuple[Event, dt.datetime, str]


def heard(moment: Moment) -> list[Event]:
    """What one moment of the exercise publishes."""
    what = moment.what
    if isinstance(what, Document):
        return events_of(what, read(what.text, published_at=what.published_at, theatre=THEATRE), THEATRE)
    return [what]


def entries() -> Iterator[Entry]:
    """The night's stream entries: before each moment the clock tells where it stands."""
    number = 0
    for i, moment in enumerate(decode(EXERCISE, RUN)):
        received_at = BEGUN_AT + (moment.at - EXERCISE.starts_at) / SPEED
        clock = ExerciseClock(
            id="clock",
            revision=i + 1,
            status="exercise",
            run=RUN,
            feed="exercise",
            title="t",
            state="running",
            at=moment.at,
            speed=SPEED,
            starts_at=EXERCISE.starts_at,
            ends_at=EXERCISE.ends_at,
        )
        for event in (clock, *heard(moment)):
            number += 1
            yield event, received_at, f"{number:06d}"


@pytest.fixture(scope="module")
def night() -> list[Entry]:
    return list(entries())


def shown(picture: Picture) -> Any:
    return json.loads(encode(picture.view()))


def test_the_client_holds_the_picture_all_night(modules: Callable[..., Any], night: list[Entry]) -> None:
    picture = Picture(THEATRE, "exercise")
    tree = shown(picture)
    deltas: list[list[Any]] = []
    looks: list[Any] = []
    for i, (event, received_at, key) in enumerate(night):
        deltas.append([json.loads(encode(picture.apply(event, received_at, key)))])
        if i % LOOK_EVERY == 0:
            deltas[-1].append(json.loads(encode(picture.tick(received_at))))
            looks.append(shown(picture))
    held = modules(
        "picture",
        """(m, [tree, deltas, every]) => {
            const picture = new m.Picture();
            const looks = [];
            picture.load(tree, {});
            deltas.forEach((told, i) => {
                for (const delta of told) picture.apply(delta, {});
                if (i % every === 0) looks.push(picture.tree);
            });
            return [...looks, picture.tree];
        }""",
        [tree, deltas, LOOK_EVERY],
    )
    assert len(looks) > 10
    for there, here in zip(held, [*looks, shown(picture)], strict=True):
        assert there == here
    assert held[-1]["tally"]["rates"]["uav"] == 96.0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_from_a_snapshot_ends_the_night_as_one_from_the_start(
    night: list[Entry], share: float
) -> None:
    cut = int(share * len(night))
    whole = Picture(THEATRE, "exercise")
    for entry in night[:cut]:
        whole.apply(*entry)
    whole.tick(night[cut][1])
    again = Picture.remembering(decode_snapshot(encode_snapshot(whole.memory())), THEATRE)
    assert shown(again) == shown(whole)
    for entry in night[cut:]:
        assert json.loads(encode(again.apply(*entry))) == json.loads(encode(whole.apply(*entry)))
    assert shown(again) == shown(whole)
