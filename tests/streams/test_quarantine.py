"""Quarantine: refused input, whole, once, counted, and bounded."""

import datetime as dt

import pytest
from redis.asyncio import Redis

from streams.events import LogEntry
from streams.names import REVIEW, key
from streams.publish import Publisher
from streams.quarantine import MAX_BYTES, Quarantine, Refused

THEATRE = "eastern-flank"


@pytest.fixture
def quarantine(redis_client: Redis) -> Quarantine:
    return Quarantine(redis_client, THEATRE)


async def everything(quarantine: Quarantine, **of: str) -> list[Refused]:
    return [refused async for refused in quarantine.each(**of)]


async def test_the_same_refusal_of_the_same_input_is_kept_once(quarantine: Quarantine) -> None:
    kept = [
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert/>"),
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert/>"),
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert />"),
        await quarantine.keep("cap", "$.area", "is missing", b"<alert/>"),
    ]

    assert kept == [True, False, True, True]
    assert await quarantine.count() == 3


async def test_what_is_refused_again_is_counted_with_its_last_time(quarantine: Quarantine) -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    for _ in range(3):
        await quarantine.keep("cap", "$.sent", "is no date", b"<alert/>")
    await quarantine.keep("cap", "$.area", "is missing", b"<alert/>")

    newest, oldest = await everything(quarantine)

    assert (oldest.feed, oldest.path, oldest.reason, oldest.size) == ("cap", "$.sent", "is no date", 8)
    assert (oldest.times, newest.times) == (3, 1)
    assert before < oldest.received_at <= oldest.last_at < before + dt.timedelta(seconds=30)
    assert newest.last_at == newest.received_at


async def test_pages_are_newest_first_and_bounded(quarantine: Quarantine) -> None:
    for number in range(7):
        await quarantine.keep("odd" if number % 2 else "even", "$", "no", b"%d" % number)

    first, before = await quarantine.page(count=3)
    second, before = await quarantine.page(count=3, before=before)
    third, nothing = await quarantine.page(count=3, before=before)

    assert [len(first), len(second), len(third)] == [3, 3, 1]
    assert nothing == ""
    ids = [refused.entry_id for refused in (*first, *second, *third)]
    assert ids == [refused.entry_id for refused in await everything(quarantine)]
    assert [await quarantine.whole(entry_id) for entry_id in ids] == [
        (refused, b"%d" % number)
        for refused, number in zip((*first, *second, *third), range(6, -1, -1), strict=True)
    ]
    assert [refused.feed for refused in await everything(quarantine, feed="odd")] == ["odd"] * 3


