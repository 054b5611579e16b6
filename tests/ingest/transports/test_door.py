"""The intake's door: what is taken, what is refused and why, and who may not post."""

import asyncio
import http.client
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from config.theatre import load_theatre
from ingest.feeds.text import TextFeed
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.transports import door
from streams.codec import decode
from streams.events import RaidReport
from streams.names import key
from streams.revisions import Revisions
from streams.store import connect
from tests.house import free_port
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"
REPORT = (
    "In the night from Sunday to Monday, Russia launched 479 drones at Ukraine, Ukraine's air force said. "
    "Air defences neutralised 460 of the drones."
)


@pytest.fixture
async def port(redis_client: Redis, tmp_path: Path) -> AsyncIterator[int]:
    async for port in opened(redis_client, tmp_path):
        yield port


async def opened(client: Redis, tmp_path: Path) -> AsyncIterator[int]:
    import datetime as dt

    outbox = Outbox(client, THEATRE)
    intake = Intake(load_theatre(THEATRE), outbox, Revisions(client, THEATRE))
    now = lambda: dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)  # noqa: E731
    text = TextFeed(inbox=tmp_path, intake=intake, outbox=outbox, status="actual", run_of=lambda: "", now=now)
    entrance = door.Door(
        intake=intake,
        outbox=outbox,
        status="actual",
        run_of=lambda: "",
        now=now,
        spoke=lambda: text.pulse.checked(spoke=True),
    )
    port = free_port()
    serving = asyncio.create_task(door.serve(entrance.app, "127.0.0.1", port))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.01)
    yield port
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def post(port: int, body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **{name.replace("_", "-"): v for name, v in headers.items()}}

    def ask() -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("POST", "/v1/documents", payload, sent)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read()
        finally:
            connection.close()

    status, content = await asyncio.to_thread(ask)
    try:
        return status, json.loads(content)
    except ValueError:
        return status, {}


async def raids(client: Redis) -> list[RaidReport]:
    rows = await client.xrange(key(THEATRE, "raids"))
    events = [decode(fields[b"event"]) for _, fields in rows]
    return [event for event in events if isinstance(event, RaidReport)]


async def test_a_document_is_read_published_and_answered(port: int, redis_client: Redis) -> None:
    status, answer = await post(port, {"text": REPORT, "published_at": "2025-06-09", "title": "Record"})

    assert status == 200
    assert [one["outcome"] for one in answer["events"]] == ["published"]
    (report,) = await raids(redis_client)
    assert report.launched is not None
    assert report.launched.uav is not None
    assert report.launched.uav.value == 479
    assert report.evidence is not None
    ((start, end),) = report.evidence.spans["launched.uav"][:1]
    assert report.evidence.text[start:end] == "479"


async def test_the_same_document_again_makes_nothing_new(port: int, redis_client: Redis) -> None:
    document = {"text": REPORT, "published_at": "2025-06-09", "link": "https://example.org/1"}
    await post(port, document)
    _, again = await post(port, document)

    assert [one["outcome"] for one in again["events"]] == ["duplicate"]
    assert len(await raids(redis_client)) == 1


async def test_a_corrected_document_is_the_next_revision_of_the_same_event(
    port: int, redis_client: Redis
) -> None:
    link = "https://example.org/1"
    await post(port, {"text": REPORT, "published_at": "2025-06-09", "link": link})
    _, answer = await post(
        port, {"text": REPORT.replace("460", "461"), "published_at": "2025-06-09", "link": link}
    )

    assert answer["revision"] == 2
    first, second = await raids(redis_client)
    assert first.id == second.id
    assert (first.revision, second.revision) == (1, 2)
    assert second.msg_type == "update"


async def test_a_text_that_reports_nothing_is_taken_and_says_so(port: int) -> None:
    status, answer = await post(port, {"text": "The weather will be fine."})

    assert status == 200
    assert answer["events"] == []


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        (b"{", "$", "not JSON"),
        (b"\xff", "$", "not JSON"),
        (b"[" * 100_000, "$", ""),
        ({}, "$", "text"),
        ({"text": 7}, "$.text", "str"),
        ({"text": "  "}, "text", "empty"),
        ({"text": "x", "published_at": "yesterday"}, "published_at", "ISO 8601"),
        ({"text": "x", "published_at": "2025-06-09T08:00"}, "published_at", "offset"),
        ({"text": "x", "link": "javascript:alert(1)"}, "link", "https"),
        ({"text": "x", "feed": "../x"}, "$.feed", "regex"),
        ({"text": "x", "status": "actual"}, "$", "status"),
        ({"text": "x" * 200_001}, "text", "200,000"),
    ],
)
async def test_what_cannot_be_taken_is_named_and_kept_whole(
    body: Any, field: str, says: str, port: int, redis_client: Redis
) -> None:
    status, answer = await post(port, body)

    assert status == 400
    assert answer["feed"] == "text"
    assert answer["field"] == field
    assert says in answer["reason"]
    ((_, kept),) = await redis_client.xrange(key(THEATRE, "quarantine"))
    assert kept[b"payload"] == (body if isinstance(body, bytes) else json.dumps(body).encode())
    assert kept[b"reason"].decode() == answer["reason"]


async def test_a_body_over_the_bound_is_refused(port: int) -> None:
    status, answer = await post(port, b'"' + b"x" * (door.MAX_BODY_BYTES + 1) + b'"')

    assert (status, answer["field"]) == (413, "body")


async def test_a_web_page_cannot_post_unseen(port: int) -> None:
    document = {"text": REPORT}

    # What a page may send without asking first is no JSON; a name that was pointed here is another host.
    assert (await post(port, document, Content_Type="text/plain"))[0] == 415
    assert (await post(port, document, Host="evil.example"))[0] == 400


async def test_a_lost_store_is_said_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    nobody = connect("redis://127.0.0.1:1/0")
    async for port in opened(nobody, tmp_path):
        status, answer = await post(port, {"text": REPORT})
        assert (status, answer["field"]) == (503, "store")
    await nobody.aclose()
