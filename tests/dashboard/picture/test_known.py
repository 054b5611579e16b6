"""What is known and when it is forgotten: history counts, and lingers nowhere."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from dashboard.picture.patch import encode, merge
from dashboard.picture.picture import Picture
from streams.events import AirRaidAlert, Event, Strike, Threat

if TYPE_CHECKING:
    from config.theatre import Theatre
    from tests.dashboard.picture.conftest import Watch

START = dt.datetime(2025, 6, 8, 20, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def alert(name: str, start: dt.datetime, end: dt.datetime | None, **fields: Any) -> AirRaidAlert:
    return AirRaidAlert(
        id=name, status="actual", feed="f", region="UA-46", valid_from=start, valid_to=end, **fields
    )


def strike(at: dt.datetime) -> Strike:
    return Strike(id=f"s{at:%m%d}", status="actual", feed="f", target="Depot", valid_from=at)


def shown(picture: Picture) -> Any:
    return json.loads(encode(picture.view()))


def test_a_stream_that_is_read_far_ahead_of_another_changes_nothing(theatre: Theatre) -> None:
    alerts: list[tuple[Event, dt.datetime, str]] = []
    for day in range(30):
        begun = START + day * DAY
        alerts.append((alert(f"a{day}", begun, None), begun, f"{day:03d}-0"))
        over = begun + 9 * HOUR
        alerts.append((alert(f"a{day}", begun, over, revision=2), over, f"{day:03d}-1"))
        mended = begun + 2 * HOUR
        alerts.append((alert(f"a{day}", begun, mended, revision=3), begun + 30 * HOUR, f"{day:03d}-2"))
    strikes = [(strike(START + day * DAY), START + day * DAY, f"{day:03d}") for day in range(0, 60, 5)]
    by_time = sorted([*alerts, *strikes], key=lambda entry: entry[1])
    alerts.sort(key=lambda entry: entry[1])
    views = []
    for entries in (by_time, [*strikes, *alerts], [*alerts, *strikes]):
        picture = Picture(theatre, "actual")
        for entry in entries:
            picture.apply(*entry)
        picture.tick(START + 60 * DAY)
        views.append(shown(picture))
    assert views[0] == views[1] == views[2]
    assert views[0]["records"]["alert.longest"]["value"] == 2 * 3_600


def test_history_that_comes_late_counts_and_does_not_linger(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    picture.tick(START)
    old = dt.datetime(2022, 5, 1, 12, tzinfo=dt.UTC)
    for i in range(300):
        begun = old + i * DAY
        event = alert(f"old{i}", begun, begun + HOUR + i * dt.timedelta(minutes=1))
        assert picture.apply(event, START, f"{i:06d}").keys() <= {"night"}
    last = old + 299 * DAY
    # While more can come of it, it can be taken back.
    picture.apply(alert("old299", last, last + HOUR, revision=2, msg_type="cancel"), START, "000900")
    picture.tick(START + HOUR)
    assert picture.view()["records"]["alert.longest"]["value"] == 3_600 + 298 * 60
    assert len(picture._known.latest) == 300
    picture.tick(START + 5 * DAY)
    assert picture._known.latest == {}
    assert picture.view()["records"]["alert.longest"]["value"] == 3_600 + 298 * 60
    assert len(picture.under_alert("UA-46", old, old + 400 * DAY)) == 299


def test_what_is_told_twice_of_long_ago_counts_once(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    picture.tick(START)
    old = dt.datetime(2022, 5, 1, 12, tzinfo=dt.UTC)
    for received_at, key in ((START, "1"), (START, "2"), (START + 9 * DAY, "3")):
        picture.apply(alert("old", old, old + HOUR), received_at, key)
        picture.tick(received_at)
    assert picture.under_alert("UA-46", old - DAY, old + DAY) == [(old, old + HOUR)]


def test_who_comes_back_is_told_of_advisories_that_ticks_made(watch: Watch) -> None:
    watch.hear(alert("a", START, None), at=START)
    threat = Threat(
        id="k", status="actual", feed="f", threat_type="cruise_missiles", valid_from=START, published_at=START
    )
    watch.hear(threat, at=START)
    before = watch.view
    watch.tick(START + dt.timedelta(minutes=1))
    told = merge(before, watch.picture.refreshed())
    assert told["advisories"] == watch.view["advisories"] != {}
    stale = watch.view
    watch.tick(START + 2 * HOUR)
    assert watch.view["advisories"]["west-missiles-no-scramble"]["ended_because"] == "threat over"
    assert merge(stale, watch.picture.refreshed())["advisories"] == watch.view["advisories"]
