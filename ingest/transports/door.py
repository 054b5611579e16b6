"""The door: the intake's HTTP address on loopback: where a neighbour's program posts what it has, and the web
process hands on what operators do."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hmac
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Annotated

import msgspec
import uvicorn
from fastapi import FastAPI, Request, Response
from msgspec import Meta, Struct
from starlette.middleware.trustedhost import TrustedHostMiddleware

from ingest.acts.desk import Desk
from ingest.acts.refusal import ActRefused
from ingest.documents import Document, digest
from ingest.errors import DecodeError, DocumentError
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.source import Source, received
from streams.errors import StoreError
from streams.events import Status

FEED = "text"
MAX_NAME_CHARS = 64
MAX_BODY_BYTES = 1_000_000
ANSWER_WITHIN_S = 5.0
LONGEST_DEBT_S = 5.0
"""A feed that has brought more than its budget for this time is asked to wait."""


class Posted(Struct, forbid_unknown_fields=True, kw_only=True):
    """A document as it is posted: `text`, and what else is known of it."""

    text: str
    published_at: Annotated[str, Meta(max_length=40)] = ""
    title: str = ""
    link: str = ""
    feed: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")] = FEED


_decoder = msgspec.json.Decoder(Posted)


class Door:
    """Answers `POST /v1/documents`, `POST /v1/feeds/{name}`, `POST /v1/acts` and `POST /v1/readings`.

    For documents JSON is asked for by name, and other hosts' names are refused, so that no web page that
    somebody has open can post here unseen; a feed asks for its token; an act, for the key that only the web
    process and we read from the store, so that no other program acts in an operator's name. status, run_of,
    now: as for the text feed. pushed: the feeds that are pushed to us, by name. desk: does the acts. proof:
    reads that key.
    """

    def __init__(
        self,
        *,
        intake: Intake,
        outbox: Outbox,
        status: Status,
        run_of: Callable[[], str],
        now: Callable[[], dt.datetime],
        spoke: Callable[[], None],
        pushed: Mapping[str, Source] | None = None,
        desk: Desk | None = None,
        proof: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self._intake = intake
        self._outbox = outbox
        self._status = status
        self._run_of = run_of
        self._now = now
        self._spoke = spoke
        self._pushed = pushed or {}
        self._desk = desk
        self._proof = proof
        self._key = ""
        self.app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        self.app.add_middleware(
            TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]", "::1"]
        )
        self.app.add_api_route("/v1/documents", self.documents, methods=["POST"], response_model=None)
        self.app.add_api_route("/v1/feeds/{name}", self.push, methods=["POST"], response_model=None)
        if desk is not None:
            self.app.add_api_route("/v1/acts", self.acts, methods=["POST"], response_model=None)
            self.app.add_api_route("/v1/readings", self.readings, methods=["POST"], response_model=None)
        self.app.add_api_route("/healthz", self.healthz, methods=["GET"], response_model=None)

    async def healthz(self) -> Response:
        """Whether the door is open."""
        return _answer(200, {"ingest": "ok"})

    async def push(self, name: str, request: Request) -> Response:
        """Take one payload for a feed that is pushed to us; its key is the token that has to be shown.

        200 with what became of it, also where some of it was refused; 400 where none of it can be decoded;
        429 where the feed brings more than its budget.
        """
        source = self._pushed.get(name)
        if source is None:
            return _refusal(name, 404, "feed", "no such feed is pushed to this installation")
        secret = source.config.secret_value()
        if not secret:
            return _refusal(
                name, 503, "token", f"{source.config.secret or 'secret'} is not set: nobody can push"
            )
        if not hmac.compare_digest(_token(request, source.config.secret_as).encode(), secret.encode()):
            return _refusal(name, 401, "token", f"must be the feed's own, as {source.config.secret_as}")
        if source.owed_s > LONGEST_DEBT_S:
            answer = _refusal(name, 429, "body", "more than this feed's budget")
            answer.headers["Retry-After"] = str(int(source.owed_s) + 1)
            return answer
        body = await _body(request, source.config.max_bytes)
        if body is None:
            return _refusal(name, 413, "body", f"is over the {source.config.max_bytes:,} bytes allowed")
        content_type = request.headers.get("content-type", "")[:200]
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                outcome = await source.push(received(body, content_type=content_type))
        except (StoreError, TimeoutError):
            return _refusal(name, 503, "store", "is out of reach; post it again")
        refused = [{"field": one.path, "reason": one.reason} for one in outcome.refused]
        return _answer(
            400 if refused and not outcome.published else 200,
            {"feed": name, "events": outcome.published, "refused": refused},
        )

    async def acts(self, request: Request) -> Response:
        """Do one act of an operator; what was published, or a problem document."""

        async def act(desk: Desk, body: bytes) -> object:
            return await desk.act(body)

        return await self._for_desk(request, act)

    async def readings(self, request: Request) -> Response:
        """What the report reader makes of a text; nothing is published."""

        async def read(desk: Desk, body: bytes) -> object:
            return await desk.read(body)

        return await self._for_desk(request, read)

    async def _for_desk(self, request: Request, do: Callable[[Desk, bytes], Awaitable[object]]) -> Response:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                if self._desk is None or not await self._is_web(request):
                    raise ActRefused("proof", "acts come from the web process alone")
                body = await _body(request, MAX_BODY_BYTES)
                if body is None:
                    raise ActRefused("too-large", f"is over the {MAX_BODY_BYTES:,} bytes allowed", "body")
                return _answer(200, await do(self._desk, body))
        except ActRefused as refused:
            return _problem(refused)
        except (StoreError, TimeoutError):
            return _problem(ActRefused("store", "whether it was done is not known: look, or send it again"))

    async def _is_web(self, request: Request) -> bool:
        """Whether the request has the key; it is read anew where it does not fit, as after another store."""
        shown = _token(request, "bearer").encode()
        if self._proof is None or not shown:
            return False
        if not self._key or not hmac.compare_digest(shown, self._key.encode()):
            self._key = await self._proof()
        return hmac.compare_digest(shown, self._key.encode())

    async def documents(self, request: Request) -> Response:
        """Take one document; the answer tells how it was read and what became of each event."""
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return _refusal(FEED, 415, "content-type", "must be application/json")
        body = await _body(request, MAX_BODY_BYTES)
        if body is None:
            return _refusal(FEED, 413, "body", f"is over the {MAX_BODY_BYTES:,} bytes allowed")
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._take(body)
        except (StoreError, TimeoutError):
            return _refusal(FEED, 503, "store", "is out of reach; nothing was taken, post it again")

    async def _take(self, payload: bytes) -> Response:
        try:
            taken = await self._intake.take(self._decode(payload))
        except DocumentError as error:
            await self._outbox.quarantine(DecodeError(FEED, error.field, error.reason), payload)
            return _refusal(FEED, 400, error.field, error.reason)
        self._spoke()
        return _answer(200, taken)

    def _decode(self, payload: bytes) -> Document:
        try:
            posted = _decoder.decode(payload)
        except msgspec.ValidationError as error:
            reason, _, path = str(error).partition(" - at `")
            raise DocumentError(path.rstrip("`") or "$", reason) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise DocumentError("$", f"is not JSON: {error}") from error
        return Document(
            name=posted.link or digest(posted.text),
            text=posted.text,
            feed=posted.feed,
            status=self._status,
            run=self._run_of(),
            published_at=_instant(posted.published_at) or self._now(),
            title=posted.title,
            link=posted.link,
        )


def _token(request: Request, shown_as: str) -> str:
    """The token that a request shows, in the place where the feed's configuration has it."""
    where, _, name = shown_as.partition(":")
    if where == "query":
        return request.query_params.get(name, "")
    if where == "header":
        return request.headers.get(name, "")
    stated = request.headers.get("authorization", "")
    if where == "authorization":
        return stated
    scheme, _, token = stated.partition(" ")
    return token if scheme.lower() == "bearer" else ""


async def _body(request: Request, most_bytes: int) -> bytes | None:
    """The request's body, or None where it is larger."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)


def _instant(stated: str) -> dt.datetime | None:
    if not stated:
        return None
    try:
        at = dt.datetime.fromisoformat(stated)
    except ValueError as error:
        raise DocumentError("published_at", "is neither a date nor an instant of ISO 8601") from error
    # A date alone is taken as its noon: no zone that we cover has another date then.
    return at.replace(hour=12, tzinfo=dt.UTC) if len(stated) == len("2025-06-09") else at


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until cancelled, and then let go of the address. Raises OSError when it cannot be listened on."""
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", lifespan="off")
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise
    except SystemExit as error:
        raise OSError(f"cannot listen on {host}:{port}") from error


def _answer(status: int, body: object) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def _problem(refused: ActRefused) -> Response:
    body = msgspec.json.encode(refused.problem)
    return Response(body, refused.problem.status, media_type="application/problem+json")


def _refusal(feed: str, status: int, field: str, reason: str) -> Response:
    return _answer(status, {"feed": feed[:MAX_NAME_CHARS], "field": field, "reason": reason})
