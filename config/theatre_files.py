"""The files of a theatre's directory: reads them, and refuses by file and line what does not agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import GenericAlias
from typing import Any, NamedTuple, TypeVar

import msgspec

from config.entities import (
    LANGUAGES,
    Base,
    Bounds,
    Claimant,
    Country,
    CountryKey,
    Latitude,
    Level,
    Longitude,
    Name,
    Names,
    Place,
    Region,
    RegionGroup,
    RegionKey,
    Weapon,
)
from config.names import fold_name
from config.region_keys import slug_of
from config.toml_source import SourceError, TomlSource

_T = TypeVar("_T")


class TheatreError(SourceError):
    """A theatre that cannot be used."""


class TheatreFiles(NamedTuple):
    """What a theatre's TOML says, checked; each table by its rows' keys."""

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


def read_theatre(path: Path) -> TheatreFiles:
    """Read and check the TOML of the theatre in directory `path`. Raises TheatreError."""
    source = TomlSource.open(path / "theatre.toml", TheatreError)
    head = source.decode(_Head)
    _check_names(source, "country", head.country)
    countries = _keyed(source, "country", head.country)
    for key in head.alert_regions_of:
        if key not in countries:
            raise source.fault_at("alert_regions_of", f"{key} is no country here")
    regions = _read_regions(path, countries)

    source, groups = _rows(path / "groups.toml", "group", RegionGroup)
    _check_names(source, "group", groups)
    for index, group in enumerate(groups):
        for member in group.members:
            _check_known(source, "group", index, "members", member, regions)
    groups_by_key = _keyed(source, "group", groups)

    source, places = _rows(path / "places.toml", "place", Place)
    _check_names(source, "place", places)
    for index, place in enumerate(places):
        _check_known(source, "place", index, "region", place.region, regions)
    places_by_key = _keyed(source, "place", places)

    source, bases = _rows(path / "bases.toml", "base", Base)
    _check_aliases(source, "base", [(b.icao, (b.icao, b.name, *b.aliases)) for b in bases])
    for index, base in enumerate(bases):
        _check_known(source, "base", index, "country", base.country, countries)
        _check_known(source, "base", index, "region", base.region, regions)
    bases_by_icao = _keyed(source, "base", bases, field="icao")

    source, weapons = _rows(path / "weapons.toml", "weapon", Weapon)
    _check_names(source, "weapon", weapons)
    _check_aliases(source, "weapon", [(w.key, (w.key, *w.names.values(), *w.aliases)) for w in weapons])
    weapons_by_key = _keyed(source, "weapon", weapons)

    source, claimants = _rows(path / "claimants.toml", "claimant", Claimant)
    _check_names(source, "claimant", claimants)
    _check_aliases(source, "claimant", [(c.key, (c.key, *c.names.values(), *c.aliases)) for c in claimants])
    for index, claimant in enumerate(claimants):
        _check_known(source, "claimant", index, "country", claimant.country, countries)
    claimants_by_key = _keyed(source, "claimant", claimants)

    return TheatreFiles(
        title=head.title,
        bounds=head.bounds,
        countries=countries,
        regions=regions,
        groups=groups_by_key,
        places=places_by_key,
        bases=bases_by_icao,
        weapons=weapons_by_key,
        claimants=claimants_by_key,
        alert_regions=tuple(
            region.key
            for region in regions.values()
            if region.country in head.alert_regions_of and region.parent == region.country
        ),
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
    rows: list[tuple[TomlSource, int, Region]] = []
    for file in sorted((path / "regions").glob("*.toml")):
        source = TomlSource.open(file, TheatreError)
        document = source.decode(_RegionFile)
        if document.country not in countries:
            raise source.fault_at("country", f"country {document.country} is not in theatre.toml")
        _check_names(source, "region", document.region)
        for index, row in enumerate(document.region):
            if not row.key[0].isdigit() and row.key[:2] != document.country:
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


def read_gazetteer(path: Path, regions: Mapping[str, Region]) -> Iterator[Place]:
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


def read_hromadas(path: Path) -> dict[tuple[str, str], str]:
    """Rows of: a raion's key, a hromada's Ukrainian name. By the raion's key and the name's slug."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TheatreError(path, None, f"cannot be read: {error}") from error
    names: dict[tuple[str, str], str] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            continue
        raion, tab, name = line.partition("\t")
        if not (raion and tab and name):
            raise TheatreError(path, number, "not a raion's key and a name")
        names[raion, slug_of(name)] = name
    return names


def _rows(path: Path, table: str, kind: type[_T]) -> tuple[TomlSource, list[_T]]:
    source = TomlSource.open(path, TheatreError)
    file = msgspec.defstruct("File", [(table, GenericAlias(list, (kind,)))], forbid_unknown_fields=True)
    rows: list[_T] = getattr(source.decode(file), table)
    return source, rows


def _check_known(
    source: TomlSource, table: str, index: int, field: str, key: str | None, among: Mapping[str, Any]
) -> None:
    if key is not None and key not in among:
        raise source.fault(table, index, f"{field} {key} is not in this theatre", field)


def _check_names(source: TomlSource, table: str, rows: Iterable[Any]) -> None:
    for index, row in enumerate(rows):
        if missing := [language for language in LANGUAGES if language not in row.names]:
            raise source.fault(table, index, f"{row.key} has no name in {', '.join(missing)}", "names")


def _keyed(source: TomlSource, table: str, rows: Iterable[_T], *, field: str = "key") -> dict[str, _T]:
    keyed: dict[str, _T] = {}
    for index, row in enumerate(rows):
        key: str = getattr(row, field)
        if key in keyed:
            raise source.fault(table, index, f"{key} is there twice", field)
        keyed[key] = row
    return keyed


def _check_aliases(source: TomlSource, table: str, rows: Iterable[tuple[str, Iterable[str]]]) -> None:
    owners: dict[str, str] = {}
    for index, (key, names) in enumerate(rows):
        for name in names:
            if (owner := owners.setdefault(fold_name(name), key)) != key:
                raise source.fault(table, index, f"{name!r} is also {owner}", "aliases")
