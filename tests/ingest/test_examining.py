"""Examining a feed: one line that says what is wrong with it and what to do."""

import datetime as dt
import json
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.feeds import FeedConfig
from config.theatre import load_theatre
from ingest.examining import examine
from ingest.transports.build import transport_of
from streams.allowance import Allowance
from tests.ingest.hosting import THEATRE, Streams
from tests.misfortunes import Source


async def line(client: Redis, feed: FeedConfig) -> tuple[bool, str]:
    transport = None
    if feed.transport != "push":
        transport = transport_of(feed, allowance=Allowance(client, THEATRE))
    return await examine(feed, transport, load_theatre(THEATRE))


def sweep(at: dt.datetime) -> bytes:
    return json.dumps({"now": at.timestamp(), "messages": 1, "aircraft": []}).encode()


async def test_a_feed_that_is_well_says_what_it_brings_and_publishes_nothing(redis_client: Redis) -> None:
    async with Source() as source:
        source.serve("/a", sweep(dt.datetime.now(dt.UTC)))
        is_well, said = await line(redis_client, source.feed("/a", format="aircraft"))

    streams = Streams(redis_client)
    await streams.read()
    assert (is_well, streams.events) == (True, [])
    assert said.startswith("answers: 1 events")


@pytest.mark.parametrize(
    ("misfortune", "says"),
    [("500", "500"), ("refused", "cannot be connected to"), ("wrong type", "not as format aircraft")],
)
async def test_a_feed_that_is_not_well_says_why(redis_client: Redis, misfortune: str, says: str) -> None:
    async with Source() as source:
        source.serve("/a", sweep(dt.datetime.now(dt.UTC)))
        await source.befall(misfortune)
        is_well, said = await line(redis_client, source.feed("/a", format="aircraft"))

    assert not is_well
    assert says in said


async def test_what_to_do_fits_what_is_wrong(redis_client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "key-of-another")
    monkeypatch.delenv("NO_PROXY_IS_HERE", raising=False)
    async with Source() as source:
        source.serve("/a", b"{}")
        source.redirect("/a", "http://localhost:1/")
        redirected = await line(redis_client, source.feed("/a", format="aircraft"))
        proxied = await line(redis_client, source.feed("/a", format="aircraft", proxy="NO_PROXY_IS_HERE"))
        source.serve("/a", b"", status=401)
        keyed = await line(redis_client, source.feed("/a", format="aircraft", secret="KEY"))
        keyless = await line(redis_client, source.feed("/a", format="aircraft"))

    assert redirected[1].endswith("not a public address: set url to where the source is")
    assert proxied[1].endswith("is not set: set it in the environment of ingest")
    assert keyed[1].endswith("our key is missing, wrong or not allowed this: mend KEY, or secret_as")
    assert keyless[1].endswith("not allowed this: name its key with secret")
    assert not any(is_well for is_well, _ in (redirected, proxied, keyed, keyless))


async def test_a_source_whose_clock_is_ahead_is_told_of(redis_client: Redis) -> None:
    async with Source() as source:
        source.serve("/a", sweep(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)))
        is_well, said = await line(redis_client, source.feed("/a", format="aircraft"))

    assert not is_well
    assert "ahead of ours" in said


async def test_a_missing_key_and_a_missing_file_are_named(
    redis_client: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    keyless = FeedConfig(name="a", format="own", transport="push", secret="NO_SUCH_KEY")
    fileless = FeedConfig(name="b", format="own", transport="file", url=str(tmp_path / "gone.jsonl"))

    assert await line(redis_client, keyless) == (
        False,
        "its key is missing: set NO_SUCH_KEY in the environment of ingest",
    )
    is_well, said = await line(redis_client, fileless)
    assert not is_well
    assert "gone.jsonl is not there" in said
