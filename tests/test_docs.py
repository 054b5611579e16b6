"""The documents are about this code: every setting, command, event kind and dependency stands in them."""

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec import Struct

import watchfloor
from config.feeds import FeedConfig, load_feeds
from config.settings import Settings, variable
from config.theatre import load_theatre
from dashboard.access.roles import ROUTES
from ingest.acts.asked import Asked
from ingest.formats import FORMATS
from streams.names import QUARANTINE, REVIEW, STREAMS

ROOT = Path(__file__).parents[1]


def document(name: str) -> str:
    return (ROOT / name).read_text()


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(field: str) -> None:
    (row,) = [
        line for line in document("docs/settings.md").splitlines() if f"`{variable(field)}`" in line[:60]
    ]
    default = str(Settings.model_fields[field].default)

    assert f"`{default}`" in row or (not default and "| |" in row)


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)`", document("docs/settings.md"), re.M))

    assert documented == {variable(field) for field in Settings.model_fields}


@pytest.mark.parametrize("command", watchfloor.COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"`watchfloor {command}" in document("docs/commands.md")
    assert watchfloor.COMMANDS[command].__doc__


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_of_a_feed_is_documented(format_: str) -> None:
    assert f"| `{format_}` |" in document("docs/feeds.md")


@pytest.mark.parametrize("key", FeedConfig.__struct_fields__[1:])
def test_every_key_of_a_feed_is_documented(key: str) -> None:
    assert f"`{key}`" in document("docs/feeds.md")


def test_every_feed_of_the_catalogue_can_be_run_and_is_off() -> None:
    feeds = load_feeds(load_theatre())

    assert len(feeds) > 15
    assert not any(feed.on for feed in feeds)
    assert {feed.format for feed in feeds} <= set(FORMATS)


@pytest.mark.parametrize("stream", [*STREAMS, QUARANTINE, REVIEW])
def test_every_stream_is_documented(stream: str) -> None:
    assert f"`:{stream}`" in document("docs/streams.md")


@pytest.mark.parametrize("act", get_args(Asked), ids=lambda act: str(act.__struct_config__.tag))
def test_every_act_is_documented_with_its_fields(act: type[Struct]) -> None:
    rows = [line for line in document("docs/acts.md").splitlines() if line.startswith("| `")]
    (row,) = [line for line in rows if f"`{act.__struct_config__.tag}`" in line.split("|")[1]]

    for field in set(act.__struct_fields__) - {"once"}:
        assert f"`{field}`" in row, field


@pytest.mark.parametrize("path", sorted({path for _, path in ROUTES if path.startswith("/api/v1/")}))
def test_every_route_of_the_api_is_documented(path: str) -> None:
    documents = "".join(file.read_text() for file in (ROOT / "docs").glob("*.md"))

    assert path.partition("{")[0] in documents


def test_every_dependency_has_its_reason() -> None:
    reasons = document("docs/dependencies.md")
    for file in ("requirements.in", "requirements-test.in"):
        for line in document(file).splitlines():
            if name := re.match(r"[a-z][a-z0-9_-]*", line):
                assert f"`{name[0]}`" in reasons, name[0]


def test_every_dependency_is_pinned_by_hash() -> None:
    for file in ("requirements.txt", "requirements-test.txt"):
        pins = re.findall(r"^[a-z0-9][^\n]*==(?:[^\n]*\\\n)*[^\n]*", document(file), re.M)
        assert len(pins) > 40
        for pin in pins:
            assert "--hash=sha256:" in pin, pin.splitlines()[0]


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    readme = document("README.md")

    assert len(readme.splitlines()) < 120
    for link in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (ROOT / link).exists(), link
