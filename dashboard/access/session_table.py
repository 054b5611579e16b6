"""The table of sessions, on one's own page and on the admins'."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from html import escape

from dashboard.access.agents import in_short
from dashboard.access.page import paragraph, said
from dashboard.access.sessions import Session


def session_table(
    sessions: Mapping[str, Session], seen_at: Mapping[str, float], *, action: str, own: str = ""
) -> str:
    """Sessions, the last used first, each with a button that ends it.

    action: where the button's form goes. own: the session that asks, which is ended by signing out.
    """
    if not sessions:
        return paragraph("account.none")
    order = sorted(
        sessions, key=lambda name: (name == own, seen_at.get(name, sessions[name].created_at)), reverse=True
    )
    rows = "".join(_row(name, sessions[name], seen_at.get(name), action, name == own) for name in order)
    heads = ("account.address", "account.agent", "account.since", "account.seen")
    return f"""<div class="scrolls" tabindex="0" role="region" aria-label="{said("account.sessions")}">
<table>
<thead><tr>{"".join(f'<th scope="col">{said(head)}</th>' for head in heads)}
<td></td></tr></thead>
<tbody>{rows}</tbody>
</table>
</div>"""


def zulu(at: float | dt.datetime) -> str:
    """An instant as HTML, to the minute. Of a number: seconds since 1970."""
    instant = at if isinstance(at, dt.datetime) else dt.datetime.fromtimestamp(at, dt.UTC)
    shown = instant.astimezone(dt.UTC)
    return f'<time datetime="{shown:%Y-%m-%dT%H:%MZ}">{shown:%Y-%m-%d %H:%MZ}</time>'


def _row(name: str, session: Session, seen_at: float | None, action: str, is_own: bool) -> str:
    address = escape(session.address)
    label = said("account.end_of", address=session.address)
    button = (
        f"""<strong>{said("account.this")}</strong>"""
        if is_own
        else f"""<form method="post" action="{escape(action)}">
<input type="hidden" name="session" value="{escape(name)}">
<button class="small" aria-label="{label}">{said("account.end")}</button>
</form>"""
    )
    seen = zulu(seen_at) if seen_at is not None else "—"
    return f"""<tr>
<th scope="row">{address}</th>
<td title="{escape(session.agent)}">{escape(in_short(session.agent))}</td>
<td>{zulu(session.created_at)}</td>
<td>{seen}</td>
<td>{button}</td>
</tr>"""
