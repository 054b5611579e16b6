"""Fidelity: the replay of a recorded night is the live picture again, byte for byte."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.gateway.pace import Pace
from dashboard.picture.picture import Picture
from dashboard.picture.timeline import Heard, Timeline
from dashboard.replay.filming import Camera, Film
from dashboard.replay.now import Walk, film
from dashboard.replay.reel import Block, Reel, encode
from streams.position import EntryId
from streams.read import Entry
from tests.dashboard.replay.conftest import EVENING, THEATRE, entries, night


def text(tree: Any) -> bytes:
    """A tree as bytes that are the same for the same tree."""
    return msgspec.json.encode(tree, order="sorted")


def ms_of(entry: Entry) -> int:
    return EntryId.parse(entry.entry_id).ms


class Live:
    """The picture as the gateway leads it: every second of the store's clock in its place."""

    def __init__(self, some: list[Entry]) -> None:
        self._pace = Pace(Picture(THEATRE, "actual"))
        self._left = list(reversed(some))

    def to(self, ms: int) -> bytes:
        """What it shows when all that was received up to an instant has been taken."""
        while self._left and ms_of(self._left[-1]) <= ms:
            entry = self._left.pop()
            self._seconds(ms_of(entry) // 1_000)
            self._pace.take(entry)
        self._seconds(ms // 1_000)
        return text(self._pace.picture.view())

    def _seconds(self, last: int) -> None:
        if self._pace.second is None:
            self._pace.reach(last)
        for second in range((self._pace.second or last) + 1, last + 1):
            self._pace.reach(second)


def filmed(some: list[Entry], until_ms: int, *, scout: bool = True) -> list[Reel]:
    """The reels of what a camera saw, in bytes and back."""
    reels: list[Reel] = []
    film_ = Film(lambda blocks, ms: reels.append(Reel(encode(blocks, ms), f"{len(reels)}")))
    camera = Camera(Pace(Picture(THEATRE, "actual")), film_, Picture(THEATRE, "actual") if scout else None)
    for entry in some:
        camera.take(entry)
    camera.reach(until_ms // 1_000)
    camera.flush()
    film_.end(until_ms + 1)
    return reels


def shown(reels: list[Reel], ms: int, opened: dict[tuple[str, int], Block]) -> bytes:
    reel = [each for each in reels if each.head.blocks[0].start_ms <= ms][-1]
    number = reel.number_at(ms)
    block = opened.setdefault((reel.name, number), reel.block(number))
    return text(block.tree(block.count_at(ms)))


def test_a_night_replayed_is_the_live_night_at_every_keyframe_and_at_random_instants() -> None:
    some = night()
    first_ms, last_ms = ms_of(some[0]), ms_of(some[-1]) + 600_000
    reels = filmed(some, last_ms)
    keyframes = [place.start_ms for reel in reels for place in reel.head.blocks]
    assert len(keyframes) > 40
    random = Random(7)
    wanted = sorted({*keyframes, *(random.randint(first_ms, last_ms) for _ in range(1_000))})
    live = Live(some)
    recorded = {ms: live.to(ms) for ms in wanted}
    random.shuffle(wanted)
    opened: dict[tuple[str, int], Block] = {}
    assert [ms for ms in wanted if shown(reels, ms, opened) != recorded[ms]] == []
    assert len(set(recorded.values())) > 400
