"""The text feed: files as documents."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from redis.asyncio import Redis

from config.theatre import load_theatre
from ingest.decoding import Context
from ingest.errors import DecodeError
from ingest.feeds.text import TextFeed, decode
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.transports import folder
from streams.names import key
from streams.revisions import Revisions
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"
THERE = "file:a.txt"
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)


def context(link: str) -> Context:
    return Context(feed="text", theatre=load_theatre(THEATRE), received_at=NOON, link=link)


def test_a_file_becomes_a_document_named_after_it() -> None:
    (document,) = decode("\ufeffЗвіт".encode(), context(THERE)).documents

    assert (document.name, document.title, document.text) == (THERE, "a.txt", "Звіт")
    assert document.published_at == NOON


@pytest.mark.parametrize(
    ("payload", "says"),
    [("Звіт".encode("cp1251"), "not UTF-8"), (b"x" * (folder.MAX_FILE_BYTES + 1), "allowed")],
)
def test_a_file_that_is_no_text_of_ours_is_refused_by_name_and_reason(payload: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says) as refused:
        decode(payload, context(THERE))
    assert (refused.value.feed, refused.value.path) == ("text", THERE)


async def test_good_files_are_published_and_bad_ones_quarantined_whole(
    redis_client: Redis, tmp_path: Path
) -> None:
    bad = "Звіт".encode("cp1251")
    (tmp_path / "bad.txt").write_bytes(bad)
    (tmp_path / "empty.txt").write_bytes(b" \n")
    (tmp_path / "good.txt").write_text(
        "Russia launched 479 drones at Ukraine overnight, Ukraine's air force said."
    )
    outbox = Outbox(redis_client, THEATRE)
    intake = Intake(load_theatre(THEATRE), outbox, Revisions(redis_client, THEATRE))
    feed = TextFeed(
        inbox=tmp_path, intake=intake, outbox=outbox, status="actual", run_of=lambda: "", now=lambda: NOON
    )
    running = asyncio.create_task(feed.run())

    async with asyncio.timeout(PATIENCE_S):
        while not await redis_client.xlen(key(THEATRE, "raids")):
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)

    kept = [fields for _, fields in await redis_client.xrange(key(THEATRE, "quarantine"))]
    assert [(one[b"path"], one[b"payload"]) for one in kept] == [
        (b"file:bad.txt", bad),
        (b"empty.txt: text", b" \n"),
    ]
    assert await redis_client.xlen(key(THEATRE, "raids")) == 1
