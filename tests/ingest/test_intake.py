"""The intake: what is sure becomes events, what is not goes before a person."""

import datetime as dt

import pytest
from redis.asyncio import Redis

from config.theatre import load_theatre
from ingest import intake as intake_module
from ingest.documents import Document
from ingest.errors import DocumentError
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.reading.reading import Reading
from streams.names import key
from streams.revisions import Revisions

THEATRE = "eastern-flank"
REPORT = Document(
    name="a",
    text="Russia launched 479 drones at Ukraine overnight, Ukraine's air force said.",
    feed="text",
    status="actual",
    published_at=dt.datetime(2025, 6, 9, 8, tzinfo=dt.UTC),
)


@pytest.fixture
def intake(redis_client: Redis) -> Intake:
    return Intake(load_theatre(THEATRE), Outbox(redis_client, THEATRE), Revisions(redis_client, THEATRE))


async def test_a_doubtful_reading_goes_to_review_with_its_text_and_never_to_the_screens(
    intake: Intake, redis_client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubtful = Reading(
        kind="raid_report",
        facts={"launched": {"uav": 479}},
        spans={"launched.uav": ((16, 19),)},
        lang="en",
        confidence=0.3,
        reasons=("stands far from its verb",),
    )
    monkeypatch.setattr(intake_module, "read", lambda *_, **__: [doubtful])

    taken = await intake.take(REPORT)
    await intake.take(REPORT)

    assert taken.events == []
    assert await redis_client.xlen(key(THEATRE, "raids")) == 0
    ((_, kept),) = await redis_client.xrange(key(THEATRE, "review"))
    assert kept[b"payload"].decode() == REPORT.text
    assert kept[b"reason"] == b"stands far from its verb"


async def test_a_sure_reading_is_published_and_not_reviewed(intake: Intake, redis_client: Redis) -> None:
    taken = await intake.take(REPORT)

    assert [one.outcome for one in taken.events] == ["published"]
    assert await redis_client.xlen(key(THEATRE, "review")) == 0


async def test_an_empty_document_is_refused(intake: Intake) -> None:
    with pytest.raises(DocumentError, match="text: is empty"):
        await intake.take(Document(name="a", text=" ", feed="text", status="actual"))
