"""The stage on a real store and real sockets: the controls, rooms, the two times, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis

from config.theatre import load_theatre
from dashboard.access.sessions import Person
from dashboard.gateway.codes import CloseCode
from dashboard.gateway.gateway import Gateway
from dashboard.gateway.limits import Limits
from dashboard.replay.stage import LIMITS, Stage
from streams.archive.shelf import FolderShelf
from streams.events import AirRaidAlert
from streams.position import EntryId
from streams.publish import Publisher
from streams.store import connect
from tests.dashboard.gateway.conftest import Peer, patient
from tests.dashboard.replay.conftest import THEATRE, Viewer, entries, night, store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Store

Meet = Callable[..., Awaitable[Viewer]]
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


def said(at: dt.datetime) -> str:
    """An instant as an address holds it."""
    return at.isoformat().replace("+00:00", "Z")


async def test_however_an_instant_is_come_to_it_looks_the_same(meet: Meet, begun: dt.datetime) -> None:
    at = begun + 2 * HOUR + dt.timedelta(milliseconds=250)
    viewer = await meet(f"&at={said(at - 30 * dt.timedelta(seconds=1))}")
    assert (await viewer.until_type("welcome"))["recovered"] is False
    await viewer.until_type("snapshot")
    assert viewer.at == at - dt.timedelta(seconds=30)

    await viewer.say(type="play", speed=1200)
    await viewer.until(lambda _: viewer.at > at + 10 * dt.timedelta(minutes=1))
    assert viewer.replay["playing"]
    await viewer.say(type="pause")
    await viewer.until(lambda _: not viewer.replay["playing"])
    stood, played = viewer.at, viewer.picture

    other = await meet(f"&at={said(stood)}")
    await other.until_at(stood)
    assert other.picture == played

    await viewer.say(type="play", speed=1200, reverse=True)
    await viewer.until(lambda _: viewer.at < at)
    assert viewer.replay["reverse"]
    await viewer.say(type="pause")
    await viewer.until(lambda _: not viewer.replay["playing"])
    await other.say(type="seek", at=viewer.at)
    await other.until_at(viewer.at)
    assert other.picture == viewer.picture

    await viewer.say(type="loop", **{"from": said(at), "to": said(at + HOUR / 60)})
    await viewer.until(lambda _: viewer.replay["loop"] is not None)
    await viewer.say(type="play", speed=600, reverse=False)
    rounds: list[dt.datetime] = []
    while len(rounds) < 8 or not any(later < earlier for earlier, later in pairwise(rounds)):
        await viewer.until(lambda _: viewer.replay["playing"] and not viewer.replay["reverse"])
        rounds.append(viewer.at)
    assert all(at <= each <= at + HOUR / 60 for each in rounds)
    await viewer.say(type="loop", **{"from": None, "to": None})
    await viewer.until(lambda _: viewer.replay["loop"] is None)


async def test_steps_go_from_event_to_event_and_back(meet: Meet, begun: dt.datetime) -> None:
    viewer = await meet(f"&at={said(begun + HOUR)}")
    await viewer.until_type("snapshot")
    seen = [viewer.at]
    for by in (1, 1, 1, -1, -1):
        await viewer.say(type="step", by=by)
        await viewer.until(lambda _: viewer.at != seen[-1])
        seen.append(viewer.at)
    assert seen[1] < seen[2] < seen[3]
    assert seen[4:] == [seen[2], seen[1]]


async def test_the_two_times_at_one_instant(
    meet: Meet, stage: Stage, redis_client: Redis, begun: dt.datetime
) -> None:
    at = begun + 2 * HOUR
    viewer = await meet(f"&at={said(at)}")
    await viewer.until_type("snapshot")
    late, old = (
        AirRaidAlert(
            id=f"{since}", status="actual", feed="f", region="UA-43", valid_from=since, valid_to=over
        )
        for since, over in ((at - HOUR, at + HOUR), (at - 999 * DAY, at - 999 * DAY + 2 * HOUR))
    )
    await Publisher(redis_client, THEATRE.name).publish([late, old])
    assert "UA-43|air_raid|" not in (viewer.picture or {})["alerts"]
    await viewer.say(type="known", **{"as": "now"})
    await viewer.until(lambda _: viewer.replay["known"] == "now" and viewer.replay["ready"])
    assert viewer.at == at
    assert "UA-43|air_raid|" in (viewer.picture or {})["alerts"]
    await viewer.say(type="known", **{"as": "then"})
    await viewer.until(lambda _: viewer.replay["known"] == "then")
    assert "UA-43|air_raid|" not in (viewer.picture or {})["alerts"]

    long_ago = at - 999 * DAY + HOUR
    await viewer.say(type="known", **{"as": "now"})
    await viewer.say(type="seek", at=long_ago)
    await viewer.until(lambda _: viewer.at == long_ago and viewer.replay["ready"])
    assert list((viewer.picture or {})["alerts"]) == ["UA-43|air_raid|"]
    await viewer.say(type="known", **{"as": "then"})
    await viewer.until(lambda _: viewer.replay["known"] == "then" and viewer.replay["ready"])
    assert viewer.at == long_ago
    assert (viewer.picture or {})["alerts"] == {}


async def test_a_room_shows_its_leader_and_tells_when_they_leave(meet: Meet, begun: dt.datetime) -> None:
    wall = await meet("&follow=brief", person=Person("wall", "wall"))
    assert await wall.until_type("idle") == {"type": "idle", "room": "brief"}
    anna, boris = Person("anna", "operator"), Person("boris", "operator")
    leader = await meet(f"&lead=brief&at={said(begun + HOUR)}", person=anna)
    await leader.until_type("snapshot")
    assert leader.replay["leading"]
    await wall.until_type("snapshot")
    assert not wall.replay["leading"]
    assert wall.replay["room"] == "brief"
    await leader.say(type="view", view={"centre": [30, 50]})
    assert (await wall.until_type("view"))["view"] == {"centre": [30, 50]}
    await wall.say(type="seek", at=begun)
    await leader.say(type="seek", at=begun + 2 * HOUR)
    await wall.until_at(begun + 2 * HOUR)
    await leader.until_at(begun + 2 * HOUR)
    assert wall.picture == leader.picture

    late = await meet("&follow=brief")
    await late.until_type("view")
    assert late.picture == leader.picture

    assert await (await meet("&lead=brief", person=boris)).closed() == CloseCode.ROOM_TAKEN
    again = await meet(f"&lead=brief&at={said(begun + 3 * HOUR)}", person=anna)
    assert await leader.closed() == CloseCode.ROOM_TAKEN
    await wall.until_type("ended")
    await wall.until_type("welcome")
    await wall.until_at(begun + 3 * HOUR)
    await again.until_type("snapshot")

    await again.say(type="end")
    await wall.until_type("ended")
    await wall.until_type("idle")
    await again.until(lambda _: not again.replay["leading"])

    third = await meet("&lead=brief", person=boris)
    await wall.until_type("snapshot")
    third.connection.transport.abort()
    await wall.until_type("ended")
    for query in ("&lead=brief", "&lead=another"):
        assert await (await meet(query, person=Person("eve", "viewer"))).closed() == CloseCode.NOT_ALLOWED


async def test_what_is_no_message_of_the_replay_ends_the_connection(meet: Meet, begun: dt.datetime) -> None:
    bad: list[Any] = [
        {"type": "seek"},
        {"type": "seek", "at": "yesterday"},
        {"type": "seek", "at": "2025-06-08T15:00:00"},
        {"type": "play", "speed": 0},
        {"type": "play", "speed": 3_601},
        {"type": "play", "speed": "fast"},
        {"type": "step", "by": 7},
        {"type": "known", "as": "tomorrow"},
        {"type": "loop", "from": said(begun)},
        {"type": "loop", "from": said(begun), "to": said(begun)},
        {"type": "hello"},
        [],
    ]
    for message in bad:
        viewer = await meet()
        await viewer.connection.send(json.dumps(message))
        assert await viewer.closed() == CloseCode.PROTOCOL_ERROR, message
    for query in ("&lead=a&follow=b", "&lead=a%20b", "&at=now", "&known=never", "&epoch=none"):
        assert await (await meet(query)).closed() == CloseCode.PROTOCOL_ERROR, query
    viewer = await meet(person=Person("wall", "wall"))
    await viewer.say(type="view", view={})
    assert await viewer.closed() == CloseCode.NOT_ALLOWED


async def test_an_instant_before_or_after_everything_is_the_nearest(meet: Meet, begun: dt.datetime) -> None:
    viewer = await meet("&at=1999-01-01T00:00:00Z")
    await viewer.until_type("snapshot")
    assert viewer.at == dt.datetime.fromisoformat(viewer.replay["from"])
    await viewer.say(type="seek", at="2199-01-01T00:00:00Z")
    await viewer.until(lambda _: viewer.at > begun + 4 * HOUR)
    assert viewer.at <= dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)


async def test_a_stage_that_starts_again_goes_on_from_its_reels(
    stage: Stage, meet: Meet, begun: dt.datetime, tmp_path: Path
) -> None:
    viewer = await meet(f"&at={said(begun + HOUR)}")
    await viewer.until_type("snapshot")
    keyframes = stage.live.keyframes()
    await stage.stop()
    again = Stage(
        theatre=THEATRE,
        status="actual",
        store_url=stage.store_url,
        shelf=FolderShelf(tmp_path / "archive"),
        var=tmp_path,
        limits=patient(LIMITS),
    )
    await again.start()
    try:
        other = await type(viewer).meet(again, f"&at={said(begun + HOUR)}")
        await other.until_type("snapshot")
        assert other.picture == viewer.picture
        assert again.live.keyframes()[0] == keyframes[0]
        other.connection.transport.abort()
    finally:
        await again.stop()


async def test_the_live_gateway_showed_just_what_is_replayed(
    redis_client: Redis, store_url: str, stage: Stage, meet: Meet
) -> None:
    # Each change goes out before time goes by: what is shown is the picture at its instant.
    at_once = patient(Limits(frame_interval_s=0.0, sending_share=1.0))
    gateway = Gateway(
        theatre=load_theatre(THEATRE.name), status="actual", store_url=store_url, limits=at_once
    )
    await gateway.start()
    peer = await Peer.meet(gateway)
    await peer.until_type("snapshot")
    publisher = Publisher(redis_client, THEATRE.name)
    shown: dict[int, Any] = {}
    for i in range(4):
        await publisher.publish([AirRaidAlert(id=f"x{i}", status="actual", feed="f", region=f"R{i}")])
        delta = await peer.until_change()
        shown[EntryId.parse(delta["position"]["ids"]["alerts"]).ms] = peer.picture
    await gateway.stop()
    viewer = await meet(f"&at={said(dt.datetime.fromtimestamp(max(shown) / 1_000, dt.UTC))}")
    await viewer.until_type("snapshot")
    for ms, picture in shown.items():
        at = dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)
        await viewer.say(type="seek", at=at)
        await viewer.until_at(at)
        feeds = (viewer.picture or {})["feeds"]
        # A gateway that has just been started knows no feed that has been silent for an hour.
        assert picture["feeds"].items() <= feeds.items()
        assert viewer.picture == picture | {"feeds": feeds}


async def test_a_lost_store_is_said_to_whoever_watches(own_store: Store, begun: dt.datetime) -> None:
    own_store.start()
    client = connect(own_store.url)
    await store(client, night(hours=4, evening=begun))
    await client.aclose()
    made = Stage(
        theatre=THEATRE,
        status="actual",
        store_url=own_store.url,
        shelf=FolderShelf(own_store.folder / "archive"),
        var=own_store.folder,
        limits=patient(LIMITS),
        aside=lambda: ThreadPoolExecutor(1),
    )
    await made.start()
    try:
        viewer = await Viewer.meet(made, f"&at={said(begun + HOUR)}")
        await viewer.until(lambda _: made.live.is_level and not viewer.replay["stopped"])
        own_store.kill()
        await viewer.until(lambda _: viewer.replay["stopped"])
        await viewer.say(type="seek", at=begun + 2 * HOUR)
        await viewer.until_at(begun + 2 * HOUR)
        own_store.start()
        await viewer.until(lambda _: not viewer.replay["stopped"])
        viewer.connection.transport.abort()
    finally:
        await made.stop()


async def test_another_life_of_the_store_is_another_film(
    meet: Meet, redis_client: Redis, begun: dt.datetime
) -> None:
    viewer = await meet(f"&at={said(begun + HOUR)}")
    before = (await viewer.until_type("snapshot"))["position"]["epoch"]
    other = AirRaidAlert(id="o", status="actual", feed="f", region="UA-46", valid_from=begun)
    await store(redis_client, entries([(begun + 3 * HOUR, other)]), anew=True)
    await viewer.until(lambda m: m["position"]["epoch"] != before)
    await viewer.say(type="seek", at=begun + 4 * HOUR)
    await viewer.until_at(begun + 4 * HOUR)
    assert list((viewer.picture or {})["alerts"]) == ["UA-46|air_raid|"]


async def test_a_night_that_was_carried_here_is_replayed_as_it_was_filmed_there(
    stage: Stage, meet: Meet, begun: dt.datetime, tmp_path: Path
) -> None:
    viewer = await meet(f"&at={said(begun + HOUR)}")
    await viewer.until_type("snapshot")
    shelf = FolderShelf(tmp_path / "archive")
    for name in shelf.names(f"keyframes/{stage.live.epoch}/"):
        *_, last = name.split("/")
        shelf.put(f"keyframes/elsewhere/{last.replace('.reel', '')[:-16]}{'0' * 16}.reel", shelf.get(name))
    carried = await stage.recorder.record("elsewhere")
    assert carried.is_level
    ms = int((begun + HOUR).timestamp() * 1_000)
    block = await carried.block_at(ms)
    assert block is not None
    assert block.tree(block.count_at(ms)) == viewer.picture
    # What nobody filmed is filmed now, of what the archive has.
    assert (await stage.recorder.record("nowhere")).first_ms == 0
