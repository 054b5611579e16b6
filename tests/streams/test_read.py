"""Read from a position: all streams, in order, resumable."""

import asyncio
import datetime as dt

import pytest
from redis.asyncio import Redis

from streams.errors import StoreError
from streams.events import AirRaidAlert, Event, Scramble
from streams.names import key
from streams.position import Position
from streams.publish import Publisher
from streams.read import Reader
from streams.store import connect
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"


def alert(number: int) -> AirRaidAlert:
    return AirRaidAlert(id=f"alert:{number}", status="test", feed="f", region="UA-46")


def scramble(number: int) -> Scramble:
    return Scramble(id=f"scramble:{number}", status="test", feed="f", country="PL", state="start")


async def read_all(reader: Reader, position: Position, count: int) -> tuple[list[str], Position]:
    ids: list[str] = []
    while True:
        entries, position = await reader.read(position, count=count)
        if not entries:
            return ids, position
        ids += [entry.event.id for entry in entries if entry.event]


async def test_entries_of_all_streams_come_in_the_order_they_were_published(redis_client: Redis) -> None:
    publisher, reader = Publisher(redis_client, THEATRE), Reader(redis_client, THEATRE)
    events: list[Event] = [scramble(n) if n % 3 == 0 else alert(n) for n in range(40)]
    for event in events:
        await publisher.publish([event])
        await asyncio.sleep(0.001)  # another millisecond of the store's clock, which is what orders streams

    start = Position(await reader.epoch())
    for count in (3, 1_000):
        ids, _ = await read_all(reader, start, count)
        assert ids == [event.id for event in events]


async def test_reading_goes_on_from_a_stored_position(redis_client: Redis) -> None:
    publisher, reader = Publisher(redis_client, THEATRE), Reader(redis_client, THEATRE)
    await publisher.publish([alert(1), scramble(1)])
    _, position = await reader.read(Position(await reader.epoch()))
    stored = str(position)

    await publisher.publish([alert(2), scramble(2)])
    entries, _ = await reader.read(Position.parse(stored))

    assert {entry.event.id for entry in entries if entry.event} == {"alert:2", "scramble:2"}


async def test_a_blocked_read_wakes_for_what_comes(
    redis_client: Redis, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.read.MAX_BLOCK_MS", 1_000_000)
    monkeypatch.setattr("streams.store.ANSWER_WITHIN_S", PATIENCE_S)
    other = connect(store_url)
    reader = Reader(other, THEATRE)
    position = Position(await reader.epoch())
    reading = asyncio.create_task(reader.read(position, block_ms=1_000_000))
    while not (await redis_client.info("clients"))["blocked_clients"]:
        await asyncio.sleep(0.001)

    await Publisher(redis_client, THEATRE).publish([alert(1)])
    entries, _ = await reading

    assert [entry.event for entry in entries] == [alert(1)]
    await other.aclose()


async def test_a_read_of_nothing_returns_the_same_position(redis_client: Redis) -> None:
    reader = Reader(redis_client, THEATRE)
    position = Position(await reader.epoch())

    assert await reader.read(position) == ([], position)
    assert await reader.read(position, block_ms=1) == ([], position)


async def test_received_at_is_the_stores_own_time(redis_client: Redis) -> None:
    reader = Reader(redis_client, THEATRE)
    before = dt.datetime.now(dt.UTC) - dt.timedelta(milliseconds=1)
    await Publisher(redis_client, THEATRE).publish([alert(1)])

    (entry,), _ = await reader.read(Position(await reader.epoch()))

    assert before <= entry.received_at <= dt.datetime.now(dt.UTC)


async def test_what_is_no_event_comes_with_its_bytes_and_the_reason(redis_client: Redis) -> None:
    await redis_client.xadd(key(THEATRE, "alerts"), {"event": b'{"kind":"alert","id":7}'})
    await redis_client.xadd(key(THEATRE, "alerts"), {"other": b"x"})
    reader = Reader(redis_client, THEATRE)

    (wrong, empty), _ = await reader.read(Position(await reader.epoch()))

    assert wrong.event is None
    assert "$.id" in (wrong.error or "")
    assert wrong.payload == b'{"kind":"alert","id":7}'
    assert empty.event is None
    assert empty.error


async def test_a_wiped_store_has_another_epoch(redis_client: Redis) -> None:
    reader = Reader(redis_client, THEATRE)
    first = await reader.epoch()
    assert await reader.epoch() == first

    await redis_client.flushdb()

    assert await reader.epoch() != first


async def test_a_store_out_of_reach_is_a_store_error() -> None:
    nobody = connect("redis://127.0.0.1:1/0")
    with pytest.raises(StoreError):
        await Reader(nobody, THEATRE).epoch()
    with pytest.raises(StoreError):
        await Reader(nobody, THEATRE).read(Position("e"))
    await nobody.aclose()
