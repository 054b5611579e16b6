"""The briefings' routes on the web process: marks of a stretch; briefings listed, opened and saved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from fastapi import FastAPI, Request, Response

from dashboard.access.gate import PERSON
from dashboard.access.sessions import Person
from dashboard.api.problems import ApiError, response_of
from dashboard.api.question import replay_question
from dashboard.briefings.answer import BriefingAnswer, BriefingRow, BriefingsAnswer, Save, SavedAnswer
from dashboard.briefings.marks import marks_answer
from dashboard.briefings.shelf import BriefingError, Kept, Shelf, StaleError
from streams.archive.archive import Archive
from streams.archive.errors import ArchiveError
from streams.archive.shelf import shelf_of
from streams.errors import StoreError

if TYPE_CHECKING:
    from config.settings import Settings
    from config.theatre import Theatre

log = structlog.get_logger()
_HEADERS = {"Cache-Control": "no-store"}


class Briefings:
    """Answers the briefings' routes of one theatre."""

    def __init__(self, settings: Settings, theatre: Theatre) -> None:
        self._settings = settings
        self._theatre = theatre
        self._archive = Archive(shelf_of(settings), theatre.name)
        self._shelf = Shelf(settings.var, theatre.name)

    async def marks(self, request: Request) -> Response:
        """What of a stretch of time is worth a mark."""

        async def answer() -> bytes:
            here = self._settings
            question = replay_question(request.query_params.multi_items())
            return await asyncio.to_thread(
                lambda: asyncio.run(
                    marks_answer(here.store_url, self._archive, self._theatre, here.status, question)
                )
            )

        return await _answered(answer)

    async def listed(self) -> Response:
        """Every briefing."""

        async def answer() -> bytes:
            found = await asyncio.to_thread(self._shelf.newest)
            return msgspec.json.encode(BriefingsAnswer(briefings=tuple(map(_row, found))))

        return await _answered(answer)

    async def one(self, id: str, request: Request) -> Response:
        """One briefing, of its last version or of the one that is asked for."""

        async def answer() -> bytes:
            given = dict(request.query_params.multi_items())
            stated = given.pop("version", "")
            if given:
                raise ApiError("parameter", "is no parameter here", next(iter(given)))
            if stated and not (stated.isascii() and stated.isdigit() and len(stated) <= 6):
                raise ApiError("parameter", "must be a whole number", "version")
            kept = await asyncio.to_thread(self._shelf.load, id, int(stated) if stated else None)
            if kept is None:
                raise ApiError("not-found", "there is no briefing of this id and version")
            return msgspec.json.encode(self._answer(kept))

        return await _answered(answer)

    async def save(self, request: Request) -> Response:
        """Save a briefing, as its first or its next version."""
        person: Person = request.scope[PERSON]

        async def answer() -> bytes:
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                raise ApiError("parameter", "must be application/json", "content-type")
            try:
                asked = msgspec.json.decode(await request.body(), type=Save)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise ApiError("parameter", str(error), "briefing") from error
            try:
                kept = await asyncio.to_thread(
                    lambda: self._shelf.save(
                        asked.briefing, by=person.name, briefing_id=asked.id, version=asked.version
                    )
                )
            except BriefingError as error:
                raise ApiError("parameter", str(error), "briefing") from error
            return msgspec.json.encode(SavedAnswer(id=kept.id, version=kept.version))

        try:
            return await _answered(answer)
        except StaleError as error:
            problem: dict[str, Any] = msgspec.to_builtins(ApiError("stale", str(error)).problem)
            problem |= {"current": self._answer(error.kept), "by": error.kept.by}
            return Response(
                msgspec.json.encode(problem), 409, media_type="application/problem+json", headers=_HEADERS
            )

    def _answer(self, kept: Kept) -> BriefingAnswer:
        versions = self._shelf.versions(kept.id)
        return BriefingAnswer(
            id=kept.id,
            version=kept.version,
            versions=versions[-1],
            saved_at=kept.saved_at,
            by=kept.by,
            briefing=kept.briefing,
        )


def _row(kept: Kept) -> BriefingRow:
    briefing = kept.briefing
    if briefing is None:
        raise ValueError("taken away")
    return BriefingRow(
        id=kept.id,
        version=kept.version,
        saved_at=kept.saved_at,
        by=kept.by,
        title=briefing.title,
        from_=briefing.from_,
        to=briefing.to,
        known=briefing.known,
        chapters=len(briefing.chapters),
        epoch=briefing.epoch,
    )


async def _answered(answer: Callable[[], Awaitable[bytes]]) -> Response:
    try:
        body = await answer()
    except ApiError as error:
        return response_of(error)
    except (StoreError, ArchiveError) as error:
        log.warning("briefing without a store", error=str(error))
        return response_of(ApiError("store", "the streams cannot be read now"))
    except OSError as error:
        log.error("briefings cannot be reached", error=str(error))
        return response_of(ApiError("store", "the briefings cannot be read or written now"))
    return Response(body, media_type="application/json", headers=_HEADERS)


def mount(server: FastAPI, settings: Settings, theatre: Theatre) -> None:
    """Add the briefings' routes to the web process; before the API's own, which answers for all else."""
    briefings = Briefings(settings, theatre)
    routes: list[tuple[str, str, Callable[..., Awaitable[Response]]]] = [
        ("GET", "replay/marks", briefings.marks),
        ("GET", "briefings", briefings.listed),
        ("GET", "briefings/{id}", briefings.one),
        ("POST", "briefings", briefings.save),
    ]
    for method, path, answer in routes:
        server.add_api_route(f"/api/v1/{path}", answer, methods=[method], include_in_schema=False)
