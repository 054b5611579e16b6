"""Tables of our own to import, and how they are read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from config.theatre import Theatre, load_theatre
from ingest.importing.table import Table
from tests.house import SHARED

Open = Callable[[str], Table]


@pytest.fixture(scope="session")
def theatre() -> Theatre:
    return load_theatre("eastern-flank")


@pytest.fixture
def opened() -> Open:
    """Opens a text as a table."""
    return lambda text: Table(io.BytesIO(text.encode()))


@pytest.fixture(scope="session")
def history() -> Path:
    """The real tables, where they are."""
    folder = SHARED / "data"
    if not (folder / "sirens").is_dir():
        pytest.skip("../shared/data is not here")
    return folder
