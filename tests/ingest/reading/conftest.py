"""The theatre, and a short way to read a text published on the morning of 9 June 2025."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from config.theatre import Theatre, load_theatre
from ingest.reading.reader import read, scene_of
from ingest.reading.reading import Reading
from ingest.reading.scene import Scene

MORNING = datetime(2025, 6, 9, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    return load_theatre()


@pytest.fixture
def read_text(theatre: Theatre) -> Callable[..., list[Reading]]:
    def run(text: str, published_at: datetime | None = MORNING) -> list[Reading]:
        return read(text, published_at=published_at, theatre=theatre)

    return run


@pytest.fixture
def scene(theatre: Theatre) -> Callable[..., Scene]:
    def run(text: str, published_at: datetime | None = MORNING) -> Scene:
        return scene_of(text, published_at=published_at, theatre=theatre)

    return run


@pytest.fixture
def facts(read_text: Callable[..., list[Reading]]) -> Callable[..., dict[str, Any]]:
    """The facts of the only current reading of a kind."""

    def run(text: str, kind: str = "raid_report", published_at: datetime | None = MORNING) -> dict[str, Any]:
        found = [one for one in read_text(text, published_at) if one.kind == kind and not one.quoted]
        assert len(found) == 1, found
        return found[0].facts

    return run