async def test_a_page_of_one_feed_looks_at_so_many_entries_and_goes_on(
    quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.quarantine._LOOKED_AT", 2)
    for number in range(9):
        await quarantine.keep("rare" if number == 0 else "common", "$", "no", b"%d" % number)

    found, before = await quarantine.page(feed="rare")

    assert found == []
    assert before
    assert len(await everything(quarantine, feed="rare")) == 1


async def test_any_bytes_are_kept_whole(quarantine: Quarantine) -> None:
    payload = bytes(range(256)) * 4_000

    await quarantine.keep("f", "$", "not UTF-8", payload)

    (refused,) = await everything(quarantine)
    found = await quarantine.whole(refused.entry_id)
    assert found == (refused, payload)
    assert refused.size == len(payload) < MAX_BYTES


async def test_a_path_or_reason_that_is_no_utf8_is_kept_all_the_same(quarantine: Quarantine) -> None:
    assert await quarantine.keep("f", "$.\ud800", "is \udfff", b"x")
    assert not await quarantine.keep("f", "$.\ud800", "is \udfff", b"x")

    (refused,) = await everything(quarantine)
    assert (refused.path, refused.reason, refused.times) == ("$.?", "is ?", 2)


async def test_what_was_let_go_is_gone_and_would_be_kept_again(
    quarantine: Quarantine, redis_client: Redis
) -> None:
    for _ in range(2):
        await quarantine.keep("f", "$", "no", b"x")
    (refused,) = await everything(quarantine)

    assert await quarantine.let_go(refused.entry_id)
    assert not await quarantine.let_go(refused.entry_id)

    left = [name async for name in redis_client.scan_iter("*")]
    assert left == [key(THEATRE, "quarantine").encode()]
    assert await quarantine.count() == 0
    assert await quarantine.keep("f", "$", "no", b"x")
    assert [again.times for again in await everything(quarantine)] == [1]


async def test_there_is_nothing_under_an_id_that_never_was(quarantine: Quarantine) -> None:
    assert await quarantine.whole("1-1") is None


async def test_the_review_is_apart(quarantine: Quarantine) -> None:
    await quarantine.keep("f", "$", "no", b"x")
    await quarantine.keep("f", "$", "no", b"x", stream=REVIEW)

    assert [await quarantine.count(), await quarantine.count(stream=REVIEW)] == [1, 1]
    (doubt,) = await everything(quarantine, stream=REVIEW)
    assert await quarantine.let_go(doubt.entry_id, stream=REVIEW)
    assert await quarantine.count() == 1


async def test_a_feed_of_garbage_is_bounded_and_what_is_beyond_is_counted(
    quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streams.quarantine.MAX_FEED_BYTES", 1_000)
    kept = [await quarantine.keep("flood", "$", "no", b"%400d" % number) for number in range(5)]
    assert kept == [True, True, False, False, False]
    assert await quarantine.keep("other", "$", "no", b"%400d" % 0)

    (unkept,) = (await quarantine.unkept()).items()
    assert (unkept[0], unkept[1].times) == ("flood", 3)
    assert dt.datetime.now(dt.UTC) - unkept[1].last_at < dt.timedelta(seconds=30)
    (first, *_) = await everything(quarantine, feed="flood")
    await quarantine.let_go(first.entry_id)
    assert await quarantine.keep("flood", "$", "no", b"%400d" % 9)


async def test_every_key_lies_in_one_cluster_slot(quarantine: Quarantine, redis_client: Redis) -> None:
    for _ in range(2):
        await quarantine.keep("f", "$", "no", b"x")

    keys = [name.decode() async for name in redis_client.scan_iter("*")]
    assert keys
    assert all(name.startswith("wf:{eastern-flank}:") for name in keys)


async def test_an_entry_of_before_it_was_counted_is_listed(
    quarantine: Quarantine, redis_client: Redis
) -> None:
    fields = {"feed": "f", "path": "$", "reason": "no", "payload": b"x"}
    await redis_client.xadd(key(THEATRE, "quarantine"), fields)  # type: ignore[arg-type]

    (refused,) = await everything(quarantine)
    assert refused.times == 1
    assert await quarantine.let_go(refused.entry_id)


async def test_what_is_settled_goes_with_its_events_once_and_can_be_put_back(redis_client: Redis) -> None:
    kept = Quarantine(redis_client, THEATRE)
    await kept.keep("f", "$", "garbage", b"\xff\x00")
    ((entry,), _) = await kept.page()
    act = LogEntry(id="desk:1", status="test", feed="desk", act="quarantine", by="anna")

    settled = [await kept.settle(entry.entry_id, [act], under=act.id) for _ in range(2)]
    (again,) = await Publisher(redis_client, THEATRE).publish([act])

    assert settled == [True, False]
    assert again.outcome == "duplicate"
    assert await redis_client.xlen(key(THEATRE, "log")) == 1
    assert await kept.count() == 0
    assert await kept.can_put_back(act.id)
    assert await kept.put_back(act.id)
    ((back,), _) = await kept.page()
    assert await kept.whole(back.entry_id) == (back, b"\xff\x00")
    assert (back.feed, back.path, back.reason) == ("f", "$", "garbage")
    assert not await kept.put_back("desk:2")
