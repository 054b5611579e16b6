"""What a theatre consists of: countries, regions, groups, places, bases, weapons and claimants."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

LANGUAGES = ("en", "fr", "pl", "uk")
"""The languages every name is given in (the languages of the screens)."""

Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
RegionKey = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,20})?|[0-9]{1,9})(/(raion|hromada|city)/[a-z0-9]+(-[a-z0-9]+)*){0,2}$",
        max_length=128,
    ),
]
CountryKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
Icao = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{4}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Names = dict[str, Name]
Level = Literal["country", "oblast", "city", "raion", "hromada", "province"]
ThreatType = Literal[
    "drones",
    "cruise_missiles",
    "ballistic_missiles",
    "unspecified_missiles",
    "guided_aerial_bombs",
    "strategic_aircraft_activity",
    "tactic_aircraft_activity",
    "mig31k_departure",
    "air_defense",
    "unknown",
]
"""The words of alerts.in.ua's API."""


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

    key: ISO 3166-2 where it exists ("UA-46"), the country's own two letters for a country; below an oblast
    the alert feeds' uid ("101"), or a key of `config.region_keys`. names: formal, in four languages. labels:
    short, for maps and tickers. aliases: nominative and listed forms in any language.
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
