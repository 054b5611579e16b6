"""What the page is told of the theatre: what the wall shows, and no more."""

from __future__ import annotations

import gzip
import json

import pytest

from config.theatre import LANGUAGES, load_theatre
from dashboard.app.atlas import atlas, drawn_regions

THEATRE = load_theatre("eastern-flank")
MOST_BYTES = 20_000
"""Compressed: it is asked for before the first picture can be shown."""


def test_every_region_that_alerts_are_counted_by_is_drawn() -> None:
    drawn = drawn_regions(THEATRE)
    assert set(THEATRE.alert_regions) <= drawn
    features = json.loads(THEATRE.borders_geojson)["features"]
    assert drawn == {feature["properties"]["key"] for feature in features}


def test_a_raion_leads_to_the_oblast_that_is_drawn() -> None:
    regions = atlas(THEATRE, "en")["regions"]
    for key, region in THEATRE.regions.items():
        if region.country != "UA" or region.level == "country":
            continue
        while not regions[key].get("drawn"):
            key = regions[key]["parent"]
        assert key in THEATRE.alert_regions
    assert (regions["75"]["label"], regions["75"]["parent"]) == ("Bucha Raion", "UA-32")
    assert "parent" not in regions["UA-32"]


def test_countries_are_told_once() -> None:
    told = atlas(THEATRE, "en")
    assert not set(told["countries"]) & set(told["regions"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_stays_small(lang: str) -> None:
    told = json.dumps(atlas(THEATRE, lang), ensure_ascii=False).encode()
    assert len(gzip.compress(told, 6)) < MOST_BYTES
