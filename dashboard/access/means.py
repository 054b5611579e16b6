"""What access's routes work with: the store's accounts, sessions, tickets and tries, and how we are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from redis.asyncio import Redis

from dashboard.access import cookies
from dashboard.access.accounts import Account, Accounts
from dashboard.access.audit import Audit
from dashboard.access.passwords import Checker
from dashboard.access.sessions import Sessions
from dashboard.access.throttle import Throttle
from streams.store import connect

if TYPE_CHECKING:
    from config.settings import Settings

FRESH = {"Cache-Control": "no-store"}


@dataclass(frozen=True)
class Means:
    """origins: those whose pages may act. assets_url: where the assets lie. is_open: nobody signs in."""

    client: Redis
    accounts: Accounts
    sessions: Sessions
    throttle: Throttle
    audit: Audit
    checker: Checker
    origins: frozenset[str]
    assets_url: str
    port: int
    is_open: bool

    @classmethod
    def of(cls, settings: Settings, origins: frozenset[str], assets_url: str) -> Means:
        """What these settings say."""
        client = connect(settings.store_url)
        return cls(
            client=client,
            accounts=Accounts(client),
            sessions=Sessions(client),
            throttle=Throttle(client),
            audit=Audit(client, settings),
            checker=Checker(),
            origins=origins,
            assets_url=assets_url,
            port=settings.port,
            is_open=settings.sign_in == "off",
        )

    async def let_in(self, request: Request, account: Account, onward: str, how: str = "") -> Response:
        """Begin a session, and send the browser on with its cookie. how: what vouched, for the audit.

        Raises StoreError.
        """
        address = address_of(request)
        secure = cookies.is_secure(request.scope, self.origins)
        name = cookies.cookie_name(self.port, secure)
        before = request.cookies.get(name, "")
        if before and (earlier := await self.sessions.person(before)):
            await self.sessions.end(earlier.name, earlier.session)
        note = f"signed in from {address}{how}"
        await self.audit.write(account.name, note, f"account:{account.name}")
        agent = request.headers.get("user-agent", "")
        secret, session = await self.sessions.begin(account, address, agent)
        response = RedirectResponse(onward, 303, FRESH)
        cookies.give(response, name, secret, session, secure)
        return response


def address_of(request: Request) -> str:
    """Where a request is from."""
    return request.client.host if request.client is not None else ""
