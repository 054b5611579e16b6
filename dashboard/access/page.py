"""The sign-in page and the account's page: plain HTML, which work before and without the screens."""

from __future__ import annotations

from html import escape

from dashboard.access.sessions import Person
from dashboard.views.words import word


def sign_in_page(assets_url: str, *, onward: str, problem: str = "") -> str:
    """The page that asks for name and password, or for a wall's token. onward: where to go afterwards.

    problem: a key of the catalogue, of what went wrong.
    """
    hidden = f'<input type="hidden" name="next" value="{escape(onward)}">'
    said = f'<p class="problem" role="alert">{escape(word(problem))}</p>' if problem else ""
    return _page(
        assets_url,
        f"""{said}
<form method="post" action="/sign-in">
{hidden}
<label for="name">{escape(word("access.name"))}</label>
<input id="name" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64"
 required autofocus>
<label for="password">{escape(word("access.password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024"
 required>
<button>{escape(word("access.sign_in"))}</button>
</form>
<details>
<summary>{escape(word("access.wall"))}</summary>
<form id="wall" method="post" action="/sign-in">
{hidden}
<label for="token">{escape(word("access.token"))}</label>
<input id="token" name="token" type="password" autocomplete="off" maxlength="256" required>
<button>{escape(word("access.sign_in"))}</button>
</form>
</details>
<script type="module" src="{assets_url}/sign-in.mjs"></script>""",
    )


def account_page(assets_url: str, person: Person) -> str:
    """Who is signed in, and the way out."""
    if not person.session:
        return _page(assets_url, "<p>" + escape(word("access.open_more")) + "</p>")
    said = word("access.person", name=person.name, role=word(f"access.role.{person.role}"))
    return _page(
        assets_url,
        f"""<p>{escape(said)}</p>
<form method="post" action="/sign-out"><button>{escape(word("access.sign_out"))}</button></form>""",
    )


def _page(assets_url: str, inside: str) -> str:
    name = escape(word("app.name"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="stylesheet" href="{assets_url}/sign-in.css">
<link rel="icon" type="image/svg+xml" href="{assets_url}/icon.svg">
</head>
<body>
<main>
<h1>{name}</h1>
{inside}
</main>
</body>
</html>"""
