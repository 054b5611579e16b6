"""The acts' routes on the web process: what operators do goes to the intake's door, what waits is listed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI, Request, Response

from dashboard.access.gate import PERSON
from dashboard.access.sessions import Person
from dashboard.acts.forward import Forward
from dashboard.acts.waiting import cursor_of, waiting_answer
from dashboard.api.problems import ApiError, response_of
from streams.errors import StoreError
from streams.names import QUARANTINE, REVIEW

if TYPE_CHECKING:
    from config.settings import Settings
    from config.theatre import Theatre

log = structlog.get_logger()


class Acts:
    """Answers the acts' routes."""

    def __init__(self, settings: Settings, theatre: Theatre) -> None:
        self._settings = settings
        self._theatre = theatre
        self._forward = Forward(settings)

    async def act(self, request: Request) -> Response:
        """Do one act, in the name of who is signed in."""
        return await self._hand_on("acts", request)

    async def reading(self, request: Request) -> Response:
        """What the report reader makes of a text."""
        return await self._hand_on("readings", request)

    async def review(self, request: Request) -> Response:
        """What was read but is too unsure to be shown."""
        return await self._waiting(REVIEW, request)

    async def quarantine(self, request: Request) -> Response:
        """What could not be taken."""
        return await self._waiting(QUARANTINE, request)

    async def _hand_on(self, path: str, request: Request) -> Response:
        person: Person = request.scope[PERSON]

        async def answer() -> Response:
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                raise ApiError("parameter", "must be application/json", "content-type")
            return await self._forward.send(path, await request.body(), person.name)

        return await _answered(answer)

    async def _waiting(self, stream: str, request: Request) -> Response:
        async def answer() -> Response:
            before = cursor_of(request.query_params.multi_items())
            body = await waiting_answer(self._settings.store_url, self._theatre.name, stream, before)
            return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

        return await _answered(answer)


async def _answered(answer: Callable[[], Awaitable[Response]]) -> Response:
    try:
        return await answer()
    except ApiError as error:
        return response_of(error)
    except StoreError as error:
        log.warning("act without a store", error=str(error))
        return response_of(ApiError("store", "the store cannot be reached now"))


def mount(server: FastAPI, settings: Settings, theatre: Theatre) -> None:
    """Add the acts' routes to the web process; before the API's own, which answers for all that is left."""
    acts = Acts(settings, theatre)
    routes: list[tuple[str, str, Callable[..., Awaitable[Response]]]] = [
        ("POST", "acts", acts.act),
        ("POST", "readings", acts.reading),
        ("GET", "review", acts.review),
        ("GET", "quarantine", acts.quarantine),
    ]
    for method, path, answer in routes:
        server.add_api_route(f"/api/v1/{path}", answer, methods=[method], include_in_schema=False)
