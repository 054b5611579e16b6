"""WebSocket client: one connection, each message a payload; going on where the source allows it."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress
from http.client import responses
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidProxy,
    InvalidProxyStatus,
    InvalidStatus,
    InvalidURI,
    ProxyError,
)
from websockets.frames import CloseCode

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.failures import in_words, tls_failure
from ingest.transports.proxies import proxy_of
from ingest.transports.secret import Secret, link_of
from ingest.transports.transport import Payload
from ingest.transports.trust import trusting
from ingest.transports.waiting import asked_to_wait_s
from streams.allowance import Allowance

CLOSE_WITHIN_S = 1.0
MESSAGES_WAITING = 4
CURSOR_LETTERS = 200

# The library logs each header that it sends, the key's among them; this logger is in no hierarchy.
_silent = logging.Logger("websocket", logging.CRITICAL + 1)


class _Straight(connect):
    """A connection to the address that is configured, and to none that it sends us on to."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class WebSocketTransport:
    """Listens at `feed.url` (ws: or wss:) for as long as it lasts; connecting again is the supervisor's.

    The feed's options: `subscribe`, a text to send once connected; `resume`, the text to send in its place
    when there is a cursor, which is put in for `{cursor}`; `cursor`, where in a message of JSON the cursor is
    (`seq`, `data.id`); `silence_s`, how long no message may come, for a source that never rests. A source
    that has no message for half of `feed.every_s` is asked for a sign of life.

    allowance: where attempts to connect are counted, as requests.
    """

    def __init__(self, feed: FeedConfig, *, allowance: Allowance) -> None:
        self._feed = feed
        self._allowance = allowance

    async def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """A payload for each message, None for each sign of life without one.

        Raises TransportError when the connection fails or ends, and StoreError where the allowance cannot be
        asked.
        """
        feed = self._feed
        secret = Secret(feed)
        trust = trusting(feed) if feed.url.startswith("wss:") else None
        proxy = proxy_of(feed)
        await self._allowance.wait(feed.name, [(limit.requests, limit.per_s) for limit in feed.limits])
        try:
            async with (
                _Straight(
                    _with(feed.url, secret.query()),
                    additional_headers=secret.headers(),
                    ssl=trust,
                    proxy=proxy or True,
                    open_timeout=feed.answer_s,
                    close_timeout=CLOSE_WITHIN_S,
                    ping_interval=None,
                    max_size=feed.max_bytes,
                    max_queue=MESSAGES_WAITING,
                    logger=_silent,
                ) as connection,
                aclosing(self._messages(connection)) as messages,
            ):
                opening = _opening(feed.options, cursor)
                if opening:
                    await connection.send(opening)
                async for message in messages:
                    if message is None:
                        yield None
                        continue
                    cursor = _cursor(message, feed.options.get("cursor", "")) or cursor
                    yield Payload(
                        body=message,
                        received_at=dt.datetime.now(dt.UTC),
                        link=link_of(feed.url),
                        cursor=cursor,
                    )
        except (ConnectionClosed, InvalidHandshake, InvalidProxy, InvalidURI, TimeoutError, OSError) as error:
            reason, retry_after_s = _failure(error, feed)
            raise TransportError(secret.told(reason), retry_after_s) from None

    async def _messages(self, connection: ClientConnection) -> AsyncGenerator[bytes | None, None]:
        loop = asyncio.get_running_loop()
        spoke = loop.time()
        silence_s = float(self._feed.options.get("silence_s", "inf"))
        while True:
            message = await _within(connection, self._feed.every_s / 2)
            if message is None:
                pong = asyncio.ensure_future(await connection.ping())
                message = await _within(connection, self._feed.answer_s, pong)
                if message is None and not pong.done():
                    raise TransportError("does not answer, though the connection still stands")
            if message is None and loop.time() - spoke > silence_s:
                raise TransportError(f"has said nothing for {loop.time() - spoke:.0f} s")
            if message is not None:
                spoke = loop.time()
            yield message


async def _within(
    connection: ClientConnection, seconds: float, pong: asyncio.Future[float] | None = None
) -> bytes | None:
    """The next message, or None when none came in time, or before the pong."""
    try:
        async with asyncio.timeout(seconds) as waiting:
            if pong is not None:
                pong.add_done_callback(lambda _: _end_now(waiting))
            return await connection.recv(decode=False)
    except TimeoutError:
        return None


def _end_now(waiting: asyncio.Timeout) -> None:
    # A message may have ended the waiting just before.
    with suppress(RuntimeError):
        waiting.reschedule(asyncio.get_running_loop().time())


def _opening(options: Mapping[str, Any], cursor: str) -> str:
    template = str(options.get("resume", ""))
    if not (cursor and template):
        return str(options.get("subscribe", ""))
    return template.replace("{cursor}", msgspec.json.encode(cursor).decode()[1:-1])


def _cursor(message: bytes, path: str) -> str:
    """The value at `path` of a JSON message, as text; empty where there is none."""
    if not path:
        return ""
    try:
        value: Any = msgspec.json.decode(message)
        for name in path.split("."):
            value = value[name]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError, TypeError):
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= CURSOR_LETTERS:
        return str(value)
    return ""


def _with(url: str, query: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise TransportError("has a user or password in its address; name a variable with `secret` instead")
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(query))))))


def _failure(error: Exception, feed: FeedConfig) -> tuple[str, float | None]:
    if tls := tls_failure(error):
        return tls, None
    if isinstance(error, ConnectionClosed):
        said, ours = error.rcvd, error.sent
        if ours is not None and not error.rcvd_then_sent:
            if ours.code == CloseCode.MESSAGE_TOO_BIG:
                return f"sent more than the {feed.max_bytes:,} bytes allowed", None
            return f"does not speak as WebSocket has it: {ours.reason}", None
        if said is None:
            return "broke the connection off", None
        return f"closed the connection: {said.code} {said.reason}", None
    if isinstance(error, InvalidStatus):
        status = error.response.status_code
        reason = f"answered {status} {responses.get(status, '')}".rstrip()
        headers = {name.lower(): value for name, value in error.response.headers.raw_items()}
        return reason, asked_to_wait_s(headers, dt.datetime.now(dt.UTC))
    if isinstance(error, InvalidProxyStatus | InvalidProxy | ProxyError):
        return f"the proxy does not let us through: {error}", None
    if isinstance(error, InvalidHandshake | InvalidURI):
        return f"does not open a WebSocket: {error}", None
    if isinstance(error, TimeoutError):
        return f"did not open a WebSocket within {feed.answer_s:g} s", None
    return f"cannot be connected to: {in_words(error)}", None
