"""What each region is under, whole or in part, and how many are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.dashboard.assets.conftest import FakeGateway, Glass

    Glasses = Callable[..., Glass]

Json = dict[str, Any]
REGIONS: Json = {
    "UA-46": {"drawn": True},
    "UA-59": {"drawn": True},
    "UA-09": {"drawn": True},
    "89": {"parent": "UA-46"},
    "90": {"parent": "UA-46"},
    "loop": {"parent": "loop"},
}
DRAWN = ["UA-46", "UA-59", "UA-09"]
BY_REGION = """(m, [tree, regions]) => {
    const found = Object.entries(m.byRegion(tree, regions));
    const told = (r) => [r.kind, r.extent, r.since, r.parts.length, r.of];
    return Object.fromEntries(found.map(([key, region]) => [key, told(region)]));
}"""


def at(second: int) -> str:
    return f"1970-01-01T00:00:{second:02d}Z"


def alert(region: str, level: str = "", since: str | None = None, **more: Any) -> Json:
    return {
        "region": region,
        "alert_type": "air_raid",
        "level": level,
        **({"since": since} if since else {}),
        **more,
    }


def by_region(modules: Callable[..., Any], *alerts: Json, **regions: Json) -> Any:
    tree = {"alerts": {str(n): each for n, each in enumerate(alerts)}, "regions": regions}
    return modules("alerts", BY_REGION, [tree, REGIONS])


def test_red_wins_over_yellow_with_its_own_start(modules: Callable[..., Any]) -> None:
    got = by_region(modules, alert("UA-46", "yellow", at(1)), alert("UA-46", "red", at(5)))
    assert got == {"UA-46": ["red", "whole", 5000, 0, 0]}


def test_an_alert_without_level_is_an_alert(modules: Callable[..., Any]) -> None:
    assert by_region(modules, alert("UA-59"))["UA-59"][0] == "plain"


def test_raions_put_their_oblast_under_alert_in_part_since_the_oldest(modules: Callable[..., Any]) -> None:
    got = by_region(
        modules,
        alert("89", "red", at(8)),
        alert("90/hromada/umanska", "yellow", at(3)),
        **{"UA-46": {"parts": ["89", "90"], "of": 7}},
    )
    assert got == {"UA-46": ["red", "part", 3000, 2, 7]}


def test_a_whole_oblast_under_alert_stays_whole_beside_its_raions(modules: Callable[..., Any]) -> None:
    got = by_region(modules, alert("UA-46", "red", at(8)), alert("89", "yellow", at(3)))
    assert got["UA-46"][:3] == ["red", "whole", 8000]


def test_a_red_raion_in_a_yellow_oblast_is_red_in_part(modules: Callable[..., Any]) -> None:
    tree = {"alerts": {"a": alert("UA-46", "yellow"), "b": alert("89", "red")}}
    got = modules("alerts", "(m, [tree, regions]) => m.byRegion(tree, regions)", [tree, REGIONS])["UA-46"]
    assert (got["kind"], got["extent"], got["under"]) == ("red", "part", "yellow")


def test_what_was_worked_out_says_nothing_beside_what_was_reported(modules: Callable[..., Any]) -> None:
    calculated = alert("UA-46", calculated=True)
    assert by_region(modules, calculated)["UA-46"][:2] == ["plain", "calculated"]
    assert by_region(modules, calculated, alert("89", "yellow"))["UA-46"][:2] == ["yellow", "part"]
    assert by_region(modules, calculated, alert("UA-46", "yellow"))["UA-46"][:2] == ["yellow", "whole"]


@pytest.mark.parametrize("key", ["atlantis", "atlantis/raion/x", "loop", "__proto__", "constructor", "", "/"])
def test_a_region_that_nobody_knows_is_not_drawn_and_is_not_lost(
    modules: Callable[..., Any], key: str
) -> None:
    assert by_region(modules, alert(key, "red")) == {}
    function = "(m, [tree, regions]) => m.elsewhere(tree, regions)"
    assert modules("alerts", function, [{"alerts": {"a": alert(key, "red")}}, REGIONS]) == [key]


def test_the_count_is_the_pictures_and_tells_whole_from_part(modules: Callable[..., Any]) -> None:
    tree = {
        "alerts": {
            "a": alert("UA-46", "red"),
            "b": alert("UA-59", "yellow", calculated=True),
            "c": alert("UA-09", permanent=True),
        },
        "alerting": {"n": 2, "of": 27, "permanent": 1, "longest": "UA-46", "longest_since": at(7)},
    }
    got = modules(
        "alerts",
        "(m, [t, regions, keys]) => m.summary(m.byRegion(t, regions), t, keys)",
        [tree, REGIONS, DRAWN],
    )
    assert (got["n"], got["of"], got["permanent"]) == (2, 27, 1)
    assert got["extents"] == {"whole": 1, "part": 0, "calculated": 1}
    assert got["longest"] == {"region": "UA-46", "since": 7000}


def test_a_made_key_reads_as_its_name(modules: Callable[..., Any]) -> None:
    keys = ["151/hromada/umanska", "UA-46/raion/stara-nova", "x/city/y", "a/b"]
    names = modules("words", "(m, keys) => keys.map((key) => words.region(key))", keys)
    assert names == ["Umanska hromada", "Stara-Nova Raion", "Y", "a/b"]


def kyiv_in_part(night: Json) -> Json:
    """Three raions of Kyiv oblast, one of them by a hromada; a calculated Chernihiv; what nobody knows.

    The exercise's clock hardly moves, so that ages stay what they are.
    """
    night["clock"]["speed"] = 0.01
    source = night["alerts"]["UA-46|air_raid|red"]["source"]

    def add(region: str, since: str, **more: Any) -> None:
        witness = {"feed": "alerts", "since": since, "received_at": source["received_at"], **more}
        night["alerts"][f"{region}|air_raid|red"] = {
            "region": region,
            "alert_type": "air_raid",
            "level": "red",
            "since": since,
            "source": source,
            "witnesses": {f"w-{region}": witness},
            **more,
        }

    add("73", "2025-06-09T06:00:00Z")
    add("75", "2025-06-09T05:30:00Z")
    add("77/hromada/umanska", "2025-06-09T07:00:00Z")
    add("UA-74", "2025-06-09T07:30:00Z", calculated=True, until="2025-06-09T09:00:00Z")
    add("<b>nowhere</b>", "2025-06-09T07:30:00Z")
    night["regions"] |= {
        "UA-32": {
            "alerting": True,
            "levels": ["red"],
            "since": "2025-06-09T05:30:00Z",
            "parts": ["73", "75", "77"],
            "of": 7,
        },
        "UA-74": {"alerting": True, "whole": True, "levels": ["red"], "calculated": True, "of": 5},
        "<b>nowhere</b>": {"alerting": True, "whole": True, "levels": ["red"]},
    }
    night["alerting"] |= {"n": 5, "whole": 4, "red": 4}
    return night


STATE = "(key) => watchfloor.stage.map.map.getFeatureState({ source: 'borders', id: key }).alert"
FILTER = "(layer) => watchfloor.stage.map.map.getFilter(layer)[2][1]"
SPOT = """(key) => {
    const { map } = watchfloor.stage.map;
    const { lon, lat } = watchfloor.wall.words.atlas.regions[key];
    const frame = map.getContainer().getBoundingClientRect();
    const at = map.project([lon, lat]);
    return [frame.left + at.x, frame.top + at.y];
}"""


def test_parts_are_painted_counted_and_named(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    gateway.picture = kyiv_in_part(night)
    gateway.start()
    wall = glass()
    wall.wait_map()
    wall.wait("document.querySelector('#alerts-list .big')")
    wall.wait("watchfloor.stage.map.map.getFilter('part')[2][1].length")
    assert [wall.page.evaluate(STATE, key) for key in ("UA-46", "UA-32", "UA-74")] == [
        "red",
        "red-part",
        "red-calculated",
    ]
    assert wall.page.evaluate(FILTER, "part") == ["UA-32"]
    assert wall.page.evaluate(FILTER, "calculated-lines") == ["UA-74"]
    assert wall.text("#alerts-list .big") == "5 of 27 regions"
    assert wall.text("#alerts-list .extents") == "3 whole · 1 in part · 1 calculated"
    labels = wall.page.evaluate(
        "() => Object.fromEntries(watchfloor.stage.overlay.scene.regions.map((r) => [r.key, r.age]))"
    )
    assert re.match(r"3 of 7 · \d:\d\d", labels["UA-32"])
    assert re.match(r"calculated · \d:\d\d", labels["UA-74"])
    wall.page.focus("#alerts-list")
    card = wall.text("#card")
    assert "3 of 7 raions" in card
    assert "Bila Tserkva Raion" in card
    assert "under alert, not on the map: <b>nowhere</b>" in card


def test_a_region_under_the_pointer_says_what_it_is_under(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    gateway.picture = kyiv_in_part(night)
    gateway.start()
    wall = glass()
    wall.wait_map()
    wall.wait("document.querySelector('#alerts-list .big')")
    wall.wait("watchfloor.stage.map.map.getFilter('part')[2][1].length")

    def point(key: str) -> None:
        x, y = wall.page.evaluate(SPOT, key)
        # While polygons are cut anew the map answers nothing.
        wall.wait(f"watchfloor.stage.map.map.loaded() && watchfloor.stage.map.regionAt({x}, {y}) === '{key}'")
        wall.page.mouse.move(x, y)

    point("UA-74")
    wall.wait("!document.querySelector('#card').hidden")
    assert wall.text("#card .card-heading") == "Chernihiv · calculated"
    assert "calculated by alerts, not reported" in wall.text("#card")
    assert "its end, 09:00Z, is calculated, not reported" in wall.text("#card")
    point("UA-32")
    wall.wait("document.querySelector('#card .card-heading').textContent.includes('3 of 7 raions')")
    assert "Umanska hromada: air alert · red · since 07:00Z 1:" in wall.text("#card")


def test_a_part_that_ends_takes_its_stripes_away(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    gateway.picture = kyiv_in_part(night)
    gateway.start()
    wall = glass()
    wall.wait_map()
    wall.wait("watchfloor.stage.map.map.getFilter('part')[2][1].length")
    gone = {f"{key}|air_raid|red": None for key in ("73", "75", "77/hromada/umanska")}
    gateway.patch({"alerts": gone, "regions": {"UA-32": None}, "alerting": {"n": 4, "red": 3}})
    wall.wait("!watchfloor.stage.map.map.getFilter('part')[2][1].length")
    assert wall.page.evaluate(STATE, "UA-32") == ""
    assert wall.text("#alerts-list .extents") == "3 whole · 1 calculated"


def test_the_records_of_alerts_stand_in_the_panels_card(
    glass: Glasses, gateway: FakeGateway, night: Json
) -> None:
    night["records"] |= {
        "alert.longest": {"value": 50_400, "unit": "s", "night_of": "2025-06-03", "region": "UA-59"},
        "alert.most_regions": {"value": 2, "unit": "regions", "night_of": "2025-06-01", "broken": True},
    }
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait("document.querySelector('#alerts-list .big')")
    wall.page.focus("#alerts-list")
    card = wall.text("#card")
    assert "Longest alert before tonight: 14 h 00, Sumy on 3 Jun." in card
    assert "RECORD: more regions at once than the most before tonight, 2 on 1 Jun." in card
