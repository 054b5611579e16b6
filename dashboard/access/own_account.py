"""One's own account: who one is, and one's sessions, each of which one can end."""

from __future__ import annotations

from html import escape

import structlog
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dashboard.access.forms import fields_of
from dashboard.access.gate import PERSON
from dashboard.access.means import FRESH, Means
from dashboard.access.page import framed, links, paragraph, said, said_role, status
from dashboard.access.session_table import session_table
from dashboard.access.sessions import SHOWN, Person
from dashboard.api.problems import ApiError, response_of
from streams.errors import StoreError

_DONE = {"ended": "account.ended"}

log = structlog.get_logger()


class OwnAccount:
    """Answers the routes of `/account`."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def show(self, request: Request) -> Response:
        """Who one is; of a person, with the sessions."""
        person: Person = request.scope[PERSON]
        try:
            inside = await self._inside(person, _DONE.get(request.query_params.get("done", ""), ""))
        except StoreError as error:
            return _storeless(error)
        wide = bool(person.session)
        page = framed(self._means.assets_url, inside, here="/account", title="account.title", wide=wide)
        return HTMLResponse(page, headers=FRESH)

    async def end(self, request: Request) -> Response:
        """End one of one's sessions, or all the others."""
        person: Person = request.scope[PERSON]
        fields = await fields_of(request)
        session = fields.get("session", "")
        sessions, audit = self._means.sessions, self._means.audit
        try:
            if fields.get("others"):
                await sessions.end_all(person.name, but=person.session)
                note = f"ended every other session of {person.name}"
                await audit.write(person.name, note, f"account:{person.name}")
            elif await sessions.end(person.name, session):
                note = f"ended session {session[:SHOWN]} of {person.name}"
                await audit.write(person.name, note, f"account:{person.name}")
        except StoreError as error:
            return _storeless(error)
        return RedirectResponse("/account?done=ended", 303, FRESH)

    async def _inside(self, person: Person, done: str) -> str:
        to_wall = ("/wall", "access.to_wall")
        if not person.session:
            return paragraph("access.open_more") + links([to_wall])
        who = said("access.person", name=person.name, role=said_role(person.role))
        out = f"""<form method="post" action="/sign-out"><button>{said("access.sign_out")}</button></form>"""
        ways = [to_wall] + ([("/admin", "access.to_admin")] if person.role == "admin" else [])
        if person.role == "wall":
            return f"<p>{who}</p>{links(ways)}{out}"
        sessions = await self._means.sessions.of(person.name)
        seen_at = await self._means.sessions.seen_at(sessions)
        others = f"""<form method="post" action="/account/end">
<input type="hidden" name="others" value="1">
<button class="quiet">{said("account.end_others")}</button>
</form>"""
        return f"""{status(done)}<p>{who}</p>
{links(ways)}
<h2>{said("account.sessions")}</h2>
{session_table(sessions, seen_at, action="/account/end", own=person.session)}
<div class="acts">{others if len(sessions) > 1 else ""}{out}</div>"""


def _storeless(error: StoreError) -> Response:
    log.warning("an account without a store", error=escape(str(error)))
    return response_of(ApiError("store", "accounts cannot be looked at or changed now"))
