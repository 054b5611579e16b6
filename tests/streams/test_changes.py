"""Changes: what is new is published once, as the next revision, whoever publishes and wherever they fall."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from streams.changes import REMEMBERED_DAYS, Changes, Superseded
from streams.codec import decode
from streams.cursors import Cursors
from streams.errors import FencedError, StoreError
from streams.events import AirRaidAlert, Event, RaidReport, Threat, TrackSweep
from streams.lease import Lease
from streams.names import key
from streams.publish import BATCH, Publisher
from streams.store import connect

THEATRE = "eastern-flank"
FEED = "f"
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)


def alert(number: int = 1, level: str = "", **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(id=f"alert:{number}", status="test", feed=FEED, region="UA-46", level=level, **fields)


async def stored(client: Redis, stream: str = "alerts") -> list[Event]:
    return [decode(fields[b"event"]) for _, fields in await client.xrange(key(THEATRE, stream))]


async def told(client: Redis) -> list[tuple[str, int, str, bool]]:
    """Of each alert in the stream: id, revision, level, whether it has ended."""
    return [
        (event.id, event.revision, event.level, event.valid_to is not None)
        for event in await stored(client)
        if isinstance(event, AirRaidAlert)
    ]


@pytest.fixture
async def other_client(store_url: str) -> AsyncIterator[Redis]:
    client = connect(store_url)
    yield client
    await client.aclose()


async def test_what_is_said_again_is_published_once(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)

    first = await changes.publish(FEED, [alert(1), alert(2)])
    again = await changes.publish(FEED, [alert(1), alert(2)])

    assert [one.outcome for one in first] == ["published", "published"]
    assert [one.outcome for one in again] == ["duplicate", "duplicate"]
    assert [one.entry_id for one in again] == [one.entry_id for one in first]
    assert await told(redis_client) == [("alert:1", 1, "", False), ("alert:2", 1, "", False)]


async def test_there_and_back_is_three_revisions(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)

    for level in ("red", "red", "yellow", "yellow", "red"):
        (published,) = await changes.publish(FEED, [alert(level=level)])

    assert published.revision == 3
    assert [(revision, level) for _, revision, level, _ in await told(redis_client)] == [
        (1, "red"),
        (2, "yellow"),
        (3, "red"),
    ]
    assert [event.msg_type for event in await stored(redis_client)] == ["alert", "update", "update"]


async def test_there_and_back_in_one_payload_is_three_revisions_too(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    payload = [alert(level=level) for level in ("red", "red", "yellow", "red", "red")]

    published = await changes.publish(FEED, payload)

    assert [(one.revision, one.outcome) for one in published] == [
        (1, "published"),
        (1, "duplicate"),
        (2, "published"),
        (3, "published"),
        (3, "duplicate"),
    ]
    assert published[4].entry_id == published[3].entry_id


async def test_other_doubts_are_no_change(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)

    await changes.publish(FEED, [alert(doubts=("published_at is 2 h ahead of our clock",))])
    await changes.publish(FEED, [alert(doubts=("published_at is 3 h ahead of our clock",))])

    assert len(await stored(redis_client)) == 1


async def test_what_a_listing_leaves_out_has_ended(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1, "red"), alert(2)], is_listing=True, ended_at=NOON)

    published = await changes.publish(FEED, [alert(2)], is_listing=True, ended_at=NOON)
    after = await changes.publish(FEED, [alert(2)], is_listing=True, ended_at=NOON + dt.timedelta(1))

    assert [(one.event_id, one.revision, one.outcome) for one in published] == [
        ("alert:2", 1, "duplicate"),
        ("alert:1", 2, "published"),
    ]
    assert [one.outcome for one in after] == ["duplicate"]
    ended = (await stored(redis_client))[-1]
    assert ended == alert(1, "red", revision=2, msg_type="update", valid_to=NOON)


async def test_an_empty_listing_ends_everything_and_a_later_one_begins_it_anew(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    many = [alert(number) for number in range(BATCH + 10)]
    await changes.publish(FEED, many, is_listing=True, ended_at=NOON)

    ended = await changes.publish(FEED, [], is_listing=True, ended_at=NOON)
    await changes.publish(FEED, many[:1], is_listing=True, ended_at=NOON)

    assert len(ended) == len(many)
    assert {(one.revision, one.outcome) for one in ended} == {(2, "published")}
    assert (await told(redis_client))[-1] == ("alert:0", 3, "", False)


async def test_a_listing_ends_nothing_that_is_another_feeds_or_has_no_end(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    report = RaidReport(id="report", status="test", feed=FEED)
    await changes.publish("g", [alert(1)])
    await changes.publish(FEED, [report, alert(2, valid_to=NOON)])

    assert await changes.publish(FEED, [], is_listing=True, ended_at=NOON) == []


async def test_what_a_webhook_opened_the_listing_ends(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1)])

    await changes.publish(FEED, [], is_listing=True, ended_at=NOON)

    assert (await told(redis_client))[-1] == ("alert:1", 2, "", True)


async def test_a_listing_ends_what_names_a_later_end_and_not_what_is_past_its_own(
    redis_client: Redis,
) -> None:
    changes, now = Changes(redis_client, THEATRE), dt.datetime.now(dt.UTC)
    soon, at = now + dt.timedelta(seconds=0.2), now + dt.timedelta(hours=2)
    await changes.publish(FEED, [alert(1, valid_to=soon), alert(2, valid_to=at)])
    await asyncio.sleep(0.25)

    ended_at = dt.datetime.now(dt.UTC)
    (ended,) = await changes.publish(FEED, [], is_listing=True, ended_at=ended_at)

    assert (ended.event_id, ended.revision) == ("alert:2", 2)
    assert (await stored(redis_client))[-1].valid_to == ended_at
    assert not await redis_client.exists(key(THEATRE, f"open:{FEED}"))


async def test_what_is_superseded_has_ended_but_for_what_is_said_anew_or_is_newer(
    redis_client: Redis,
) -> None:
    changes, at = Changes(redis_client, THEATRE), dt.datetime.now(dt.UTC)

    def part(name: str, revision: int) -> AirRaidAlert:
        return AirRaidAlert(id=name, revision=revision, status="test", feed=FEED, region="UA-46")

    await changes.publish(
        FEED, [part("a:1", 5), part("a:2", 5), part("a:3", 9), part("a1:1", 5), part("b", 5)]
    )
    by = Superseded(of="a", revision=7, at=at, status="test", msg_type="cancel")
    other = Superseded(of="b", revision=7, at=at, status="actual")

    published = await changes.publish(FEED, [part("a:2", 7)], superseded=[by, other], cursor="here")
    again = await changes.publish(FEED, [part("a:2", 7)], superseded=[by, other])

    assert [(one.event_id, one.revision, one.outcome) for one in published] == [
        ("a:2", 7, "published"),
        ("a:1", 7, "published"),
    ]
    last = (await stored(redis_client))[-1]
    assert (last.id, last.msg_type, last.valid_to) == ("a:1", "cancel", at)
    assert [one.outcome for one in again] == ["duplicate"]
    assert await Cursors(redis_client, THEATRE).get(FEED) == "here"


async def test_a_listing_that_names_a_fact_twice_means_the_last(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    listing = [alert(1, "red"), alert(1, "yellow")]

    for _ in range(3):
        await changes.publish(FEED, listing, is_listing=True, ended_at=NOON)

    assert await told(redis_client) == [("alert:1", 1, "yellow", False)]


async def test_a_source_that_numbers_its_revisions_is_taken_at_its_word(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)

    for revision in (7, 7, 3, 9, 3):
        await changes.publish(FEED, [alert(1, revision=revision)])

    assert [revision for _, revision, _, _ in await told(redis_client)] == [7, 3, 9]


async def test_sweeps_are_published_once_and_not_remembered_for_good(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    sweeps = [TrackSweep(id=f"sweep:{n}", status="test", feed=FEED, tracks=()) for n in (1, 2, 1)]

    published = await changes.publish(FEED, sweeps)

    assert [one.outcome for one in published] == ["published", "published", "duplicate"]
    assert published[2].entry_id == published[0].entry_id
    assert not await redis_client.exists(key(THEATRE, f"facts:{FEED}"))
    assert all([await redis_client.ttl(name) > 0 async for name in redis_client.scan_iter("*:seen:*")])


async def test_each_kind_goes_into_its_own_stream(redis_client: Redis) -> None:
    threat = Threat(id="t", status="test", feed=FEED, threat_type="drones")

    await Changes(redis_client, THEATRE).publish(FEED, [alert(1), threat])

    assert await stored(redis_client, "threats") == [threat]
    assert await stored(redis_client, "alerts") == [alert(1)]


async def test_what_a_publisher_published_is_known(redis_client: Redis) -> None:
    publisher, changes = Publisher(redis_client, THEATRE), Changes(redis_client, THEATRE)
    await publisher.publish([alert(1, "red"), alert(1, "yellow", revision=2), alert(2)])

    published = await changes.publish(FEED, [alert(1, "yellow"), alert(2, "red"), alert(1, "red")])

    assert [(one.revision, one.outcome) for one in published] == [
        (2, "duplicate"),
        (2, "published"),
        (3, "published"),
    ]


async def test_what_changes_published_a_publisher_knows(redis_client: Redis) -> None:
    await Changes(redis_client, THEATRE).publish(FEED, [alert(1)])

    (published,) = await Publisher(redis_client, THEATRE).publish([alert(1)])

    assert published.outcome == "duplicate"


async def test_a_publishers_next_revision_is_not_written_over(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1)])
    await Publisher(redis_client, THEATRE).publish([alert(1, "red", revision=2)])

    (published,) = await changes.publish(FEED, [alert(1, "yellow")])

    assert published.revision == 3
    assert [level for _, _, level, _ in await told(redis_client)] == ["", "red", "yellow"]


async def test_a_late_payload_changes_nothing_that_was_published_since(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1, "red")])
    await changes.publish(FEED, [], is_listing=True, ended_at=NOON)
    an_hour_ago = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)

    published = await changes.publish(FEED, [alert(1, "red"), alert(2)], as_of=an_hour_ago)

    assert [(one.event_id, one.outcome) for one in published] == [
        ("alert:1", "duplicate"),
        ("alert:2", "published"),
    ]


async def forget_everything(client: Redis, changes: Changes) -> None:
    """As if nothing had been said since before what is remembered."""
    facts = key(THEATRE, f"facts:{FEED}")
    for event_id, fact in (await client.hgetall(facts)).items():
        revision, digest, day, entry = fact.split(b" ")
        long_ago = str(int(day) - REMEMBERED_DAYS - 1).encode()
        await client.hset(facts, event_id, b" ".join((revision, digest, long_ago, entry)))
    await changes.publish(FEED, [alert(999, valid_to=NOON)])


async def test_what_was_long_not_said_is_forgotten(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1), alert(2, valid_to=NOON)])

    await forget_everything(redis_client, changes)

    assert await redis_client.hkeys(key(THEATRE, f"facts:{FEED}")) == [b"alert:999"]
    assert await redis_client.hlen(key(THEATRE, f"open:{FEED}")) == 0


async def test_what_is_said_day_after_day_is_not_forgotten(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1)])
    facts = key(THEATRE, f"facts:{FEED}")
    fact = await redis_client.hget(facts, "alert:1")
    revision, digest, day, entry = fact.split(b" ")
    yesterday = str(int(day) - 1).encode()
    await redis_client.hset(facts, "alert:1", b" ".join((revision, digest, yesterday, entry)))

    (published,) = await changes.publish(FEED, [alert(1)])

    assert published.outcome == "duplicate"
    assert published.entry_id == entry.decode()
    assert await redis_client.hget(facts, "alert:1") == fact


async def test_a_forgotten_fact_that_comes_again_is_recalled_from_its_stream(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    for level in ["red", "yellow"] * 10:
        await changes.publish(FEED, [alert(1, level), alert(2, level)])
    await forget_everything(redis_client, changes)

    published = await changes.publish(FEED, [alert(1, "yellow"), alert(2, "red")])

    assert [(one.revision, one.outcome) for one in published] == [(20, "duplicate"), (21, "published")]
    await changes.publish(FEED, [alert(2, "red")], is_listing=True, ended_at=NOON)
    assert (await told(redis_client))[-1] == ("alert:1", 21, "yellow", True)


async def test_a_forgotten_fact_that_is_in_no_stream_any_more_is_published_anew(redis_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    await changes.publish(FEED, [alert(1)])
    await forget_everything(redis_client, changes)
    await redis_client.xtrim(key(THEATRE, "alerts"), maxlen=0, approximate=False)

    (published,) = await changes.publish(FEED, [alert(1)])

    assert (published.revision, published.outcome) == (2, "published")


async def test_the_cursor_is_kept_with_what_it_stands_behind(redis_client: Redis) -> None:
    changes, cursors = Changes(redis_client, THEATRE), Cursors(redis_client, THEATRE)

    await changes.publish(FEED, [alert(1)], cursor="10")
    assert await cursors.get(FEED) == "10"
    await changes.publish(FEED, [alert(1)], cursor="20")
    assert await cursors.get(FEED) == "20"
    await changes.publish(FEED, [], cursor="30")
    assert await cursors.get(FEED) == "30"
    await changes.publish(FEED, [], is_listing=True, ended_at=NOON, cursor="40")
    assert await cursors.get(FEED) == "40"


async def test_a_stale_fence_refuses_the_whole(redis_client: Redis, other_client: Redis) -> None:
    changes = Changes(redis_client, THEATRE)
    old, new = (
        Lease(redis_client, THEATRE, FEED, "a", beat_s=60),
        Lease(other_client, THEATRE, FEED, "b", beat_s=60),
    )
    await old.hold()
    await changes.publish(FEED, [alert(1)], fence=old.fence, cursor="10")
    await old.release()
    await new.hold()

    for events in ([alert(1)], [alert(2)], []):
        with pytest.raises(FencedError):
            await changes.publish(FEED, events, is_listing=True, ended_at=NOON, fence=old.fence, cursor="20")

    assert await told(redis_client) == [("alert:1", 1, "", False)]
    assert await Cursors(redis_client, THEATRE).get(FEED) == "10"
    await Changes(other_client, THEATRE).publish(FEED, [alert(2)], fence=new.fence)
    assert len(await told(redis_client)) == 2


async def test_a_listing_needs_an_instant(redis_client: Redis) -> None:
    with pytest.raises(ValueError, match="instant"):
        await Changes(redis_client, THEATRE).publish(FEED, [], is_listing=True)


async def test_a_store_out_of_reach_is_a_store_error() -> None:
    nobody = connect("redis://127.0.0.1:1/0")
    with pytest.raises(StoreError):
        await Changes(nobody, THEATRE).publish(FEED, [alert(1)])
    await nobody.aclose()


async def test_hosts_that_race_publish_each_change_once(redis_client: Redis, other_client: Redis) -> None:
    hosts = [Changes(redis_client, THEATRE), Changes(other_client, THEATRE)]

    for level in ("red", "yellow", "", "red"):
        payload = [alert(number, level) for number in range(40)]
        await asyncio.gather(*(host.publish(FEED, payload) for host in hosts for _ in range(3)))

    seen = await told(redis_client)
    assert len(seen) == 160
    for number in range(40):
        assert [(revision, level) for id_, revision, level, _ in seen if id_ == f"alert:{number}"] == [
            (1, "red"),
            (2, "yellow"),
            (3, ""),
            (4, "red"),
        ]


async def test_hosts_that_race_with_payloads_that_overlap_lose_nothing(
    redis_client: Redis, other_client: Redis
) -> None:
    hosts = [Changes(redis_client, THEATRE), Changes(other_client, THEATRE)]
    payloads = [[alert(number) for number in range(first, first + 30)] for first in range(0, 60, 10)]

    rounds = await asyncio.gather(
        *(hosts[turn % 2].publish(FEED, payload) for turn, payload in enumerate(payloads))
    )

    answers = [one for published in rounds for one in published]
    assert len(answers) == 180
    assert all(one.entry_id for one in answers)
    by_outcome = [one.event_id for one in answers if one.outcome == "published"]
    assert sorted(by_outcome) == sorted(event_id for event_id, *_ in await told(redis_client))
    assert sorted(by_outcome) == sorted(f"alert:{number}" for number in range(80))


async def test_hosts_that_race_to_end_end_once(redis_client: Redis, other_client: Redis) -> None:
    hosts = [Changes(redis_client, THEATRE), Changes(other_client, THEATRE)]
    await hosts[0].publish(FEED, [alert(number) for number in range(30)])

    await asyncio.gather(
        *(
            host.publish(FEED, [], is_listing=True, ended_at=NOON + dt.timedelta(seconds=turn))
            for turn in range(3)
            for host in hosts
        )
    )

    assert len(await told(redis_client)) == 60


class Fallen(Exception):
    """The host was killed."""


def frail(store_url: str, falls_at: int, *, after: bool) -> Redis:
    """A client whose host falls at the nth time it speaks to the store, before it was heard or after."""
    client = connect(store_url)
    get_connection = client.connection_pool.get_connection
    calls = 0

    async def get(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        connection = await get_connection(*arguments, **options)
        calls += 1
        if calls < falls_at:
            return connection
        if not after:
            await client.connection_pool.release(connection)
            raise Fallen
        read = connection.read_response

        async def fall(*arguments: Any, **options: Any) -> Any:
            await read(*arguments, **options)
            connection.read_response = read
            await connection.disconnect()
            raise Fallen

        connection.read_response = fall
        return connection

    client.connection_pool.get_connection = get
    return client


LISTING = st.dictionaries(st.integers(0, 5), st.sampled_from(["", "red", "yellow"]), max_size=6)
STEP = st.tuples(LISTING, st.booleans(), st.none() | st.tuples(st.integers(1, 6), st.booleans()))


def expected(listings: Sequence[dict[int, str]]) -> dict[str, list[tuple[int, str, bool]]]:
    """What one host that never falls publishes of each fact."""
    told: dict[str, list[tuple[int, str, bool]]] = {}
    for listing in listings:
        now = {f"alert:{number}": level for number, level in listing.items()}
        for event_id in told.keys() | now.keys():
            history = told.setdefault(event_id, [])
            last = history[-1][1:] if history else None
            if event_id in now:
                state = (now[event_id], False)
            elif last and not last[1]:
                state = (last[0], True)
            else:
                continue
            if state != last:
                history.append((len(history) + 1, *state))
    return told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
async def test_two_hosts_that_fall_leave_what_one_would_have_left(
    redis_client: Redis, store_url: str, steps: list[tuple[dict[int, str], bool, tuple[int, bool] | None]]
) -> None:
    await redis_client.flushdb()
    clients = [connect(store_url), connect(store_url)]
    leases = [
        Lease(client, THEATRE, FEED, name, beat_s=60) for client, name in zip(clients, "ab", strict=True)
    ]
    for turn, (listing, second, falls) in enumerate(steps):
        events = [alert(number, level) for number, level in listing.items()]
        ended_at = NOON + dt.timedelta(minutes=turn)
        host = int(second)
        await leases[1 - host].release()
        assert await leases[host].hold()
        if falls is not None:
            falling = frail(store_url, falls[0], after=falls[1])
            with contextlib.suppress(Fallen):
                await Changes(falling, THEATRE).publish(
                    FEED, events, is_listing=True, ended_at=ended_at, fence=leases[host].fence
                )
            await falling.aclose()
            await leases[host].release()
            host = 1 - host
            assert await leases[host].hold()
        await Changes(clients[host], THEATRE).publish(
            FEED, events, is_listing=True, ended_at=ended_at, fence=leases[host].fence
        )
    for client in clients:
        await client.aclose()

    found: dict[str, list[tuple[int, str, bool]]] = {}
    for event_id, *state in await told(redis_client):
        found.setdefault(event_id, []).append(tuple(state))
    assert found == expected([listing for listing, _, _ in steps])


@pytest.mark.parametrize("after", [False, True])
async def test_a_log_that_is_read_again_after_a_fall_is_in_its_stream_once(
    redis_client: Redis, store_url: str, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    monkeypatch.setattr("streams.changes.BATCH", 4)
    levels = ["red", "yellow", "yellow", "red", "", "red", "red", "yellow", "", "red", "yellow", "red", ""]
    events = [alert(number % 2, level) for number, level in enumerate(levels)]
    wanted: dict[str, list[str]] = {}
    for event in events:
        history = wanted.setdefault(event.id, [])
        if history[-1:] != [event.level]:
            history.append(event.level)
    falls = 0
    for falls_at in range(1, 14):
        await redis_client.flushdb()
        falling = frail(store_url, falls_at, after=after)
        with contextlib.suppress(Fallen):
            await Changes(falling, THEATRE).publish(FEED, events, cursor="end")
        await falling.aclose()
        if await Cursors(redis_client, THEATRE).get(FEED) != "end":
            falls += 1
            published = await Changes(redis_client, THEATRE).publish(FEED, events, cursor="end")
            assert [one.event_id for one in published] == [event.id for event in events]
        found: dict[str, list[str]] = {}
        for event_id, _, level, _ in await told(redis_client):
            found.setdefault(event_id, []).append(level)
        assert found == wanted
    assert falls > 6
