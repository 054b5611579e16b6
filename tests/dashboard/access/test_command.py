"""`watchfloor user`: accounts from the terminal, passwords from a pipe, tokens shown once."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from redis.asyncio import Redis

import watchfloor
from config.settings import settings
from dashboard.access.accounts import Accounts
from dashboard.access.sessions import Sessions
from tests.house import free_port

PASSWORD = "correct horse battery"  # noqa: S105
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    store: Any, store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    """Runs the command with a standard input; its exit status and what it printed."""
    monkeypatch.setenv("REDIS_URL", store_url)
    settings.cache_clear()

    def command(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        status = watchfloor.main(["user", *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    yield command
    settings.cache_clear()


def test_an_account_is_added_listed_and_removed(run: Run) -> None:
    assert run("add", "anna", "--role", "operator", stdin=f"{PASSWORD}\n")[0] == 0
    assert re.match(r"anna +operator +since \d{4}-", run("list")[1])
    status, _, problem = run("add", "anna", stdin=PASSWORD)
    assert (status, "there is an account anna already" in problem) == (2, True)
    assert run("remove", "anna")[0] == 0
    assert run("list")[1] == ""
    assert run("remove", "anna")[0] == 2


@pytest.mark.parametrize("name", ["Anna", "a b", "../a", "", "a" * 65, "a.b", "ü"])
def test_a_name_is_plain(run: Run, name: str) -> None:
    assert run("add", name, stdin=PASSWORD)[0] == 2


@pytest.mark.parametrize("password", ["", "short", "x" * 1_100])
def test_a_password_has_its_bounds_and_is_not_repeated(run: Run, password: str) -> None:
    status, out, problem = run("add", "anna", stdin=f"{password}\n")
    assert status == 2
    assert "a password has" in problem
    assert not password or password not in out + problem


def test_a_password_is_no_argument(run: Run) -> None:
    assert run("add", "anna", "--password", PASSWORD)[0] == 2
    assert run("add", "anna", PASSWORD)[0] == 2


def test_a_walls_token_is_shown_once_and_another_replaces_it(run: Run, store: Any) -> None:
    shown = run("add", "hall", "--role", "wall")[1]
    first = re.search(r"#wall=(hall\.[\w-]{43})", shown)
    assert first
    assert first[1] not in run("list")[1]
    before = store(lambda client: Accounts(client).find("hall"))
    second = re.search(r"#wall=(hall\.[\w-]{43})", run("password", "hall")[1])
    assert second
    assert second[1] != first[1]
    after = store(lambda client: Accounts(client).find("hall"))
    assert (before.secret != after.secret, before.stamp != after.stamp) == (True, True)


def test_sessions_are_shown_and_ended(run: Run, store: Any) -> None:
    run("add", "anna", stdin=PASSWORD)

    async def sign_in(client: Redis) -> list[str]:
        account = await Accounts(client).find("anna")
        assert account is not None
        return [(await Sessions(client).begin(account, "10.0.0.1", "Browser\x1b[31m 1"))[0] for _ in range(3)]

    secrets = store(sign_in)
    lines = run("sessions", "anna")[1].splitlines()
    assert len(lines) == 3
    assert all("10.0.0.1" in line and "\x1b" not in line for line in lines)
    assert not any(secret in line for line in lines for secret in secrets)
    assert run("end", lines[0].split()[0])[0] == 0
    assert len(run("sessions")[1].splitlines()) == 2
    assert run("end", lines[0].split()[0])[0] == 2
    assert run("end", "")[0] == 2
    assert run("end")[0] == 2
    assert run("end", "--all", "anna")[1] == "2 ended\n"
    assert run("sessions")[1] == ""


def test_each_change_is_in_the_log_with_who(run: Run, store: Any) -> None:
    run("add", "anna", stdin=PASSWORD)
    run("password", "anna", stdin=PASSWORD + "!")
    run("remove", "anna")

    async def read(client: Redis) -> Any:
        return await client.xrange("wf:{eastern-flank}:log")

    entries = [json.loads(fields[b"event"]) for _, fields in store(read)]
    assert [entry["note"] for entry in entries] == [
        "added account anna with role viewer",
        "changed the password of account anna",
        "removed account anna",
    ]
    assert all(entry["by"].endswith(" at the terminal") for entry in entries)
    assert PASSWORD not in str(entries)


def test_without_a_store_it_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    settings.cache_clear()
    status, _, problem = run("list")
    assert (status, "the store is out of reach" in problem) == (1, True)
