"""The acts' routes: a web process that people sign in to, and the real door behind it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from config.theatre import load_theatre
from dashboard.access.accounts import Accounts
from dashboard.access.sessions import Sessions
from ingest.acts.desk import Desk
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.taking import Outcome
from ingest.transports import door
from streams.codec import decode
from streams.names import REVIEW, key
from streams.proof import KEY, door_key
from streams.quarantine import Quarantine
from streams.revisions import Revisions
from tests.house import free_port, web_in_thread
from tests.promises import PATIENCE_S

THEATRE = "eastern-flank"
NOON = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)
ALERT = {"act": "publish", "event": {"kind": "alert", "region": "UA-46"}}
Answer = tuple[int, dict[str, str], Any]


@pytest.fixture(scope="module")
def here(store_url: str) -> Iterator[Settings]:
    """The settings of a running web process."""
    settings = Settings(
        port=free_port(),
        intake_port=free_port(),
        REDIS_URL=store_url,
        exercise="off",
        sign_in="local",
    )
    with web_in_thread(settings):
        yield settings


class Web:
    """Asks the web process, as people of any role do."""

    def __init__(self, settings: Settings, client: Redis) -> None:
        self.settings = settings
        self.client = client

    async def ask(
        self, method: str, path: str, body: Any = None, *, role: Any = "operator", **headers: str
    ) -> Answer:
        accounts = Accounts(self.client)
        name = f"{role}-anna"
        account = await accounts.find(name) or await accounts.add(name, role, "unused")
        secret, _ = await Sessions(self.client).begin(account, "127.0.0.1", "")
        sent = {
            "Origin": f"http://127.0.0.1:{self.settings.port}",
            "Content-Type": "application/json",
            "Cookie": f"watchfloor-{self.settings.port}={secret}",
        } | headers
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await asyncio.to_thread(
            spoken, self.settings.port, method, path, payload if method == "POST" else None, sent
        )

    async def act(self, **asked: Any) -> Answer:
        return await self.ask("POST", "/api/v1/acts", asked)


def spoken(port: int, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    try:
        said = json.loads(text)
    except ValueError:
        said = text.decode()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, said


@pytest.fixture
async def web(here: Settings, redis_client: Redis) -> Web:
    return Web(here, redis_client)


@pytest.fixture
async def opened(here: Settings, redis_client: Redis) -> AsyncIterator[None]:
    """The door of an ingest, for one test."""

    async def take(feed: str, payload: bytes, received_at: dt.datetime) -> Outcome:
        return Outcome()

    theatre = load_theatre(THEATRE)
    outbox = Outbox(redis_client, THEATRE)
    desk = Desk(redis_client, theatre, take=take, status="actual", run_of=lambda: "", now=lambda: NOON)
    entrance = door.Door(
        intake=Intake(theatre, outbox, Revisions(redis_client, THEATRE)),
        outbox=outbox,
        status="actual",
        run_of=lambda: "",
        now=lambda: NOON,
        spoke=lambda: None,
        desk=desk,
        proof=lambda: door_key(redis_client),
    )
    serving = asyncio.create_task(door.serve(entrance.app, "127.0.0.1", here.intake_port))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", here.intake_port)
                writer.close()
                break
            except OSError:
                await asyncio.sleep(0.01)
    yield
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def stored(client: Redis, stream: str) -> list[Any]:
    return [decode(fields[b"event"]) for _, fields in await client.xrange(key(THEATRE, stream))]


@pytest.mark.usefixtures("opened")
async def test_an_act_is_done_in_the_name_of_who_is_signed_in(web: Web) -> None:
    status, headers, done = await web.act(**ALERT)

    assert (status, headers["cache-control"]) == (200, "no-store")
    (alert,) = await stored(web.client, "alerts")
    (entry,) = await stored(web.client, "log")
    assert (alert.by, entry.by) == ("operator-anna", "operator-anna")
    assert done == {"log": entry.id, "events": [{"id": alert.id, "revision": 1}], "said": ""}


@pytest.mark.usefixtures("opened")
async def test_a_refusal_of_the_door_reaches_the_form(web: Web) -> None:
    _, _, done = await web.act(**ALERT)
    (made,) = done["events"]
    correction: dict[str, Any] = {"act": "correct", "id": made["id"], "revision": 1}
    await web.act(**correction, changes={"level": "red"})

    status, headers, problem = await web.act(**correction, changes={"level": "yellow"})
    assert (status, headers["content-type"]) == (409, "application/problem+json")
    assert (problem["by"], problem["current"]["level"]) == ("operator-anna", "red")
    status, _, problem = await web.act(**correction, changes={"region": "UA-99"})
    assert (status, problem["parameter"]) == (409, "revision")
    status, _, problem = await web.act(act="launch")
    assert (status, problem["parameter"]) == (400, "act")


@pytest.mark.usefixtures("opened")
async def test_after_another_store_the_key_is_read_anew(web: Web) -> None:
    await web.act(act="note", note="before")
    await web.client.delete(KEY)

    status, _, _ = await web.act(act="note", note="after")

    assert status == 200
    assert [entry.note for entry in await stored(web.client, "log")] == ["before", "after"]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("path", ["acts", "readings"])
async def test_nobody_but_the_web_process_acts_through_the_door(web: Web, path: str) -> None:
    body = json.dumps({"by": "anna", "asked": {"act": "note", "note": "x", "text": "x"}}).encode()
    for token in ("", "Bearer ", "Bearer guessed", "Basic guessed"):
        headers = {"Content-Type": "application/json", "Authorization": token}
        port = web.settings.intake_port
        status, _, problem = await asyncio.to_thread(spoken, port, "POST", f"/v1/{path}", body, headers)
        assert (status, problem["type"]) == (401, "urn:watchfloor:problem:proof")
    assert await stored(web.client, "log") == []


@pytest.mark.usefixtures("opened")
async def test_a_text_is_read_and_nothing_is_published(web: Web) -> None:
    said = "In the night, Russia launched 479 drones at Ukraine, Ukraine's air force said."
    text = said + "\n\n" + "Погода вночі була тиха. " * 3_000
    status, _, found = await web.ask(
        "POST", "/api/v1/readings", {"text": text, "published_at": "2025-06-09T06:00:00Z"}
    )

    assert (status, found["lang"]) == (200, "uk")
    (reading,) = found["readings"]
    assert reading["event"]["launched"] == {"uav": {"value": 479}}
    ((start, end),) = reading["event"]["evidence"]["spans"]["launched.uav"]
    assert text[start:end] == "479"
    assert await stored(web.client, "raids") == []


async def test_without_an_ingest_the_form_is_told_to_try_again(web: Web) -> None:
    status, headers, problem = await web.act(**ALERT)

    assert (status, problem["type"]) == (503, "urn:watchfloor:problem:ingest")
    assert headers["retry-after"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        (b"[" * 60_000, {}, 400),
        (b"{}", {"Content-Type": "text/plain"}, 400),
        (b'"' + b"x" * 900_000 + b'"', {}, 413),
        (b"{}", {"Origin": "https://elsewhere.example"}, 403),
    ],
)
async def test_what_is_no_act_never_reaches_the_door(
    web: Web, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert (await web.ask("POST", "/api/v1/acts", body, **headers))[0] == status


async def test_what_waits_is_listed_newest_first_and_page_by_page(web: Web) -> None:
    kept = Quarantine(web.client, THEATRE)
    for number in range(25):
        await kept.keep("f", f"d{number}: raid_report", "unsure", b"12 drones \xff", stream=REVIEW)

    _, _, first = await web.ask("GET", "/api/v1/review")
    _, _, second = await web.ask("GET", f"/api/v1/review?cursor={first['next']}")
    _, _, empty = await web.ask("GET", "/api/v1/quarantine")

    rows = first["entries"] + second["entries"]
    assert [row["path"] for row in rows] == [f"d{number}: raid_report" for number in reversed(range(25))]
    assert (first["count"], second["next"], empty["entries"]) == (25, None, [])
    assert rows[0]["text"] == "12 drones \\xff"
    status, _, problem = await web.ask("GET", "/api/v1/review?cursor=*")
    assert (status, problem["parameter"]) == (400, "cursor")
