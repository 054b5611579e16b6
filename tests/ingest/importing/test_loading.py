"""What was decoded is in the streams once, and what was not is in quarantine once."""

from __future__ import annotations

import datetime as dt

from redis.asyncio import Redis

from ingest.errors import DecodeError
from ingest.importing.loading import Loaded, Loader
from streams.codec import decode
from streams.events import AirRaidAlert, Count, Quantities, RaidReport
from streams.names import key

THEATRE = "loading"


def alert(number: int) -> AirRaidAlert:
    return AirRaidAlert(
        id=f"test:{number}",
        status="actual",
        feed="test",
        region="UA-46",
        valid_from=dt.datetime(2023, 1, 1, tzinfo=dt.UTC),
        valid_to=dt.datetime(2023, 1, 2, tzinfo=dt.UTC),
    )


def report(uav: int) -> RaidReport:
    return RaidReport(id="test:raid", status="actual", feed="test", launched=Quantities(uav=Count(value=uav)))


async def load(client: Redis, *decoded: AirRaidAlert | RaidReport | DecodeError) -> tuple[Loaded, int]:
    beats: list[None] = []
    loader = Loader(client, THEATRE, "table.csv")
    await loader.load(decoded, lambda: beats.append(None))
    return loader.take_count(), len(beats)


async def test_events_are_published_in_batches_and_once(redis_client: Redis) -> None:
    alerts = [alert(number) for number in range(1_100)]
    assert await load(redis_client, *alerts) == (Loaded(published=1_100), 3)
    assert await load(redis_client, *alerts, alert(1_100)) == (Loaded(published=1, known=1_100), 3)
    entries = await redis_client.xrange(key(THEATRE, "alerts"))
    assert [decode(fields[b"event"]).id for _, fields in entries] == [f"test:{n}" for n in range(1_101)]


async def test_what_cannot_be_decoded_is_kept_once_with_file_and_line(redis_client: Redis) -> None:
    error = DecodeError("test", "line 3: launched", "no number", b"x,y\n")
    assert (await load(redis_client, error, alert(1)))[0] == Loaded(published=1, refused=1, kept=1)
    assert (await load(redis_client, error))[0] == Loaded(refused=1)
    ((_, fields),) = await redis_client.xrange(key(THEATRE, "quarantine"))
    kept = {name: fields[name] for name in (b"feed", b"path", b"reason", b"payload")}
    assert kept == {
        b"feed": b"test",
        b"path": b"table.csv: line 3: launched",
        b"reason": b"no number",
        b"payload": b"x,y\n",
    }


async def test_a_report_that_a_later_table_has_otherwise_is_a_new_revision(redis_client: Redis) -> None:
    assert (await load(redis_client, report(10)))[0] == Loaded(published=1)
    assert (await load(redis_client, report(12)))[0] == Loaded(published=1, changed=1)
    assert (await load(redis_client, report(10), report(12)))[0] == Loaded(known=2)
    entries = await redis_client.xrange(key(THEATRE, "raids"))
    assert [decode(fields[b"event"]).revision for _, fields in entries] == [1, 2]


async def test_counts_start_anew_once_taken(redis_client: Redis) -> None:
    loader = Loader(redis_client, THEATRE, "table.csv")
    await loader.load([alert(1)], lambda: None)
    assert loader.take_count() == Loaded(published=1)
    assert loader.take_count() == Loaded()
