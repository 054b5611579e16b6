"""The admins' acts: accounts and sessions, from the browser, each written into the audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboard.access import cookies
from dashboard.access.accounts import NAME, Account, AccountError, new_wall_token
from dashboard.access.admin_pages import PEOPLE, account_page, accounts_page, path_of, token_page
from dashboard.access.forms import fields_of
from dashboard.access.gate import PERSON
from dashboard.access.means import FRESH, Means
from dashboard.access.roles import ROLES
from dashboard.access.sessions import SHOWN, Person
from dashboard.api.problems import ApiError, response_of
from streams.errors import StoreError

_DONE = {
    "added": "admin.done.added",
    "removed": "admin.done.removed",
    "role": "admin.done.role",
    "password": "admin.done.password",
    "ended": "account.ended",
}

log = structlog.get_logger()
Answer = Callable[["Administration", Request], Awaitable[Response]]


class _RefusedError(Exception):
    """An act that cannot be. problem: a key of the catalogue."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem


def _answering(answer: Answer) -> Any:
    """An answer without a store is a problem, and for an account that is not there there is none."""

    @wraps(answer)
    async def answered(self: Administration, request: Request) -> Response:
        try:
            return await answer(self, request)
        except StoreError as error:
            log.warning("accounts without a store", error=str(error))
            return response_of(ApiError("store", "accounts cannot be looked at or changed now"))
        except KeyError:
            return response_of(ApiError("not-found", "there is no such account"))

    return answered


