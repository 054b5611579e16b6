"""The jobs: over HTTP, bounded, cancelled, kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from config.settings import Settings
from dashboard.access.gate import LOCAL, PERSON
from dashboard.access.sessions import Person
from dashboard.exports import routes
from tests.dashboard.exports.conftest import EVENING, MORNING
from tests.promises import PATIENCE_S

STRETCH = {"from": EVENING.isoformat(), "to": MORNING.isoformat()}


class _AsSomebody:
    """Stands where the gate is."""

    def __init__(self, app: ASGIApp, person: Person = LOCAL) -> None:
        self.app = app
        self.person = person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[PERSON] = self.person
        await self.app(scope, receive, send)


@pytest.fixture
async def server(options: Settings) -> AsyncIterator[_AsSomebody]:
    app = FastAPI()
    exports = routes.mount(app, options)
    yield _AsSomebody(app)
    await exports.jobs.close()


@pytest.fixture
async def client(server: _AsSomebody) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=server), base_url="http://test"
    ) as client:
        yield client


async def begun(client: httpx2.AsyncClient, **wanted: Any) -> httpx2.Response:
    return await client.post("/api/v1/exports", json={**STRETCH, **wanted})


async def over(client: httpx2.AsyncClient, job: str) -> dict[str, Any]:
    """Ask until it is over."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            told: dict[str, Any] = (await client.get(f"/api/v1/exports/{job}")).json()
            if told["state"] != "running":
                return told
            await asyncio.sleep(0.02)


async def test_two_are_made_at_once_and_a_third_is_refused(
    client: httpx2.AsyncClient, options: Settings
) -> None:
    first, second = await begun(client, kind="csv"), await begun(client, kind="geojson", title="Night")
    third = await begun(client, kind="parquet")

    assert (first.status_code, second.status_code) == (202, 202)
    assert third.status_code == 503
    assert third.headers["Content-Type"] == "application/problem+json"
    told = await over(client, second.json()["job"])
    assert (told["state"], told["progress"], told["title"]) == ("done", 1.0, "Night")
    file = await client.get(f"/api/v1/exports/{told['job']}/file")
    assert file.headers["Content-Type"] == "application/geo+json"
    assert told["file"] in file.headers["Content-Disposition"]
    assert told["size"] == len(file.content)
    assert len(json.loads(file.content)["features"]) > 30
    assert (await over(client, first.json()["job"]))["state"] == "done"
    listed = (await client.get("/api/v1/exports")).json()
    assert {job["job"] for job in listed["jobs"]} == {first.json()["job"], second.json()["job"]}
    assert "html" in listed["kinds"]
    after_a_restart = routes.Exports(options).jobs
    assert after_a_restart.get(told["job"]).said == told["said"]
    assert after_a_restart.path(told["job"]).read_bytes() == file.content


async def test_one_that_is_cancelled_is_ended_and_leaves_no_file(
    client: httpx2.AsyncClient, server: _AsSomebody
) -> None:
    job = (await begun(client, kind="csv")).json()["job"]
    server.person = Person("other", "viewer")
    refused = await client.post(f"/api/v1/exports/{job}/cancel")
    server.person = LOCAL
    cancelled = await client.post(f"/api/v1/exports/{job}/cancel")

    assert refused.status_code == 403
    assert cancelled.json()["state"] == "cancelled"
    assert (await client.get(f"/api/v1/exports/{job}/file")).status_code == 404
    assert (await begun(client, kind="csv")).status_code == 202


async def test_what_cannot_be_made_says_why(client: httpx2.AsyncClient) -> None:
    chapters = {"chapters": [{"at": "2026-03-03T20:00:00", "title": "no offset"}]}
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"kind": "exe"}, "kind"),
        ({"kind": "csv", "to": STRETCH["from"]}, "to"),
        ({"kind": "csv", "from": "yesterday"}, "from"),
        ({"kind": "html", "to": "2026-06-01T00:00:00Z"}, "to"),
        ({"kind": "csv", "known": "later"}, "known"),
        ({"kind": "csv", "briefing": "../../etc/passwd"}, "briefing"),
        ({"kind": "csv", "briefing": "none-such"}, "briefing"),
        ({"kind": "csv", "briefing": chapters}, "briefing"),
        ({"kind": "csv", "lang": "xx"}, "lang"),
        ({"kind": "csv", "path": "etc"}, "body"),
    ]
    for wanted, parameter in wrong:
        refused = await begun(client, **wanted)
        assert (refused.status_code, refused.json()["parameter"]) == (400, parameter), wanted
    assert (await client.get("/api/v1/exports/nothing")).status_code == 404
    assert (await client.get("/api/v1/reports/..%2F..%2Fetc%2Fpasswd")).status_code == 404
    assert (await client.get("/api/v1/reports")).json() == {"reports": []}
