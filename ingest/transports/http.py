"""HTTP poll: asks an address again and again, politely, and gives whole answers of a bounded size."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from http.client import responses
from importlib.metadata import version
from typing import Any

import httpx2

from config.feeds import FeedConfig
from ingest.errors import TransportError
from ingest.transports.addresses import public_addresses
from ingest.transports.failures import in_words, tls_failure
from ingest.transports.packed import Body
from ingest.transports.proxies import goes_through_proxy, proxy_of
from ingest.transports.secret import Secret, link_of
from ingest.transports.transport import Payload
from ingest.transports.trust import trusting
from ingest.transports.waiting import Beat, asked_to_wait_s, http_date
from streams.allowance import Allowance

CONNECT_WITHIN_S = 5.0
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
LINKED = ((60, 60.0),)
"""Requests in seconds to all the other hosts that one source links to; its own limits hold for its own."""
KEEP_OPEN_S = 5.0
"""For how long a connection waits for the next poll; a server may well close its side soon after."""
AGENT = f"Watchfloor/{version('watchfloor')}"

Find = Callable[[str, int], Awaitable[list[str]]]

# The client logs every address that it asks, with the key where that is a part of it.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class HttpTransport:
    """Polls `feed.url` every `feed.every_s`, never faster, within what its source allows all hosts together.

    allowance: where requests are counted. find: the addresses that a host we are sent on to may have.
    """

    def __init__(self, feed: FeedConfig, *, allowance: Allowance, find: Find = public_addresses) -> None:
        self._feed = feed
        self._allowance = allowance
        self._find = find
        self._beat = Beat(feed.name, feed.every_s)
        self._known = _Validators("", {})
        self._asks_anew = False

    async def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """A payload for each answer, None for one that says that nothing has changed.

        An answer's validators hold from when the next one is asked for, so that an answer which could not be
        dealt with comes again. Raises TransportError, and StoreError where the allowance cannot be asked.
        """
        loop = asyncio.get_running_loop()
        source = _Source(self._feed, self._find)
        async with source.client:
            while True:
                await asyncio.sleep(self._beat.due_in_s(loop.time()))
                await self._granted()
                self._beat.asked(loop.time())
                try:
                    answer = await self._whole_answer(source, source.url, self._known)
                except TransportError as error:
                    self._beat.told_to_wait(loop.time(), error.retry_after_s or 0.0)
                    raise TransportError(source.secret.told(error.reason), error.retry_after_s) from None
                yield answer.payload
                self._known = _Validators("", {}) if self._asks_anew else answer.validators
                self._asks_anew = False

    def ask_anew(self) -> None:
        """Let the last answer come again, whether or not it has changed."""
        self._asks_anew = True

    async def fetch(self, link: str) -> Payload | None:
        """What the source links to, by the rules for where it may send us on to; None where it is too soon.

        Raises TransportError, and StoreError where the allowance cannot be asked.
        """
        source = _Source(self._feed, self._find)
        async with source.client:
            try:
                url = source.onward(source.url, link)
                name, limits = self._feed.name, self._limits
                if not source.is_own(url):
                    name, limits = f"{name}:linked", LINKED
                if await self._allowance.ask(name, limits):
                    return None
                answer = await self._whole_answer(source, url, _Validators("", {}))
            except TransportError as error:
                raise TransportError(source.secret.told(error.reason), error.retry_after_s) from None
        return answer.payload

    async def _granted(self) -> float:
        """Wait until one request is allowed; for how many seconds."""
        return await self._allowance.wait(self._feed.name, self._limits)

    @property
    def _limits(self) -> tuple[tuple[int, float], ...]:
        return tuple((limit.requests, limit.per_s) for limit in self._feed.limits)

    async def _whole_answer(self, source: _Source, first: httpx2.URL, known: _Validators) -> _Answer:
        deadline = asyncio.get_running_loop().time() + self._feed.answer_s
        url = first
        for hop in range(MAX_REDIRECTS + 1):
            if hop:
                deadline += await self._granted()
            body: Body | None = None
            try:
                async with asyncio.timeout_at(deadline), source.asked(url, known) as response:
                    onward = response.headers.get("location") if response.status_code in REDIRECTS else None
                    if onward is None:
                        _check(response)
                        body = Body(response.headers.get("content-encoding", ""), self._feed.max_bytes)
                        return await self._taken(response, body, url, first)
                url = source.onward(url, onward)
            except TimeoutError:
                raise TransportError(_slow(self._feed.answer_s, body)) from None
            except httpx2.HTTPError as error:
                raise TransportError(_failure(error)) from None
        raise TransportError(f"sends us on more than {MAX_REDIRECTS} times")

    async def _taken(
        self, response: httpx2.Response, body: Body, url: httpx2.URL, first: httpx2.URL
    ) -> _Answer:
        if response.status_code == 304:
            return _Answer(None, self._known)
        announced = response.headers.get("content-length", "")
        body.expect(int(announced) if announced.isdecimal() else 0)
        async for piece in response.aiter_raw():
            body.add(piece)
        headers = response.headers
        payload = Payload(
            body=body.whole(),
            received_at=dt.datetime.now(dt.UTC),
            link=link_of(str(first)),
            content_type=headers.get("content-type", "")[:200],
            said_at=http_date(headers.get("date")),
        )
        names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
        known = {asked: headers[told] for told, asked in names.items() if _can_be_sent(headers.get(told, ""))}
        return _Answer(payload, _Validators(str(url), known))


class _Validators:
    """What to ask with whether anything has changed, and the address that it is of."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url = url
        self.headers = headers


