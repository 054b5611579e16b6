"""Publish once: atomic in the store, whoever publishes."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from streams.codec import decode, encode
from streams.errors import StoreError
from streams.events import (
    AirRaidAlert,
    Evidence,
    FeedHealth,
    Marker,
    Point,
    Scramble,
    Statement,
    TrackSweep,
)
from streams.names import ARCHIVED, TRIMMED, key
from streams.publish import BATCH, SHORT_MEMORY_S, TRACKS_KEPT_S, Publisher
from streams.store import connect

THEATRE = "eastern-flank"


def alert(number: int, revision: int = 1) -> AirRaidAlert:
    return AirRaidAlert(id=f"alert:{number}", revision=revision, status="test", feed="f", region="UA-46")


async def stored(client: Redis, stream: str = "alerts") -> list[tuple[str, int]]:
    rows = await client.xrange(key(THEATRE, stream))
    events = [decode(fields[b"event"]) for _, fields in rows]
    return [(event.id, event.revision) for event in events]


async def test_an_event_published_twice_is_in_its_stream_once(redis_client: Redis) -> None:
    publisher = Publisher(redis_client, THEATRE)

    first = await publisher.publish([alert(1), alert(2)])
    again = await publisher.publish([alert(2), alert(3)])

    assert [one.outcome for one in first] == ["published", "published"]
    assert [one.outcome for one in again] == ["duplicate", "published"]
    assert again[0].entry_id == first[1].entry_id
    assert await stored(redis_client) == [("alert:1", 1), ("alert:2", 1), ("alert:3", 1)]


async def test_a_new_revision_is_a_new_entry(redis_client: Redis) -> None:
    publisher = Publisher(redis_client, THEATRE)

    await publisher.publish([alert(1), alert(1, revision=2), alert(1, revision=2)])

    assert await stored(redis_client) == [("alert:1", 1), ("alert:1", 2)]


async def test_each_kind_goes_into_its_own_stream(redis_client: Redis) -> None:
    scramble = Scramble(id="s", status="test", feed="f", country="PL", state="start")

    await Publisher(redis_client, THEATRE).publish([alert(1), scramble])

    assert await stored(redis_client, "scrambles") == [("s", 1)]
    assert await stored(redis_client, "alerts") == [("alert:1", 1)]


async def test_more_than_a_batch_keeps_its_order(redis_client: Redis) -> None:
    events = [alert(number) for number in range(BATCH + 7)]

    published = await Publisher(redis_client, THEATRE).publish(events)

    assert len(published) == len(events)
    assert await stored(redis_client) == [(event.id, 1) for event in events]


async def test_two_hosts_racing_publish_each_event_once(redis_client: Redis, store_url: str) -> None:
    other = connect(store_url)
    events = [alert(number) for number in range(300)]
    hosts = [Publisher(redis_client, THEATRE), Publisher(other, THEATRE)]

    rounds = await asyncio.gather(*(host.publish([event]) for event in events for host in hosts))
    await other.aclose()

    outcomes = [published[0].outcome for published in rounds]
    assert outcomes.count("published") == outcomes.count("duplicate") == 300
    assert sorted(await stored(redis_client)) == sorted((event.id, 1) for event in events)


async def test_health_is_remembered_for_a_while_only(redis_client: Redis) -> None:
    from datetime import UTC, datetime

    beat = FeedHealth(
        id="health:f",
        status="test",
        feed="f",
        subject="f",
        state="fresh",
        checked_at=datetime.now(UTC),
        every_s=5,
    )
    await Publisher(redis_client, THEATRE).publish([beat, alert(1)])

    lives = sorted([await redis_client.ttl(name) async for name in redis_client.scan_iter("*:seen:*")])
    assert lives[0] == -1
    assert 0 < lives[1] <= SHORT_MEMORY_S


async def test_every_key_lies_in_one_cluster_slot(redis_client: Redis) -> None:
    await Publisher(redis_client, THEATRE).publish([alert(1)])

    keys = [name.decode() async for name in redis_client.scan_iter("*")]
    assert keys
    assert all(name.startswith("wf:{eastern-flank}:") for name in keys)


async def test_a_store_out_of_reach_is_a_store_error() -> None:
    nobody = connect("redis://127.0.0.1:1/0")
    with pytest.raises(StoreError):
        await Publisher(nobody, THEATRE).publish([alert(1)])
    await nobody.aclose()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(numbers=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3)), max_size=60))
async def test_any_sequence_leaves_the_first_of_each(
    redis_client: Redis, numbers: list[tuple[int, int]]
) -> None:
    await redis_client.flushdb()
    events = [alert(number, revision) for number, revision in numbers]

    published = await Publisher(redis_client, THEATRE).publish(events)

    firsts = list(dict.fromkeys((event.id, event.revision) for event in events))
    assert await stored(redis_client) == firsts
    assert [(one.event_id, one.revision) for one in published if one.outcome == "published"] == firsts


async def test_what_is_passing_and_what_is_not_go_through_one_batch(redis_client: Redis) -> None:
    sweep = TrackSweep(id="sweep", status="test", feed="f", tracks=())
    marker = Marker(id="marker", status="test", feed="f", position=Point(lon=30, lat=50))
    events = [alert(1), sweep, marker, alert(1), sweep, marker, alert(2)]

    published = await Publisher(redis_client, THEATRE).publish(events)

    assert [one.outcome for one in published] == ["published"] * 3 + ["duplicate"] * 3 + ["published"]
    assert [one.entry_id for one in published[3:6]] == [one.entry_id for one in published[:3]]
    assert await stored(redis_client, "tracks") == [("sweep", 1)]
    assert await stored(redis_client, "scrambles") == [("marker", 1)]
    assert await stored(redis_client) == [("alert:1", 1), ("alert:2", 1)]


async def test_what_is_in_a_stream_is_remembered_though_another_failed(redis_client: Redis) -> None:
    publisher = Publisher(redis_client, THEATRE)
    scramble = Scramble(id="s", status="test", feed="f", country="PL", state="start")
    await redis_client.set(key(THEATRE, "scrambles"), "not a stream")

    with pytest.raises(StoreError):
        await publisher.publish([alert(1), scramble, alert(2)])
    await redis_client.delete(key(THEATRE, "scrambles"))
    published = await publisher.publish([alert(1), scramble, alert(2)])

    assert [one.outcome for one in published] == ["duplicate", "published", "published"]
    assert await stored(redis_client) == [("alert:1", 1), ("alert:2", 1)]


async def test_a_publishing_that_is_cancelled_leaves_nothing_running(redis_client: Redis) -> None:
    events = [alert(number) for number in range(20 * BATCH)]
    work = asyncio.create_task(Publisher(redis_client, THEATRE).publish(events))
    while not await redis_client.exists(key(THEATRE, "alerts")):
        await asyncio.sleep(0)

    work.cancel()
    await asyncio.gather(work, return_exceptions=True)

    assert asyncio.all_tasks() == {asyncio.current_task()}
    again = await Publisher(redis_client, THEATRE).publish(events)
    assert await stored(redis_client) == [(event.id, 1) for event in events]
    assert {one.event_id for one in again} == {event.id for event in events}


async def test_large_events_are_cut_into_more_batches(
    redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.publish.BATCH_BYTES", 1_000)
    events = [alert(number) for number in range(60)]
    await redis_client.config_resetstat()

    published = await Publisher(redis_client, THEATRE).publish(events)

    assert [one.event_id for one in published] == [event.id for event in events]
    assert await stored(redis_client) == [(event.id, 1) for event in events]
    calls = (await redis_client.info("commandstats"))["cmdstat_evalsha"]["calls"]
    assert 5 <= calls < 60


async def test_any_text_is_stored_as_it_was_encoded(redis_client: Redis) -> None:
    texts = ["", "\u0000\n\u2028", "Повітряна тривога 🟡" * 3_000, "x" * 65_536]
    events = [
        Statement(
            id=str(number),
            status="test",
            feed="f",
            speaker="",
            topic="",
            evidence=Evidence(document="d", text=text),
        )
        for number, text in enumerate(texts)
    ]

    await Publisher(redis_client, THEATRE).publish(events)

    rows = await redis_client.xrange(key(THEATRE, "raids"))
    assert [fields[b"event"] for _, fields in rows] == [encode(event) for event in events]


async def test_where_sweeps_are_archived_they_wait_for_it_half_a_day(redis_client: Redis) -> None:
    stream = key(THEATRE, "tracks")
    await redis_client.hset(key(THEATRE, ARCHIVED), "tracks", "0-0")
    now_ms = 1_000 * (await redis_client.time())[0]
    for hours in (15, 13, 11, 5):
        await redis_client.xadd(stream, {"event": "x"}, id=f"{now_ms - hours * 3_600_000}-0")

    sweep = TrackSweep(id="radar:1", status="actual", feed="radar", tracks=())
    await Publisher(redis_client, THEATRE).publish([sweep])

    entries = await redis_client.xrange(stream)
    assert [round((now_ms - int(raw_id.split(b"-")[0])) / 3_600_000) for raw_id, _ in entries] == [11, 5, 0]
    mark = await redis_client.hget(key(THEATRE, TRIMMED), "tracks")
    assert now_ms - 13 * 3_600_000 < int(mark.split(b"-")[0]) < now_ms - 11 * 3_600_000


async def test_sweeps_are_kept_for_two_hours(redis_client: Redis) -> None:
    stream = key("eastern-flank", "tracks")
    seconds, _ = await redis_client.time()
    for minutes in range(302, 0, -5):
        old = f"{seconds * 1_000 - minutes * 60_000}-0"
        await redis_client.xadd(stream, {"event": "x" * 5_000}, id=old)

    sweep = TrackSweep(id="radar:1", status="actual", feed="radar", tracks=())
    await Publisher(redis_client, "eastern-flank").publish([sweep])

    entries = await redis_client.xrange(stream)
    ages_s = [seconds - int(entry_id.split(b"-")[0]) / 1_000 for entry_id, _ in entries]
    assert max(ages_s) <= TRACKS_KEPT_S
    assert len(entries) == 25
