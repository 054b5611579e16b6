"""Sign-in by the provider: there with an attempt of this browser, and back with what the provider vouches."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboard.access import cookies
from dashboard.access.accounts import AccountError
from dashboard.access.attempts import LASTS_S, Attempt, Attempts
from dashboard.access.claims import name_of, role_of, subject_of
from dashboard.access.means import FRESH, Means, address_of
from dashboard.access.onward import own_path
from dashboard.access.page import sign_in_page
from dashboard.access.provider import NotVouched, Provider, ProviderAway
from streams.errors import StoreError

if TYPE_CHECKING:
    from config.settings import Settings

BACK = "/sign-in/back"
_MOST_CHARS = 4_096
Problem = Literal[
    "access.wait",
    "access.store",
    "access.address",
    "access.provider_away",
    "access.provider_refused",
    "access.attempt_lost",
    "access.not_vouched",
    "access.no_role",
    "access.taken",
]
_STATUSES: dict[Problem, int] = {
    "access.wait": 429,
    "access.store": 503,
    "access.address": 421,
    "access.provider_away": 503,
    "access.provider_refused": 403,
    "access.attempt_lost": 400,
    "access.not_vouched": 401,
    "access.no_role": 403,
    "access.taken": 409,
}

log = structlog.get_logger()


class _RefusedError(Exception):
    """Somebody is not let in. problem: what the page says."""

    def __init__(self, problem: Problem, onward: str = "/") -> None:
        super().__init__(problem)
        self.problem = problem
        self.onward = onward


class Provided:
    """Answers the two routes."""

    def __init__(self, means: Means, settings: Settings) -> None:
        self._means = means
        self._attempts = Attempts(means.client)
        self._issuer = settings.oidc_issuer
        self._roles = settings.role_of
        self._role_claim = settings.oidc_role_claim
        self._name_claim = settings.oidc_name_claim
        self._provider = Provider(settings) if settings.sign_in == "oidc" else None

    @property
    def host(self) -> str:
        """What a person knows the provider by; empty where there is none."""
        return self._provider.host if self._provider is not None else ""

    async def go(self, request: Request) -> Response:
        """Send a browser to the provider."""
        onward = own_path(request.query_params.get("next", ""))
        if self._provider is None:
            return RedirectResponse("/sign-in", 303, FRESH)
        try:
            if await self._means.throttle.wait_away_s(address_of(request)):
                raise _RefusedError("access.wait", onward)
            secret, attempt = await self._attempts.begin(self._back(request), onward)
            way = await self._provider.way(attempt)
        except _RefusedError as refused:
            return self._refuse(refused.problem, onward)
        except ProviderAway as error:
            return self._away(error, onward)
        except StoreError as error:
            return self._storeless(error, onward)
        response = RedirectResponse(way, 303, FRESH)
        secure = self._is_secure(request)
        cookies.give_attempt(response, self._cookie(request), secret, LASTS_S, secure)
        return response

    async def back(self, request: Request) -> Response:
        """Let in whom the provider vouches for, as what its claims give."""
        if self._provider is None:
            return RedirectResponse("/sign-in", 303, FRESH)
        onward = "/"
        try:
            attempt = await self._attempt(request)
            onward = attempt.onward
            response = await self._let_in(self._provider, request, attempt)
        except _RefusedError as refused:
            response = self._refuse(refused.problem, onward)
        except ProviderAway as error:
            response = self._away(error, onward)
        except StoreError as error:
            response = self._storeless(error, onward)
        cookies.take(response, self._cookie(request), self._is_secure(request))
        return response

    async def _attempt(self, request: Request) -> Attempt:
        """The attempt that this very browser began, and no other."""
        secret = request.cookies.get(self._cookie(request), "")
        attempt = await self._attempts.redeem(secret) if secret else None
        state = _one(request, "state")
        if attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
            raise _RefusedError("access.attempt_lost")
        return attempt

    async def _let_in(self, provider: Provider, request: Request, attempt: Attempt) -> Response:
        code = _one(request, "code")
        address = address_of(request)
        if not code:
            said = "".join(letter for letter in _one(request, "error")[:100] if letter.isprintable())
            log.warning("the provider let nobody in", error=said)
            await self._failed(f"the provider did not vouch for a browser at {address}")
            raise _RefusedError("access.provider_refused")
        try:
            claims = await provider.claims(code, _one(request, "iss"), attempt)
        except NotVouched as error:
            log.warning("the provider's answer proves nothing", error=str(error))
            await self._failed(f"the provider's answer for a browser at {address} was not valid")
            raise _RefusedError("access.not_vouched") from error
        name = name_of(claims, self._name_claim, self._issuer)
        subject = subject_of(claims, self._issuer)
        role = role_of(claims, self._role_claim, self._roles)
        accounts, sessions = self._means.accounts, self._means.sessions
        before = await accounts.find(name)
        if role is None:
            if before is not None and before.subject == subject:
                await sessions.end_all(name)
                await accounts.remove(name)
            await self._failed(f"the provider vouched for {name} from {address}, who has no role", name)
            raise _RefusedError("access.no_role")
        try:
            account = await accounts.provide(name, role, subject)
        except AccountError as error:
            await self._failed(f"the provider vouched for another {name} from {address}", name)
            raise _RefusedError("access.taken") from error
        if before is not None and before.stamp != account.stamp:
            await sessions.end_all(name)
        how = f" as {role} by {self.host}"
        return await self._means.let_in(request, account, attempt.onward, how)

    async def _failed(self, note: str, name: str = "no account") -> None:
        await self._means.audit.write("nobody", note, f"account:{name}")

    def _back(self, request: Request) -> str:
        """Where the provider sends the browser: to the address that it came by, which is one of ours."""
        scheme = "https" if self._is_secure(request) else "http"
        origin = f"{scheme}://{request.headers.get('host', '').lower()}"
        if origin not in self._means.origins:
            raise _RefusedError("access.address")
        return f"{origin}{BACK}"

    def _is_secure(self, request: Request) -> bool:
        return cookies.is_secure(request.scope, self._means.origins)

    def _cookie(self, request: Request) -> str:
        return cookies.attempt_name(self._means.port, self._is_secure(request))

    def _away(self, error: ProviderAway, onward: str) -> Response:
        log.warning("the provider is away", error=str(error), issuer=urlsplit(self._issuer).netloc)
        return self._refuse("access.provider_away", onward)

    def _storeless(self, error: StoreError, onward: str) -> Response:
        log.warning("sign-in without a store", error=str(error))
        return self._refuse("access.store", onward)

    def _refuse(self, problem: Problem, onward: str) -> Response:
        page = sign_in_page(
            self._means.assets_url, onward=own_path(onward), provider=self.host, problem=problem
        )
        return HTMLResponse(page, _STATUSES[problem], FRESH)


def _one(request: Request, name: str) -> str:
    values = request.query_params.getlist(name)
    return values[0] if len(values) == 1 and len(values[0]) <= _MOST_CHARS else ""
