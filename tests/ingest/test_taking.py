"""Taking a payload: what it says is published, and what cannot be decoded is kept, to be taken again."""

import datetime as dt
import json
import threading
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feeds import FeedConfig
from config.settings import Settings
from ingest.decoding import Context, Decoded
from ingest.formats import Format
from ingest.retrying import Again
from ingest.taking import DECODE_ON_LOOP_BYTES
from ingest.transports.transport import Payload
from streams.events import Threat
from streams.quarantine import Quarantine
from tests.ingest.hosting import THEATRE, Streams, taker_of

NOW = dt.datetime(2026, 1, 5, 3, tzinfo=dt.UTC)
LVIV, TERNOPIL = ("27", "Львівська область"), ("21", "Тернопільська область")
FEED = FeedConfig(name="alerts", format="alerts-in-ua", transport="http", url="https://alerts.example/")


def record(number: int, place: tuple[str, str], **fields: object) -> dict[str, object]:
    return {
        "id": number,
        "location_uid": place[0],
        "location_title": place[1],
        "location_type": "oblast",
        "alert_type": "air_raid",
        "started_at": "2026-01-05T02:00:00.000Z",
        "finished_at": None,
        **fields,
    }


def listing(*records: dict[str, object], at: dt.datetime = NOW) -> Payload:
    return Payload(body=json.dumps({"alerts": records, "meta": {}}).encode(), received_at=at)


async def test_what_a_listing_no_longer_has_has_ended(redis_client: Redis) -> None:
    taker, streams = taker_of(redis_client, FEED), Streams(redis_client)
    await taker.take(listing(record(1, LVIV), record(2, TERNOPIL)))
    later = NOW + dt.timedelta(minutes=40)

    await taker.take(listing(record(2, TERNOPIL), at=later))
    await streams.read()

    (ended,) = [event for event in streams.events if event.valid_to is not None]
    assert (ended.id, ended.revision, ended.valid_to) == ("alerts:1", 2, later)


async def test_a_listing_with_a_record_that_cannot_be_decoded_ends_nothing(redis_client: Redis) -> None:
    taker, streams = taker_of(redis_client, FEED), Streams(redis_client)
    await taker.take(listing(record(1, LVIV), record(2, TERNOPIL)))

    outcome = await taker.take(listing(record(2, TERNOPIL), record(1, LVIV, started_at="soon")))
    await streams.read()

    assert [refusal.path for refusal in outcome.refused] == ["$.alerts[1].started_at"]
    assert [event.id for event in streams.events] == ["alerts:1", "alerts:2"]


async def test_the_same_listing_again_is_no_news(redis_client: Redis) -> None:
    taker = taker_of(redis_client, FEED)
    first = await taker.take(listing(record(1, LVIV)))
    again = await taker.take(listing(record(1, LVIV), at=NOW + dt.timedelta(seconds=10)))

    assert (first.is_news, again.is_news) == (True, False)


@pytest.mark.parametrize(
    ("size", "is_here"), [(DECODE_ON_LOOP_BYTES, True), (DECODE_ON_LOOP_BYTES + 1, False)]
)
async def test_a_large_payload_is_decoded_beside_the_other_feeds_work(
    redis_client: Redis, size: int, is_here: bool
) -> None:
    threads = []

    def decode(payload: bytes, context: Context) -> Decoded:
        threads.append(threading.get_ident())
        return Decoded()

    taker = taker_of(redis_client, FEED)
    taker._form = Format(decode)
    await taker.take(Payload(body=b" " * size, received_at=NOW))

    assert [thread == threading.get_ident() for thread in threads] == [is_here]


async def test_garbage_is_kept_whole_with_feed_and_reason(redis_client: Redis) -> None:
    garbage = b"<html>gone for lunch</html>"
    outcome = await taker_of(redis_client, FEED).take(Payload(body=garbage, received_at=NOW))
    (row,) = await Streams(redis_client).quarantined()

    assert outcome.is_garbage
    assert (row[b"feed"], row[b"payload"]) == (b"alerts", garbage)
    assert row[b"reason"]


async def test_a_record_that_was_refused_alone_is_taken_alone_and_ends_nothing(
    redis_client: Redis, tmp_path: Path
) -> None:
    taker, streams = taker_of(redis_client, FEED), Streams(redis_client)
    unknown = record(3, ("9999999", "Нова область"), location_type="oblast")
    await taker.take(listing(record(1, LVIV), unknown))
    ((refused,), _) = await Quarantine(redis_client, THEATRE).page()
    found = await Quarantine(redis_client, THEATRE).whole(refused.entry_id)
    assert found is not None
    _, payload = found
    assert json.loads(payload) == unknown

    mended = payload.replace(b'"9999999"', b'"27"').replace(
        json.dumps("Нова").encode()[1:-1], json.dumps("Львівська").encode()[1:-1]
    )
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(
        '[feeds.alerts]\nformat = "alerts-in-ua"\ntransport = "http"\nurl = "https://alerts.example/"'
    )
    again = Again(Settings(feeds=feeds, exercise="off"), redis_client)
    outcome = await again.take("alerts", mended, NOW)
    await streams.read()

    assert not outcome.refused
    assert {event.id for event in streams.events} == {"alerts:1", "alerts:3"}
    assert all(event.valid_to is None for event in streams.events)


