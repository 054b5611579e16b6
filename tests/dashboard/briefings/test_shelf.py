"""Briefings are kept by version; what came second is told so, and nothing that was kept is changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from dashboard.briefings.shelf import (
    Briefing,
    BriefingError,
    Chapter,
    Shelf,
    StaleError,
    checked,
    load_briefing,
)

EVENING = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def night(title: str = "Night of 8–9 June", **fields: object) -> Briefing:
    chapters = (
        Chapter(at=EVENING + 5 * HOUR, title="Poland scrambles", note="48 minutes later.", pause=True),
        Chapter(at=EVENING + 2 * HOUR, title="First alert", view={"map": [24.5, 50.0, 6.2]}),
    )
    whole = Briefing(title=title, theatre="t", from_=EVENING, to=EVENING + 21 * HOUR, chapters=chapters)
    return msgspec.structs.replace(whole, **fields)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, "t")


def test_each_version_stays_as_it_was_saved(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.save(night(), by="anna")
    second = shelf.save(night("Corrected"), by="eva", briefing_id=first.id, version=1)

    assert (first.version, second.version, second.id) == (1, 2, first.id)
    assert shelf.load(first.id) == second
    assert shelf.load(first.id, 1) == first
    assert shelf.load(first.id, 3) is None
    assert [chapter.title for chapter in (first.briefing or night()).chapters] == [
        "First alert",
        "Poland scrambles",
    ]
    assert load_briefing(tmp_path, "t", first.id) == second.briefing
    assert shelf.newest() == [second]
    assert not [name for name in (shelf.folder / first.id).iterdir() if name.name.startswith(".")]


def test_who_comes_second_is_told_what_the_first_saved(shelf: Shelf) -> None:
    first = shelf.save(night(), by="anna")
    second = shelf.save(night("Hers"), by="anna", briefing_id=first.id, version=1)
    with pytest.raises(StaleError) as refused:
        shelf.save(night("His"), by="ben", briefing_id=first.id, version=1)

    assert refused.value.kept == second
    assert shelf.load(first.id) == second


def test_what_is_taken_away_is_a_version_too(shelf: Shelf, tmp_path: Path) -> None:
    first = shelf.save(night(), by="anna")
    gone = shelf.save(None, by="anna", briefing_id=first.id, version=1)

    assert shelf.newest() == []
    assert load_briefing(tmp_path, "t", first.id) is None
    assert shelf.load(first.id, 1) == first
    assert shelf.save(night(), by="eva", briefing_id=first.id, version=gone.version).version == 3


@pytest.mark.parametrize("briefing_id", ["../x", "", "a/b", "UPPER", "x" * 65, "."])
def test_an_id_leads_nowhere_else(shelf: Shelf, briefing_id: str) -> None:
    assert shelf.load(briefing_id) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"to": EVENING},
        {"from_": EVENING.replace(tzinfo=None)},
        {"theatre": "other"},
        {"chapters": (Chapter(at=EVENING, title="x", view={"x": "y" * 5_000}),)},
        {"chapters": (Chapter(at=dt.datetime(1, 1, 1, tzinfo=dt.UTC), title="x"),)},
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(BriefingError):
        checked(night(**fields), "t")


def test_a_new_version_of_nothing_is_refused(shelf: Shelf) -> None:
    with pytest.raises(BriefingError):
        shelf.save(night(), by="anna", briefing_id="nowhere", version=1)
