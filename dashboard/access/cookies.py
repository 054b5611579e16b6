"""The cookies: no script reads them, no other site sends them, HTTPS carries them alone."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from dashboard.access.sessions import Session


def is_secure(scope: Scope, origins: frozenset[str]) -> bool:
    """Whether the browser speaks HTTPS: to us, to a proxy that says so, or by an address known to be so."""
    host = Headers(scope=scope).get("host", "").lower()
    return scope.get("scheme") == "https" or f"https://{host}" in origins


def cookie_name(port: int, secure: bool) -> str:
    """Its name. Cookies know no ports, so that of plain HTTP has the port in it: two copies on one host."""
    return "__Host-watchfloor" if secure else f"watchfloor-{port}"


def give(response: Response, name: str, secret: str, session: Session, secure: bool) -> None:
    """Set the cookie for as long as the session can last."""
    response.set_cookie(
        name,
        secret,
        max_age=int(session.expires_at - session.created_at),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def attempt_name(port: int, secure: bool) -> str:
    """The name of the cookie that binds a sign-in by the provider to its browser."""
    return "__Host-watchfloor-attempt" if secure else f"watchfloor-attempt-{port}"


def give_attempt(response: Response, name: str, secret: str, lasts_s: int, secure: bool) -> None:
    """Set that cookie; lax, since the browser comes back from another site."""
    response.set_cookie(name, secret, max_age=lasts_s, path="/", secure=secure, httponly=True, samesite="lax")


def take(response: Response, name: str, secure: bool) -> None:
    """Take the cookie away."""
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
