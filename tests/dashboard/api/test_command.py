"""The command: the picture as JSON on standard output, and what it says where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from config.settings import settings
from dashboard.api.command import picture_command
from streams.events import Event
from tests.dashboard.api.conftest import a_night
from tests.house import free_port

Publish = Callable[[Sequence[Event]], None]


@pytest.fixture
def read_settings() -> Iterator[None]:
    """The settings are read anew, before and after."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def house(store_url: str, monkeypatch: pytest.MonkeyPatch, read_settings: None) -> None:
    """The command reads the store of the tests, and is of an installation in its default exercise."""
    monkeypatch.setenv("REDIS_URL", store_url)


@pytest.mark.usefixtures("house")
def test_it_prints_the_picture_about_an_instant(publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    publish(a_night())
    assert picture_command(["--at", "2025-06-09T02:00:00Z"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {
        "at",
        "alerts",
        "tallies",
        "scrambles",
        "threats",
        "tracks",
        "markers",
        "strikes",
        "statements",
        "restrictions",
        "trend",
        "records",
        "advisories",
        "feeds",
    } <= answer.keys()
    assert answer["at"] == "2025-06-09T02:00:00Z"
    assert answer["status"] == "actual"
    assert answer["tallies"][0]["launched"]["uav"] == 479


@pytest.mark.usefixtures("house")
def test_it_knows_only_what_was_known_then(publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    publish(a_night())
    arguments = ["--at", "2025-06-09T02:00:00Z", "--known-at", "2025-06-09T02:00:00Z"]
    assert picture_command([*arguments, "--pretty"]) == 0
    assert json.loads(capsys.readouterr().out)["tallies"] == []


@pytest.mark.usefixtures("house")
def test_it_shows_an_exercise_where_only_that_has_something(
    publish: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(a_night("exercise"))
    assert picture_command(["--at", "2025-06-09T02:00:00Z"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "exercise"


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "arguments", [["--at", "noon"], ["--known-at", "2025-06-09"], ["--status", "test"], ["--when"], ["now"]]
)
def test_what_makes_no_sense_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert picture_command(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert arguments[0] in said.err


def test_it_says_that_the_store_is_away(
    monkeypatch: pytest.MonkeyPatch, read_settings: None, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    assert picture_command([]) == 1
    assert "out of reach" in capsys.readouterr().err


def test_it_prints_the_openapi_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert picture_command(["--openapi"]) == 0
    published = Path(__file__).parents[3] / "docs" / "openapi.json"
    assert capsys.readouterr().out == published.read_text()
