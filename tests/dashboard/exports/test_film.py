"""What was shown in a stretch, by whichever way it is found."""

from __future__ import annotations

import pytest

from dashboard.exports.asked import Here
from dashboard.exports.film import film
from tests.dashboard.exports.conftest import EVENING, THEATRE, asked, at


@pytest.mark.parametrize("known", ["then", "now"])
async def test_what_was_known_then_is_not_what_is_known_now(here: Here, known: str) -> None:
    filmed = await film(asked("html", known=known), here, THEATRE, lambda _: None)

    early = filmed.tree(at(60))
    launched = [claim["launched"]["uav"].get("value") for claim in early["claims"].values()]
    assert launched == ([] if known == "then" else [479, None])
    assert filmed.blocks[0].start_ms <= 1_000 * EVENING.timestamp()
    assert [each["state"] for each in filmed.tree(at(150))["scrambles"].values()] == ["start"]
    assert [each["state"] for each in filmed.last["scrambles"].values()] == ["end"]
    assert filmed.tree(at(90))["alerts"].keys() != filmed.tree(at(460))["alerts"].keys()
