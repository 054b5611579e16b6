"""Breaking it: what the person at the wall sees, and that nothing is lost."""

import signal
from collections.abc import Callable

import pytest

from streams.codec import decode
from streams.events import ExerciseClock, FeedHealth
from streams.names import STREAMS, key
from tests.e2e.conftest import Wall
from tests.house import House
from tests.promises import promised

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


def entries(house: House) -> list[tuple[str, int]]:
    """Every event of the night in the store, by id and revision, clocks and health left out."""
    with house.store() as store:
        rows = [row for stream in STREAMS for row in store.xrange(key("eastern-flank", stream))]
    events = [decode(fields[b"event"]) for _, fields in rows]
    return [(one.id, one.revision) for one in events if not isinstance(one, FeedHealth | ExerciseClock)]


def test_a_lost_gateway_is_said_within_two_seconds_and_healed_within_three(
    house: House, open_wall: Callable[[str], Wall]
) -> None:
    house.start()
    wall = open_wall(house.wall)
    wall.until_playing()
    wall.page.evaluate("window.stillTheSamePage = true")

    for how in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
        if how is signal.SIGSTOP:
            house.freeze("gateway")
        else:
            house.stop("gateway", how)
        with promised(2):
            wall.until_kind("link-lost")
        assert "LINK LOST" in wall.text("#mark-link")
        assert wall.page.is_visible("#banner")

        if how is signal.SIGSTOP:
            house.thaw("gateway")
        else:
            house.start("gateway")
        with promised(3):
            wall.until_playing()
        assert not wall.page.is_visible("#banner")
    wall.until_kind("exercise-ended")
    assert wall.page.evaluate("window.stillTheSamePage") is True

    fresh = open_wall(house.wall)
    fresh.until_kind("exercise-ended")
    for selector in ("#tonight", "#scrambles-list", "#alerts-list", "#statements-list"):
        assert wall.text(selector) == fresh.text(selector)


def test_a_killed_store_and_a_killed_ingest_lose_nothing_that_was_acknowledged_and_the_night_goes_on(
    house: House, open_wall: Callable[[str], Wall]
) -> None:
    house.environment["WATCHFLOOR_STORE_FLUSH"] = "always"
    house.start()
    wall = open_wall(house.wall)
    wall.until("Object.keys(globalThis.watchfloor?.picture?.tree?.threats ?? {}).length > 0")

    house.stop("ingest", signal.SIGKILL)
    # A clock that is told no more is not let run on.
    wall.until_kind("exercise-lost")
    house.start("ingest")
    wall.until_playing()

    answer = house.post(
        {
            "text": "Russia launched 472 drones at Ukraine in the night, Ukraine's air force said.",
            "published_at": "2025-06-01T08:00+03:00",
        }
    )
    acknowledged = entries(house)

    house.stop("store", signal.SIGKILL)
    wall.until_kind("store-lost")
    assert wall.page.is_visible("#banner")
    refused = house.post({"text": "Anything."})
    assert refused["field"] == "store"

    house.start("store")
    kept = entries(house)
    assert set(acknowledged) <= set(kept)
    assert {event["event_id"] for event in answer["events"]} <= {one for one, _ in kept}
    wall.until_playing()
    wall.until_kind("exercise-ended")

    assert wall.counters()["uav-launched"] == "479"
    all_entries = entries(house)
    assert len(all_entries) == len(set(all_entries))
