"""The push benchmark runs: its children answer, its frames arrive, and are of the size that it says."""

import pytest

from bench.push import Contender, Sender, measure, own_store
from bench.push_servers import EVERY_S, FRAME_BYTES
from streams.store import connect

ROUNDS = 5
"""One will do, unless the machine stands still in it."""


@pytest.mark.parametrize("name", ["bare", "ours"])
async def test_a_short_round_measures_what_it_says(name: str) -> None:
    with own_store() as store_url:
        client = connect(store_url)
        contender = await Contender.start(name, store_url)
        try:
            for _ in range(ROUNDS):
                found = await measure(contender, Sender(client), 3, 2 * EVERY_S, 3 * EVERY_S)
                if found["delivered"] > 0.5 and found["p50_ms"] < 1_000:
                    break
        finally:
            await contender.server.stop()
            await client.aclose()
    assert found["delivered"] > 0.5
    assert 0 < found["p50_ms"] < 1_000
    assert abs(found["frame_bytes"] - FRAME_BYTES) < 100
