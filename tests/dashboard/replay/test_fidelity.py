"""Fidelity: the replay of a recorded night is the live picture again, byte for byte."""

from __future__ import annotations

import datetime as dt
import json
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.gateway.pace import Pace
from dashboard.picture import snapshot
from dashboard.picture.picture import Picture
from dashboard.picture.timeline import Heard, Timeline
from dashboard.replay.filming import Camera, Film
from dashboard.replay.now import Walk, film
from dashboard.replay.reel import Block, Reel, ReelError, encode
from streams.events import AirRaidAlert
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
    # What the night is there for is in it.
    everything = [json.loads(tree) for tree in recorded.values()]
    assert {feed["state"] for tree in everything for feed in tree["feeds"].values()} >= {"fresh", "dead"}
    for member in ("acks", "tracks", "threats", "scrambles", "claims", "log"):
        assert any(tree[member] for tree in everything), member
    random.shuffle(wanted)
    opened: dict[tuple[str, int], Block] = {}
    assert [ms for ms in wanted if shown(reels, ms, opened) != recorded[ms]] == []
    assert len(set(recorded.values())) > 400


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 1_000), instants=st.lists(st.integers(0, 5_400_000), min_size=1, max_size=8))
def test_any_night_looks_the_same_however_it_was_looked_over(seed: int, instants: list[int]) -> None:
    some = night(seed, hours=2.5)
    first_ms = ms_of(some[0])
    some = [entry for entry in some if ms_of(entry) < first_ms + 5_400_000]
    reels = filmed(some, first_ms + 5_400_000)
    live = Live(some)
    for ms in sorted(first_ms + each for each in instants):
        assert shown(reels, ms, {}) == live.to(ms)


def test_filming_that_is_gone_on_with_from_a_memory_is_the_same_film() -> None:
    some = night(3, hours=3)
    middle = len(some) // 2
    last_ms = ms_of(some[-1])
    whole = filmed(some, last_ms)
    pace = Pace(Picture(THEATRE, "actual"))
    camera = Camera(pace, Film(lambda *_: None), Picture(THEATRE, "actual"))
    for entry in some[:middle]:
        camera.take(entry)
    memory = snapshot.decode(snapshot.encode(pace.picture.memory()))
    rest: list[Reel] = []
    film_ = Film(lambda blocks, ms: rest.append(Reel(encode(blocks, ms), f"rest{len(rest)}")))
    again = Camera(
        Pace(Picture.remembering(memory, THEATRE), pace.second), film_, Picture.remembering(memory, THEATRE)
    )
    for entry in some[middle:]:
        again.take(entry)
    again.reach(last_ms // 1_000)
    again.flush()
    film_.end(last_ms + 1)
    for entry in some[middle::20]:
        assert shown(rest, ms_of(entry), {}) == shown(whole, ms_of(entry), {})


def test_as_known_now_is_the_timeline_at_every_instant() -> None:
    some = night(5, hours=4)
    heard = [Heard(entry.event, entry.received_at, f"{i:06d}") for i, entry in enumerate(some) if entry.event]
    timeline = Timeline(THEATRE, "actual", heard)
    begin_ms = int((EVENING + dt.timedelta(hours=2)).timestamp() * 1_000)
    films = []
    for hour_ms in (begin_ms, begin_ms - 1_800_000):
        blocks = film(Walk(timeline), hour_ms, hour_ms + 3_600_000)
        films.append([Reel(encode(blocks, hour_ms + 3_600_000), f"{hour_ms}")])
    walk = timeline.walk()
    for ms in range(begin_ms, begin_ms + 1_800_000, 97_000):
        # Where filming began makes no difference.
        assert shown(films[0], ms, {}) == shown(films[1], ms, {})
        expected = walk.to(dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)).view()
        # One stride of the timeline calls all received at its end, and so tells other news.
        assert facts(json.loads(shown(films[0], ms, {}))) == facts(json.loads(text(expected)))


def facts(tree: Any) -> Any:
    """A tree without what hangs on when it was received."""
    if not isinstance(tree, dict):
        return tree
    left_out = {"received_at", "ticker", "marks", "hour", "per_hour"}
    return {name: facts(item) for name, item in tree.items() if name not in left_out}


def test_the_two_times_differ_while_a_report_is_late() -> None:
    began = EVENING + dt.timedelta(hours=1)
    late = AirRaidAlert(id="a", status="actual", feed="f", region="UA-46", valid_from=began)
    heard_at = began + dt.timedelta(minutes=20)
    some = entries([(began, alert_elsewhere(began)), (heard_at, late)])
    then = filmed(some, int(heard_at.timestamp() * 1_000) + 1_000)
    heard = [Heard(entry.event, entry.received_at, entry.entry_id) for entry in some if entry.event]
    begin_ms = int(began.timestamp() * 1_000)
    now = film(Walk(Timeline(THEATRE, "actual", heard)), begin_ms, begin_ms + 60_000)
    reel = Reel(encode(now, begin_ms + 60_000), "now")
    assert set(json.loads(shown(then, begin_ms + 30_000, {}))["alerts"]) == {"UA-07|air_raid|"}
    assert set(json.loads(shown([reel], begin_ms + 30_000, {}))["alerts"]) == {
        "UA-07|air_raid|",
        "UA-46|air_raid|",
    }


def alert_elsewhere(began: dt.datetime) -> AirRaidAlert:
    return AirRaidAlert(id="b", status="actual", feed="f", region="UA-07", valid_from=began)


@pytest.mark.parametrize("payload", [b"", b"WFR1", b"WFR1\x00\x00\x00\x01\x80", b"\xff" * 200])
def test_what_is_no_reel_is_refused(payload: bytes) -> None:
    with pytest.raises(ReelError):
        Reel(payload, "x")


def test_a_broken_block_is_refused() -> None:
    some = night(1, hours=2.5)
    made: list[bytes] = []
    film_ = Film(lambda blocks, ms: made.append(encode(blocks, ms)))
    camera = Camera(Pace(Picture(THEATRE, "actual")), film_, Picture(THEATRE, "actual"))
    for entry in some[:50]:
        camera.take(entry)
    camera.flush()
    film_.end(ms_of(some[50]))
    for broken in (made[0][:-10], made[0][:-10] + b"\x00" * 10):
        reel = Reel(broken, "x")
        with pytest.raises(ReelError):
            reel.block(len(reel.head.blocks) - 1)
