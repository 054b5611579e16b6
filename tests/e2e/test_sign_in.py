"""Sign-in in a browser, on the whole house: in, onto the wall, and out by an end from the terminal."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Wall
from tests.house import ROOT, House
from tests.promises import promised

pytestmark = [pytest.mark.e2e, pytest.mark.alone]
PASSWORD = "correct horse battery"  # noqa: S105


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that people sign in to."""
    house = House(tmp_path_factory.mktemp("guarded"), speed=300)
    house.environment["WATCHFLOOR_SIGN_IN"] = "local"
    house.start()
    yield house
    house.close()


def user(house: House, *words: str, stdin: str = "") -> str:
    """`watchfloor user …` at this house's terminal; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "watchfloor", "user", *words],
        cwd=ROOT,
        env=house.environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_person_signs_in_by_keyboard_and_is_sent_away_when_the_session_is_ended(
    guarded: House, browser: Browser
) -> None:
    user(guarded, "add", "anna", "--role", "operator", stdin=PASSWORD)
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{guarded.wall}?scale=1.5")
    assert urlsplit(page.url).path == "/sign-in"
    sign_in(page, "anna")
    page.wait_for_url(f"{guarded.wall}?scale=1.5")
    wall = Wall(page)
    wall.until_playing()
    wall.until_text("#access", "anna · operator")
    assert said == []

    (session,) = user(guarded, "sessions", "anna").splitlines()
    user(guarded, "end", session.split()[0])
    with promised(3):
        page.wait_for_url("**/sign-in?next=*")
    page.close()


def test_a_kiosk_signs_in_by_its_address_and_leaves_no_token_in_it(
    guarded: House, open_wall: Callable[[str], Wall]
) -> None:
    shown = user(guarded, "add", "hall", "--role", "wall")
    address = shown[shown.index("http") :].strip()
    wall = open_wall(address)
    wall.page.wait_for_url(guarded.wall)
    wall.until_playing()
    wall.until_text("#access", "hall · wall")
    assert "wall=" not in wall.page.url
    token = address.split("#wall=")[1]
    assert wall.page.evaluate("document.cookie") == ""
    for name in ("web", "gateway"):
        assert token not in guarded.log(name)


def test_a_wrong_token_asks_once(guarded: House, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{guarded.wall.replace('/wall', '/sign-in')}?next=/wall#wall=hall.guessed")
    page.wait_for_selector(".problem")
    assert page.inner_text(".problem").startswith("That did not fit")
    assert "guessed" not in page.url
    page.close()


def test_an_admin_adds_a_person_by_keyboard_and_ends_the_session(
    guarded: House, open_wall: Callable[[str], Wall], browser: Browser
) -> None:
    user(guarded, "add", "chief", "--role", "admin", stdin=PASSWORD)
    start = guarded.wall.removesuffix("/wall")
    admin = open_wall(f"{start}/admin").page
    sign_in(admin, "chief")
    admin.wait_for_url(f"{start}/admin")
    admin.focus("#name")
    for typed in ("olena", "operator", PASSWORD):
        admin.keyboard.type(typed)
        admin.keyboard.press("Tab")
    admin.keyboard.press("Enter")
    admin.wait_for_selector("[role=status]")
    assert admin.inner_text("[role=status]") == "The account is added."
    # Nothing here needs a script: one of ours, from a file, dresses the page.
    assert admin.evaluate(
        "[...document.scripts].map(({ src, text }) => src.split('/').at(-1).split('?')[0] + text)"
    ) == ["theme.js"]
    fields = "[...document.querySelectorAll('input:not([type=hidden]),select')]"
    assert admin.evaluate(f"{fields}.every((field) => field.labels.length)")

    elsewhere = browser.new_context()
    person = elsewhere.new_page()
    person.goto(f"{start}/account")
    sign_in(person, "olena")
    person.wait_for_selector("text=olena · operator")
    assert person.locator("tbody tr").count() == 1
    admin.click("text=olena")
    admin.wait_for_selector("h2:has-text('olena · operator')")
    admin.get_by_role("button", name="End the session from 127.0.0.1").press("Enter")
    admin.wait_for_selector("text=The session is ended.")
    person.reload()
    person.wait_for_url("**/sign-in?next=/account")
    elsewhere.close()


def sign_in(page: Page, name: str) -> None:
    """Fill in the sign-in page that a browser was led to."""
    page.wait_for_selector("#name:focus")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_without_sign_in_the_wall_says_so(house: House, open_wall: Callable[[str], Wall]) -> None:
    house.start()
    wall = open_wall(house.wall)
    wall.until_playing()
    wall.until_text("#access", "open · no sign-in")