class Administration:
    """Answers the routes of `/admin`, for which the gate lets in admins only."""

    def __init__(self, means: Means) -> None:
        self._means = means

    @_answering
    async def show(self, request: Request) -> Response:
        """Every account."""
        return await self._list(done=_done(request))

    @_answering
    async def show_one(self, request: Request) -> Response:
        """One account with its sessions."""
        return await self._one(request, await self._account(request), done=_done(request))

    @_answering
    async def add(self, request: Request) -> Response:
        """Add a person with a password, or a wall, whose token is shown this once."""
        fields = await fields_of(request)
        name, role = fields.get("name", "").strip().lower(), fields.get("role", "")
        try:
            token, secret = await self._secret(name, role, fields)
            account = await self._add(name, role, secret)
        except _RefusedError as refused:
            typed = {"name": name[:64], "role": role}
            return await self._list(refused.status, problem=refused.problem, typed=typed)
        await self._write(request, f"added account {name} with role {role}", name)
        if token:
            return self._show_token(request, account, token)
        return RedirectResponse("/admin?done=added", 303, FRESH)

    @_answering
    async def set_role(self, request: Request) -> Response:
        """Give a person another role, which ends the sessions."""
        account = await self._account(request)
        role = (await fields_of(request)).get("role", "")
        known = next((one for one in PEOPLE if one == role), None)
        if known is None or self._is_own(request, account):
            return await self._one(request, account, 400, problem="admin.impossible")
        try:
            await self._means.accounts.set_role(account.name, known)
        except AccountError:
            return await self._one(request, account, 409, problem="admin.impossible")
        await self._means.sessions.end_all(account.name)
        note = f"changed the role of account {account.name} from {account.role} to {role}"
        await self._write(request, note, account.name)
        return RedirectResponse(f"{path_of(account.name)}?done=role", 303, FRESH)

    @_answering
    async def set_secret(self, request: Request) -> Response:
        """Give a person another password or a wall another token, which ends the sessions."""
        account = await self._account(request)
        try:
            token, secret = await self._secret(account.name, account.role, await fields_of(request))
            await self._means.accounts.set_secret(account.name, secret)
        except _RefusedError as refused:
            return await self._one(request, account, refused.status, problem=refused.problem)
        except AccountError:
            return await self._one(request, account, 409, problem="admin.impossible")
        await self._means.sessions.end_all(account.name)
        kind = "token" if token else "password"
        await self._write(request, f"changed the {kind} of account {account.name}", account.name)
        if token:
            return self._show_token(request, account, token)
        return RedirectResponse(f"{path_of(account.name)}?done=password", 303, FRESH)

    @_answering
    async def end(self, request: Request) -> Response:
        """End one session of an account, or all of them."""
        account = await self._account(request)
        fields = await fields_of(request)
        session = fields.get("session", "")
        if fields.get("all"):
            await self._means.sessions.end_all(account.name)
            await self._write(request, f"ended every session of {account.name}", account.name)
        elif await self._means.sessions.end(account.name, session):
            note = f"ended session {session[:SHOWN]} of {account.name}"
            await self._write(request, note, account.name)
        return RedirectResponse(f"{path_of(account.name)}?done=ended", 303, FRESH)

    @_answering
    async def remove(self, request: Request) -> Response:
        """Remove an account and end its sessions; not one's own, so that an admin remains."""
        account = await self._account(request)
        if self._is_own(request, account):
            return await self._one(request, account, 400, problem="admin.impossible")
        await self._means.sessions.end_all(account.name)
        try:
            await self._means.accounts.remove(account.name)
        except AccountError as error:
            raise KeyError(account.name) from error
        await self._write(request, f"removed account {account.name}", account.name)
        return RedirectResponse("/admin?done=removed", 303, FRESH)

    async def _account(self, request: Request) -> Account:
        """The account that the path names. Raises KeyError."""
        name = str(request.path_params["name"])
        account = await self._means.accounts.find(name)
        if account is None:
            raise KeyError(name)
        return account

    async def _add(self, name: str, role: str, secret: str) -> Account:
        known = next((one for one in ROLES if one == role), None)
        if known is None:
            raise _RefusedError(400, "admin.impossible")
        try:
            return await self._means.accounts.add(name, known, secret)
        except AccountError as error:
            raise _RefusedError(409, "admin.taken") from error

    async def _secret(self, name: str, role: str, fields: dict[str, str]) -> tuple[str, str]:
        """A wall's token, empty for others, and what is kept."""
        if not NAME.fullmatch(name):
            raise _RefusedError(400, "admin.bad_name")
        if role == "wall":
            return new_wall_token(name)
        try:
            return "", await self._means.checker.hashed(fields.get("password", ""))
        except ValueError as error:
            raise _RefusedError(400, "admin.bad_password") from error

    def _is_own(self, request: Request, account: Account) -> bool:
        person: Person = request.scope[PERSON]
        return person.name == account.name

    async def _write(self, request: Request, note: str, name: str) -> None:
        person: Person = request.scope[PERSON]
        await self._means.audit.write(person.name, note, f"account:{name}")

    async def _list(self, status: int = 200, **said: Any) -> Response:
        sessions = self._means.sessions
        accounts = [(one, len(await sessions.of(one.name))) for one in await self._means.accounts.all()]
        return HTMLResponse(accounts_page(self._means.assets_url, accounts, **said), status, FRESH)

    async def _one(self, request: Request, account: Account, status: int = 200, **said: Any) -> Response:
        sessions = await self._means.sessions.of(account.name)
        seen_at = await self._means.sessions.seen_at(sessions)
        person: Person = request.scope[PERSON]
        page = account_page(self._means.assets_url, account, sessions, seen_at, person=person, **said)
        return HTMLResponse(page, status, FRESH)

    def _show_token(self, request: Request, account: Account, token: str) -> Response:
        secure = cookies.is_secure(request.scope, self._means.origins)
        origin = f"{'https' if secure else 'http'}://{request.headers.get('host', '').lower()}"
        address = f"{origin}/sign-in?next=/wall#wall={token}"
        return HTMLResponse(token_page(self._means.assets_url, account.name, address), headers=FRESH)


def _done(request: Request) -> str:
    return _DONE.get(request.query_params.get("done", ""), "")
