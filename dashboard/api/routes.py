"""The API's routes, mounted into the web process; what takes long runs in a thread, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI, Request, Response

from dashboard.access.gate import PERSON
from dashboard.api.events import events_answer
from dashboard.api.handover import handover_answer
from dashboard.api.one_event import event_answer
from dashboard.api.openapi import openapi_document
from dashboard.api.pictures import Pictures
from dashboard.api.problems import ApiError, response_of
from dashboard.api.question import (
    PictureQuestion,
    event_question,
    events_question,
    handover_question,
    picture_question,
    replay_question,
    rows_question,
)
from dashboard.api.replay import density_answer, extent_answer
from dashboard.api.rows import rows_answer
from dashboard.exports import routes as exports
from streams.archive.archive import Archive
from streams.archive.errors import ArchiveError
from streams.archive.shelf import shelf_of
from streams.errors import StoreError

if TYPE_CHECKING:
    from config.settings import Settings
    from config.theatre import Theatre

PREFIX = "/api/v1"
MOST_ID_CHARS = 256
MOST_WAITING = 8
"""Questions that wait or are worked on; a further one is told to come back."""

log = structlog.get_logger()
Parameters = Iterable[tuple[str, str]]


class Api:
    """Answers the routes of one theatre."""

    def __init__(self, settings: Settings, theatre: Theatre) -> None:
        self._settings = settings
        self._theatre = theatre
        self._archive = Archive(shelf_of(settings), theatre.name)
        self._pictures = Pictures(settings.store_url, self._archive, theatre, settings.status)
        self._document = openapi_document().encode()
        self._waiting = 0

    async def picture(self, request: Request) -> Response:
        """The air picture, now, as it was known, or about any instant."""
        return await self._respond(request, self._ask_picture)

    async def events(self, request: Request) -> Response:
        """A page of events."""
        return await self._respond(request, partial(self._ask_events, audit=_sees_audit(request)))

    async def rows(self, request: Request) -> Response:
        """A page of rows for a table."""
        return await self._respond(request, partial(self._ask_rows, audit=_sees_audit(request)))

    async def event(self, request: Request) -> Response:
        """Everything about one event."""
        ask = partial(self._ask_event, request.path_params["id"], audit=_sees_audit(request))
        return await self._respond(request, ask)

    async def openapi(self) -> Response:
        """What the API is."""
        return Response(self._document, media_type="application/json")

    async def nothing(self, path: str) -> Response:
        """Whatever else is asked for."""
        return response_of(ApiError("not-found", f"{PREFIX}/{path[:200]} is not served"))

    async def handover(self, request: Request) -> Response:
        """What happened since the last handover."""
        return await self._respond(request, self._ask_handover)

    async def replay_extent(self, request: Request) -> Response:
        """From when to when there is something to replay."""
        return await self._respond(request, self._ask_extent)

    async def replay_density(self, request: Request) -> Response:
        """How much was received in each stretch."""
        return await self._respond(request, self._ask_density)

    def _ask_extent(self, _: Parameters) -> Callable[[], bytes]:
        return partial(extent_answer, self._settings.store_url, self._archive, self._theatre.name)

    def _ask_density(self, parameters: Parameters) -> Callable[[], bytes]:
        here = self._settings
        question = replay_question(parameters)
        return partial(density_answer, here.store_url, self._archive, self._theatre, here.status, question)

    def _ask_handover(self, parameters: Parameters) -> Callable[[], bytes]:
        since = handover_question(parameters).since

        def answer() -> bytes:
            here = self._settings
            picture = self._pictures.answer(PictureQuestion())
            return handover_answer(here.store_url, self._archive, self._theatre, here.status, since, picture)

        return answer

    def _ask_picture(self, parameters: Parameters) -> Callable[[], bytes]:
        return partial(self._pictures.answer, picture_question(parameters))

    def _ask_events(self, parameters: Parameters, *, audit: bool) -> Callable[[], bytes]:
        question = events_question(parameters, self._theatre)
        url = self._settings.store_url
        return partial(events_answer, url, self._archive, self._theatre, question, audit=audit)

    def _ask_rows(self, parameters: Parameters, *, audit: bool) -> Callable[[], bytes]:
        question = rows_question(parameters)
        url, theatre = self._settings.store_url, self._theatre.name
        return partial(rows_answer, url, self._archive, theatre, question, audit=audit)

    def _ask_event(self, event_id: str, parameters: Parameters, *, audit: bool) -> Callable[[], bytes]:
        question = event_question(parameters)
        if not 1 <= len(event_id) <= MOST_ID_CHARS:
            raise ApiError("not-found", "there is no event of this id")
        url, theatre = self._settings.store_url, self._theatre.name
        return partial(event_answer, url, self._archive, theatre, event_id, question, audit=audit)

    async def _respond(self, request: Request, ask: Callable[[Parameters], Callable[[], bytes]]) -> Response:
        try:
            answer = ask(request.query_params.multi_items())
            if self._waiting >= MOST_WAITING:
                raise ApiError("busy", f"{MOST_WAITING} questions are being worked on")
            self._waiting += 1
            try:
                body = await asyncio.to_thread(answer)
            finally:
                self._waiting -= 1
        except ApiError as error:
            return response_of(error)
        except ArchiveError as error:
            log.error("question without an archive", error=str(error))
            return response_of(ApiError("store", "the archive cannot be read now"))
        except StoreError as error:
            log.warning("question without a store", error=str(error))
            return response_of(ApiError("store", "the streams cannot be read now"))
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def _sees_audit(request: Request) -> bool:
    """What tells of accounts and sessions is for admins."""
    person = request.scope.get(PERSON)
    return person is not None and person.role == "admin"


def mount(server: FastAPI, settings: Settings, theatre: Theatre) -> None:
    """Add the API's routes to the web process."""
    api = Api(settings, theatre)
    exports.mount(server, settings)
    routes: dict[str, Callable[..., Awaitable[Response]]] = {
        "picture": api.picture,
        "events": api.events,
        "events/{id:path}": api.event,
        "rows": api.rows,
        "handover": api.handover,
        "replay/extent": api.replay_extent,
        "replay/density": api.replay_density,
        "openapi.json": api.openapi,
        "{path:path}": api.nothing,
    }
    for path, answer in routes.items():
        server.add_api_route(f"{PREFIX}/{path}", answer, methods=["GET"], include_in_schema=False)
