"""The headers every answer carries, and the hosts it answers to."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOST = re.compile(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")


def host_names(host: str, origins: str) -> frozenset[str]:
    """The names this server may be called by: its own, those of loopback, those of the further origins.

    A page of another name that points here (DNS rebinding) is refused: without sign-in there is no other bar.
    """
    further = {urlsplit(origin.strip()).hostname or "" for origin in origins.split(",") if origin.strip()}
    return frozenset({host.lower(), "localhost", "127.0.0.1", "::1", *further} - {""})


def content_policy(script_hashes: Sequence[str], socket_origins: Sequence[str]) -> str:
    """The Content-Security-Policy: all from here, MapLibre's worker from a blob, our sockets.

    Plotly and React set styles at run time, hence 'unsafe-inline' for styles and for nothing else.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(script_hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            f"connect-src 'self' blob: {' '.join(socket_origins)}".rstrip(),
            "worker-src blob:",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )


class Guard:
    """ASGI middleware: refuses foreign hosts, adds the security headers, closes WebSockets.

    on_end: called when the server stops.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: frozenset[str],
        socket_ports: Sequence[int],
        script_hashes: Callable[[], Sequence[str]],
        on_end: Callable[[], Awaitable[None]],
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.socket_ports = socket_ports
        self.script_hashes = script_hashes
        self.on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4003, "reason": "the socket is the gateway's"})
            return
        if scope["type"] != "http":
            try:
                await self.app(scope, receive, send)
            finally:
                await self.on_end()
            return
        named = _HOST.fullmatch(Headers(scope=scope).get("host", ""))
        if named is None or named[1].strip("[]").lower() not in self.hosts:
            await PlainTextResponse("not a name of this server", status_code=421)(scope, receive, send)
            return
        sockets = [f"{scheme}://{named[1]}:{port}" for port in self.socket_ports for scheme in ("ws", "wss")]
        policy = content_policy(self.script_hashes(), sockets)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                if scope["path"].startswith("/assets/") and message["status"] == 200:
                    # Their path has their version in it.
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["X-Frame-Options"] = "DENY"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
            await send(message)

        await self.app(scope, receive, send_guarded)
