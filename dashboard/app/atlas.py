"""The theatre as the page needs it: names in one language, label points, bases, parents."""

from __future__ import annotations

from typing import Any

from config.theatre import Theatre

Names = dict[str, str]


def atlas(theatre: Theatre, lang: str) -> dict[str, Any]:
    """What the page knows of the theatre, as JSON-able data. lang: one of the theatre's languages."""
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
            key: {
                "name": r.names[lang],
                "label": r.labels.get(lang) or r.names[lang],
                "country": r.country,
                "level": r.level,
                "lon": r.lon,
                "lat": r.lat,
                **({"parent": r.parent} if r.parent else {}),
                **({"permanent": True} if r.permanent_alert else {}),
            }
            for key, r in theatre.regions.items()
        },
        "groups": {
            key: {"name": g.names[lang], "members": list(g.members)} for key, g in theatre.groups.items()
        },
        "places": {
            key: {
                "name": p.names[lang],
                "lon": p.lon,
                "lat": p.lat,
                "region": p.region,
                "kind": p.kind,
                "population": p.population,
            }
            for key, p in theatre.places.items()
        },
        "bases": {
            key: {"name": b.name, "country": b.country, "lon": b.lon, "lat": b.lat}
            for key, b in theatre.bases.items()
        },
        "weapons": {
            key: {"name": w.names[lang], "class": w.weapon_class, "kind": w.kind}
            for key, w in theatre.weapons.items()
        },
        "claimants": {
            key: {"name": c.names[lang], "country": c.country or "", "reliability": c.reliability}
            for key, c in theatre.claimants.items()
        },
    }
