"""The regions below the oblasts are what their builder makes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from config import build_regions
from config.build_regions import HEAD, communities, raions, toml
from config.theatre import THEATRES, Theatre, load_theatre


@pytest.fixture
def theatre(monkeypatch: pytest.MonkeyPatch) -> Theatre:
    """The theatre, with the service's client in place of its package: it knows the uids that we hold."""
    theatre = load_theatre("eastern-flank")
    uids = {
        region.names["uk"]: int(region.key) for region in theatre.regions.values() if region.key.isdigit()
    }
    client = SimpleNamespace(LocationUidResolver=lambda: SimpleNamespace(location_to_uid=uids))
    monkeypatch.setattr(build_regions, "tool", lambda _: client)
    return theatre


def test_the_file_is_as_made(theatre: Theatre) -> None:
    rows = list(raions(theatre))
    rows += communities(theatre, {row.key: row.parent for row in rows})
    made = HEAD + "".join(map(toml, rows))
    assert made == (THEATRES / "eastern-flank" / "regions" / "UA_raions.toml").read_text(encoding="utf-8")


def test_a_raion_is_named_in_four_languages_with_its_former_names(theatre: Theatre) -> None:
    samar = next(row for row in raions(theatre) if row.key == "43")
    assert samar.names == {
        "en": "Samar Raion",
        "fr": "raïon de Samar",
        "pl": "rejon samarowski",
        "uk": "Самарівський район",
    }
    assert {"Samarivskyi raion", "Новомосковський район", "Novomoskovskyi raion"} <= set(samar.aliases)
    izmail = next(row for row in raions(theatre) if row.key == "101")
    assert izmail.names["fr"] == "raïon d'Izmaïl"
