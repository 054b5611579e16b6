"""The theatre as the page needs it: names in one language, label points, bases, what lies in what.

It is asked for before the first picture can be shown, so nothing is in it that no screen shows.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from config.entities import Region
from config.theatre import Theatre

POINT_DIGITS = 3
"""Of a label point in degrees: a hundred metres."""


class _Feature(Struct):
    id: str = ""


class _Borders(Struct):
    features: list[_Feature]


def atlas(theatre: Theatre, lang: str) -> dict[str, Any]:
    """What the page knows of the theatre, as JSON-able data. lang: one of the theatre's languages."""
    drawn = drawn_regions(theatre)
    return {
        "name": theatre.name,
        "title": theatre.title[lang],
        "lang": lang,
        "bounds": [theatre.bounds.west, theatre.bounds.south, theatre.bounds.east, theatre.bounds.north],
        "alert_regions": list(theatre.alert_regions),
        "countries": {
            key: {"name": c.names[lang], "lon": c.lon, "lat": c.lat, "zone": c.time_zone}
            for key, c in theatre.countries.items()
        },
        "regions": {
            key: _region(region, lang, is_drawn=key in drawn)
            for key, region in theatre.regions.items()
            if region.level != "country"
        },
        "groups": {
            key: {"name": g.names[lang], "members": list(g.members)} for key, g in theatre.groups.items()
        },
        "places": {
            key: {
                "name": p.names[lang],
                "lon": round(p.lon, POINT_DIGITS),
                "lat": round(p.lat, POINT_DIGITS),
                **({"town": p.population} if p.kind == "town" and p.population else {}),
            }
            for key, p in theatre.places.items()
        },
        "bases": {key: {"name": b.name, "lon": b.lon, "lat": b.lat} for key, b in theatre.bases.items()},
        "weapons": {key: {"name": w.names[lang]} for key, w in theatre.weapons.items()},
        "claimants": {key: {"name": c.names[lang]} for key, c in theatre.claimants.items()},
    }


def drawn_regions(theatre: Theatre) -> frozenset[str]:
    """The keys of the regions that the map has a polygon for."""
    borders = msgspec.json.decode(theatre.borders_geojson, type=_Borders)
    return frozenset(feature.id for feature in borders.features)


def _region(region: Region, lang: str, *, is_drawn: bool) -> dict[str, Any]:
    """parent: only of what is not drawn itself, for the page looks upward for what is."""
    return {
        "label": region.labels.get(lang) or region.names[lang],
        "lon": round(region.lon, POINT_DIGITS),
        "lat": round(region.lat, POINT_DIGITS),
        **({"drawn": True} if is_drawn else {"parent": region.parent} if region.parent else {}),
    }
