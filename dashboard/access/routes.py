"""Access's routes: the sign-in page, the way out, tickets for the gateway; the others are mounted too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from dashboard.access import cookies
from dashboard.access.accounts import Account, token_fits
from dashboard.access.administration import Administration
from dashboard.access.forms import fields_of
from dashboard.access.gate import PERSON
from dashboard.access.means import FRESH, Means, address_of
from dashboard.access.onward import own_path
from dashboard.access.own_account import OwnAccount
from dashboard.access.page import refusal_page, sign_in_page
from dashboard.access.provided import BACK, Provided
from dashboard.access.secrets import new_secret
from dashboard.access.sessions import Person, Sessions
from dashboard.access.tickets import LASTS_S, Tickets
from dashboard.api.problems import ApiError, response_of
from streams.errors import StoreError

if TYPE_CHECKING:
    from config.settings import Settings

Problem = Literal["access.wrong", "access.wait", "access.store"]
_STATUSES: dict[Problem, int] = {"access.wrong": 401, "access.wait": 429, "access.store": 503}

log = structlog.get_logger()


class Access:
    """Answers access's routes. origins: those whose pages may act. assets_url: where the assets lie."""

    def __init__(self, settings: Settings, origins: frozenset[str], assets_url: str) -> None:
        self.means = Means.of(settings, origins, assets_url)
        self.provided = Provided(self.means, settings)
        self._tickets = Tickets(self.means.client)

    @property
    def sessions(self) -> Sessions | None:
        """Where sessions are looked up; None where there is no sign-in."""
        return None if self.means.is_open else self.means.sessions

    def refusal(self, person: Person) -> str:
        """The page that says that another is not for somebody's role."""
        return refusal_page(self.means.assets_url, person.role, is_open=self.means.is_open)

    async def close(self) -> None:
        """Let go of the store."""
        await self.means.client.aclose()

    async def show_sign_in(self, request: Request) -> Response:
        """The page, or the start where there is nothing to sign in to."""
        onward = own_path(request.query_params.get("next", ""))
        if self.means.is_open:
            return RedirectResponse(onward, 303, FRESH)
        return HTMLResponse(self._page(onward), headers=FRESH)

    async def sign_in(self, request: Request) -> Response:
        """Name and password, or a wall's token, for a cookie."""
        fields = await fields_of(request)
        onward = own_path(fields.get("next", ""))
        if self.means.is_open:
            return RedirectResponse(onward, 303, FRESH)
        try:
            account, problem = await self._account(fields, address_of(request))
            if account is None:
                return self._refuse(problem, onward)
            await self.means.throttle.forgive(account.name, address_of(request))
            return await self.means.let_in(request, account, onward)
        except StoreError as error:
            log.warning("sign-in without a store", error=str(error))
            return self._refuse("access.store", onward)

    async def sign_out(self, request: Request) -> Response:
        """End the session, and take the cookie back."""
        person: Person = request.scope[PERSON]
        response = RedirectResponse("/sign-in", 303, FRESH)
        if person.session:
            try:
                await self.means.sessions.end(person.name, person.session)
                await self.means.audit.write(person.name, "signed out", f"account:{person.name}")
            except StoreError:
                return response_of(ApiError("store", "the session could not be ended now"))
            secure = cookies.is_secure(request.scope, self.means.origins)
            cookies.take(response, cookies.cookie_name(self.means.port, secure), secure)
        return response

    async def ticket(self, request: Request) -> Response:
        """A ticket that opens one WebSocket, and in whose name."""
        person: Person = request.scope[PERSON]
        try:
            ticket = await self._tickets.issue(person)
        except StoreError:
            if not self.means.is_open:
                return response_of(ApiError("store", "a ticket cannot be issued now"))
            # The gateway lets in without looking where nobody signs in and the store is away.
            ticket = new_secret()
        return JSONResponse(
            {
                "ticket": ticket,
                "lasts_s": LASTS_S,
                "name": person.name,
                "role": person.role,
                "open": self.means.is_open,
            },
            headers=FRESH,
        )

    async def _account(self, fields: dict[str, str], address: str) -> tuple[Account | None, Problem]:
        """The account that the fields prove; counted first, and as long for one that is not there."""
        token = fields.get("token", "")
        name, _, secret = token.partition(".") if token else (fields.get("name", ""), "", "")
        name = name.strip().lower()[:64]
        if await self.means.throttle.wait_s(name, address):
            return None, "access.wait"
        account = await self.means.accounts.find(name)
        if token:
            fits = token_fits(account, secret)
        else:
            # Of role wall the secret is a token's, and with a provider there is none.
            has_password = account is not None and account.role != "wall" and not account.subject
            kept = account.secret if account is not None and has_password else None
            fits = await self.means.checker.fits(kept, fields.get("password", ""))
        if account is None or not fits:
            known = account.name if account is not None else "no account"
            await self.means.audit.write(
                "nobody", f"sign-in failed for {known} from {address}", f"account:{known}"
            )
            return None, "access.wrong"
        return account, "access.wrong"

    def _refuse(self, problem: Problem, onward: str) -> Response:
        return HTMLResponse(self._page(onward, problem), _STATUSES[problem], FRESH)

    def _page(self, onward: str, problem: str = "") -> str:
        host = self.provided.host
        return sign_in_page(self.means.assets_url, onward=onward, provider=host, problem=problem)


def mount(server: FastAPI, access: Access) -> None:
    """Add access's routes to the web process."""
    own, admin = OwnAccount(access.means), Administration(access.means)
    routes: list[tuple[str, str, Callable[..., object]]] = [
        ("GET", "/sign-in", access.show_sign_in),
        ("POST", "/sign-in", access.sign_in),
        ("GET", "/sign-in/provider", access.provided.go),
        ("GET", BACK, access.provided.back),
        ("POST", "/sign-out", access.sign_out),
        ("GET", "/account", own.show),
        ("POST", "/account/end", own.end),
        ("GET", "/admin", admin.show),
        ("POST", "/admin/accounts", admin.add),
        ("GET", "/admin/accounts/{name}", admin.show_one),
        ("POST", "/admin/accounts/{name}/role", admin.set_role),
        ("POST", "/admin/accounts/{name}/secret", admin.set_secret),
        ("POST", "/admin/accounts/{name}/end", admin.end),
        ("POST", "/admin/accounts/{name}/remove", admin.remove),
        ("POST", "/api/v1/ticket", access.ticket),
    ]
    for method, path, answer in routes:
        server.add_api_route(path, answer, methods=[method], include_in_schema=False)
