"""Which language an answer is in: the address's, else one chosen before, else the browser's, else English."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.theatre import LANGUAGES
from dashboard.locale.speech import SPOKEN

COOKIE = "watchfloor-lang"
"""What was chosen, for all pages of this host. Scripts write it too; it tells nothing of anybody."""
YEAR_S = 31_536_000
_MOST_HEADER = 400


def chosen(asked: str, kept: str, accepted: str) -> str:
    """One of LANGUAGES. asked: by the address. kept: by the cookie. accepted: the header Accept-Language."""
    return next((lang for lang in (asked, kept) if lang in LANGUAGES), None) or _by_browser(accepted)


def _by_browser(accepted: str) -> str:
    wanted: list[tuple[float, str]] = []
    for part in accepted[:_MOST_HEADER].split(","):
        name, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        lang = name.strip().lower().split("-")[0]
        if lang in LANGUAGES and quality > 0:
            wanted.append((-quality, lang))
    # Of equals the first that is named.
    return min(wanted, key=lambda each: each[0])[1] if wanted else "en"


class Choice:
    """ASGI middleware: SPOKEN is right while a request is answered; a language asked for is remembered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked = QueryParams(scope["query_string"]).get("lang", "")
        kept = cookie_parser(headers.get("cookie", "")[:8_192]).get(COOKIE, "")
        lang = chosen(asked, kept, headers.get("accept-language", ""))
        is_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")

        async def send_remembered(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", _cookie(lang, scope))
            await send(message)

        token = SPOKEN.set(lang)
        try:
            remembers = is_page and asked == lang and asked != kept
            await self.app(scope, receive, send_remembered if remembers else send)
        finally:
            SPOKEN.reset(token)


def _cookie(lang: str, scope: Scope) -> str:
    response = Response()
    response.set_cookie(
        COOKIE, lang, max_age=YEAR_S, path="/", secure=scope.get("scheme") == "https", samesite="lax"
    )
    return response.headers["set-cookie"]
