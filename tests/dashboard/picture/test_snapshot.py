"""Snapshots: a picture made again from its bytes goes on as if it had never been away."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.theatre import Theatre
from dashboard.picture.patch import encode as encode_view
from dashboard.picture.picture import Picture
from dashboard.picture.snapshot import VERSION, SnapshotError, decode, encode
from streams.events import AirRaidAlert, Event
from tests.dashboard.picture.drawn import HOURS, NIGHT, THEATRE, events

Step = tuple[dt.datetime, Event | None]
"""When by our clock, and what came; nothing is a tick."""
STEPS = st.lists(st.tuples(HOURS, st.none() | events()), max_size=25)


def play(picture: Picture, steps: list[Step], first: int = 0) -> None:
    for i, (now, event) in enumerate(steps, first):
        if event is None:
            picture.tick(now)
        else:
            picture.apply(event, now, f"{i:06d}")


def shown(picture: Picture) -> Any:
    return json.loads(encode_view(picture.view()))


@settings(max_examples=300, deadline=None)
@given(before=STEPS, after=STEPS, status=st.sampled_from(("actual", "exercise")))
def test_a_snapshot_and_the_rest_are_the_whole(
    before: list[Step],
    after: list[Step],
    status: Literal["actual", "exercise"],
) -> None:
    whole = Picture(THEATRE, status)
    play(whole, before)
    memory = whole.memory()
    assert decode(encode(memory)) == memory
    again = Picture.remembering(memory, THEATRE)
    assert shown(again) == shown(whole)
    play(whole, after, len(before))
    play(again, after, len(before))
    assert shown(again) == shown(whole)


def test_a_delta_after_a_snapshot_is_the_same_delta(theatre: Theatre) -> None:
    whole = Picture(theatre, "actual")
    alert = AirRaidAlert(id="a", status="actual", feed="f", region="UA-46", valid_from=NIGHT)
    whole.apply(alert, NIGHT, "1")
    again = Picture.remembering(decode(encode(whole.memory())), theatre)
    over = msgspec.structs.replace(alert, revision=2, valid_to=NIGHT + dt.timedelta(hours=1))
    assert again.apply(over, NIGHT, "2").keys() == whole.apply(over, NIGHT, "2").keys()


def test_it_is_as_large_as_what_is_remembered_and_little_more_for_each_night_past(theatre: Theatre) -> None:
    def size(nights: int) -> int:
        picture = Picture(theatre, "actual")
        for i in range(nights * 20):
            begun = NIGHT + dt.timedelta(hours=i)
            picture.apply(
                AirRaidAlert(
                    id=f"a{i:06d}",
                    status="actual",
                    feed="f",
                    region="UA-46",
                    valid_from=begun,
                    valid_to=begun + dt.timedelta(minutes=30),
                ),
                begun + dt.timedelta(minutes=30),
                f"{i:06d}",
            )
        return len(encode(picture.memory()))

    bytes_per_night = (size(200) - size(20)) / 150
    assert bytes_per_night < 250


def test_what_is_no_snapshot_is_refused(theatre: Theatre) -> None:
    memory = Picture(theatre, "actual").memory()
    for payload in (b"", b"{}", b"\xff" * 50, b"\x91" * 200_000):
        with pytest.raises(SnapshotError, match="not a snapshot"):
            decode(payload)
    with pytest.raises(SnapshotError, match=f"not {VERSION}"):
        decode(encode(msgspec.structs.replace(memory, version=VERSION + 1)))
    with pytest.raises(SnapshotError, match="other-theatre"):
        Picture.remembering(msgspec.structs.replace(memory, theatre="other-theatre"), theatre)
