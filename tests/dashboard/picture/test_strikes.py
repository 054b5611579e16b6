"""Strikes: one target tonight is one item, however many texts tell of it and in whatever language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from streams.events import Count, Point, Strike

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]


def strike(name: str, **fields: Any) -> Strike:
    defaults = {"status": "actual", "feed": "f", "region": "RU-CU"}
    return Strike(id=name, **(defaults | fields))


def test_texts_about_one_place_are_one_strike(watch: Watch, at: At) -> None:
    place = Point(lon=47.206, lat=56.118)
    watch.hear(
        strike("a", target="VNIIR plant", position=place, count=Count(value=2), published_at=at("05:14"))
    )
    watch.hear(
        strike("b", target="usine VNIIR", position=place, claimed_by=("ua-general-staff",), attacker="UA")
    )
    (item,) = watch.view["strikes"].values()
    assert item["count"] == {"value": 2}
    assert item["attacker"] == "UA"
    assert item["claimed_by"] == ("ua-general-staff",)
    assert set(item["witnesses"]) == {"a", "b"}
    assert item["at"] == "2025-06-09T05:14:00Z"


def test_without_a_place_the_name_tells_case_and_marks_aside(watch: Watch, at: At) -> None:
    watch.hear(strike("a", target="«VNIIR» Plant", published_at=at("05:14")))
    watch.hear(strike("b", target="vniir plant", published_at=at("06:00")))
    watch.hear(strike("c", target="oil depot", published_at=at("06:00")))
    assert len(watch.view["strikes"]) == 2


def test_a_strike_is_of_its_night(watch: Watch, at: At) -> None:
    watch.hear(strike("a", target="depot", published_at=at("05:14")))
    watch.tick("2025-06-09T15:00+00:00")
    assert watch.view["strikes"] == {}
