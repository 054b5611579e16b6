"""Accounts and sessions from the browser: one's own, and for an admin everybody's; refusals; the audit."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from redis.asyncio import Redis

from dashboard.access.accounts import Accounts
from dashboard.access.agents import in_short
from dashboard.access.sessions import Sessions
from tests.dashboard.access.conftest import PASSWORD, Answer, Visitor

New = Callable[[], Visitor]
HTML = {"Accept": "text/html"}


@pytest.fixture
def chief(visitor: New) -> Visitor:
    """A browser that an admin is signed in with."""
    browser = visitor()
    assert browser.sign_in("admin").status == 303
    return browser


def post(browser: Visitor, path: str, **fields: str) -> Answer:
    return browser.ask("POST", path, urlencode(fields).encode())


def act(browser: Visitor, name: str, what: str, **fields: str) -> Answer:
    return post(browser, f"/admin/accounts/{name}/{what}", **fields)


def account_of(store: Any, name: str) -> Any:
    return store(lambda client: Accounts(client).find(name))


def sessions_of(store: Any, name: str) -> Any:
    return store(lambda client: Sessions(client).of(name))


def notes(store: Any) -> list[tuple[str, str]]:
    async def read(client: Redis) -> Any:
        return await client.xrange("wf:{eastern-flank}:log")

    events = [json.loads(fields[b"event"]) for _, fields in store(read)]
    return [(event["by"], event["note"]) for event in events if not event["note"].startswith("signed in")]


def test_one_sees_ones_own_sessions_and_ends_another(visitor: New, store: Any) -> None:
    desk, forgotten, stranger = visitor(), visitor(), visitor()
    for browser, name in ((desk, "anna"), (forgotten, "anna"), (stranger, "viewer")):
        assert browser.sign_in(name).status == 303
    page = desk.ask("GET", "/account").body
    (other,) = re.findall(r'name="session" value="(\w+)"', page)
    assert (page.count("127.0.0.1</th>"), page.count("this one")) == (2, 1)
    (strangers,) = sessions_of(store, "viewer")

    assert post(desk, "/account/end", session=strangers).status == 303
    assert stranger.ask("GET", "/account").status == 200, "somebody else's"
    assert post(desk, "/account/end", session=other).headers["location"] == "/account?done=ended"
    assert forgotten.ask("GET", "/account").status == 401
    assert "The session is ended." in desk.ask("GET", "/account?done=ended").body
    assert notes(store) == [("anna", f"ended session {other[:12]} of anna")]


def test_one_ends_all_ones_other_sessions(visitor: New, store: Any) -> None:
    desk = visitor()
    for browser in (visitor(), visitor(), desk):
        browser.sign_in()
    assert post(desk, "/account/end", others="1").status == 303
    assert len(sessions_of(store, "anna")) == 1
    assert desk.ask("GET", "/account").status == 200


def test_a_wall_sees_who_it_is_and_no_other_wall(visitor: New, people: dict[str, str]) -> None:
    kiosk = visitor()
    kiosk.ask("POST", "/sign-in", f"token={people['wall']}".encode())
    page = kiosk.ask("GET", "/account").body
    assert "wall · wall" in page
    assert "<table>" not in page
    assert post(kiosk, "/account/end", others="1").status == 403


def test_an_admin_adds_a_person_who_signs_in(chief: Visitor, visitor: New, store: Any) -> None:
    assert 'href="/admin/accounts/anna"' in chief.ask("GET", "/admin").body
    added = post(chief, "/admin/accounts", name="Olena", role="operator", password="a long password")
    assert (added.status, added.headers["location"]) == (303, "/admin?done=added")
    assert visitor().sign_in("olena", "a long password").status == 303
    assert notes(store) == [("admin", "added account olena with role operator")]


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"name": "anna", "role": "viewer", "password": PASSWORD}, 409, "of that name already"),
        ({"name": "a b", "role": "viewer", "password": PASSWORD}, 400, "64 letters at most"),
        ({"name": "x@y", "role": "viewer", "password": PASSWORD}, 400, "64 letters at most"),
        ({"name": "new", "role": "viewer", "password": "short"}, 400, "12 letters at least"),
        ({"name": "new", "role": "king", "password": PASSWORD}, 400, "cannot be done"),
        ({"name": '"><script>', "role": "viewer", "password": PASSWORD}, 400, "64 letters at most"),
        ({}, 400, "64 letters at most"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_what_was_typed_is_kept(
    chief: Visitor, store: Any, fields: dict[str, str], status: int, problem: str
) -> None:
    answer = post(chief, "/admin/accounts", **fields)
    assert (answer.status, problem in answer.body) == (status, True)
    assert (
        f'value="{fields.get("name", "").replace(chr(34), "&quot;").replace(">", "&gt;")[:9]}' in answer.body
    )
    assert "<script>" not in answer.body
    assert PASSWORD not in answer.body
    assert notes(store) == []


def test_a_walls_token_is_shown_once_and_another_ends_the_first(
    chief: Visitor, visitor: New, store: Any
) -> None:
    def token(answer: Answer) -> str:
        found = re.search(rf'value="{chief.origin}/sign-in\?next=/wall#wall=(lobby\.[\w-]+)"', answer.body)
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
        return found[1] if found else ""

    first = token(post(chief, "/admin/accounts", name="lobby", role="wall"))
    kiosk = visitor()
    assert kiosk.ask("POST", "/sign-in", f"token={first}".encode()).status == 303
    assert first not in chief.ask("GET", "/admin/accounts/lobby").body
    second = token(act(chief, "lobby", "secret"))
    assert kiosk.ask("GET", "/account").status == 401
    assert visitor().ask("POST", "/sign-in", f"token={first}".encode()).status == 401
    assert visitor().ask("POST", "/sign-in", f"token={second}".encode()).status == 303
    assert first not in str(notes(store))


def test_another_role_or_password_counts_at_once_and_ends_the_sessions(
    chief: Visitor, visitor: New, store: Any
) -> None:
    browser = visitor()
    for what, fields in (("role", {"role": "viewer"}), ("secret", {"password": "another password"})):
        browser.sign_in("anna")
        assert act(chief, "anna", what, **fields).status == 303
        assert browser.ask("GET", "/account").status == 401
        assert sessions_of(store, "anna") == {}
    assert browser.sign_in("anna").status == 401
    assert browser.sign_in("anna", "another password").status == 303
    assert "anna · viewer" in browser.ask("GET", "/account").body
    assert notes(store)[:2] == [
        ("admin", "changed the role of account anna from operator to viewer"),
        ("admin", "changed the password of account anna"),
    ]


def test_an_admin_sees_anybodys_sessions_ends_them_and_removes_the_account(
    chief: Visitor, visitor: New, store: Any
) -> None:
    browsers = [visitor() for _ in range(3)]
    for browser in browsers:
        browser.sign_in("anna")
    page = chief.ask("GET", "/admin/accounts/anna").body
    first = re.findall(r'name="session" value="(\w+)"', page)[0]
    act(chief, "anna", "end", session=first)
    assert len(sessions_of(store, "anna")) == 2
    act(chief, "anna", "end", all="1")
    assert [browser.ask("GET", "/account").status for browser in browsers] == [401] * 3
    assert act(chief, "anna", "remove").headers["location"] == "/admin?done=removed"
    assert account_of(store, "anna") is None
    assert chief.ask("GET", "/admin/accounts/anna").status == 404
    assert act(chief, "anna", "remove").status == 404
    assert [note for _, note in notes(store)] == [
        f"ended session {first[:12]} of anna",
        "ended every session of anna",
        "removed account anna",
    ]


def test_an_admin_remains(chief: Visitor, store: Any) -> None:
    assert act(chief, "admin", "remove").status == 400
    assert act(chief, "admin", "role", role="viewer").status == 400
    assert account_of(store, "admin").role == "admin"
    page = chief.ask("GET", "/admin/accounts/admin").body
    assert ("/remove" in page, "/role" in page, "This is you" in page) == (False, False, True)


def test_a_wall_becomes_nobody_else_and_the_providers_people_are_the_providers(
    chief: Visitor, store: Any
) -> None:
    store(lambda client: Accounts(client).provide("o@id.example", "viewer", "https://id.example 7"))
    assert act(chief, "wall", "role", role="admin").status == 409
    assert act(chief, "anna", "role", role="wall").status == 400
    assert act(chief, "o@id.example", "role", role="admin").status == 409
    assert act(chief, "o@id.example", "secret", password=PASSWORD).status == 400
    assert act(chief, "o@id.example", "remove").status == 303
    assert account_of(store, "wall").role == "wall"


def test_two_changes_at_once_do_not_bring_back_who_was_removed(store: Any) -> None:
    async def race(client: Redis) -> Any:
        accounts = Accounts(client)
        before = await accounts.find("anna")
        await accounts.remove("anna")
        with pytest.raises(ValueError, match="somebody else"):
            await accounts._replace(before, role="admin")
        return await accounts.find("anna")

    store(lambda client: Accounts(client).add("anna", "viewer", "x"))
    assert store(race) is None


def test_who_may_not_gets_a_page_that_says_so(visitor: New) -> None:
    browser = visitor()
    browser.sign_in()
    answer = browser.ask("GET", "/admin", headers=HTML)
    assert (answer.status, "not for your role, operator" in answer.body) == (403, True)
    assert "anna" not in answer.body


def test_the_audit_is_the_admins(chief: Visitor, visitor: New) -> None:
    browser = visitor()
    browser.sign_in("viewer")
    path = "/api/v1/events?kind=log"
    assert json.loads(browser.ask("GET", path).body)["events"] == []
    acts = {row["event"]["act"] for row in json.loads(chief.ask("GET", path).body)["events"]}
    assert acts == {"audit"}


@pytest.mark.parametrize(
    ("agent", "short"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox 143 · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0.0.0 Safari/537.36 Edg/141.0", "Edge 141 · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/18.1 Safari/605.1", "Safari 18 · macOS"),
        ("curl/8.9\x1b[31m", "curl/8.9[31m"),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_short(agent: str, short: str) -> None:
    assert in_short(agent) == short
