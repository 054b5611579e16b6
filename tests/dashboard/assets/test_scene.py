"""What stands on the map, and where: nothing is placed that nobody placed without saying so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
AT = "2025-06-09T08:00:00Z"
SOURCE = {"feed": "f", "received_at": AT}


def threats(modules: Callable[..., Any], **threats: Json) -> Any:
    each = {
        key: {"threat_type": "drones", "state": "moving", "source": SOURCE, **threat}
        for key, threat in threats.items()
    }
    return modules("scene", f"(m, t) => m.threats(t, words, Date.parse('{AT}'))", {"threats": each})


def test_a_threat_without_position_stands_at_its_region_and_is_marked(modules: Callable[..., Any]) -> None:
    got = threats(modules, a={"regions": ["UA-46"]}, b={"position": {"lon": 30.0, "lat": 50.0}})
    assert [(item["key"], item["approximate"]) for item in got["placed"]] == [("a", True), ("b", False)]


def test_two_threats_at_one_label_point_stand_side_by_side(modules: Callable[..., Any]) -> None:
    got = threats(modules, a={"regions": ["UA-46"]}, b={"regions": ["UA-46"]})
    assert [item["shift"] for item in got["placed"]] == [-0.5, 0.5]


def test_a_threat_that_nobody_placed_is_listed_apart(modules: Callable[..., Any]) -> None:
    got = threats(modules, a={"threat_type": "mig31k_departure"}, b={"regions": ["nowhere"]})
    assert got["placed"] == []
    assert [item["key"] for item in got["unplaced"]] == ["a", "b"]


def test_an_ended_threat_is_gone(modules: Callable[..., Any]) -> None:
    assert threats(modules, a={"state": "ended", "regions": ["UA-46"]}) == {"placed": [], "unplaced": []}


def test_a_hedged_count_is_hedged_on_the_map(modules: Callable[..., Any]) -> None:
    spot = {"position": {"lon": 30.0, "lat": 50.0}}
    got = threats(
        modules,
        a={"count": {"value": 18, "qualifier": "about"}, **spot},
        b={"count": {"value": 18}, **spot},
        c=spot,
    )
    assert [item["label"] for item in got["placed"]] == ["about 18", "×18", ""]


def test_a_threat_of_a_dead_feed_is_stale(modules: Callable[..., Any]) -> None:
    tree = {
        "threats": {
            "a": {"threat_type": "drones", "state": "moving", "regions": ["UA-46"], "source": SOURCE}
        },
        "feeds": {"f": {"state": "dead"}},
    }
    assert modules("scene", "(m, t) => m.threats(t, words, 0).placed[0].stale", tree) is True


def rings(modules: Callable[..., Any], scramble: Json) -> Any:
    tree = {"scrambles": {"PL|1": {"country": "PL", "state": "start", **scramble}}}
    return modules("scene", f"(m, t) => m.scrambles(t, words, Date.parse('{AT}'))", tree)


def test_a_scramble_is_a_ring_on_each_of_its_bases(modules: Callable[..., Any]) -> None:
    got = rings(modules, {"bases": ["EPLK", "EPKS"], "since": "2025-06-09T06:18:00Z"})
    assert [(ring["approximate"], ring["sub"]) for ring in got] == [(False, "1:42:00"), (False, "1:42:00")]


def test_a_scramble_without_base_says_so_at_its_country(modules: Callable[..., Any]) -> None:
    (ring,) = rings(modules, {"since": "2025-06-09T06:18:00Z"})
    assert (ring["approximate"], ring["note"]) == (True, "base not stated")


def test_where_no_launch_was_stated_the_timer_is_a_least(modules: Callable[..., Any]) -> None:
    witnesses = {"w": {**SOURCE, "published_at": "2025-06-09T07:00:00Z"}}
    (ring,) = rings(modules, {"witnesses": witnesses})
    assert ring["sub"] == "≥ 1:00:00"
    (ring,) = rings(modules, {"witnesses": {"w": SOURCE}})
    assert ring["sub"] == ""


def test_an_airport_is_closed_until_it_is_reopened(modules: Callable[..., Any]) -> None:
    tree = {
        "scrambles": {
            "PL|1": {
                "country": "PL",
                "state": "start",
                "airports_closed": ["EPRZ", "EPLB"],
                "airports_reopened": ["EPLB"],
            }
        },
        "restrictions": {
            "r": {"subject": "EPWA", "source": SOURCE},
            "s": {"subject": "XXXX", "source": SOURCE},
        },
    }
    assert modules("scene", "(m, t) => m.closures(t, words).map((c) => c.key)", tree) == ["EPRZ", "EPWA"]


def test_a_crowd_of_threats_at_one_label_point_stands_in_one_place(modules: Callable[..., Any]) -> None:
    got = threats(modules, **{key: {"regions": ["UA-46"]} for key in "abcde"})
    assert [item["shift"] for item in got["placed"]] == [0] * 5


def test_a_scramble_is_tied_to_the_regions_that_explain_it_and_only_while_it_is_up(
    modules: Callable[..., Any],
) -> None:
    scramble = {
        "country": "PL",
        "state": "start",
        "bases": ["EPLK", "EPPW"],
        "causes": {
            "western-alert": {"regions": ["UA-46", "UA-07", "nowhere"], "n": 2},
            "mig-31k": {"regions": ["UA-46"], "n": 1},
        },
        "lead_s": 1860,
    }
    tree = {"scrambles": {"a": scramble, "b": {**scramble, "state": "end"}}}
    got = modules("scene", "(m, tree) => m.links(tree, words)", tree)
    assert sorted(link["key"] for link in got) == ["a|UA-07", "a|UA-46"]
    nearest = min(got, key=lambda link: link["km"])
    assert [link["label"] != "" for link in got] == [link is nearest for link in got]
    assert nearest["label"].startswith("31 min after")
    bases = modules(
        "scene", "() => ['EPLK', 'EPPW'].map((icao) => [atlas.bases[icao].lon, atlas.bases[icao].lat])"
    )
    assert all(link["from"] in bases for link in got)


def test_areas_of_markers_and_restrictions_are_outlines_and_circles(modules: Callable[..., Any]) -> None:
    square = [{"lon": lon, "lat": lat} for lon, lat in ((18, 55), (20, 55), (20, 56), (18, 56))]
    tree = {
        "markers": {
            "m": {"label": "Bravo", "position": {"lon": 22, "lat": 53}, "radius_m": 60000, "source": SOURCE}
        },
        "restrictions": {
            "r": {"subject": "EPRZ", "radius_m": 40000, "source": SOURCE},
            "s": {"subject": "EPTR12", "area": square, "source": SOURCE},
            "n": {"subject": "EPTR13", "source": SOURCE},
        },
    }
    (marker,) = modules("scene", "(m, tree) => m.markers(tree, words)", tree)
    assert (marker["label"], marker["lon"], marker["radiusKm"]) == ("Bravo", 22, 60)
    airport, sector = modules("scene", "(m, tree) => m.closures(tree, words)", tree)
    assert (airport["key"], airport["radiusKm"]) == ("EPRZ", 40)
    assert (sector["key"], sector["lon"], sector["lat"], len(sector["outline"])) == ("EPTR12", 19, 55.5, 4)


def test_tracks_know_which_feeds_are_late_and_when_they_are_old(modules: Callable[..., Any]) -> None:
    tree = {
        "tracks": {"a": [20, 50, 1]},
        "track_ages": {"stale_after_s": 30},
        "feeds": {"adsb": {"state": "dead"}, "own": {"state": "fresh"}},
    }
    got = modules("scene", "(m, tree) => m.tracks(tree, 5)", tree)
    assert got == {"byKey": {"a": [20, 50, 1]}, "at": 5, "staleAfterMs": 30000, "late": ["adsb"]}
