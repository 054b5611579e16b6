"""The replay benchmark measures what it says, on a short history."""

from __future__ import annotations

from pathlib import Path

from bench.replay import film_and_seek
from config.theatre import load_theatre


async def test_a_short_history_is_sought_in_after_each_length(tmp_path: Path) -> None:
    first, last = await film_and_seek(load_theatre(), tmp_path, {"some": 150, "more": 300})
    assert (first.name, first.entries, last.entries) == ("some", 150, 300)
    assert last.reels > first.reels > 0
    for found in (first, last):
        assert 0 < found.p50_ms <= found.p95_ms <= found.most_ms
        assert found.events_per_s > 0
        assert found.disk_mb > 0
