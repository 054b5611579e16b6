"""The theatre: everything that a name in a text, a feed or on a screen can stand for, and how names resolve.

A theatre is a directory beside this file (`config/eastern-flank/`). Everything in it is TOML that a person
edits, except the files that `config/build_map.py` makes: the borders, the background, the country lines and
the gazetteer. A mistake stops the load with the file, the line and the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import cast

import msgspec

from config.entities import (
    LANGUAGES,
    Base,
    Bounds,
    Claimant,
    Country,
    Level,
    Names,
    Place,
    Region,
    RegionGroup,
    Weapon,
)
from config.names import fold_name
from config.region_keys import Step, derived_key, last_step, slug_of
from config.theatre_files import TheatreError, read_gazetteer, read_hromadas, read_theatre

__all__ = [
    "LANGUAGES",
    "THEATRES",
    "Base",
    "Bounds",
    "Claimant",
    "Country",
    "Place",
    "Region",
    "RegionGroup",
    "Theatre",
    "TheatreError",
    "Weapon",
    "fold_name",
    "load_theatre",
]

THEATRES = Path(__file__).parent
"""Where theatres live: one directory each."""

_LEVEL_WORDS = {
    "raion": {"en": "{} Raion", "fr": "raïon {}", "pl": "rejon {}", "uk": "{} район"},
    "hromada": {"en": "{} hromada", "fr": "hromada {}", "pl": "hromada {}", "uk": "{} громада"},
    "city": {"en": "{}", "fr": "{}", "pl": "{}", "uk": "м. {}"},
}


class Theatre(msgspec.Struct, frozen=True, dict=True):
    """A whole theatre, as `load_theatre` gives it.

    regions includes the countries themselves (level "country", parent None); `alert_regions` is what the wall
    counts. countries is in order of preference: a name that two countries share belongs to the first.
    """

    name: str
    title: Names
    bounds: Bounds
    countries: dict[str, Country]
    regions: dict[str, Region]
    groups: dict[str, RegionGroup]
    places: dict[str, Place]
    bases: dict[str, Base]
    weapons: dict[str, Weapon]
    claimants: dict[str, Claimant]
    alert_regions: tuple[str, ...]
    path: Path

    def resolve_region(self, text: str, *, country: str | None = None) -> str | None:
        """The region or group key that a name stands for, or None.

        Compares by `fold_name`. Only names and listed aliases count (nominative and short forms, no other
        case). The groups come after the regions of their country.
        country: ISO 3166-1 alpha-2; looks nowhere else. Without it the first country of the theatre wins.
        """
        found = self._region_index.get(fold_name(text), ())
        return next((key for key, home in found if country is None or home == country), None)

    def resolve_places(self, text: str, *, near: str | None = None) -> tuple[Place, ...]:
        """Every place that a name can stand for, likeliest first.

        near: a region, group or country key that the text is about. The order is: lies in `near`; lies in the
        country of `near`; is called so (one of its four names) and not only known by that name; is one of the
        theatre's own places (places.toml) and not only in the gazetteer; has more inhabitants; country order.
        So "Dubno" is the town in Rivne oblast and "Dubna" the one near Moscow, and "Владимир" is the Russian
        city unless near says "UA", when it is Volodymyr in Volyn.
        """
        folded = fold_name(text)
        own = self._place_index.get(folded, ())
        taken = {place.key for place, _ in own}
        wider = [hit for hit in self._gazetteer_index.get(folded, ()) if hit[0].key not in taken]
        ranks = {key: rank for rank, key in enumerate(self.countries)}
        inside = frozenset(self.groups[near].members) if near in self.groups else frozenset((near,))
        home = self._country_of(next(iter(inside), None))

        def order(hit: tuple[bool, Place, bool]) -> tuple[bool, bool, bool, bool, int, int]:
            listed, place, primary = hit
            return (
                place.region not in inside,
                place.region[:2] != home,
                not primary,
                not listed,
                -place.population,
                ranks[place.region[:2]],
            )

        hits = [(True, *hit) for hit in own] + [(False, *hit) for hit in wider]
        return tuple(place for _, place, _ in sorted(hits, key=order))

    def resolve_place(self, text: str, *, near: str | None = None) -> Place | None:
        """The likeliest place of that name, or None; see `resolve_places` for the rule and for the others."""
        return next(iter(self.resolve_places(text, near=near)), None)

    def resolve_base(self, text: str) -> Base | None:
        """The base with that ICAO code, name or alias, or None."""
        return self._base_index.get(fold_name(text))

    def resolve_weapon(self, text: str) -> Weapon | None:
        """The weapon with that key, name or alias, or None."""
        return self._weapon_index.get(fold_name(text))

    def resolve_claimant(self, text: str) -> Claimant | None:
        """The claimant with that key, name or alias, or None."""
        return self._claimant_index.get(fold_name(text))

    def region_by_uid(self, feed: str, uid: str | int) -> Region | None:
        """The region that a feed calls `uid` ("alerts_in_ua", 27), or None."""
        return self._uid_index.get((feed, str(uid)))

    def below(self, parent: str, name: str, level: str) -> str:
        """The key of the region called `name` right below `parent`: the held one's, else one that is made.

        name: in Ukrainian or in the official transliteration, with or without the words for what it is; both
        make the same key. level: "raion", "hromada" or "city" ("oblast" and "province" only find).
        Raises KeyError for an unknown parent, ValueError where the level can have no key.
        """
        self.region_of(parent)
        held = self._children.get((parent, level, slug_of(name)))
        return held or derived_key(parent, level, name)

    def region_of(self, key: str) -> Region:
        """The region of a held or a derived key. Raises KeyError for a key that is neither.

        A derived region has no uid and its label point is that of the region above it.
        """
        held = self.regions.get(key)
        if held is not None:
            return held
        step = last_step(key)
        if step is None:
            raise KeyError(key)
        try:
            parent = self.region_of(step.parent)
        except KeyError:
            raise KeyError(key) from None
        names, labels = self._derived_names(step)
        return Region(
            key=key,
            country=parent.country,
            level=cast(Level, step.level),
            parent=parent.key,
            names=names,
            labels=labels,
            aliases=(),
            uids={},
            lon=parent.lon,
            lat=parent.lat,
            permanent_alert=False,
        )

    def parent_of(self, key: str) -> str | None:
        """The key right above a held or derived region, None above a country. Raises KeyError."""
        return self.region_of(key).parent

    def ancestors(self, key: str) -> Iterator[str]:
        """The keys above a region, nearest first, its country last. Raises KeyError for an unknown region."""
        parent = self.parent_of(key)
        while parent is not None:
            yield parent
            parent = self.parent_of(parent)

    @property
    def borders_geojson(self) -> bytes:
        """The regions' polygons as GeoJSON, ready to serve; a feature's id is its region's key."""
        return self._made("borders.geojson")

    @property
    def background_geojson(self) -> bytes:
        """Land around the theatre as GeoJSON, without meaning; a feature's id starts with "bg-"."""
        return self._made("background.geojson")

    @property
    def country_lines_geojson(self) -> bytes:
        """National borders as GeoJSON lines, to be drawn over the regions."""
        return self._made("country_lines.geojson")

    @cached_property
    def gazetteer(self) -> tuple[Place, ...]:
        """Every town of gazetteer.tsv, read at the first look (it is not needed to start)."""
        return tuple(read_gazetteer(self.path / "gazetteer.tsv", self.regions))

    def _derived_names(self, step: Step) -> tuple[Names, Names]:
        """Names and labels. A hromada that is known by name has it in Ukrainian; all else is the slug's."""
        slug = step.slug.rpartition("-ta-")[2]
        name = "-".join(part.capitalize() for part in slug.split("-"))
        names = {lang: word.format(name) for lang, word in _LEVEL_WORDS[step.level].items()}
        own = self._hromadas.get((step.parent, slug))
        if step.level != "hromada" or own is None:
            return names, names
        return {**names, "uk": f"{own} територіальна громада"}, {**names, "uk": f"{own} громада"}

    @cached_property
    def _hromadas(self) -> dict[tuple[str, str], str]:
        return read_hromadas(self.path / "hromadas.tsv")

    def _country_of(self, key: str | None) -> str | None:
        try:
            return self.region_of(key).country if key else None
        except KeyError:
            return None

    def _made(self, file: str) -> bytes:
        cached: bytes | None = self._files.get(file)
        if cached is None:
            try:
                cached = self._files[file] = (self.path / file).read_bytes()
            except OSError as error:
                raise TheatreError(self.path / file, None, f"cannot be read: {error.strerror}") from error
        return cached

    @cached_property
    def _files(self) -> dict[str, bytes]:
        return {}

    @cached_property
    def _region_index(self) -> dict[str, list[tuple[str, str]]]:
        ranks = {key: rank for rank, key in enumerate(self.countries)}
        found: dict[str, dict[str, str]] = {}
        for region in self.regions.values():
            for name in (region.key, *region.names.values(), *region.aliases):
                found.setdefault(fold_name(name), {})[region.key] = region.country
        for group in self.groups.values():
            homes = {self.regions[member].country for member in group.members}
            home = homes.pop() if len(homes) == 1 else ""
            for name in (group.key, *group.names.values(), *group.aliases):
                found.setdefault(fold_name(name), {})[group.key] = home
        return {
            name: sorted(keys.items(), key=lambda hit: ranks.get(hit[1], len(ranks)))
            for name, keys in found.items()
        }

    @cached_property
    def _children(self) -> dict[tuple[str, str, str], str]:
        children: dict[tuple[str, str, str], str] = {}
        for region in self.regions.values():
            if region.parent is not None:
                for name in (region.names["uk"], region.names["en"], *region.aliases):
                    children.setdefault((region.parent, region.level, slug_of(name)), region.key)
        return children

    @cached_property
    def _place_index(self) -> dict[str, list[tuple[Place, bool]]]:
        return _place_index(self.places.values())

    @cached_property
    def _gazetteer_index(self) -> dict[str, list[tuple[Place, bool]]]:
        return _place_index(self.gazetteer)

    @cached_property
    def _base_index(self) -> dict[str, Base]:
        return {
            fold_name(name): base
            for base in self.bases.values()
            for name in (base.icao, base.name, *base.aliases)
        }

    @cached_property
    def _weapon_index(self) -> dict[str, Weapon]:
        return {
            fold_name(name): weapon
            for weapon in self.weapons.values()
            for name in (weapon.key, *weapon.names.values(), *weapon.aliases)
        }

    @cached_property
    def _claimant_index(self) -> dict[str, Claimant]:
        return {
            fold_name(name): claimant
            for claimant in self.claimants.values()
            for name in (claimant.key, *claimant.names.values(), *claimant.aliases)
        }

    @cached_property
    def _uid_index(self) -> dict[tuple[str, str], Region]:
        return {(feed, uid): region for region in self.regions.values() for feed, uid in region.uids.items()}


def _place_index(places: Iterable[Place]) -> dict[str, list[tuple[Place, bool]]]:
    index: dict[str, list[tuple[Place, bool]]] = {}
    for place in places:
        own = {fold_name(name) for name in place.names.values()}
        for name in own:
            index.setdefault(name, []).append((place, True))
        for name in {fold_name(alias) for alias in place.aliases} - own:
            index.setdefault(name, []).append((place, False))
    return index


def load_theatre(name: str = "eastern-flank", *, root: Path = THEATRES) -> Theatre:
    """Read and check a theatre; the same object for every call with the same name.

    name: its directory. root: where that directory is. The gazetteer and the borders are read when first
    used. Raises TheatreError.
    """
    return _load(name, root)


@cache
def _load(name: str, root: Path) -> Theatre:
    path = root / name
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or not (path / "theatre.toml").is_file():
        there = sorted(found.parent.name for found in root.glob("*/theatre.toml"))
        raise TheatreError(path, None, f"no such theatre; there is {', '.join(there) or 'none'}")
    return Theatre(name=name, path=path, **read_theatre(path)._asdict())
