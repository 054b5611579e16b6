"""The sign-in page, and the frame of access's pages: plain HTML, which works without the screens."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from dashboard.locale.speech import SPOKEN, own_names, say

_OF_ACCOUNTS_HERE = ("access.wrong", "access.wait", "access.provider_away")


def sign_in_page(assets_url: str, *, onward: str, provider: str = "", problem: str = "") -> str:
    """The page that asks for name and password, or for a wall's token. onward: where to go afterwards.

    provider: who else can vouch, as people know it; then it is asked first. problem: a key of the catalogue,
    of what went wrong.
    """
    hidden = f'<input type="hidden" name="next" value="{escape(onward)}">'
    focus = "" if provider else " autofocus"
    password = f"""<form method="post" action="/sign-in">
{hidden}
<label for="name">{said("access.name")}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64"
 required{focus}>
<label for="password">{said("access.password")}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024"
 required>
<button>{said("access.sign_in")}</button>
</form>"""
    if provider:
        way = f"/sign-in/provider?next={quote(onward, safe='/')}"
        password = f"""<a class="button" href="{escape(way)}" autofocus>{
            said("access.provider", provider=provider)
        }</a>
<details{" open" if problem in _OF_ACCOUNTS_HERE else ""}>
<summary>{said("access.here")}</summary>
{password}
</details>"""
    return framed(
        assets_url,
        f"""{alert(problem)}
{password}
<details>
<summary>{said("access.wall")}</summary>
<form id="wall" method="post" action="/sign-in">
{hidden}
<label for="token">{said("access.token")}</label>
<input id="token" name="token" type="password" autocomplete="off" maxlength="256" required>
<button>{said("access.sign_in")}</button>
</form>
</details>
<script type="module" src="{assets_url}/sign-in.mjs"></script>""",
        here=f"/sign-in?next={quote(onward, safe='/')}",
    )


def refusal_page(assets_url: str, role: str, *, is_open: bool) -> str:
    """Says that a page is not for somebody's role. is_open: nobody signs in here."""
    ways = [("/wall", "access.to_wall")]
    if is_open:
        more = paragraph("access.open_more") + paragraph("access.open_accounts")
        return framed(assets_url, more + links(ways))
    why = said("access.role_refused", role=said_role(role))
    ways.append(("/account", "access.to_account"))
    return framed(assets_url, f'<p class="problem" role="alert">{why}</p>{links(ways)}')


def framed(assets_url: str, inside: str, *, here: str = "", title: str = "", wide: bool = False) -> str:
    """A page around this HTML. title: a key of the catalogue, its heading. wide: it has tables.

    here: its address, with a query or none, by which it is had in another language; empty where it cannot be.
    """
    name = said("app.name")
    heading = f"{said(title)} · {name}" if title else name
    return f"""<!DOCTYPE html>
<html lang="{SPOKEN.get()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<script src="{assets_url}/theme.js"></script>
<link rel="stylesheet" href="{assets_url}/sign-in.css">
<link rel="icon" type="image/svg+xml" href="{assets_url}/icon.svg">
</head>
<body>
<main{' class="wide"' if wide else ""}>
<h1>{name}{f" <small>{said(title)}</small>" if title else ""}</h1>
{inside}
{_languages(here) if here else ""}
</main>
</body>
</html>"""


def _languages(here: str) -> str:
    """This page in each language, by the language's own name."""
    joint = "&amp;" if "?" in here else "?"
    ways = []
    for lang, name in own_names().items():
        current = ' aria-current="true"' if lang == SPOKEN.get() else ""
        way = f"{escape(here)}{joint}lang={lang}"
        ways.append(f'<a href="{way}" lang="{lang}" hreflang="{lang}"{current}>{name}</a>')
    inside = "".join(ways)
    label = said("language.title")
    return f'<nav class="languages" aria-label="{label}">{inside}</nav>'


def said(key: str, **values: object) -> str:
    """A word of the catalogue as HTML."""
    return escape(say(key, **values))


def paragraph(key: str) -> str:
    """A sentence of the catalogue as HTML."""
    return f"<p>{said(key)}</p>"


def said_role(role: str) -> str:
    """What a role is called."""
    roles = {
        "wall": "access.role.wall",
        "viewer": "access.role.viewer",
        "operator": "access.role.operator",
        "admin": "access.role.admin",
    }
    return say(roles[role])


def alert(problem: str) -> str:
    """What went wrong, by its key; nothing for none."""
    return f'<p class="problem" role="alert">{said(problem)}</p>' if problem else ""


def status(done: str) -> str:
    """What was done, by its key; nothing for none."""
    return f'<p class="done" role="status">{said(done)}</p>' if done else ""


def links(ways: list[tuple[str, str]]) -> str:
    """Where to go from here: addresses, and keys of what they are called."""
    return "<nav>" + " ".join(f'<a href="{escape(way)}">{said(key)}</a>' for way, key in ways) + "</nav>"
