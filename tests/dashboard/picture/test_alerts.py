"""Alerts: in force by region, type and level; an all-clear ends its own and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dashboard.picture.rules import AlertRule, Rules
from streams.events import AirRaidAlert
from tests.dashboard.picture.conftest import Watch

if TYPE_CHECKING:
    from collections.abc import Callable

    from config.theatre import Theatre

    At = Callable[[str], dt.datetime]


def alert(name: str, **fields: Any) -> AirRaidAlert:
    defaults = {"status": "actual", "feed": "f", "region": "UA-46"}
    return AirRaidAlert(id=name, **(defaults | fields))


def test_an_all_clear_removes_its_alert_and_no_other(watch: Watch, at: At) -> None:
    watch.hear(alert("a", level="red", valid_from=at("01:00")))
    watch.hear(alert("b", level="yellow", valid_from=at("01:10")))
    watch.hear(alert("c", alert_type="artillery_shelling", valid_from=at("01:20")))
    watch.hear(alert("a", revision=2, level="red", valid_from=at("01:00"), valid_to=at("02:00")))
    assert set(watch.view["alerts"]) == {"UA-46|air_raid|yellow", "UA-46|artillery_shelling|"}


def test_an_alert_is_in_force_while_one_feed_says_so_and_since_the_first_said_so(
    watch: Watch, at: At
) -> None:
    watch.hear(alert("a", feed="one", valid_from=at("01:00")))
    watch.hear(alert("b", feed="two", valid_from=at("01:02")))
    (item,) = watch.view["alerts"].values()
    assert item["since"] == "2025-06-09T01:00:00Z"
    assert item["source"]["feed"] == "two"
    watch.hear(alert("a", feed="one", revision=2, valid_from=at("01:00"), valid_to=at("03:00")))
    (item,) = watch.view["alerts"].values()
    assert item["since"] == "2025-06-09T01:02:00Z"


def test_what_is_calculated_is_marked_until_somebody_reports_it(watch: Watch, at: At) -> None:
    watch.hear(alert("a", calculated=True, valid_from=at("01:00")))
    assert watch.view["alerts"]["UA-46|air_raid|"]["calculated"] is True
    watch.hear(alert("b", valid_from=at("01:10")))
    assert "calculated" not in watch.view["alerts"]["UA-46|air_raid|"]


def test_an_alert_that_changes_its_level_moves(watch: Watch, at: At) -> None:
    watch.hear(alert("a", level="yellow", valid_from=at("01:00")))
    watch.hear(alert("a", revision=2, level="red", valid_from=at("01:00")))
    assert list(watch.view["alerts"]) == ["UA-46|air_raid|red"]


def test_start_and_all_clear_are_told(watch: Watch, at: At) -> None:
    watch.hear(alert("a", level="red", valid_from=at("01:00")))
    watch.hear(alert("a", revision=2, level="red", valid_from=at("01:00"), valid_to=at("02:00")))
    told = [(line["kind"], line["subject"]) for _, line in sorted(watch.view["ticker"].items())]
    assert told == [("alert.start", "UA-46"), ("alert.end", "UA-46")]


def test_permanent_and_calculated_alerts_are_shown_and_not_told(watch: Watch, at: At) -> None:
    watch.hear(alert("a", region="UA-43", permanent=True, valid_from=at("01:00")))
    watch.hear(alert("b", calculated=True, valid_from=at("01:00")))
    assert len(watch.view["alerts"]) == 2
    assert watch.view["ticker"] == {}
    assert watch.view["strip"]["bins"] == {}


def test_a_time_in_the_future_is_not_told_before_it_was_heard(watch: Watch, at: At) -> None:
    watch.hear(alert("a", valid_from=at("2031-01-01T00:00+00:00")), at="01:05")
    (line,) = watch.view["ticker"].values()
    assert line["at"] == "2025-06-09T01:05:00Z"


def test_a_burst_leaves_the_patch_of_each_alert_small(watch: Watch, at: At) -> None:
    for i in range(200):
        watch.hear(alert(f"a{i}", region=f"R{i}", valid_from=at("01:00")))
    delta = watch.hear(alert("one", region="UA-46", valid_from=at("01:01")))
    assert len(delta["alerts"]) == 1
    assert len(delta["ticker"]) == 2


def test_several_feeds_are_witnesses_of_one_alert_and_it_stays_until_all_have_ended_it(
    watch: Watch, at: At
) -> None:
    watch.hear(alert("a", feed="one", level="red", valid_from=at("01:00")))
    watch.hear(alert("b", feed="two", level="red", valid_from=at("01:02")))
    watch.hear(alert("a", revision=2, feed="one", level="red", valid_from=at("01:00"), valid_to=at("03:00")))
    (item,) = watch.view["alerts"].values()
    witnesses = item["witnesses"]
    assert {name: each.get("until") for name, each in witnesses.items()} == {
        "a": "2025-06-09T03:00:00Z",
        "b": None,
    }
    watch.hear(alert("b", revision=2, feed="two", level="red", valid_from=at("01:02"), valid_to=at("03:05")))
    assert watch.view["alerts"] == {}
    assert watch.view["regions"] == {}


def test_by_the_other_rule_the_first_all_clear_of_any_feed_ends_it(theatre: Theatre, at: At) -> None:
    watch = Watch(theatre, "actual", Rules(alerts=AlertRule(ended_by="any")))
    watch.hear(alert("a", feed="one", valid_from=at("01:00")))
    watch.hear(alert("b", feed="two", valid_from=at("01:02")))
    watch.hear(alert("a", revision=2, feed="one", valid_from=at("01:00"), valid_to=at("03:00")))
    assert watch.view["alerts"] == {}
    watch.hear(alert("c", feed="two", valid_from=at("04:00")))
    (item,) = watch.view["alerts"].values()
    assert item["since"] == "2025-06-09T04:00:00Z"


def test_a_feed_without_levels_is_a_witness_of_the_worst_level(watch: Watch, at: At) -> None:
    watch.hear(alert("plain", feed="one", valid_from=at("01:00")))
    watch.hear(alert("yellow", feed="two", level="yellow", valid_from=at("01:00")))
    watch.hear(alert("red", feed="two", level="red", valid_from=at("01:20")))
    alerts = watch.view["alerts"]
    assert set(alerts) == {"UA-46|air_raid|red", "UA-46|air_raid|yellow"}
    assert set(alerts["UA-46|air_raid|red"]["witnesses"]) == {"plain", "red"}
    assert alerts["UA-46|air_raid|red"]["since"] == "2025-06-09T01:20:00Z"
    watch.hear(
        alert("red", revision=2, feed="two", level="red", valid_from=at("01:20"), valid_to=at("02:00"))
    )
    watch.hear(
        alert("yellow", revision=2, feed="two", level="yellow", valid_from=at("01:00"), valid_to=at("02:00"))
    )
    assert set(watch.view["alerts"]) == {"UA-46|air_raid|"}


def test_an_end_that_was_only_predicted_is_shown_and_ends_nothing(watch: Watch, at: At) -> None:
    watch.hear(alert("a", calculated=True, valid_from=at("01:00"), valid_to=at("04:00")), at="01:30")
    (item,) = watch.view["alerts"].values()
    assert item["until"] == "2025-06-09T04:00:00Z"
    watch.tick("2025-06-09T06:00+00:00")
    assert len(watch.view["alerts"]) == 1
    watch.hear(alert("a", revision=2, valid_from=at("01:00"), valid_to=at("05:00")), at="06:00")
    assert watch.view["alerts"] == {}
