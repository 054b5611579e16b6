"""The ingest benchmark runs, and measures what it says: what it publishes is in the streams."""

from bench.ingest import Rates, compete, sweep
from bench.push import own_store


async def test_a_short_run_measures_every_contender() -> None:
    with own_store() as store_url:
        rates = await compete(store_url, 1, 700)
    for found in (rates.bare, rates.alone, rates.everything, rates.again):
        assert len(found) == 1
        assert all(rate > 0 for rate in found)
    assert rates.ratio(rates.bare) == 1


async def test_a_sweep_is_decoded_and_published_whole() -> None:
    with own_store() as store_url:
        sweeps = await sweep(store_url, 2, 300)
    assert sweeps.payload_bytes > sweeps.entry_bytes > 300 * 100
    assert sweeps.decode_s > 0
    assert sweeps.publish_s > 0


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    rates = Rates(bare=[100, 200, 400], alone=[150, 200, 1_600], everything=[], again=[])
    assert rates.ratio(rates.alone) == 1.5