class _Answer:
    def __init__(self, payload: Payload | None, validators: _Validators) -> None:
        self.payload = payload
        self.validators = validators


class _Source:
    """The configured address, its client and its key, and where it may send us on to."""

    def __init__(self, feed: FeedConfig, find: Find) -> None:
        self.secret = Secret(feed)
        self.url = _own_address(feed)
        self._feed = feed
        self._find = find
        self._trust = trusting(feed)
        often = feed.every_s < KEEP_OPEN_S
        self.client = self._client(
            proxy=proxy_of(feed),
            limits=httpx2.Limits(
                max_connections=4,
                max_keepalive_connections=2 if often else 0,
                keepalive_expiry=KEEP_OPEN_S,
            ),
        )

    @asynccontextmanager
    async def asked(self, url: httpx2.URL, known: _Validators) -> AsyncIterator[httpx2.Response]:
        """The answer of `url`, its body still to come."""
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
        if known.url == str(url):
            headers |= known.headers
        if self.is_own(url):
            self.client.cookies.clear()
            shown = url.copy_merge_params(self.secret.query()) if self.secret.query() else url
            request = self.client.build_request("GET", shown, headers=headers | self.secret.headers())
            async with _answered(self.client, request) as response:
                yield response
        else:
            async with self._asked_elsewhere(url, headers) as response:
                yield response

    def onward(self, url: httpx2.URL, location: str) -> httpx2.URL:
        """The address that we are sent on to. Raises TransportError for one that is not to be followed."""
        try:
            target = url.join(location).copy_with(fragment=None, userinfo=b"")
        except (httpx2.InvalidURL, ValueError):
            raise TransportError("sends us on to what is no address") from None
        if target.scheme not in ("http", "https") or not target.host:
            raise TransportError(f"sends us on to {target.scheme or 'no'}:, which is neither http nor https")
        if url.scheme == "https" and target.scheme == "http":
            raise TransportError(f"sends us on from https to http, at {target.host}")
        if not self.is_own(target):
            if self.secret.is_in(str(target)):
                raise TransportError(f"sends our key on to {target.host}")
            if goes_through_proxy(self._feed, str(target)):
                raise TransportError(f"sends us on to {target.host}, which cannot be checked through a proxy")
        return target

    def is_own(self, url: httpx2.URL) -> bool:
        """Whether an address is at the configured host and port."""
        return url.host == self.url.host and _port(url) == _port(self.url)

    @asynccontextmanager
    async def _asked_elsewhere(
        self, url: httpx2.URL, headers: dict[str, str]
    ) -> AsyncIterator[httpx2.Response]:
        """Ask another host than ours: by the address that was checked, under the name that it must prove."""
        addresses = await self._find(url.host, _port(url))
        headers = {**headers, "Host": url.netloc.decode("ascii")}
        # A client of its own, for no connection made under one name may serve another.
        async with self._client(trust_env=False) as client, AsyncExitStack() as stack:
            for address in addresses:
                request = client.build_request("GET", url.copy_with(host=address), headers=headers)
                request.extensions["sni_hostname"] = url.host
                try:
                    response = await stack.enter_async_context(_answered(client, request))
                except (httpx2.ConnectError, httpx2.ConnectTimeout):
                    if address == addresses[-1]:
                        raise
                else:
                    yield response
                    return

    def _client(
        self, *, proxy: str | None = None, trust_env: bool = True, limits: httpx2.Limits | None = None
    ) -> httpx2.AsyncClient:
        try:
            return httpx2.AsyncClient(
                verify=self._trust,
                proxy=proxy,
                trust_env=trust_env,
                limits=limits or httpx2.Limits(max_connections=1),
                timeout=httpx2.Timeout(None, connect=CONNECT_WITHIN_S),
                follow_redirects=False,
            )
        except (ValueError, ImportError, httpx2.InvalidURL):
            raise TransportError("cannot use the proxy's address") from None


