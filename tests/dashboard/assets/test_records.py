"""What tonight's figures are measured by stands in the counters' cards, with what does not compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.dashboard.assets.conftest import FakeGateway, Glass

    Glasses = Callable[..., Glass]

Json = dict[str, Any]
MEASURES = "(m, [name, tree]) => m.measures(name, tree, words)"


def test_days_since_such_a_raid_go_by_size(modules: Callable[..., Any]) -> None:
    records = {
        "since.launched.uav.300": {"value": 8, "unit": "days", "night_of": "2025-06-01"},
        "since.launched.uav.100": {"value": 1, "unit": "days", "night_of": "2025-06-08"},
        "since.launched.missile.20": {"value": 3, "unit": "days", "night_of": "2025-06-06"},
        "since.launched.uav.many": {"value": 3, "unit": "days"},
    }
    assert modules("records", MEASURES, ["uav-launched", {"records": records}]) == [
        "At least 100: last the day before, on 8 Jun.",
        "At least 300: last 8 days before, on 1 Jun.",
    ]
    assert modules("records", MEASURES, ["missiles", {"records": records}]) == [
        "At least 20: last 3 days before, on 6 Jun."
    ]


def test_a_mean_that_does_not_compare_says_so(modules: Callable[..., Any]) -> None:
    trend = {
        "compare": {
            "neutralised.uav": {"tonight": 460, "mean": 120.44, "nights": 28, "not_comparable": "merged"},
            "rate.uav": {"tonight": 96.0, "mean": 83.2, "nights": 28},
        },
        "breaks": {"merged": {"since": "2025-10-01", "note": "Two figures became one."}},
    }
    assert modules("records", MEASURES, ["uav-neutralised", {"trend": trend}]) == [
        "460 tonight, 120.4 in the mean of nights before (28).",
        "Not comparable: Two figures became one. (1 Oct)",
        "96 % tonight, 83.2 % in the mean of nights before (28).",
    ]


def test_other_windows_and_what_is_stated_otherwise_are_told(modules: Callable[..., Any]) -> None:
    tree = {
        "tally": {"claim": "c", "night": {"launched.uav": 512}},
        "claims": {
            "c": {
                "variants": {"launched.uav": {"471": ["a", "gone"]}},
                "witnesses": {"a": {"feed": "press"}},
            }
        },
    }
    assert modules("records", MEASURES, ["uav-launched", tree]) == [
        "512 in all windows of the night together.",
        "Stated otherwise: 471 (press).",
    ]
    assert modules("records", MEASURES, ["impacts", tree]) == []
    assert modules("records", MEASURES, ["uav-launched", {}]) == []


def test_a_counters_card_tells_them(glass: Glasses, gateway: FakeGateway, night: Json) -> None:
    night["records"] |= {
        "launched.missile": {"value": 122, "night_of": "2025-05-25"},
        "since.launched.missile.20": {"value": 3, "unit": "days", "night_of": "2025-06-06"},
    }
    gateway.picture = night
    gateway.start()
    wall = glass()
    wall.wait_kind("exercise")
    assert wall.text("#missiles-more") == "19 neutralised"
    wall.page.focus("#missiles")
    assert "Record before tonight: 122 on 25 May." in wall.text("#card")
    assert "At least 20: last 3 days before, on 6 Jun." in wall.text("#card")
