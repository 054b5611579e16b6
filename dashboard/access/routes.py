"""Access's routes: the sign-in page, the way out, who one is, and tickets for the gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from dashboard.access import cookies
from dashboard.access.accounts import Account, Accounts, token_fits
from dashboard.access.audit import Audit
from dashboard.access.gate import PERSON
from dashboard.access.onward import own_path
from dashboard.access.page import account_page, sign_in_page
from dashboard.access.passwords import Checker
from dashboard.access.secrets import new_secret
from dashboard.access.sessions import Person, Sessions
from dashboard.access.throttle import Throttle
from dashboard.access.tickets import LASTS_S, Tickets
from dashboard.api.problems import ApiError, response_of
from streams.errors import StoreError
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

MOST_FIELDS = 8
_FRESH = {"Cache-Control": "no-store"}
Problem = Literal["access.wrong", "access.wait", "access.store"]
_STATUSES: dict[Problem, int] = {"access.wrong": 401, "access.wait": 429, "access.store": 503}

log = structlog.get_logger()


class Access:
    """Answers access's routes. origins: those whose pages may act. assets_url: where the assets lie."""

    def __init__(self, settings: Settings, origins: frozenset[str], assets_url: str) -> None:
        self._client = connect(settings.store_url)
        self._is_open = settings.sign_in == "off"
        self._port = settings.port
        self._origins = origins
        self._assets_url = assets_url
        self._accounts = Accounts(self._client)
        self._sessions = Sessions(self._client)
        self._throttle = Throttle(self._client)
        self._tickets = Tickets(self._client)
        self._audit = Audit(self._client, settings)
        self._checker = Checker()

    @property
    def sessions(self) -> Sessions | None:
        """Where sessions are looked up; None where there is no sign-in."""
        return None if self._is_open else self._sessions

    async def close(self) -> None:
        """Let go of the store."""
        await self._client.aclose()

    async def show_sign_in(self, request: Request) -> Response:
        """The page, or the start where there is nothing to sign in to."""
        onward = own_path(request.query_params.get("next", ""))
        if self._is_open:
            return RedirectResponse(onward, 303, _FRESH)
        return HTMLResponse(sign_in_page(self._assets_url, onward=onward), headers=_FRESH)

    async def sign_in(self, request: Request) -> Response:
        """Name and password, or a wall's token, for a cookie."""
        fields = await _fields(request)
        onward = own_path(fields.get("next", ""))
        if self._is_open:
            return RedirectResponse(onward, 303, _FRESH)
        try:
            account, problem = await self._account(fields, _address(request))
            if account is None:
                return self._refuse(problem, onward)
            return await self._let_in(request, account, onward)
        except StoreError as error:
            log.warning("sign-in without a store", error=str(error))
            return self._refuse("access.store", onward)

    async def sign_out(self, request: Request) -> Response:
        """End the session, and take the cookie back."""
        person: Person = request.scope[PERSON]
        response = RedirectResponse("/sign-in", 303, _FRESH)
        if person.session:
            try:
                await self._sessions.end(person.name, person.session)
                await self._audit.write(person.name, "signed out", f"account:{person.name}")
            except StoreError:
                return response_of(ApiError("store", "the session could not be ended now"))
            secure = cookies.is_secure(request.scope, self._origins)
            cookies.take(response, cookies.cookie_name(self._port, secure), secure)
        return response

    async def account(self, request: Request) -> Response:
        """Who one is."""
        return HTMLResponse(account_page(self._assets_url, request.scope[PERSON]), headers=_FRESH)

    async def ticket(self, request: Request) -> Response:
        """A ticket that opens one WebSocket, and in whose name."""
        person: Person = request.scope[PERSON]
        try:
            ticket = await self._tickets.issue(person)
        except StoreError:
            if not self._is_open:
                return response_of(ApiError("store", "a ticket cannot be issued now"))
            # The gateway lets in without looking where nobody signs in and the store is away.
            ticket = new_secret()
        return JSONResponse(
            {
                "ticket": ticket,
                "lasts_s": LASTS_S,
                "name": person.name,
                "role": person.role,
                "open": self._is_open,
            },
            headers=_FRESH,
        )

    async def _account(self, fields: dict[str, str], address: str) -> tuple[Account | None, Problem]:
        """The account that the fields prove; counted first, and as long for one that is not there."""
        token = fields.get("token", "")
        name, _, secret = token.partition(".") if token else (fields.get("name", ""), "", "")
        name = name.strip().lower()[:64]
        if await self._throttle.wait_s(name, address):
            return None, "access.wait"
        account = await self._accounts.find(name)
        if token:
            fits = token_fits(account, secret)
        else:
            kept = account.secret if account is not None and account.role != "wall" else None
            fits = await self._checker.fits(kept, fields.get("password", ""))
        if account is None or not fits:
            known = account.name if account is not None else "no account"
            await self._audit.write(
                "nobody", f"sign-in failed for {known} from {address}", f"account:{known}"
            )
            return None, "access.wrong"
        return account, "access.wrong"

    async def _let_in(self, request: Request, account: Account, onward: str) -> Response:
        address = _address(request)
        secure = cookies.is_secure(request.scope, self._origins)
        name = cookies.cookie_name(self._port, secure)
        before = request.cookies.get(name, "")
        if before and (earlier := await self._sessions.person(before)):
            await self._sessions.end(earlier.name, earlier.session)
        await self._audit.write(account.name, f"signed in from {address}", f"account:{account.name}")
        await self._throttle.forgive(account.name, address)
        secret, session = await self._sessions.begin(account, address, request.headers.get("user-agent", ""))
        response = RedirectResponse(onward, 303, _FRESH)
        cookies.give(response, name, secret, session, secure)
        return response

    def _refuse(self, problem: Problem, onward: str) -> Response:
        page = sign_in_page(self._assets_url, onward=onward, problem=problem)
        return HTMLResponse(page, _STATUSES[problem], _FRESH)


def mount(server: FastAPI, access: Access) -> None:
    """Add access's routes to the web process."""
    routes: list[tuple[str, str, Callable[..., object]]] = [
        ("GET", "/sign-in", access.show_sign_in),
        ("POST", "/sign-in", access.sign_in),
        ("POST", "/sign-out", access.sign_out),
        ("GET", "/account", access.account),
        ("POST", "/api/v1/ticket", access.ticket),
    ]
    for method, path, answer in routes:
        server.add_api_route(path, answer, methods=[method], include_in_schema=False)


async def _fields(request: Request) -> dict[str, str]:
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""