@asynccontextmanager
async def _answered(client: httpx2.AsyncClient, request: httpx2.Request) -> AsyncIterator[httpx2.Response]:
    """The answer to a request, its body still to come; whatever goes wrong, its connection is closed."""
    opened: list[Any] = []

    async def trace(event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            opened.append(info["return_value"])

    request.extensions["trace"] = trace
    try:
        response = await client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()
    except BaseException:
        # httpcore leaves the socket open that a cancellation finds in its TLS handshake.
        for stream in opened:
            await stream.aclose()
        raise


def _own_address(feed: FeedConfig) -> httpx2.URL:
    try:
        url = httpx2.URL(feed.url).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise TransportError(f"has no address that can be used: {error}") from None
    if url.userinfo:
        raise TransportError("has a user or password in its address; name a variable with `secret` instead")
    return url


def _port(url: httpx2.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _can_be_sent(value: str) -> bool:
    return 0 < len(value) < 1_000 and value.isascii() and value.isprintable()


def _check(response: httpx2.Response) -> None:
    status = response.status_code
    asked = response.request.headers
    if status == 200 or (status == 304 and ("if-none-match" in asked or "if-modified-since" in asked)):
        return
    reason = f"answered {status} {responses.get(status, '')}".rstrip()
    if status in (401, 403):
        reason += ": our key is missing, wrong or not allowed this"
    raise TransportError(reason, asked_to_wait_s(response.headers, dt.datetime.now(dt.UTC)))


def _slow(answer_s: float, body: Body | None) -> str:
    if body is None:
        return f"did not answer within {answer_s:g} s"
    return f"had sent {body.came_bytes:,} bytes after {answer_s:g} s, and was not done"


def _failure(error: httpx2.HTTPError) -> str:
    if tls := tls_failure(error):
        return tls
    if isinstance(error, httpx2.ConnectTimeout):
        return "could not be connected to in time"
    if isinstance(error, httpx2.ConnectError):
        return f"cannot be connected to: {in_words(error)}"
    if isinstance(error, httpx2.ProxyError):
        return f"the proxy does not let us through: {error}"
    if isinstance(error, httpx2.RemoteProtocolError):
        if "complete" in str(error):
            return "stopped half-way through its answer"
        return f"does not answer as HTTP has it: {error}"
    if isinstance(error, httpx2.NetworkError):
        return f"broke the connection off: {in_words(error)}".rstrip(": ")
    return f"{type(error).__name__}: {error}".rstrip(": ")
