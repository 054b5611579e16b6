"""The theatre as data: regions, groups, places, bases, weapons and claimants, read once and validated.

A theatre is a directory beside this file (`config/eastern-flank/`). Everything in it is TOML that a person
edits, except the files that `config/build_map.py` makes: the borders, the background, the country lines and
the gazetteer. A mistake stops the load with the file, the line and the reason.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

LANGUAGES = ("en", "fr", "pl", "uk")
"""The languages every name is given in (the languages of the screens)."""

THEATRES = Path(__file__).parent
"""Where theatres live: one directory each."""

Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
RegionKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,20})?$")]
CountryKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
Icao = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{4}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Names = dict[str, Name]
Level = Literal["country", "oblast", "city", "raion", "hromada", "province"]


class TheatreError(Exception):
    """A theatre that cannot be used, and where its mistake is.

    file: the file at fault. line: counted from 1, None where it cannot be had. reason: what is wrong.
    """

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country that matters to the theatre. key: ISO 3166-1 alpha-2. time_zone: IANA name of its capital's.

    neighbour: its regions are not modelled; it is named and resolved, and drawn as background.
    """

    key: CountryKey
    names: Names
    time_zone: Name
    lon: Longitude
    lat: Latitude
    aliases: tuple[Name, ...] = ()
    neighbour: bool = False


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One node of the region tree (country, oblast, raion, hromada; province; city with oblast rank).

    key: ISO 3166-2 where it exists ("UA-46"), the country's own two letters for a country. names: formal, in
    four languages. labels: short, for maps and tickers. aliases: nominative and listed forms in any language.
    uids: feed name -> that feed's own identifier. lon, lat: label point, degrees WGS 84.
    permanent_alert: under alert since 2022 without end, to be left out of "longest" and "tonight".
    """

    key: RegionKey
    country: CountryKey
    level: Level
    parent: RegionKey | None
    names: Names
    labels: Names
    aliases: tuple[Name, ...]
    uids: dict[str, str]
    lon: Longitude
    lat: Latitude
    permanent_alert: bool


class RegionGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Regions that texts name together ("western Ukraine"). members: region keys."""

    key: Slug
    names: Names
    members: Annotated[tuple[RegionKey, ...], msgspec.Meta(min_length=1)]
    aliases: tuple[Name, ...] = ()


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A town or a named site. region: the region it lies in. population: 0 for a site or where unknown.

    names holds the four languages; a town of the gazetteer has them all, filled from the nearest known one.
    """

    key: Slug
    names: Names
    lon: Longitude
    lat: Latitude
    region: RegionKey
    kind: Literal["town", "site"] = "town"
    population: Annotated[int, msgspec.Meta(ge=0)] = 0
    aliases: tuple[Name, ...] = ()


class Base(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An air base or airport. qra: where a quick reaction alert stands, at least in rotation."""

    icao: Icao
    name: Name
    country: CountryKey
    lon: Longitude
    lat: Latitude
    role: Literal["military", "civil", "both"]
    region: RegionKey | None = None
    qra: bool = False
    aliases: tuple[Name, ...] = ()


