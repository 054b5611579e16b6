"""Scrambles are put together from texts that each tell one half."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from streams.events import AirRaidAlert, Evidence, Scramble, Threat

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]

KEY = "PL|2025-06-09|1"


def scramble(name: str, state: str = "start", **fields: Any) -> Scramble:
    defaults = {"status": "actual", "feed": "f", "country": "PL", "reliability": "A", "credibility": 1}
    return Scramble(id=name, state=state, **(defaults | fields))  # type: ignore[arg-type]


def test_an_end_from_another_text_closes_the_nations_scramble(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32"), cause_regions=("western-ukraine",), allied=True))
    assert watch.view["scrambles"][KEY]["state"] == "start"
    watch.hear(scramble("b", "end", valid_to=at("05:40"), airspace_violated=False))
    (item,) = watch.view["scrambles"].values()
    assert (item["state"], item["since"], item["until"]) == (
        "end",
        "2025-06-09T01:32:00Z",
        "2025-06-09T05:40:00Z",
    )
    assert item["allied"] is True
    assert item["airspace_violated"] is False
    assert list(item["witnesses"]) == ["a", "b"]
    assert item["newest"] == "b"


def test_several_texts_about_one_start_are_its_witnesses(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32"), bases=("EPLK",)))
    watch.hear(scramble("b", valid_from=at("01:40"), bases=("EPKS", "EPLK"), allied=True, reliability="C"))
    watch.hear(scramble("c", published_at=at("02:35")))
    (item,) = watch.view["scrambles"].values()
    assert item["since"] == "2025-06-09T01:32:00Z"
    assert item["bases"] == ("EPLK", "EPKS")
    assert set(item["witnesses"]) == {"a", "b", "c"}


def test_a_paper_that_tells_of_the_start_after_the_end_starts_nothing(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32")))
    watch.hear(scramble("b", "end", valid_to=at("05:40")))
    watch.hear(scramble("c", published_at=at("09:00")))
    (item,) = watch.view["scrambles"].values()
    assert item["state"] == "end"
    assert "c" in item["witnesses"]


def test_a_start_after_the_end_is_another_scramble(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("21:00"), valid_to=at("22:00")))
    watch.hear(scramble("b", valid_from=at("01:32")))
    assert {key: item["state"] for key, item in watch.view["scrambles"].items()} == {
        KEY: "end",
        "PL|2025-06-09|2": "start",
    }


def test_each_nation_has_its_own(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32")))
    watch.hear(scramble("b", "end", country="RO", valid_to=at("02:00")))
    assert watch.view["scrambles"][KEY]["state"] == "start"
    assert watch.view["scrambles"]["RO|2025-06-09|1"]["state"] == "end"


def test_a_cancelled_end_leaves_the_jets_up(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32")))
    before = watch.view["scrambles"]
    watch.hear(scramble("b", "end", valid_to=at("05:40")))
    watch.hear(scramble("b", "end", revision=2, msg_type="cancel"))
    assert watch.view["scrambles"] == before


def test_an_ended_one_stays_for_its_night_and_one_without_end_for_a_day_more(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32"), valid_to=at("05:40")))
    watch.hear(scramble("b", country="RO", valid_from=at("02:00")))
    watch.tick("2025-06-09T14:59+00:00")
    assert len(watch.view["scrambles"]) == 2
    watch.tick("2025-06-09T15:00+00:00")
    assert list(watch.view["scrambles"]) == ["RO|2025-06-09|1"]
    watch.tick("2025-06-10T15:00+00:00")
    assert watch.view["scrambles"] == {}


def test_start_and_end_are_told_and_marked(watch: Watch, at: At) -> None:
    watch.hear(scramble("a", valid_from=at("01:32"), allied=True))
    watch.hear(scramble("b", "end", valid_to=at("05:40")), at="05:45")
    told = [(line["kind"], line["at"][11:16]) for _, line in sorted(watch.view["ticker"].items())]
    assert told == [("scramble.start", "01:32"), ("scramble.end", "05:40")]
    assert {mark["kind"] for mark in watch.view["strip"]["marks"].values()} == {
        "scramble.start",
        "scramble.end",
    }


def test_quotes_are_of_the_views_own_fields(watch: Watch, at: At) -> None:
    text = "Polish jets are up."
    evidence = Evidence(document="d", text=text, spans={"country": ((0, 6),), "part_of_day": ((7, 11),)})
    watch.hear(scramble("a", valid_from=at("01:32"), evidence=evidence))
    assert list(watch.view["scrambles"][KEY]["quotes"]) == ["country"]


def test_the_state_is_proven_by_a_text_that_says_so(watch: Watch, at: At) -> None:
    begun = Evidence(document="d", text="They are up.", spans={"state": ((5, 11),)})
    over = Evidence(document="e", text="They are back.", spans={"state": ((5, 13),)})
    watch.hear(scramble("a", valid_from=at("01:32"), evidence=begun))
    assert watch.view["scrambles"][KEY]["quotes"]["state"]["text"] == "They are up."
    watch.hear(scramble("b", "end", valid_to=at("05:40"), evidence=over, reliability="D"))
    assert watch.view["scrambles"][KEY]["quotes"]["state"]["text"] == "They are back."


def alert(name: str, region: str, **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(id=name, status="actual", feed="alerts", region=region, **fields)


def test_a_scramble_is_linked_to_the_alerts_and_threats_that_explain_it(watch: Watch, at: At) -> None:
    watch.hear(alert("volyn", "UA-07", valid_from=at("00:40")))
    watch.hear(alert("lviv", "UA-46/raion/stryiskyi", valid_from=at("00:52")))
    watch.hear(alert("sumy", "UA-59", valid_from=at("00:10")))
    watch.hear(alert("early", "UA-46", valid_from=at("20:00"), valid_to=at("21:00")))
    watch.hear(
        Threat(
            id="tu95",
            status="actual",
            feed="kpszsu",
            threat_type="strategic_aircraft_activity",
            valid_from=at("22:00"),
            stale_after_s=14_400,
        )
    )
    watch.hear(scramble("dorsz:1", state="start", valid_from=at("01:30"), published_at=at("01:42")))
    (item,) = watch.view["scrambles"].values()
    causes = item["causes"]
    assert set(causes) == {"western-alert", "strategic-aviation"}
    assert causes["western-alert"]["events"] == ("volyn", "lviv")
    assert causes["western-alert"]["regions"] == ("UA-07", "UA-46/raion/stryiskyi")
    assert causes["strategic-aviation"]["events"] == ("tu95",)
    assert item["announced_at"] == "2025-06-09T01:42:00Z"
    assert item["lead_s"] == 62 * 60
    assert "no_cause_found" not in item


def test_that_nothing_explains_a_scramble_is_told_until_something_does(watch: Watch, at: At) -> None:
    watch.hear(scramble("dorsz:1", state="start", valid_from=at("01:30"), published_at=at("01:42")))
    (item,) = watch.view["scrambles"].values()
    assert item["no_cause_found"] is True
    assert "lead_s" not in item
    watch.hear(alert("late", "UA-46", valid_from=at("01:10")), at="03:00")
    (item,) = watch.view["scrambles"].values()
    assert "no_cause_found" not in item
    assert item["lead_s"] == 32 * 60
    watch.hear(alert("late", "UA-46", revision=2, msg_type="cancel"), at="04:00")
    (item,) = watch.view["scrambles"].values()
    assert item["no_cause_found"] is True


def test_who_is_not_concerned_is_not_explained_by_it(watch: Watch, at: At) -> None:
    watch.hear(alert("odesa", "UA-51", valid_from=at("01:00")))
    watch.hear(scramble("pl", state="start", country="PL", valid_from=at("01:30")))
    watch.hear(scramble("ro", state="start", country="RO", valid_from=at("01:30")))
    by_country = {item["country"]: item for item in watch.view["scrambles"].values()}
    assert by_country["PL"]["no_cause_found"] is True
    assert set(by_country["RO"]["causes"]) == {"southern-alert"}


def test_who_was_not_stood_down_for_too_long_is_marked(watch: Watch, at: At) -> None:
    watch.hear(scramble("dorsz:1", state="start", valid_from=at("01:30")), at="01:40")
    watch.tick(at("09:30"))
    (item,) = watch.view["scrambles"].values()
    assert "not_stood_down" not in item
    (key,) = watch.view["scrambles"]
    assert watch.tick(at("09:31"))["scrambles"] == {key: {"not_stood_down": True}}
    assert watch.picture.refreshed()["scrambles"] == {key: {"not_stood_down": True}}
    watch.hear(scramble("dorsz:2", state="end", valid_from=at("09:40")), at="09:45")
    assert "not_stood_down" not in watch.view["scrambles"][key]


def test_airports_are_as_they_were_told_last(watch: Watch, at: At) -> None:
    watch.hear(scramble("dorsz:1", state="start", published_at=at("01:40"), airports_closed=("EPRZ", "EPLB")))
    watch.hear(scramble("pap:1", state="start", published_at=at("03:00"), airports_reopened=("EPLB",)))
    (item,) = watch.view["scrambles"].values()
    assert item["airports"] == {
        "EPRZ": {"state": "closed", "at": "2025-06-09T01:40:00Z"},
        "EPLB": {"state": "reopened", "at": "2025-06-09T03:00:00Z"},
    }
