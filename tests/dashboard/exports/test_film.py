"""What was shown in a stretch, by whichever way it is found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from dashboard.exports.asked import Asked, Here
from dashboard.exports.chapters import told
from dashboard.exports.film import film
from dashboard.exports.stretch import Row, rows
from dashboard.exports.tape import tape
from dashboard.gateway.limits import Limits
from dashboard.picture.patch import merge
from dashboard.picture.rules import load_rules
from dashboard.replay.edition import edition_of
from dashboard.replay.recorder import Recorder
from dashboard.replay.reels import Reels, Shared
from streams.archive import nightfile
from streams.archive.history import History
from streams.archive.shelf import FolderShelf
from tests.dashboard.exports.conftest import EVENING, MORNING, THEATRE, asked, at


@pytest.mark.parametrize("known", ["then", "now"])
async def test_what_was_known_then_is_not_what_is_known_now(here: Here, known: str) -> None:
    filmed = await film(asked("html", known=known), here, THEATRE, lambda _: None)

    early = filmed.tree(at(60))
    launched = [claim["launched"]["uav"].get("value") for claim in early["claims"].values()]
    assert launched == ([] if known == "then" else [479, None])
    assert filmed.blocks[0].start_ms <= 1_000 * EVENING.timestamp()
    assert [each["state"] for each in filmed.tree(at(150))["scrambles"].values()] == ["start"]
    assert [each["state"] for each in filmed.last["scrambles"].values()] == ["end"]
    assert filmed.tree(at(90))["alerts"].keys() != filmed.tree(at(460))["alerts"].keys()


async def test_a_tape_is_the_film_to_the_instant(here: Here) -> None:
    filmed = await film(asked("html"), here, THEATRE, lambda _: None)

    carried = tape(filmed, every_ms=0, tracks_ms=10_000)
    coarse = tape(filmed, every_ms=60_000, tracks_ms=None)

    tree, number = carried["tree"], 0
    for ms, _, patch in carried["frames"]:
        tree = merge(tree, patch)
        number += 1
        if number % 40 == 0:
            instant = dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)
            assert tree == {"tracks": {}, **filmed.tree(instant)}
    assert number > 100
    assert tree == {"tracks": {}, **filmed.last}
    assert len(coarse["frames"]) < number
    for _, _, patch in coarse["frames"]:
        coarse["tree"] = merge(coarse["tree"], patch)
    assert coarse["tree"] == {"tracks": {}, **filmed.last}


async def test_recordings_are_used_and_are_the_same_here_and_where_they_are_carried_to(
    here: Here, heard: Redis, tmp_path: Path
) -> None:
    rules, edition = load_rules(THEATRE.path), edition_of(THEATRE)
    history = History(here.shelf, here.theatre, heard)
    recorder = Recorder(
        client=heard,
        history=history,
        theatre=THEATRE,
        status="actual",
        rules=rules,
        edition=edition,
        file=tmp_path / "checkpoint",
        reels=lambda epoch: Reels(here.shelf, epoch, "actual", edition, Shared()),
        found=lambda _: None,
        heard=lambda *_: None,
        limits=Limits(),
    )
    await recorder.record(await history.epoch())
    wanted = asked("html", from_=at(65), to=at(440))

    recorded = await film(wanted, here, THEATRE, lambda _: None)
    elsewhere = msgspec.structs.replace(here, shelf=FolderShelf(tmp_path / "elsewhere"))
    filmed = await film(wanted, elsewhere, THEATRE, lambda _: None)

    assert all(".reel" in block.key for block in recorded.blocks)
    assert not any(".reel" in block.key for block in filmed.blocks)
    epoch, night = await history.epoch(), tmp_path / "night.wfn"
    # The last hour was filmed here, and not written yet when the night was carried away.
    here.shelf.remove(max(here.shelf.names("keyframes/")))
    await nightfile.export(history, EVENING, MORNING, night)
    told_here = [await told(wanted, here, THEATRE), await told_rows(wanted, here)]
    await heard.flushdb()
    there = History(FolderShelf(tmp_path / "there"), here.theatre, heard)
    assert await there.epoch() != epoch
    await nightfile.take(there, night)
    carried_to = msgspec.structs.replace(here, shelf=there.archive.shelf, var=tmp_path / "fresh")
    of_epoch = msgspec.structs.replace(wanted, epoch=epoch)
    carried = await film(of_epoch, carried_to, THEATRE, lambda _: None)

    for number in range(51):
        instant = filmed.instant(number / 50)
        assert recorded.tree(instant) == filmed.tree(instant) == carried.tree(instant)
    told_there = [await told(of_epoch, carried_to, THEATRE), await told_rows(of_epoch, carried_to)]
    assert told_there == told_here
    assert await told_rows(wanted, carried_to) == []


async def told_rows(wanted: Asked, here: Here) -> list[Row]:
    return [row async for page in rows(wanted, here, THEATRE, lambda _: None) for row in page]
