"""What is announced ahead: it begins and ends when its time comes, and not when it is told."""

import datetime as dt
from typing import Any

from config.theatre import load_theatre
from dashboard.picture import snapshot
from dashboard.picture.patch import merge
from dashboard.picture.picture import Picture
from streams.events import AirRaidAlert, AirspaceRestriction, Event

TOLD_AT = dt.datetime(2026, 3, 2, 22, 0, tzinfo=dt.UTC)


def after(minutes: float) -> dt.datetime:
    return TOLD_AT + dt.timedelta(minutes=minutes)


def picture_of(*events: Event) -> Picture:
    picture = Picture(load_theatre(), "actual")
    for number, event in enumerate(events):
        picture.apply(event, TOLD_AT, f"{number:09}")
    picture.tick(TOLD_AT)
    return picture


def alert(**fields: Any) -> AirRaidAlert:
    known = {"id": "cap:1", "status": "actual", "feed": "cap", "region": "UA-46", "valid_from": TOLD_AT}
    return AirRaidAlert(**{**known, **fields})


def closure(**fields: Any) -> AirspaceRestriction:
    known = {"id": "notam:A1/26", "status": "actual", "feed": "notam", "subject": "EPLB", "state": "closed"}
    return AirspaceRestriction(**{**known, "valid_from": TOLD_AT, **fields})


def test_an_alert_with_a_stated_end_is_in_force_until_then() -> None:
    picture = picture_of(alert(valid_to=after(60)))

    picture.tick(after(59))
    assert list(picture.view()["alerts"]) == ["UA-46|air_raid|"]
    assert picture.view()["alerting"]["n"] == 1

    picture.tick(after(60))
    assert picture.view()["alerts"] == {}
    assert picture.view()["alerting"].get("n", 0) == 0


def test_an_end_at_about_the_time_that_it_is_told_is_an_end_now() -> None:
    assert picture_of(alert(valid_to=after(1))).view()["alerts"] == {}


def test_an_all_clear_ends_what_was_to_go_on_for_longer() -> None:
    picture = picture_of(alert(valid_to=after(60)), alert(revision=2, valid_to=TOLD_AT))
    assert picture.view()["alerts"] == {}

    picture.tick(after(61))
    assert picture.view()["alerts"] == {}


def test_a_closure_that_is_announced_begins_and_ends_in_its_time() -> None:
    picture = picture_of(closure(valid_from=after(30), valid_to=after(90)))

    shown = []
    for minute in (0, 29, 30, 89, 90):
        picture.tick(after(minute))
        shown.append(list(picture.view()["restrictions"]))
    assert shown == [[], [], ["EPLB"], ["EPLB"], []]


def test_a_clock_that_is_put_back_takes_an_end_back() -> None:
    picture = picture_of(alert(valid_to=after(60)))
    shown = []
    for minute in (61, 30, 59, 61):
        picture.tick(after(minute))
        shown.append(len(picture.view()["alerts"]))
    assert shown == [0, 1, 1, 0]


def test_it_does_not_matter_whether_time_or_the_event_came_first() -> None:
    event = closure(valid_to=after(90))
    late = Picture(load_theatre(), "actual")
    late.tick(after(120))
    late.apply(event, TOLD_AT, "000000001")
    late.tick(after(120))
    early = Picture(load_theatre(), "actual")
    early.apply(event, TOLD_AT, "000000001")
    early.tick(after(120))

    assert late.view() == early.view()
    assert late.view()["restrictions"] == {}


def test_a_client_of_another_gateway_hears_what_time_changed_there() -> None:
    events = (alert(valid_to=after(60)), closure(valid_to=after(60)))
    behind, ahead = picture_of(*events), picture_of(*events)
    client = behind.view()
    ahead.tick(after(61))
    client = merge(client, ahead.refreshed())

    for name in ("alerts", "regions", "alerting", "restrictions"):
        assert client[name] == ahead.view()[name], name


def test_a_picture_from_a_snapshot_ends_it_too() -> None:
    picture = picture_of(alert(valid_to=after(60)), closure(valid_from=after(30), valid_to=after(60)))
    again = Picture.remembering(snapshot.decode(snapshot.encode(picture.memory())), load_theatre())

    for minute in (10, 40, 61):
        picture.tick(after(minute))
        again.tick(after(minute))
        assert again.view() == picture.view()
    assert again.view()["alerts"] == {}
