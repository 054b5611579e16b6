"""Regions: a parent and a child under alert count once, and an all-clear for one does not clear the other."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from streams.events import AirRaidAlert

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.theatre import Theatre
    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]

RAION = "UA-63/raion/chuhuivskyi"
HROMADA = "UA-63/raion/chuhuivskyi/hromada/vovchanska"


def alert(name: str, **fields: Any) -> AirRaidAlert:
    defaults = {"status": "actual", "feed": "f", "region": "UA-63"}
    return AirRaidAlert(id=name, **(defaults | fields))


def test_an_oblast_and_what_is_in_it_count_once(watch: Watch, at: At, theatre: Theatre) -> None:
    watch.hear(alert("oblast", valid_from=at("01:00")))
    watch.hear(alert("raion", region=RAION, valid_from=at("00:30")))
    watch.hear(alert("hromada", region=HROMADA, valid_from=at("00:40")))
    region = watch.view["regions"]["UA-63"]
    assert region["whole"] is True
    assert region["parts"] == (RAION,)
    assert region["since"] == "2025-06-09T00:30:00Z"
    alerting = watch.view["alerting"]
    assert (alerting["n"], alerting["whole"], alerting["of"]) == (1, 1, len(theatre.alert_regions))
    assert alerting["longest"] == "UA-63"


def test_an_all_clear_for_the_oblast_leaves_its_raion_under_alert_and_the_other_way_round(
    watch: Watch, at: At
) -> None:
    watch.hear(alert("oblast", valid_from=at("01:00")))
    watch.hear(alert("raion", region=RAION, valid_from=at("00:30")))
    watch.hear(alert("oblast", revision=2, valid_from=at("01:00"), valid_to=at("02:00")))
    region = watch.view["regions"]["UA-63"]
    assert "whole" not in region
    assert region["parts"] == (RAION,)
    assert watch.view["alerting"]["n"] == 1
    watch.hear(alert("again", valid_from=at("03:00")))
    watch.hear(alert("raion", revision=2, region=RAION, valid_from=at("00:30"), valid_to=at("03:30")))
    assert watch.view["regions"]["UA-63"]["whole"] is True
    assert "parts" not in watch.view["regions"]["UA-63"]


def test_red_and_yellow_are_in_force_together(watch: Watch, at: At) -> None:
    watch.hear(alert("y", level="yellow", valid_from=at("01:00")))
    watch.hear(alert("r", level="red", valid_from=at("01:30")))
    assert watch.view["regions"]["UA-63"]["levels"] == ("red", "yellow")
    assert (watch.view["alerting"]["red"], watch.view["alerting"]["yellow"]) == (1, 1)


def test_permanent_alerts_are_marked_and_neither_counted_nor_the_longest(watch: Watch, at: At) -> None:
    watch.hear(alert("p", region="UA-09", permanent=True, valid_from=at("2022-04-04T16:45+00:00")))
    watch.hear(alert("a", region="UA-46", valid_from=at("01:00")))
    assert watch.view["regions"]["UA-09"]["permanent"] is True
    assert "alerting" not in watch.view["regions"]["UA-09"]
    alerting = watch.view["alerting"]
    assert (alerting["n"], alerting["permanent"], alerting["longest"]) == (1, 1, "UA-46")


def test_what_is_only_rolled_up_says_so(watch: Watch, at: At) -> None:
    watch.hear(alert("c", calculated=True, valid_from=at("01:00")))
    assert watch.view["regions"]["UA-63"]["calculated"] is True
    watch.hear(alert("raion", region=RAION, valid_from=at("01:00")))
    assert "calculated" not in watch.view["regions"]["UA-63"]


def test_other_types_of_alert_are_shown_and_not_counted(watch: Watch, at: At) -> None:
    watch.hear(alert("s", alert_type="artillery_shelling", valid_from=at("01:00")))
    assert watch.view["regions"]["UA-63"]["alert_types"] == ("artillery_shelling",)
    assert "n" not in watch.view["alerting"]


def test_a_region_that_no_theatre_knows_is_its_own(watch: Watch, at: At) -> None:
    watch.hear(alert("x", region="XX-1", valid_from=at("01:00")))
    assert watch.view["regions"]["XX-1"]["alerting"] is True
    assert "n" not in watch.view["alerting"]
