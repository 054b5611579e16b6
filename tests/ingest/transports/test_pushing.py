"""The door for pushed feeds: who may push, how much, and what is answered."""

import datetime as dt
import json

import httpx2
import pytest
from redis.asyncio import Redis

from config.feeds import FeedConfig
from config.theatre import load_theatre
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.transports.door import Door
from streams.revisions import Revisions
from tests.ingest.hosting import THEATRE, Streams, source_of

TOKEN = "a-token-of-the-test"  # noqa: S105
BEARER = {"Authorization": f"Bearer {TOKEN}"}
EVENT = {"kind": "alert", "id": "siren-1", "region": "UA-46", "valid_from": "2026-01-05T02:00:00Z"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEIGHBOURS_KEY", TOKEN)
    monkeypatch.delenv("KEY_NOT_SET", raising=False)


def pushed(name: str, **fields: object) -> FeedConfig:
    known = {"format": "own", "transport": "push", "secret": "NEIGHBOURS_KEY", **fields}
    return FeedConfig(name=name, **known)  # type: ignore[arg-type]


async def push(
    client: Redis, body: bytes, *, feed: str = "neighbour", headers: dict[str, str] = BEARER, query: str = ""
) -> httpx2.Response:
    outbox = Outbox(client, THEATRE)
    feeds = [
        pushed("neighbour", max_bytes=1_000),
        pushed("keyless", secret="KEY_NOT_SET"),
        pushed("by-query", secret_as="query:token"),
        pushed("by-header", secret_as="header:X-Key"),
    ]
    door = Door(
        intake=Intake(load_theatre(THEATRE), outbox, Revisions(client, THEATRE)),
        outbox=outbox,
        status="actual",
        run_of=lambda: "",
        now=lambda: dt.datetime.now(dt.UTC),
        spoke=lambda: None,
        pushed={one.name: source_of(client, one) for one in feeds},
    )
    transport = httpx2.ASGITransport(app=door.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        return await http.post(f"/v1/feeds/{feed}{query}", content=body, headers=headers)


async def test_an_event_with_the_feeds_token_is_published(redis_client: Redis) -> None:
    answer = await push(redis_client, json.dumps(EVENT).encode())
    streams = Streams(redis_client)
    await streams.read()

    assert answer.status_code == 200
    assert [one["outcome"] for one in answer.json()["events"]] == ["published"]
    assert [event.id for event in streams.events] == ["neighbour:siren-1"]


@pytest.mark.parametrize(
    ("feed", "headers", "query"),
    [
        ("by-query", {}, f"?token={TOKEN}"),
        ("by-header", {"X-Key": TOKEN}, ""),
    ],
)
async def test_the_token_is_looked_for_where_the_feed_says(
    redis_client: Redis, feed: str, headers: dict[str, str], query: str
) -> None:
    answer = await push(redis_client, json.dumps(EVENT).encode(), feed=feed, headers=headers, query=query)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("feed", "headers", "status"),
    [
        ("neighbour", {}, 401),
        ("neighbour", {"Authorization": "Bearer "}, 401),
        ("neighbour", {"Authorization": "Bearer ключ".encode()}, 401),
        ("neighbour", {"Authorization": f"Basic {TOKEN}"}, 401),
        ("by-query", BEARER, 401),
        ("keyless", {"Authorization": "Bearer "}, 503),
        ("stranger", BEARER, 404),
    ],
)
async def test_nobody_else_may_push(
    redis_client: Redis, feed: str, headers: dict[str, str], status: int
) -> None:
    answer = await push(redis_client, json.dumps(EVENT).encode(), feed=feed, headers=headers)
    streams = Streams(redis_client)
    await streams.read()

    assert (answer.status_code, answer.json()["feed"], streams.events) == (status, feed, [])
    assert TOKEN not in answer.text


async def test_too_much_is_refused(redis_client: Redis) -> None:
    assert (await push(redis_client, b" " * 1_001)).status_code == 413


async def test_what_cannot_be_decoded_is_answered_with_field_and_reason_and_kept(redis_client: Redis) -> None:
    answer = await push(redis_client, json.dumps({**EVENT, "region": "nowhere"}).encode())
    (row,) = await Streams(redis_client).quarantined()

    assert answer.status_code == 400
    assert answer.json()["refused"][0]["field"] == "$.region"
    assert row[b"feed"] == b"neighbour"
