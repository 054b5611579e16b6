"""The seed night, from texts to the glass."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Wall
from tests.house import SHARED, House

pytestmark = pytest.mark.e2e
SEEDS = SHARED / "seeds"


def assert_tells_the_night(wall: Wall) -> None:
    assert wall.counters() == {
        "uav-launched": "479",
        "uav-neutralised": "460",
        "missiles": "20",
        "impacts": "10",
    }
    assert "19 neutralised" in wall.text("#missiles")
    assert "472" in wall.text("#uav-launched")
    assert "PL" in wall.text("#scrambles-list")


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose night has not begun; the tests below play it once and look at it one after another."""
    house = House(tmp_path_factory.mktemp("night"))
    try:
        house.start("store", "gateway", "web")
        yield house
    finally:
        house.close()


@pytest.fixture
def played(still: House) -> House:
    """The house whose night has begun."""
    if not still.answers("ingest"):
        still.start("ingest")
    return still


def test_the_night_plays_through_the_real_pipeline_to_the_glass(
    still: House, open_wall: Callable[[str], Wall]
) -> None:
    wall = open_wall(still.wall)
    wall.until("!!globalThis.watchfloor?.picture?.tree")
    assert wall.counters() == {"uav-launched": "—", "uav-neutralised": "—", "missiles": "—", "impacts": "—"}

    still.start("ingest")
    wall.until_playing()
    assert "EXERCISE" in wall.text("#mark-status")
    wall.until_text("#scrambles-list", "PL")
    wall.until_text("#uav-launched-value", "479")
    wall.until_kind("exercise-ended")

    assert_tells_the_night(wall)
    assert "allied" in wall.text("#scrambles-list").lower()
    statements = wall.text("#statements-list")
    assert "400 %" in statements
    assert "Kremlin" in statements


def test_a_second_wall_opened_late_shows_the_same(played: House, open_wall: Callable[[str], Wall]) -> None:
    first = open_wall(played.wall)
    first.until_kind("exercise-ended")

    second = open_wall(played.wall)
    second.until_kind("exercise-ended")

    for selector in ("#tonight", "#scrambles-list", "#alerts-list", "#statements-list"):
        assert second.text(selector) == first.text(selector)


def test_a_text_that_cannot_be_taken_is_refused_and_disturbs_nothing(
    played: House, open_wall: Callable[[str], Wall]
) -> None:
    refused = played.post({"text": "", "published_at": "2025-06-09"})

    assert (refused["field"], refused["reason"]) == ("text", "is empty")
    with played.store() as store:
        assert store.xlen("wf:{eastern-flank}:quarantine") == 1
    wall = open_wall(played.wall)
    wall.until_text("#uav-launched-value", "479")


def test_hostile_words_stay_words(played: House, open_wall: Callable[[str], Wall]) -> None:
    wall = open_wall(played.wall)
    wall.until_kind("exercise-ended")
    hostile = "<img src=x onerror=document.documentElement.dataset.kind='owned'>"

    answer = played.post(
        {
            "text": "Two drones fell on the grounds of the VNIIR plant in Cheboksary, the governor, Oleg "
            "Nikolayev, said. NATO secretary general Mark Rutte called for 400 % more air defence: "
            f'"{hostile}".',
            "published_at": "2025-06-09T05:00+03:00",
            "title": hostile,
        }
    )

    assert answer["events"]
    wall.until("JSON.stringify(watchfloor.picture.tree).includes('onerror')")
    wall.page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300, true)))"
    )
    assert wall.kind == "exercise-ended"
    assert wall.page.query_selector("img[src='x']") is None


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed articles are only beside a developer's checkout")
def test_the_seed_articles_themselves_tell_the_night(
    tmp_path: Path, open_wall: Callable[[str], Wall]
) -> None:
    house = House(tmp_path, speed=1)
    try:
        house.start()
        wall = open_wall(house.wall)
        wall.until_playing()
        for path in sorted(SEEDS.glob("*.txt")):
            answer = house.post({"text": path.read_text(), "published_at": "2025-06-09", "title": path.name})
            assert answer["readings"], path.name
        for selector, words in (
            ("#uav-launched-value", "479"),
            ("#missiles-value", "20"),
            ("#impacts-value", "10"),
            ("#scrambles-list", "PL"),
            ("body", "VNIIR"),
        ):
            wall.until_text(selector, words)
        assert_tells_the_night(wall)
        statements = wall.text("#statements-list")
        assert "400 %" in statements
        assert "5 %" in statements
        assert "Kremlin" in statements
    finally:
        house.close()
