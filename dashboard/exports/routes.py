"""The exports' routes on the web process: to ask for one, to see how far it is, to fetch it, to cancel it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse

from dashboard.access.gate import PERSON
from dashboard.access.roles import allows
from dashboard.access.sessions import Person
from dashboard.api.problems import ApiError, response_of
from dashboard.api.shape import encoded
from dashboard.exports.answer import JobBegun, JobsAnswer, ReportsAnswer, answer_of
from dashboard.exports.asked import KINDS, MEDIA_TYPES, Wanted, asked_of
from dashboard.exports.briefed import briefing_of
from dashboard.exports.jobs import Jobs
from dashboard.exports.kept_reports import kept_reports, report_path
from dashboard.locale.speech import SPOKEN

if TYPE_CHECKING:
    from config.settings import Settings

PREFIX = "/api/v1/exports"
REPORTS = "/api/v1/reports"


class Exports:
    """Answers the exports' routes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.jobs = Jobs(settings)

    async def list(self, request: Request) -> Response:
        """What can be made, and what was."""

        async def answer() -> Response:
            return _json(JobsAnswer(kinds=KINDS, jobs=tuple(map(answer_of, self.jobs.list()))))

        return await _answered(answer)

    async def begin(self, request: Request) -> Response:
        """Make one."""
        person: Person = request.scope[PERSON]

        async def answer() -> Response:
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                raise ApiError("parameter", "must be application/json", "content-type")
            try:
                wanted = msgspec.json.decode(await request.body(), type=Wanted)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise ApiError("parameter", str(error), "body") from error
            briefing = await briefing_of(wanted.briefing, self._settings)
            asked = asked_of(wanted, briefing=briefing, lang=SPOKEN.get(), by=person.name)
            return _json(JobBegun(job=self.jobs.begin(asked).job), 202)

        return await _answered(answer)

    async def one(self, request: Request) -> Response:
        """How far one is."""

        async def answer() -> Response:
            return _json(answer_of(self.jobs.get(request.path_params["job"])))

        return await _answered(answer)

    async def file(self, request: Request) -> Response:
        """What was made."""

        async def answer() -> Response:
            name = request.path_params["job"]
            path, job = self.jobs.path(name), self.jobs.get(name)
            return FileResponse(
                path,
                media_type=MEDIA_TYPES[job.asked.suffix],
                filename=job.file,
                headers={"Cache-Control": "no-store"},
            )

        return await _answered(answer)

    async def cancel(self, request: Request) -> Response:
        """End one: whoever asked for it, or an operator."""
        person: Person = request.scope[PERSON]

        async def answer() -> Response:
            job = self.jobs.get(request.path_params["job"])
            if job.asked.by != person.name and not allows(person.role, "operator"):
                raise ApiError("role", "somebody else asked for it")
            return _json(answer_of(self.jobs.cancel(job.job)))

        return await _answered(answer)

    async def reports(self, request: Request) -> Response:
        """The reports of nights."""
        found = await asyncio.to_thread(kept_reports, self._settings.var)
        return _json(ReportsAnswer(reports=found))

    async def report(self, request: Request) -> Response:
        """One night's report."""

        async def answer() -> Response:
            path = report_path(self._settings.var, request.path_params["name"])
            if path is None:
                raise ApiError("not-found", "there is no report of this name")
            headers = {"Cache-Control": "no-store"}
            return FileResponse(path, media_type=MEDIA_TYPES[path.suffix[1:]], headers=headers)

        return await _answered(answer)


def mount(server: FastAPI, settings: Settings) -> Exports:
    """Add the exports' routes; before the API's own, which answers for all that is left."""
    exports = Exports(settings)
    routes: list[tuple[str, str, Callable[..., Awaitable[Response]]]] = [
        ("GET", PREFIX, exports.list),
        ("POST", PREFIX, exports.begin),
        ("GET", f"{PREFIX}/{{job}}", exports.one),
        ("GET", f"{PREFIX}/{{job}}/file", exports.file),
        ("POST", f"{PREFIX}/{{job}}/cancel", exports.cancel),
        ("GET", REPORTS, exports.reports),
        ("GET", f"{REPORTS}/{{name}}", exports.report),
    ]
    for method, path, answer in routes:
        server.add_api_route(path, answer, methods=[method], include_in_schema=False)
    return exports


def _json(answer: Any, status: int = 200) -> Response:
    return Response(
        encoded(answer), status, media_type="application/json", headers={"Cache-Control": "no-store"}
    )


async def _answered(answer: Callable[[], Awaitable[Response]]) -> Response:
    try:
        return await answer()
    except ApiError as error:
        return response_of(error)
