"""The stage on a real store and real sockets: the controls, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.dashboard.replay.conftest import Viewer

Meet = Callable[..., Awaitable["Viewer"]]
pytestmark = pytest.mark.alone


async def test_a_seek_shows_the_picture_of_that_instant(meet: Meet, begun: dt.datetime) -> None:
    viewer = await meet()
    await viewer.until_type("welcome")
    await viewer.until_type("snapshot")
    later = begun + dt.timedelta(hours=3, milliseconds=250)
    await viewer.say(type="seek", at=later)
    await viewer.until_at(later)
    assert (viewer.picture or {})["alerts"]
