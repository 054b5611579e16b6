"""The admins' pages as HTML: every account, and one of them with what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from dashboard.access.accounts import Account
from dashboard.access.page import alert, framed, links, paragraph, said, said_role, status
from dashboard.access.passwords import LEAST_LETTERS
from dashboard.access.roles import ROLES
from dashboard.access.session_table import session_table, zulu
from dashboard.access.sessions import Person, Session

PEOPLE = tuple(role for role in ROLES if role != "wall")
_TO_WALL, _TO_ACCOUNT, _TO_ADMIN = (
    ("/wall", "access.to_wall"),
    ("/account", "access.to_account"),
    ("/admin", "admin.accounts"),
)


def path_of(name: str, act: str = "") -> str:
    """Where one account's page is, or an act on it goes."""
    return f"/admin/accounts/{quote(name)}" + (f"/{act}" if act else "")


def accounts_page(
    assets_url: str,
    accounts: Sequence[tuple[Account, int]],
    *,
    problem: str = "",
    done: str = "",
    typed: Mapping[str, str] | None = None,
) -> str:
    """Every account with the number of its sessions, and the forms that add one.

    problem, done: keys of the catalogue. typed: what was typed into a form that was refused.
    """
    rows = "".join(_row(account, count) for account, count in accounts)
    heads = ("access.name", "admin.role", "admin.since", "account.sessions")
    return framed(
        assets_url,
        f"""{alert(problem)}{status(done)}
{links([_TO_WALL, _TO_ACCOUNT])}
<h2>{said("admin.accounts")}</h2>
<div class="scrolls" tabindex="0" role="region" aria-label="{said("admin.accounts")}">
<table>
<thead><tr>{"".join(f'<th scope="col">{said(head)}</th>' for head in heads)}</tr></thead>
<tbody>{rows}</tbody>
</table>
</div>
{_adding(typed or {})}""",
        here="/admin",
        title="admin.title",
        wide=True,
    )


def account_page(
    assets_url: str,
    account: Account,
    sessions: Mapping[str, Session],
    seen_at: Mapping[str, float],
    *,
    person: Person,
    problem: str = "",
    done: str = "",
) -> str:
    """One account. person: the admin who looks, whose own role and account are another's to change."""
    who = said("access.person", name=account.name, role=said_role(account.role))
    all_of_it = f"""<form method="post" action="{path_of(account.name, "end")}">
<input type="hidden" name="all" value="1">
<button class="quiet">{said("admin.end_all")}</button>
</form>"""
    own = person.session if person.name == account.name else ""
    return framed(
        assets_url,
        f"""{alert(problem)}{status(done)}
{links([_TO_ADMIN])}
<h2>{who}</h2>
{_changing(account, is_own=person.name == account.name)}
<h2>{said("account.sessions")}</h2>
{session_table(sessions, seen_at, action=path_of(account.name, "end"), own=own)}
{f'<div class="acts">{all_of_it}</div>' if len(sessions) > 1 and not own else ""}""",
        here=path_of(account.name),
        title="admin.title",
        wide=True,
    )


def token_page(assets_url: str, name: str, address: str) -> str:
    """A wall's address with its token, this once."""
    return framed(
        assets_url,
        f"""<p class="done" role="status">{said("admin.token_once")}</p>
<h2>{said("access.person", name=name, role=said_role("wall"))}</h2>
<label for="address">{said("admin.kiosk")}</label>
<input id="address" readonly value="{escape(address)}" autofocus>
{links([(path_of(name), "admin.to_one"), _TO_ADMIN])}""",
        title="admin.title",
        wide=True,
    )


def _row(account: Account, count: int) -> str:
    by = f""" <small>{said("admin.by_provider")}</small>""" if account.subject else ""
    return f"""<tr>
<th scope="row"><a href="{path_of(account.name)}">{escape(account.name)}</a>{by}</th>
<td>{escape(said_role(account.role))}</td>
<td>{zulu(account.created_at)}</td>
<td class="figure">{count}</td>
</tr>"""


def _adding(typed: Mapping[str, str]) -> str:
    is_wall = typed.get("role") == "wall"
    person, wall = ("", typed.get("name", "")) if is_wall else (typed.get("name", ""), "")
    return f"""<div class="columns">
<section>
<h2>{said("admin.add_person")}</h2>
<form method="post" action="/admin/accounts">
{_name_field("name", person)}
{_role_field(typed.get("role", "viewer"))}
{_password_field()}
<button>{said("admin.add")}</button>
</form>
</section>
<section>
<h2>{said("admin.add_wall")}</h2>
<p>{said("admin.wall_more")}</p>
<form method="post" action="/admin/accounts">
<input type="hidden" name="role" value="wall">
{_name_field("wall-name", wall)}
<button>{said("admin.add")}</button>
</form>
</section>
</div>"""


def _changing(account: Account, *, is_own: bool) -> str:
    parts = []
    if account.subject:
        parts.append(paragraph("admin.provider_more"))
    elif account.role == "wall":
        parts.append(_form(account, "secret", paragraph("admin.token_more"), "admin.token_new"))
    else:
        if not is_own:
            parts.append(_form(account, "role", _role_field(account.role), "admin.role_set"))
        # So that a browser that keeps passwords knows whose this is.
        whose = f'<input name="name" value="{account.name}" autocomplete="username" readonly hidden>'
        parts.append(_form(account, "secret", whose + _password_field(), "admin.password_set"))
    if is_own:
        parts.append(paragraph("admin.own"))
    else:
        remove = _form(account, "remove", paragraph("admin.remove_more"), "admin.remove", "grave")
        parts.append(f"""<details><summary>{said("admin.remove")}</summary>{remove}</details>""")
    return f'<div class="columns">{"".join(parts)}</div>'


def _form(account: Account, act: str, inside: str, button: str, look: str = "quiet") -> str:
    return f"""<form method="post" action="{path_of(account.name, act)}">
{inside}
<button class="{look}">{said(button)}</button>
</form>"""


def _name_field(identifier: str, value: str) -> str:
    return f"""<label for="{identifier}">{said("access.name")}</label>
<input id="{identifier}" name="name" value="{escape(value)}" autocomplete="off" autocapitalize="none"
 spellcheck="false" maxlength="64" pattern="[a-z0-9][a-z0-9_\\-]*"
 aria-describedby="{identifier}-how" required>
<small id="{identifier}-how">{said("admin.name_how")}</small>"""


def _role_field(chosen: str) -> str:
    options = "".join(
        f'<option value="{role}"{" selected" if role == chosen else ""}>{escape(said_role(role))}</option>'
        for role in PEOPLE
    )
    return f"""<label for="role">{said("admin.role")}</label>
<select id="role" name="role">{options}</select>"""


def _password_field() -> str:
    return f"""<label for="password">{said("access.password")}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="{LEAST_LETTERS}"
 maxlength="1024" aria-describedby="password-how" required>
<small id="password-how">{said("admin.password_how", n=LEAST_LETTERS)}</small>"""
