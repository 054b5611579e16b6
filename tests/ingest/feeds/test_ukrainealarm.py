"""ukrainealarm: the list of what is in force, each alert once, and the webhook's starts and ends."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.ukrainealarm import decode
from streams.events import AirRaidAlert
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

FIXTURES = Path(__file__).parent / "fixtures"
LISTING = (FIXTURES / "ukrainealarm.json").read_bytes()
WEBHOOK = (FIXTURES / "ukrainealarm_webhook.json").read_bytes()
GIVEN = context("ua")
SUMY = "UA-59"


def alerts(payload: bytes) -> list[AirRaidAlert]:
    return [event for event in as_read(decode(payload, GIVEN)) if isinstance(event, AirRaidAlert)]


def record(*active: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"regionId": "20", "regionType": "State", "regionName": "Сумська область"} | {
        "activeAlerts": list(active),
        "lastUpdate": "2026-11-22T19:41:07Z",
        **changes,
    }


def active(*levels: tuple[str, str], **changes: Any) -> dict[str, Any]:
    return {
        "regionId": "20",
        "regionType": "State",
        "type": "AIR",
        "lastUpdate": "2026-11-22T19:41:07Z",
        "activeAlertLevels": [
            {"alertLevel": level, "reason": "", "createdAt": f"2026-11-22T{at}Z"} for level, at in levels
        ],
    } | changes


def listed(*records: Any) -> list[AirRaidAlert]:
    return alerts(json.dumps(records).encode())


def changed(**changes: Any) -> AirRaidAlert:
    body = json.loads(WEBHOOK) | changes
    (alert,) = alerts(json.dumps({name: value for name, value in body.items() if value is not None}).encode())
    return alert


def test_a_listing_of_each_region_type_and_level() -> None:
    decoded = decode(LISTING, GIVEN)

    assert decoded.is_listing
    assert decoded.refused == []
    assert [event.id for event in decoded.events] == [
        "ua:20:AIR:red:20261122T195229",
        "ua:20:AIR:yellow:20261122T194107",
        "ua:888801:ARTILLERY::20261120T050000",
        "ua:123:AIR:yellow:20261122T194359",
        "ua:9999:AIR::20221210T222200",
    ]


def test_red_and_yellow_together_are_two_alerts_each_with_its_start_and_reason() -> None:
    red, yellow, *_ = alerts(LISTING)

    assert (red.region, red.level, yellow.region, yellow.level) == (SUMY, "red", SUMY, "yellow")
    assert red.valid_from == dt.datetime(2026, 11, 22, 19, 52, 29, 500_000, tzinfo=dt.UTC)
    assert yellow.valid_from == dt.datetime(2026, 11, 22, 19, 41, 7, tzinfo=dt.UTC)
    assert red.evidence is not None
    assert red.evidence.text == "Загроза балістики"
    assert yellow.evidence is None


def test_a_level_that_comes_later_changes_nothing_of_the_other() -> None:
    before = listed(record(active(("Yellow", "19:41:07"))))
    after = listed(
        record(active(("Red", "19:52:29"), ("Yellow", "19:41:07"), lastUpdate="2026-11-22T19:52:30Z"))
    )

    assert before[0] in after


def test_a_districts_alert_in_its_communities_records_is_one_alert() -> None:
    kupiansk = [alert for alert in alerts(LISTING) if alert.region == "123"]

    assert len(kupiansk) == 1
    assert kupiansk[0].valid_from == dt.datetime(2026, 11, 22, 19, 43, 59, tzinfo=dt.UTC)


def test_which_copy_comes_first_makes_no_difference() -> None:
    records = json.loads(LISTING)

    ids = {frozenset(alert.id for alert in listed(*order)) for order in (records, records[::-1])}
    assert len(ids) == 1


def test_a_community_that_the_theatre_lacks_lies_in_the_district_whose_alert_it_repeats() -> None:
    community = next(alert for alert in alerts(LISTING) if alert.alert_type == "artillery_shelling")

    assert list(GIVEN.theatre.ancestors(community.region)) == ["123", "UA-63", "UA"]
    assert community.level == "", "levels are of air raids only"
    assert community.doubts == ()


def test_a_community_alone_is_somewhere_in_the_country() -> None:
    alone = record(
        active(regionId="888802", regionType="Community"),
        regionId="888802",
        regionType="Community",
        regionName="Далека територіальна громада",
    )

    (alert,) = listed(alone)
    assert GIVEN.theatre.parent_of(alert.region) == "UA"
    assert "in which oblast" in alert.doubts[0]


def test_crimea_kyiv_and_sevastopol_have_uids_of_their_own() -> None:
    found = listed(
        *(record(active(("Red", "19:41:07"), regionId=uid), regionId=uid) for uid in ("9999", "31", "30", 20))
    )

    assert [(alert.region, alert.permanent) for alert in found] == [
        ("UA-43", True),
        ("UA-30", False),
        ("UA-40", False),
        (SUMY, False),
    ]


@pytest.mark.parametrize(
    ("word", "alert_type", "doubts"),
    [
        ("AIR", "air_raid", 0),
        ("URBAN_FIGHTS", "urban_fights", 0),
        ("CHEMICAL", "chemical", 0),
        ("NUCLEAR", "nuclear", 0),
        ("INFO", "unknown", 0),
        ("METEOR", "unknown", 1),
    ],
)
def test_types(word: str, alert_type: str, doubts: int) -> None:
    (alert,) = listed(record(active(("Red", "19:41:07"), type=word)))

    assert (alert.alert_type, len(alert.doubts)) == (alert_type, doubts)


def test_an_alert_without_levels_began_when_it_was_last_updated() -> None:
    (alert,) = listed(record(active()))

    assert (alert.level, alert.valid_from) == ("", dt.datetime(2026, 11, 22, 19, 41, 7, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (record(active(("Red", "19:41:07")), regionId="twenty"), "$[1].regionId"),
        (record(active(("Red", "25:61:00"))), "$[1].activeAlerts[0].activeAlertLevels[0].createdAt"),
        (record(active(regionId="777777", regionType="District")), "$[1].activeAlerts[0].regionId"),
        ("word", "$[1]"),
    ],
)
def test_a_bad_record_is_named_by_its_path_and_takes_no_other_with_it(bad: Any, path: str) -> None:
    good = record(active(("Red", "19:41:07")))
    decoded = decode(json.dumps([good, bad, good]).encode(), GIVEN)

    assert len(decoded.events) == 1
    (refused,) = decoded.refused
    assert refused.path == path
    assert json.loads(refused.sample) == bad


def test_nothing_in_force_is_a_listing_too() -> None:
    decoded = decode(b" []", GIVEN)

    assert decoded.is_listing
    assert decoded.events == []


def test_the_webhooks_start_and_end_are_of_one_alert_the_later_being_the_newer() -> None:
    start = changed()
    end = changed(status="DEACTIVATE", createdAt="2026-11-22T20:03:00Z", alertLevel=None)

    assert start.id == end.id == "ua:20:AIR"
    assert end.revision > start.revision > 1
    assert (start.region, start.level, start.valid_to) == (SUMY, "yellow", None)
    assert start.valid_from == dt.datetime(2026, 11, 22, 19, 41, 7, tzinfo=dt.UTC)
    assert (end.msg_type, end.valid_to) == ("update", dt.datetime(2026, 11, 22, 20, 3, tzinfo=dt.UTC))


def test_the_webhook_is_no_listing() -> None:
    assert not decode(WEBHOOK, GIVEN).is_listing


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"status": "Pause"}, "$.status"),
        ({"regionId": 777777}, "$.regionId"),
        ({"createdAt": "2026-11-22T19:41:07"}, "$.createdAt"),
        ({"createdAt": "0001-01-01T00:00:00+14:00"}, "$.createdAt"),
    ],
)
def test_a_change_that_cannot_be_understood_is_refused_by_its_field(
    changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(DecodeError) as refused:
        changed(**changes)
    assert refused.value.path == path


@pytest.mark.parametrize("payload", [b"", b"{}", b"null", b"[" * 100_000, b'[{"regionId"', b'"A"'])
def test_what_is_neither_is_refused(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(payload, GIVEN)


def test_the_largest_payload() -> None:
    copies = (json.dumps(json.loads(LISTING)[0]).encode() + b",") * 8_000
    survives(decode, b"[" + copies[:-1] + b"]", GIVEN)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(LISTING, WEBHOOK)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


def test_the_real_response_of_september_2026() -> None:
    decoded = decode(sample("ukrainealarm/alerts_2026-09-24.json"), GIVEN)
    found = [event for event in as_read(decoded) if isinstance(event, AirRaidAlert)]

    assert decoded.refused == []
    assert [(alert.region, alert.alert_type, alert.level) for alert in found] == [
        ("UA-09", "air_raid", "red"),
        ("UA-43", "air_raid", "red"),
        ("122/hromada/vovchanska", "artillery_shelling", ""),
        ("122/hromada/vovchanska", "urban_fights", ""),
        ("122", "air_raid", "red"),
        ("140", "air_raid", "yellow"),
        ("79", "air_raid", "yellow"),
        ("51", "air_raid", "red"),
        ("51", "air_raid", "yellow"),
        ("74", "air_raid", "yellow"),
        ("58", "air_raid", "yellow"),
    ]
    assert [alert.region for alert in found if alert.permanent] == ["UA-09", "UA-43"]