class Weapon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A weapon that reports name. weapon_class: what it is counted as; a bomb is neither UAV nor missile."""

    key: Slug
    weapon_class: Literal["uav", "missile", "bomb"]
    kind: Literal[
        "attack_uav",
        "decoy",
        "recon_uav",
        "loitering_munition",
        "cruise",
        "ballistic",
        "aeroballistic",
        "anti_ship",
        "anti_radiation",
        "guided_missile",
        "surface_to_air",
        "guided_bomb",
    ]
    names: Names
    aliases: tuple[Name, ...] = ()


class Claimant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who states things. country: None for an alliance. reliability: Admiralty code A to F."""

    key: Slug
    names: Names
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    country: CountryKey | None = None
    aliases: tuple[Name, ...] = ()


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A box in degrees: what the wall shows when nobody says otherwise."""

    west: Longitude
    south: Latitude
    east: Longitude
    north: Latitude


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
        country of `near`; is one of the theatre's own places (places.toml) and not only in the gazetteer; is
        called so (one of its own names) and not only known by that name; has more inhabitants; country order.
        So "Dubno" is the town in Rivne oblast and "Dubna" the one near Moscow, and "Владимир" is the Russian
        city unless near says "UA", when it is Volodymyr in Volyn.
        """
        folded = fold_name(text)
        own = self._place_index.get(folded, ())
        taken = {place.key for place, _ in own}
        wider = [hit for hit in self._gazetteer_index.get(folded, ()) if hit[0].key not in taken]
        ranks = {key: rank for rank, key in enumerate(self.countries)}
        inside = frozenset(self.groups[near].members) if near in self.groups else frozenset((near,))
        country = next(iter(inside), None) if near else None
        home = country[:2] if country else None

        def order(hit: tuple[bool, Place, bool]) -> tuple[bool, bool, bool, bool, int, int]:
            listed, place, primary = hit
            return (
                place.region not in inside,
                place.region[:2] != home,
                not listed,
                not primary,
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

    def ancestors(self, key: str) -> Iterator[str]:
        """The keys above a region, nearest first, its country last. Raises KeyError for an unknown region."""
        parent = self.regions[key].parent
        while parent is not None:
            yield parent
            parent = self.regions[parent].parent

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
        return tuple(_read_gazetteer(self.path / "gazetteer.tsv", self.regions))

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
            homes = {member[:2] for member in group.members}
            home = homes.pop() if len(homes) == 1 else ""
            for name in (group.key, *group.names.values(), *group.aliases):
                found.setdefault(fold_name(name), {})[group.key] = home
        return {
            name: sorted(keys.items(), key=lambda hit: ranks.get(hit[1], len(ranks)))
            for name, keys in found.items()
        }

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


_DROPPED = re.compile(r"['’ʼ‘`´′\"“”„«».()]")
_SPACED = re.compile(r"[\s\-‐‑‒–—−_/,]+")
_LETTERS = str.maketrans({"ё": "е", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


def fold_name(text: str) -> str:
    """The form in which names are compared.

    Case, apostrophes, quotation marks, full stops, dashes, white space, and the marks on Latin letters (not
    on Cyrillic ones: й is not и) make no difference.
    """
    text = _SPACED.sub(" ", _DROPPED.sub("", unicodedata.normalize("NFKC", text))).strip().casefold()
    if text.isascii():
        return text
    folded: list[str] = []
    for letter in text.translate(_LETTERS):
        plain = unicodedata.normalize("NFD", letter)[0]
        folded.append(plain if plain.isascii() else letter)
    return "".join(folded)


def _place_index(places: Iterable[Place]) -> dict[str, list[tuple[Place, bool]]]:
    index: dict[str, list[tuple[Place, bool]]] = {}
    for place in places:
        own = {fold_name(name) for name in place.names.values()}
        for name in own:
            index.setdefault(name, []).append((place, True))
        for name in {fold_name(alias) for alias in place.aliases} - own:
            index.setdefault(name, []).append((place, False))
    return index


# What the files look like: the Structs above where a row is the thing itself, these where it is not.


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Names
    bounds: Bounds
    alert_regions_of: tuple[CountryKey, ...]
    country: list[Country]


class _RegionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: RegionKey
    level: Level
    names: Names
    lon: Longitude
    lat: Latitude
    labels: Names = {}
    parent: RegionKey | None = None
    aliases: tuple[Name, ...] = ()
    uids: dict[str, str] = {}
    permanent_alert: bool = False


class _RegionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    country: CountryKey
    region: list[_RegionRow]


class _GroupFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: list[RegionGroup]


class _PlaceFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    place: list[Place]


class _BaseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    base: list[Base]


class _WeaponFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    weapon: list[Weapon]


class _ClaimantFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    claimant: list[Claimant]


_T = TypeVar("_T")


class _Source(msgspec.Struct, frozen=True):
    """One TOML file: its text, to find the line of a mistake in."""

    path: Path
    text: str

    @classmethod
    def open(cls, path: Path) -> _Source:
        try:
            return cls(path, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise TheatreError(path, None, f"cannot be read: {error}") from error

    def decode(self, shape: type[_T]) -> _T:
        try:
            document = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"\(at line (\d+)", str(error))
            line = int(at[1]) if at else self.text.count("\n") + 1
            raise TheatreError(self.path, line, str(error)) from error
        try:
            return msgspec.convert(document, shape)
        except msgspec.ValidationError as error:
            raise TheatreError(self.path, self._line_of_path(str(error)), str(error)) from error

    def fault(self, table: str, index: int, reason: str, field: str | None = None) -> TheatreError:
        """The error to raise about the index-th [[table]], at the line of `field` if it has its own."""
        return TheatreError(self.path, self.line_of(table, index, field), reason)

    def line_of(self, table: str, index: int, field: str | None = None) -> int | None:
        """The line of the index-th (from 0) [[table]] header, or of a field below it."""
        lines = self.text.splitlines()
        header = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
        starts = [number for number, line in enumerate(lines, 1) if header.match(line)]
        if index >= len(starts):
            return None
        start = starts[index]
        if field is not None:
            named = re.compile(rf"\s*{re.escape(field)}\s*=")
            for number in range(start, len(lines)):
                if re.match(r"\s*\[\[?", lines[number]):
                    break
                if named.match(lines[number]):
                    return number + 1
        return start

    def _line_of_path(self, message: str) -> int | None:
        # msgspec says where in the document: "... - at `$.region[3].names[...]`"
        path = re.search(r"`\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?", message)
        unknown = re.search(r"unknown field `(\w+)`", message)
        if path is None:
            return None
        table, index, field = path[1], path[2], path[3] or (unknown and unknown[1])
        if index is not None:
            return self.line_of(table, int(index), field)
        for number, line in enumerate(self.text.splitlines(), 1):
            if re.match(rf"\s*(\[\s*)?{re.escape(table)}\s*[=\].]", line):
                return number
        return None


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
    head_source = _Source.open(path / "theatre.toml")
    head = head_source.decode(_Head)
    _check_names(head_source, "country", head.country)
    countries = _keyed(head_source, "country", head.country)
    regions = _read_regions(path, countries)
    for key in head.alert_regions_of:
        if key not in countries:
            raise TheatreError(head_source.path, None, f"alert_regions_of: {key} is no country here")

    def known(
        source: _Source, table: str, index: int, field: str, key: str | None, among: Mapping[str, Any]
    ) -> None:
        if key is not None and key not in among:
            raise source.fault(table, index, f"{field} {key} is not in this theatre", field)

    source = _Source.open(path / "groups.toml")
    group_rows = source.decode(_GroupFile).group
    _check_names(source, "group", group_rows)
    for index, group in enumerate(group_rows):
        for member in group.members:
            known(source, "group", index, "members", member, regions)
    groups = _keyed(source, "group", group_rows)

    source = _Source.open(path / "places.toml")
    place_rows = source.decode(_PlaceFile).place
    _check_names(source, "place", place_rows)
    for index, place in enumerate(place_rows):
        known(source, "place", index, "region", place.region, regions)
    places = _keyed(source, "place", place_rows)

    source = _Source.open(path / "bases.toml")
    base_rows = source.decode(_BaseFile).base
    for index, base in enumerate(base_rows):
        known(source, "base", index, "country", base.country, countries)
        known(source, "base", index, "region", base.region, regions)
    bases = _keyed(source, "base", base_rows, field="icao")
    _check_aliases(source, "base", [(base.icao, (base.icao, base.name, *base.aliases)) for base in base_rows])

    source = _Source.open(path / "weapons.toml")
    weapon_rows = source.decode(_WeaponFile).weapon
    _check_names(source, "weapon", weapon_rows)
    weapons = _keyed(source, "weapon", weapon_rows)
    _check_aliases(source, "weapon", [(w.key, (w.key, *w.names.values(), *w.aliases)) for w in weapon_rows])

    source = _Source.open(path / "claimants.toml")
    claimant_rows = source.decode(_ClaimantFile).claimant
    _check_names(source, "claimant", claimant_rows)
    for index, claimant in enumerate(claimant_rows):
        known(source, "claimant", index, "country", claimant.country, countries)
    claimants = _keyed(source, "claimant", claimant_rows)
    _check_aliases(
        source, "claimant", [(c.key, (c.key, *c.names.values(), *c.aliases)) for c in claimant_rows]
    )

    return Theatre(
        name=name,
        title=head.title,
        bounds=head.bounds,
        countries=countries,
        regions=regions,
        groups=groups,
        places=places,
        bases=bases,
        weapons=weapons,
        claimants=claimants,
        alert_regions=tuple(
            region.key
            for region in regions.values()
            if region.country in head.alert_regions_of and region.parent == region.country
        ),
        path=path,
    )


def _read_regions(path: Path, countries: Mapping[str, Country]) -> dict[str, Region]:
    regions = {
        country.key: Region(
            key=country.key,
            country=country.key,
            level="country",
            parent=None,
            names=country.names,
            labels=country.names,
            aliases=country.aliases,
            uids={},
            lon=country.lon,
            lat=country.lat,
            permanent_alert=False,
        )
        for country in countries.values()
    }
    rows: list[tuple[_Source, int, Region]] = []
    for file in sorted((path / "regions").glob("*.toml")):
        source = _Source.open(file)
        document = source.decode(_RegionFile)
        if document.country not in countries:
            raise TheatreError(file, None, f"country {document.country} is not in theatre.toml")
        _check_names(source, "region", document.region)
        for index, row in enumerate(document.region):
            if row.key[:2] != document.country:
                raise source.fault("region", index, f"{row.key} is not a key of {document.country}", "key")
            if row.key in regions:
                raise source.fault("region", index, f"{row.key} is there twice", "key")
            if row.labels and (missing := [lang for lang in LANGUAGES if lang not in row.labels]):
                raise source.fault("region", index, f"{row.key} has no label in {missing}", "labels")
            regions[row.key] = Region(
                key=row.key,
                country=document.country,
                level=row.level,
                parent=row.parent or document.country,
                names=row.names,
                labels=row.labels or row.names,
                aliases=row.aliases,
                uids=row.uids,
                lon=row.lon,
                lat=row.lat,
                permanent_alert=row.permanent_alert,
            )
            rows.append((source, index, regions[row.key]))
    uids: dict[tuple[str, str], str] = {}
    aliases: dict[tuple[str, str], Region] = {}
    for source, index, region in rows:
        if region.parent not in regions:
            raise source.fault("region", index, f"parent {region.parent} does not exist", "parent")
        for feed, uid in region.uids.items():
            if (other := uids.setdefault((feed, uid), region.key)) != region.key:
                raise source.fault("region", index, f"{feed} uid {uid} is also {other}", "uids")
        for name in (region.key, *region.names.values(), *region.aliases):
            first = aliases.setdefault((region.country, fold_name(name)), region)
            if first.key != region.key and first.parent == region.parent:
                raise source.fault("region", index, f"{name!r} is also {first.key}", "aliases")
    for source, index, region in rows:
        seen = {region.key}
        parent = region.parent
        while parent is not None:
            if parent in seen:
                raise source.fault("region", index, f"{region.key} is its own ancestor", "parent")
            seen.add(parent)
            parent = regions[parent].parent
    return regions


def _check_names(source: _Source, table: str, rows: Iterable[Any]) -> None:
    for index, row in enumerate(rows):
        if missing := [language for language in LANGUAGES if language not in row.names]:
            raise source.fault(table, index, f"{row.key} has no name in {', '.join(missing)}", "names")


def _keyed(source: _Source, table: str, rows: Iterable[_T], *, field: str = "key") -> dict[str, _T]:
    keyed: dict[str, _T] = {}
    for index, row in enumerate(rows):
        key: str = getattr(row, field)
        if key in keyed:
            raise source.fault(table, index, f"{key} is there twice", field)
        keyed[key] = row
    return keyed


def _check_aliases(source: _Source, table: str, rows: Iterable[tuple[str, Iterable[str]]]) -> None:
    owners: dict[str, str] = {}
    for index, (key, names) in enumerate(rows):
        for name in names:
            if (owner := owners.setdefault(fold_name(name), key)) != key:
                raise source.fault(table, index, f"{name!r} is also {owner}", "aliases")


def _read_gazetteer(path: Path, regions: Mapping[str, Region]) -> Iterator[Place]:
    """Rows of: GeoNames id, region, lon, lat, population, en, fr, pl, uk, other names divided by "|".

    An empty fr, pl or uk is the English name.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TheatreError(path, None, f"cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        try:
            ident, region, lon, lat, population, en, fr, pl, uk, others = line.split("\t")
            if region not in regions:
                raise TheatreError(path, number, f"region {region} is not in this theatre")
            yield Place(
                key=f"gn-{int(ident)}",
                names={"en": en, "fr": fr or en, "pl": pl or en, "uk": uk or en},
                lon=float(lon),
                lat=float(lat),
                region=region,
                population=int(population),
                aliases=tuple(others.split("|")) if others else (),
            )
        except ValueError as error:
            raise TheatreError(path, number, str(error)) from error