async def test_what_is_refused_again_is_not_kept_twice(redis_client: Redis, tmp_path: Path) -> None:
    unknown = record(3, ("9999999", "Нова область"), location_type="oblast")
    await taker_of(redis_client, FEED).take(listing(record(1, LVIV), unknown))
    (row,) = await Streams(redis_client).quarantined()
    feeds = tmp_path / "feeds.toml"
    feeds.write_text(
        '[feeds.alerts]\nformat = "alerts-in-ua"\ntransport = "http"\nurl = "https://alerts.example/"'
    )

    again = Again(Settings(feeds=feeds, exercise="off"), redis_client)
    outcome = await again.take("alerts", row[b"payload"], NOW)

    assert len(outcome.refused) == 1
    assert await Streams(redis_client).quarantined() == [row]


async def test_a_time_that_our_clock_contradicts_is_published_with_its_doubt(redis_client: Redis) -> None:
    ahead = dt.timedelta(hours=3)
    taker, streams = taker_of(redis_client, FEED), Streams(redis_client)
    at = (NOW + ahead).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    await taker.take(listing(record(1, LVIV, started_at=at)))
    await streams.read()

    (event,) = streams.events
    assert event.valid_from == NOW + ahead
    assert event.doubts == ("valid_from is 3 h ahead of our clock",)


async def test_an_event_that_no_stream_takes_is_refused_and_not_the_feeds_end(redis_client: Redis) -> None:
    taker, streams = taker_of(redis_client, FEED), Streams(redis_client)
    tall = Threat(
        id="x", status="actual", feed="f", threat_type="drones", state="moving", regions=("UA-46",) * 600_000
    )
    taker._form = Format(lambda payload, context: Decoded(events=[tall]))

    outcome = await taker.take(Payload(body=b"tall", received_at=NOW))
    (row,) = await streams.quarantined()

    assert outcome.is_garbage
    assert (row[b"payload"], b"allowed" in row[b"reason"]) == (b"tall", True)


CAP = FeedConfig(name="cap", format="cap", transport="http", url="https://cap.example/")


def message(kind: str, minutes: int, *regions: str, bare: bool = False) -> Payload:
    """One CAP message of now and so many minutes, by itself; all but Alert refer to the first."""
    sent, expires = CAP_NOW + dt.timedelta(minutes=minutes), CAP_NOW + dt.timedelta(hours=6)
    areas = "".join(
        f"<area><areaDesc>{region}</areaDesc><geocode><valueName>ISO 3166-2</valueName>"
        f"<value>{region}</value></geocode></area>"
        for region in regions
    )
    info = f"<info><event>Air raid alert</event><expires>{expires.isoformat()}</expires>{areas}</info>"
    refers = "" if kind == "Alert" else f"<references>civil,first,{CAP_NOW.isoformat()}</references>"
    body = (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{'first' if kind == 'Alert' else f'{kind}{minutes}'}</identifier><sender>civil</sender>"
        f"<sent>{sent.isoformat()}</sent><status>Actual</status><msgType>{kind}</msgType>"
        f"<scope>Public</scope>{refers}{'' if bare else info}</alert>"
    )
    return Payload(body=body.encode(), received_at=sent)


CAP_NOW = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(minutes=30)


async def in_force(redis_client: Redis) -> set[str]:
    """The regions whose alert is neither over nor cancelled, as a reader of the stream has it."""
    streams = Streams(redis_client)
    await streams.read()
    last = {event.id: event for event in sorted(streams.events, key=lambda event: event.revision)}
    now = dt.datetime.now(dt.UTC)
    return {
        event.id.rpartition(":")[2]
        for event in last.values()
        if event.msg_type != "cancel" and (event.valid_to is None or event.valid_to > now)
    }


async def test_an_update_that_drops_a_region_ends_it_though_it_comes_alone(redis_client: Redis) -> None:
    taker = taker_of(redis_client, CAP)
    await taker.take(message("Alert", 0, "UA-46", "UA-56", "UA-61"))
    first = await taker.take(message("Update", 10, "UA-46", "UA-61"))
    again = await taker.take(message("Update", 10, "UA-46", "UA-61"))

    assert (first.is_news, again.is_news) == (True, False)
    assert await in_force(redis_client) == {"UA-46", "UA-61"}


async def test_an_older_update_that_comes_late_takes_nothing_away(redis_client: Redis) -> None:
    taker = taker_of(redis_client, CAP)
    await taker.take(message("Alert", 0, "UA-46"))
    await taker.take(message("Update", 20, "UA-46", "UA-56"))
    await taker.take(message("Update", 10, "UA-46"))

    assert await in_force(redis_client) == {"UA-46", "UA-56"}


async def test_a_cancel_that_says_nothing_more_ends_all_of_it_though_it_comes_alone(
    redis_client: Redis,
) -> None:
    taker = taker_of(redis_client, CAP)
    await taker.take(message("Alert", 0, "UA-46", "UA-56"))
    outcome = await taker.take(message("Cancel", 10, bare=True))

    assert {(one.event_id, one.outcome) for one in outcome.published} == {
        ("cap:civil,first:UA-46", "published"),
        ("cap:civil,first:UA-56", "published"),
    }
    assert not outcome.refused
    assert await in_force(redis_client) == set()
