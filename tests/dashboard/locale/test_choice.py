"""Which language an answer is in, and how it is remembered."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.locale.choice import COOKIE, Choice, chosen
from dashboard.locale.speech import SPOKEN

PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "lang"),
    [
        ("", "", "", "en"),
        ("pl", "uk", "fr", "pl"),
        ("", "uk", "fr", "uk"),
        ("de", "xx", "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("", "", "de,pl;q=0.7,en;q=0.8", "en"),
        ("", "", "uk-UA", "uk"),
        ("", "", "pl;q=0", "en"),
        ("", "", "pl;q=much, *", "en"),
        ("", "", "," * 1_000, "en"),
    ],
)
def test_the_address_goes_before_the_choice_and_that_before_the_browser(
    asked: str, kept: str, accepted: str, lang: str
) -> None:
    assert chosen(asked, kept, accepted) == lang


@pytest.fixture
def client() -> TestClient:
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(SPOKEN.get())

    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
    app.add_middleware(Choice)
    return TestClient(app)


def test_a_page_asked_for_in_a_language_is_remembered(client: TestClient) -> None:
    assert client.get("/?lang=pl", headers=PAGE).text == "pl"
    assert client.cookies[COOKIE] == "pl"
    assert client.get("/", headers={**PAGE, "Accept-Language": "fr"}).text == "pl"


def test_no_other_answer_is(client: TestClient) -> None:
    for answer in (
        client.get("/?lang=pl"),
        client.post("/?lang=pl", headers=PAGE),
        client.get("/?lang=xx", headers=PAGE),
    ):
        assert "set-cookie" not in answer.headers


def test_the_cookie_is_for_scripts_too_and_goes_to_no_other_site(client: TestClient) -> None:
    cookie = client.get("/?lang=uk", headers=PAGE).headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=uk")
    assert "samesite=lax" in cookie
    assert "httponly" not in cookie
