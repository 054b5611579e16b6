"""What tests of the dashboard share: in them a program waits as long as a test does."""

from __future__ import annotations

import pytest

from tests.promises import PATIENCE_S

IMPATIENCE = (
    "dashboard.access.provider.ANSWER_WITHIN_S",
    "dashboard.access.provider.CONNECT_WITHIN_S",
    "dashboard.access.tickets.WITHIN_S",
    "dashboard.acts.forward.ANSWER_WITHIN_S",
    "dashboard.acts.forward.CONNECT_WITHIN_S",
    "streams.store.ANSWER_WITHIN_S",
)
"""After which somebody who does not answer is given up, which a machine that stands still does not."""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is given up because the machine stood still."""
    for name in IMPATIENCE:
        monkeypatch.setattr(name, PATIENCE_S)
