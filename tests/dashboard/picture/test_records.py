"""Records and the trend: what tonight is measured by, and where it cannot be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from dashboard.picture.patch import merge
from streams.events import AirRaidAlert, Count, Quantities, RaidReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dashboard.picture.conftest import Watch

    At = Callable[[str], dt.datetime]


def night(morning: str, launched: int, neutralised: int | None = None, **fields: Any) -> RaidReport:
    return RaidReport(
        id=f"kpszsu:{morning}",
        status="actual",
        feed="kpszsu",
        claimant="ua-air-force",
        night_of=dt.date.fromisoformat(morning),
        launched=Quantities(uav=Count(value=launched)),
        neutralised=Quantities(uav=Count(value=neutralised)) if neutralised is not None else None,
        **fields,
    )


def alert(name: str, region: str, start: dt.datetime, end: dt.datetime | None, **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(
        id=name, status="actual", feed="f", region=region, valid_from=start, valid_to=end, **fields
    )


def test_days_since_the_last_raid_of_so_many(watch: Watch) -> None:
    watch.hear_all([night("2025-06-01", 472), night("2025-06-08", 120), night("2025-06-09", 479)])
    records = watch.view["records"]
    assert records["since.launched.uav.100"] == {"value": 1, "unit": "days", "night_of": "2025-06-08"}
    assert records["since.launched.uav.300"] == {"value": 8, "unit": "days", "night_of": "2025-06-01"}
    assert "since.launched.uav.500" not in records
    watch.hear(night("2025-06-01", 472, revision=2, msg_type="cancel"))
    assert "since.launched.uav.300" not in watch.view["records"]


def test_the_longest_alert_and_the_most_regions_are_of_all_history(watch: Watch, at: At) -> None:
    watch.tick("2025-06-09T08:00+00:00")
    old = dt.datetime(2023, 5, 4, 20, tzinfo=dt.UTC)
    hour = dt.timedelta(hours=1)
    watch.hear(alert("a", "UA-46", old, old + 5 * hour))
    watch.hear(alert("b", "UA-07", old, old + hour))
    watch.hear(alert("p", "UA-43", old, old + 900 * hour, permanent=True))
    watch.hear(alert("c", "UA-59", old + 2 * hour, old + 20 * hour, calculated=True))
    watch.hear(alert("t", "UA-18", at("01:00"), at("07:00")))
    assert "alert.longest" not in watch.view["records"]
    watch.tick("2025-06-09T08:01+00:00")
    records = watch.view["records"]
    assert records["alert.longest"] == {
        "value": 5 * 3_600,
        "unit": "s",
        "night_of": "2023-05-05",
        "region": "UA-46",
        "since": "2023-05-04T20:00:00Z",
        "until": "2023-05-05T01:00:00Z",
        "broken": True,
    }
    assert records["alert.most_regions"] == {
        "value": 2,
        "unit": "regions",
        "night_of": "2023-05-05",
        "since": "2023-05-04T20:00:00Z",
    }
    watch.hear(alert("a", "UA-46", old, old + 5 * hour, revision=2, msg_type="cancel"))
    watch.tick("2025-06-09T08:02+00:00")
    assert watch.view["records"]["alert.longest"]["region"] == "UA-07"


def test_an_alert_whose_end_nobody_told_counts_at_once_and_has_no_length(watch: Watch, at: At) -> None:
    watch.hear(alert("a", "UA-46", at("01:00"), None))
    watch.tick("2025-06-09T08:00+00:00")
    row = watch.view["trend"]["nights"]["2025-06-09"]
    assert (row["most_regions"], row["alert_s"]) == (1, 0)
    assert "longest_alert_s" not in row


def test_the_trend_is_by_night_week_and_month(watch: Watch) -> None:
    watch.hear_all(
        [night("2025-06-01", 472, 382), night("2025-06-08", 49, 40), night("2025-06-09", 479, 460)]
    )
    watch.tick("2025-06-09T08:00+00:00")
    trend = watch.view["trend"]
    assert trend["nights"]["2025-06-09"]["launched_uav"] == 479
    assert trend["nights"]["2025-06-09"]["claim"] == "ua-air-force|RU|national|2025-06-09"
    assert trend["weeks"]["2025-W23"]["launched_uav"] == 49
    month = trend["months"]["2025-06"]
    assert (month["nights"], month["launched_uav"], month["most_uav"]) == (3, 1_000, 479)
    assert month["rate_uav"] == 88.2
    assert trend["compare"]["launched.uav"] == {"tonight": 479.0, "mean": 260.5, "nights": 2}


def test_what_lies_across_a_change_of_meaning_is_marked_as_not_comparable(watch: Watch) -> None:
    watch.hear_all([night("2025-09-29", 100, 80), night("2025-10-02", 100, 90)])
    watch.tick("2025-10-02T08:00+00:00")
    trend = watch.view["trend"]
    assert trend["breaks"]["lost-in-shot-down"]["since"] == "2025-10-01"
    assert trend["nights"]["2025-09-29"]["not_comparable"] == ("lost-in-shot-down",)
    assert "not_comparable" not in trend["nights"]["2025-10-02"]
    assert "not_comparable" not in trend["compare"]["launched.uav"]
    assert trend["compare"]["neutralised.uav"]["not_comparable"] == "lost-in-shot-down"
    assert trend["compare"]["rate.uav"]["not_comparable"] == "lost-in-shot-down"


def test_the_trend_is_as_long_as_the_rules_say_whatever_history_there_is(watch: Watch) -> None:
    first = dt.date(2023, 1, 1)
    for i in range(0, 890, 4):
        watch.picture.apply(
            night((first + dt.timedelta(days=i)).isoformat(), 10 + i),
            dt.datetime(2025, 6, 9, 8, tzinfo=dt.UTC),
            f"{i:06d}",
        )
    watch.picture.tick(dt.datetime(2025, 6, 9, 8, tzinfo=dt.UTC))
    trend = watch.picture.view()["trend"]
    assert len(trend["nights"]) <= 31
    assert len(trend["weeks"]) <= 13
    assert len(trend["months"]) == 24


def test_who_comes_back_is_told_what_ticks_worked_out(watch: Watch, at: At) -> None:
    watch.hear(alert("a", "UA-46", at("01:00"), at("03:00")))
    watch.hear(night("2025-06-09", 479, 460))
    stale = watch.view
    watch.tick("2025-06-10T08:00+00:00")
    told = merge(stale, watch.picture.refreshed())
    for name in ("records", "trend", "night"):
        assert told[name].keys() == watch.view[name].keys()
    assert told["records"]["alert.longest"] == watch.view["records"]["alert.longest"]
    assert told["trend"] == watch.view["trend"]
