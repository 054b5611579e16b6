"""Sign-in as a browser goes through it: cookies, refusals, the way out, and what is left in the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from redis.asyncio import Redis

from dashboard.access.accounts import Accounts
from dashboard.access.passwords import hashed
from dashboard.access.sessions import Sessions
from dashboard.access.throttle import PAIR
from tests.dashboard.access.conftest import PASSWORD, Visitor

New = Callable[[], Visitor]
HTML = {"Accept": "text/html"}


def audit(store: Any) -> list[dict[str, Any]]:
    async def read(client: Redis) -> Any:
        return await client.xrange("wf:{eastern-flank}:log")

    return [json.loads(fields[b"event"]) for _, fields in store(read)]


def test_nobody_is_led_to_the_sign_in_page_and_back(visitor: New) -> None:
    browser = visitor()
    answer = browser.ask("GET", "/wall?scale=2", headers=HTML)
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in?next=/wall%3Fscale%3D2")
    page = browser.ask("GET", answer.headers["location"], headers=HTML)
    assert page.status == 200
    assert 'name="next" value="/wall?scale=2"' in page.body
    assert page.headers["cache-control"] == "no-store"
    assert "<script>" not in page.body
    entered = browser.sign_in(next="/wall?scale=2")
    assert (entered.status, entered.headers["location"]) == (303, "/wall?scale=2")
    assert browser.ask("GET", "/wall").status == 200


def test_a_question_without_a_session_is_a_problem_and_no_page(visitor: New) -> None:
    answer = visitor().ask("GET", "/api/v1/picture")
    assert answer.status == 401
    assert json.loads(answer.body)["type"] == "urn:watchfloor:problem:sign-in"


def test_the_cookie_is_read_by_no_script_and_sent_by_no_other_site(visitor: New) -> None:
    browser = visitor()
    (cookie,) = browser.sign_in().cookies
    assert cookie.startswith(f"watchfloor-{browser.port}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Secure" not in cookie


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "watch.example", "Origin": "https://watch.example"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.9"},
    ],
)
def test_over_https_the_cookie_is_secure_and_of_this_host_alone(
    visitor: New, headers: dict[str, str]
) -> None:
    form = f"name=anna&password={PASSWORD.replace(' ', '+')}".encode()
    (cookie,) = visitor().ask("POST", "/sign-in", form, headers).cookies
    assert cookie.startswith("__Host-watchfloor=")
    assert "Secure" in cookie


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "wrong wrong wrong"), ("nobody-here", PASSWORD), ("wall", PASSWORD), ("", ""), ("anna", "\0")],
)
def test_what_does_not_fit_is_refused_in_the_same_words(visitor: New, name: str, password: str) -> None:
    answer = visitor().sign_in(name, password)
    assert answer.status == 401
    assert "That did not fit" in answer.body
    assert answer.cookies == []
    assert answer.body == visitor().sign_in("anna", "also quite wrong").body


def test_for_an_account_that_is_not_there_as_much_is_computed(
    visitor: New, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(lambda client: Accounts(client).set_secret("anna", hashed(PASSWORD)))
    computed = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, kept: str, password: str) -> bool:
        computed.append(extract_parameters(kept))
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for name in ("anna", "absent"):
        assert visitor().sign_in(name, "wrong wrong wrong").status == 401
    there, absent = computed
    assert absent == there
    # RFC 9106, the second recommended choice.
    assert (there.type, there.memory_cost, there.time_cost) == (Type.ID, 65_536, 3)


def test_a_sixth_wrong_try_waits_even_with_the_right_password(visitor: New) -> None:
    for _ in range(PAIR.tries):
        assert visitor().sign_in("anna", "wrong wrong wrong").status == 401
    assert visitor().sign_in("anna").status == 429
    # Another account from the same place may still try.
    assert visitor().sign_in("viewer").status == 303


def test_a_right_try_clears_the_count(visitor: New) -> None:
    for _ in range(2):
        for _ in range(PAIR.tries - 1):
            assert visitor().sign_in("anna", "wrong wrong wrong").status == 401
        assert visitor().sign_in("anna").status == 303


@pytest.mark.parametrize(
    "onward",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/wall\r\nSet-Cookie: a=b",
        "/sign-in",
        "",
        "wall",
        "/" + "a" * 2_000,
    ],
)
def test_after_sign_in_a_browser_goes_only_to_a_path_of_ours(visitor: New, onward: str) -> None:
    answer = visitor().sign_in(next=onward)
    assert (answer.status, answer.headers["location"]) == (303, "/wall")
    assert "set-cookie: a=b" not in str(answer.headers)


def test_what_was_asked_for_is_text_on_the_page(visitor: New) -> None:
    hostile = '/"><script>alert(1)</script>'
    answer = visitor().sign_in("anna", "wrong wrong wrong", next=hostile)
    assert "<script>alert" not in answer.body
    assert "&lt;script&gt;" in answer.body


def test_a_walls_token_is_exchanged_for_a_cookie(visitor: New, people: dict[str, str]) -> None:
    kiosk = visitor()
    answer = kiosk.ask("POST", "/sign-in", f"token={people['wall']}&next=/wall".encode())
    assert (answer.status, answer.headers["location"]) == (303, "/wall")
    assert people["wall"].split(".")[1] not in str(answer)
    assert kiosk.ask("GET", "/wall").status == 200
    assert kiosk.ask("GET", "/api/v1/events").status == 403


@pytest.mark.parametrize("token", ["wall.guessed", "wall", ".", "anna." + PASSWORD, "admin.", "ü.ü"])
def test_another_token_is_refused(visitor: New, token: str) -> None:
    assert visitor().ask("POST", "/sign-in", f"token={token}".encode()).status == 401


def test_out_is_out(visitor: New) -> None:
    browser = visitor()
    browser.sign_in()
    secret = dict(browser.cookies)
    assert browser.ask("GET", "/account").body.count("anna · operator") == 1
    answer = browser.ask("POST", "/sign-out")
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in")
    assert browser.cookies == {}
    browser.cookies = secret
    assert browser.ask("GET", "/wall").status == 401


def test_who_signs_in_again_leaves_no_session_behind(visitor: New, store: Any) -> None:
    browser = visitor()
    browser.sign_in()
    first = dict(browser.cookies)
    browser.sign_in()
    assert browser.cookies != first
    assert len(store(lambda client: Sessions(client).of("anna"))) == 1


async def end_all(client: Redis) -> None:
    for session in await Sessions(client).of("anna"):
        await Sessions(client).end("anna", session)


@pytest.mark.parametrize(
    "act",
    [
        end_all,
        lambda client: Accounts(client).set_secret("anna", "another"),
        lambda client: Accounts(client).remove("anna"),
    ],
    ids=["ended", "another password", "removed"],
)
def test_a_session_that_is_over_is_refused_at_once(visitor: New, store: Any, act: Any) -> None:
    browser = visitor()
    browser.sign_in()
    assert browser.ask("GET", "/wall").status == 200
    store(act)
    assert browser.ask("GET", "/wall").status == 401
    assert browser.ask("POST", "/api/v1/ticket").status == 401


def test_the_store_has_no_secret_as_it_is(visitor: New, store: Any, people: dict[str, str]) -> None:
    browser = visitor()
    browser.sign_in()
    visitor().ask("POST", "/sign-in", f"token={people['wall']}".encode())
    ticket = json.loads(browser.ask("POST", "/api/v1/ticket").body)["ticket"]

    async def everything(client: Redis) -> str:
        found = []
        for key in await client.keys("*"):
            kind = await client.type(key)
            read = {
                b"string": client.get,
                b"hash": client.hgetall,
                b"set": client.smembers,
                b"stream": client.xrange,
            }[kind]
            found.append((key, await read(key)))
        return str(found)

    held = store(everything)
    assert "wf:{access}:accounts" in held
    for secret in (PASSWORD, people["wall"], people["wall"].split(".")[1], ticket, *browser.cookies.values()):
        assert secret not in held


def test_the_log_tells_who_came_went_and_failed_and_no_secret(visitor: New, store: Any) -> None:
    browser = visitor()
    browser.sign_in("anna", "wrong wrong wrong")
    browser.sign_in("my-password-in-the-wrong-field", "x")
    browser.sign_in()
    browser.ask("POST", "/sign-out")
    entries = audit(store)
    assert [(entry["act"], entry["by"]) for entry in entries] == [
        ("audit", "nobody"),
        ("audit", "nobody"),
        ("audit", "anna"),
        ("audit", "anna"),
    ]
    assert "sign-in failed for anna from 127.0.0.1" in entries[0]["note"]
    assert "my-password" not in str(entries)
    assert "wrong wrong" not in str(entries)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/api/v1/ticket", "/_dash-update-component"])
def test_an_act_from_another_page_is_refused(visitor: New, path: str, headers: dict[str, str]) -> None:
    browser = visitor()
    answer = browser.ask("POST", path, b"name=anna", headers)
    assert answer.status == 403
    assert json.loads(answer.body)["type"] == "urn:watchfloor:problem:origin"


def test_sec_fetch_site_alone_will_do(visitor: New) -> None:
    headers = {"Origin": "", "Sec-Fetch-Site": "same-origin"}
    assert visitor().ask("POST", "/sign-in", b"name=a", headers).status == 401


def test_a_body_that_is_too_large_is_refused(visitor: New) -> None:
    assert visitor().ask("POST", "/sign-in", b"name=" + b"a" * 70_000).status == 413


def test_a_form_of_too_many_fields_is_nobody(visitor: New) -> None:
    assert visitor().ask("POST", "/sign-in", b"&".join(b"a=b" for _ in range(99))).status == 401


def test_each_ticket_is_another(visitor: New) -> None:
    browser = visitor()
    browser.sign_in()
    first, second = (json.loads(browser.ask("POST", "/api/v1/ticket").body) for _ in range(2))
    assert first["ticket"] != second["ticket"]
    assert (first["name"], first["role"], first["open"]) == ("anna", "operator", False)
