"""The counters are one claim's, and say how they stand to the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
COUNTERS = "(m, tree) => Object.fromEntries(m.counters(tree, words).map((c) => [c.name, c]))"


def tree(claim: Json, **more: Any) -> Json:
    return {
        "tally": {"claim": "c", "rates": {}},
        "claims": {"c": {"claimant": "ua-air-force", **claim}},
        **more,
    }


def test_the_seed_nights_figures_are_read_off_the_lead_claim(
    modules: Callable[..., Any], night: Json
) -> None:
    got = modules("tally", COUNTERS, night)
    assert [got[name]["number"] for name in ("uav-launched", "uav-neutralised", "missiles", "impacts")] == [
        "479",
        "460",
        "20",
        "10",
    ]
    assert got["uav-neutralised"]["rate"] == "96.0 %"
    assert got["missiles"]["lines"] == ["19 neutralised"]
    assert got["uav-launched"]["record"] == {"value": "472", "night": " on 9 Jun", "broken": True}


def test_what_the_claim_does_not_say_is_absent_and_not_zero(modules: Callable[..., Any]) -> None:
    got = modules("tally", COUNTERS, tree({"launched": {"uav": {"value": 0}}}))
    assert (got["uav-launched"]["state"], got["uav-launched"]["number"]) == ("exact", "0")
    assert (got["missiles"]["state"], got["missiles"]["number"]) == ("absent", "—")
    assert (got["impacts"]["state"], got["impacts"]["number"]) == ("absent", "—")


def test_types_alone_are_not_added_up_to_a_figure(modules: Callable[..., Any]) -> None:
    got = modules("tally", COUNTERS, tree({"launched": {"types": {"kh-101": {"value": 10}}}}))
    assert got["missiles"]["state"] == "absent"


def test_shot_down_alone_is_called_shot_down(modules: Callable[..., Any]) -> None:
    got = modules("tally", COUNTERS, tree({"shot_down": {"uav": {"value": 277}}}))
    assert (got["uav-neutralised"]["number"], got["uav-neutralised"]["label"]) == ("277", "shot down")


def test_without_a_tally_nothing_is_reported(modules: Callable[..., Any]) -> None:
    assert modules("tally", "(m) => m.provenance({ claims: {} }, words)") is None
    got = modules("tally", COUNTERS, {"records": {"launched.uav": {"value": 472, "claim": "x"}}})
    assert got["uav-launched"]["state"] == "absent"
    assert got["uav-launched"]["record"]["value"] == "472"


def test_figures_are_stale_only_when_every_feed_behind_them_is(modules: Callable[..., Any]) -> None:
    witnesses = {
        "a": {"feed": "one", "received_at": "2025-06-09T08:00:00Z"},
        "b": {"feed": "two", "received_at": "2025-06-09T08:01:00Z"},
    }

    def stale(one: str, two: str) -> Any:
        feeds = {"one": {"state": one}, "two": {"state": two}}
        return modules(
            "tally", "(m, t) => m.provenance(t, words).stale", tree({"witnesses": witnesses}, feeds=feeds)
        )

    assert stale("dead", "dead") is True
    assert stale("dead", "slow") is True
    assert stale("dead", "quiet") is False


def test_other_claims_of_tonight_are_counted(modules: Callable[..., Any]) -> None:
    picture = tree({"tonight": True})
    picture["claims"] |= {
        "d": {"claimant": "ru-mod", "tonight": True},
        "old": {"claimant": "ua-air-force"},
    }
    assert modules("tally", "(m, t) => m.provenance(t, words).others", picture) == 1
