"""One night in several languages, and a row of a table: one claim with several witnesses, and no sum."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.exercise import load_exercise
from ingest.documents import Document
from ingest.reading.reader import read
from ingest.reports import events_of
from streams.events import Count, Quantities, RaidReport

if TYPE_CHECKING:
    from config.theatre import Theatre
    from tests.dashboard.picture.conftest import Watch

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
KEY = "ua-air-force|RU|national|2025-06-09"
ROW = RaidReport(
    id="attacks-table:1",
    status="actual",
    feed="attacks-table",
    claimant="ua-air-force",
    attacker="RU",
    valid_from=dt.datetime(2025, 6, 8, 17, tzinfo=dt.UTC),
    valid_to=dt.datetime(2025, 6, 9, 7, 30, tzinfo=dt.UTC),
    launched=Quantities(uav=Count(value=479), missile=Count(value=21)),
    shot_down=Quantities(uav=Count(value=277)),
    suppressed=Quantities(uav=Count(value=183)),
)


def hear_text(watch: Watch, theatre: Theatre, text: str, feed: str, published_at: dt.datetime) -> None:
    document = Document(name=feed, text=text, feed=feed, status="actual", published_at=published_at)
    for event in events_of(document, read(text, published_at=published_at, theatre=theatre), theatre):
        watch.hear(event, at=published_at)


def check(watch: Watch) -> None:
    tonight = {key: claim for key, claim in watch.view["claims"].items() if claim.get("tonight")}
    national = [key for key in tonight if key.startswith("ua-air-force")]
    assert national == [KEY]
    claim = tonight[KEY]
    assert claim["launched"]["uav"] == {"value": 479}
    assert claim["neutralised"]["uav"] == {"value": 460}
    assert claim["shot_down"]["uav"] == {"value": 277}
    assert len({each["feed"] for each in claim["witnesses"].values()}) >= 3
    assert watch.view["tally"]["claim"] == KEY
    assert watch.view["tally"]["rates"]["uav"] == 96.0
    assert "night" not in watch.view["tally"]


def test_our_own_texts_and_a_row_of_the_table_are_one_claim(watch: Watch, theatre: Theatre) -> None:
    exercise = load_exercise("seed-night", theatre)
    for document in exercise.documents:
        hear_text(watch, theatre, document.text, document.feed, document.published_at)
    watch.hear(ROW, at="12:00")
    check(watch)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared/seeds")
def test_the_seed_articles_a_row_of_the_table_and_our_own_text_are_one_claim(
    watch: Watch, theatre: Theatre
) -> None:
    exercise = load_exercise("seed-night", theatre)
    ours = next(each for each in exercise.documents if "air-force-morning" in each.file)
    hear_text(watch, theatre, ours.text, ours.feed, ours.published_at)
    for path in sorted(SEEDS.glob("*.txt")):
        published_at = dt.datetime(2025, 6, 9, 10, tzinfo=dt.UTC)
        hear_text(watch, theatre, path.read_text(encoding="utf-8"), path.stem[:3], published_at)
    watch.hear(ROW, at="12:00")
    check(watch)
    assert watch.view["claims"][KEY]["variants"] == {"launched.missile": {"21": (ROW.id,)}}
