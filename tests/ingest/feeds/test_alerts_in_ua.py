"""Active alerts of alerts.in.ua: every record by itself, and what is odd about it said."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.decoding import Decoded
from ingest.errors import DecodeError
from ingest.feeds.alerts_in_ua import decode
from streams.events import AirRaidAlert, Event, Threat
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

FIXTURE = (Path(__file__).parent / "fixtures" / "alerts_in_ua.json").read_bytes()
GIVEN = context("alerts-in-ua")


def record(**changes: Any) -> dict[str, Any]:
    """One alert in Sumy oblast."""
    return {
        "id": 7,
        "location_title": "Сумська область",
        "location_type": "oblast",
        "location_uid": "20",
        "location_oblast": "Сумська область",
        "location_oblast_uid": 20,
        "alert_type": "air_raid",
        "started_at": "2026-11-22T19:41:07.000Z",
        "finished_at": None,
        "updated_at": "2026-11-22T19:41:08.000Z",
    } | changes


def response(*records: Any, meta: Any = None) -> Decoded:
    body: dict[str, Any] = {"alerts": list(records)}
    if meta is not None:
        body["meta"] = meta
    return decode(json.dumps(body).encode(), GIVEN)


def alert(**changes: Any) -> AirRaidAlert:
    (event,) = as_read(response(record(**changes)))
    assert isinstance(event, AirRaidAlert)
    return event


def by_id(decoded: Decoded) -> dict[str, Event]:
    return {event.id: event for event in as_read(decoded)}


def test_a_listing_of_alerts_and_of_the_threats_told_with_them() -> None:
    decoded = decode(FIXTURE, GIVEN)
    events = by_id(decoded)

    assert decoded.is_listing
    assert decoded.refused == []
    assert decoded.said_at == dt.datetime(2026, 11, 22, 20, 0, 5, tzinfo=dt.UTC)
    assert list(events) == [
        "alerts-in-ua:501",
        "alerts-in-ua:501:drones:20261122T194107",
        "alerts-in-ua:501:ballistic_missiles:20261122T195229",
        "alerts-in-ua:502",
        "alerts-in-ua:503",
    ]
    sumy = events["alerts-in-ua:501"]
    assert isinstance(sumy, AirRaidAlert)
    assert (sumy.region, sumy.level, sumy.valid_to, sumy.doubts) == ("UA-59", "red", None, ())
    assert sumy.valid_from == dt.datetime(2026, 11, 22, 19, 41, 7, tzinfo=dt.UTC)
    assert sumy.published_at == dt.datetime(2026, 11, 22, 19, 52, 30, 120_000, tzinfo=dt.UTC)


def test_a_threat_stands_by_itself_with_the_sources_words() -> None:
    threat = by_id(decode(FIXTURE, GIVEN))["alerts-in-ua:501:ballistic_missiles:20261122T195229"]

    assert isinstance(threat, Threat)
    assert (threat.threat_type, threat.state, threat.regions) == (
        "ballistic_missiles",
        "announced",
        ("UA-59",),
    )
    assert threat.valid_from == dt.datetime(2026, 11, 22, 19, 52, 29, tzinfo=dt.UTC)
    assert threat.stale_after_s > 6 * 3_600, "it lasts as long as it is listed"
    assert threat.evidence is not None
    assert (threat.evidence.text, threat.evidence.lang) == ("Загроза балістики", "uk")


def test_a_hromada_that_the_theatre_lacks_lies_below_its_raion() -> None:
    hromada = by_id(decode(FIXTURE, GIVEN))["alerts-in-ua:503"]

    assert isinstance(hromada, AirRaidAlert)
    assert list(GIVEN.theatre.ancestors(hromada.region)) == ["123", "UA-63", "UA"]


@pytest.mark.parametrize("uid", ["151", 151])
def test_a_uid_is_a_text_or_a_number(uid: str | int) -> None:
    raion = alert(location_uid=uid, location_title="Уманський район", location_oblast_uid=24)

    assert (raion.region, raion.doubts) == ("151", ())


def test_the_uid_is_trusted_where_the_title_says_another() -> None:
    odd = alert(location_uid="151", location_title="Ізюмський район", location_oblast_uid=24)

    assert odd.region == "151"
    assert odd.doubts == ("location_uid 151 is Уманський район, the title says Ізюмський район",)


@pytest.mark.parametrize("oblast_uid", [151, 20, 987_654])
def test_an_oblast_uid_that_is_not_the_oblasts_is_told(oblast_uid: int) -> None:
    odd = alert(location_uid="151", location_title="Уманський район", location_oblast_uid=oblast_uid)

    assert (odd.region, odd.doubts) == ("151", (f"location_oblast_uid {oblast_uid} is not its oblast",))


@pytest.mark.parametrize(
    ("kind", "title", "key"),
    [
        ("raion", "Уманський район", "151"),
        ("unknown", "Уманський район", "151"),
        ("oblast", "Черкаська область", "UA-71"),
        ("city", "м. Сміла", "UA-71/city/smila"),
        ("unknown", "Балаклеївська територіальна громада", "UA-71/hromada/balakleivska"),
    ],
)
def test_an_unknown_uid_is_found_by_its_names(kind: str, title: str, key: str) -> None:
    named = alert(
        location_uid="",
        location_type=kind,
        location_title=title,
        location_oblast="Черкаська область",
        location_oblast_uid=24,
    )

    assert named.region == key


def test_a_place_that_nobody_knows_is_refused_by_its_uid() -> None:
    decoded = response(record(location_uid="999999", location_title="Атлантида", location_oblast=None))

    (refused,) = decoded.refused
    assert refused.path == "$.alerts[0].location_uid"
    assert "Атлантида" in refused.reason


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"id": "seven"}, "$.alerts[1].id"),
        ({"location_uid": 1.5}, "$.alerts[1].location_uid"),
        ({"started_at": "yesterday"}, "$.alerts[1].started_at"),
        ({"started_at": "2026-11-22T19:41:07"}, "$.alerts[1].started_at"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "$.alerts[1].started_at"),
        ({"threats": [{"threat_type": "drones"}]}, "$.alerts[1].threats[0]"),
        ({"location_title": "я" * 1_000}, "$.alerts[1].location_title"),
    ],
)
def test_a_wrong_field_is_named_by_its_path_and_takes_no_other_record_with_it(
    changes: dict[str, Any], path: str
) -> None:
    good, bad = record(), record(id=8) | changes
    decoded = response(good, bad, record(id=9))

    assert [event.id for event in decoded.events] == ["alerts-in-ua:7", "alerts-in-ua:9"]
    (refused,) = decoded.refused
    assert refused.path == path
    assert json.loads(refused.sample) == bad


def test_a_missing_field_is_named() -> None:
    without = record()
    del without["started_at"]

    (refused,) = response(without).refused
    assert "started_at" in refused.reason


def test_words_that_the_source_does_not_document_are_doubts() -> None:
    threat = {"threat_type": "zeppelins", "level": "red", "started_at": "2026-11-22T19:41:07.000Z"}
    decoded = response(record(alert_type="meteor", alert_level="purple", threats=[threat]))
    odd, zeppelins = as_read(decoded)

    assert isinstance(odd, AirRaidAlert)
    assert isinstance(zeppelins, Threat)
    assert (odd.alert_type, odd.level, zeppelins.threat_type) == ("unknown", "", "unknown")
    assert len(odd.doubts) == 2
    assert "zeppelins" in zeppelins.doubts[0]


def test_a_finished_alert_has_its_end_and_so_have_its_threats() -> None:
    threat = {"threat_type": "drones", "started_at": "2026-11-22T19:41:07.000Z"}
    over, threat_over = as_read(
        response(record(finished_at="2026-11-22T19:55:00.000Z", calculated=True, threats=[threat]))
    )

    assert isinstance(over, AirRaidAlert)
    assert isinstance(threat_over, Threat)
    assert over.valid_to == threat_over.valid_to == dt.datetime(2026, 11, 22, 19, 55, tzinfo=dt.UTC)
    assert over.calculated
    assert threat_over.state == "ended"


def test_a_changed_level_is_said_of_the_same_alert() -> None:
    yellow, red = alert(alert_level="yellow"), alert(alert_level="red")

    assert yellow.id == red.id
    assert (yellow.level, red.level) == ("yellow", "red")


def test_alerts_without_end_are_marked() -> None:
    crimea = {"location_uid": "29", "location_title": "Автономна Республіка Крим", "location_oblast_uid": 29}

    assert alert(**crimea).permanent
    assert not alert(**crimea, alert_type="chemical").permanent
    assert not alert().permanent


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("2026/11/22 20:00:05 +0000", dt.datetime(2026, 11, 22, 20, 0, 5, tzinfo=dt.UTC)),
        ("2026-11-22T20:00:05.000Z", dt.datetime(2026, 11, 22, 20, 0, 5, tzinfo=dt.UTC)),
        ("2026/11/22 20:00:05", None),
        ("now", None),
        (None, None),
    ],
)
def test_the_sources_clock_is_read_where_it_says_its_offset(said: str | None, at: dt.datetime | None) -> None:
    assert response(meta={"last_updated_at": said}).said_at == at


def test_an_exercises_ids_are_of_its_run() -> None:
    (event,) = decode(json.dumps({"alerts": [record()]}).encode(), context("a", status="exercise")).events

    assert event.id == "a:run-1:7"


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        (b"", "$"),
        (b"[]", "$"),
        (b'{"message": "Too many requests"}', "$"),
        (b'{"alerts": 5}', "$.alerts"),
        (b'{"alerts": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", "$"),
    ],
)
def test_what_is_no_response_is_refused_whole(payload: bytes, path: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(payload, GIVEN)
    assert refused.value.path == path


def test_more_records_than_there_are_regions_are_refused() -> None:
    with pytest.raises(DecodeError, match="allowed"):
        decode(b'{"alerts":[' + b"{}," * 2_600_000 + b"{}]}", GIVEN)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(FIXTURE)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from([*record(), "threats", "alert_level"]), ANY_JSON, max_size=4))
def test_any_value_in_a_field_is_decoded_or_refused(changes: dict[str, Any]) -> None:
    survives(decode, json.dumps({"alerts": [record(), record(**changes)]}).encode(), GIVEN)


def test_the_real_response_of_may_2024() -> None:
    luhansk, nikopol = as_read(decode(sample("alerts_in_ua/active_2024-05-06_real.json"), GIVEN))

    assert isinstance(luhansk, AirRaidAlert)
    assert isinstance(nikopol, AirRaidAlert)
    assert (luhansk.region, luhansk.permanent, luhansk.doubts) == ("UA-09", True, ())
    assert (nikopol.region, nikopol.alert_type) == ("351", "artillery_shelling")
    assert nikopol.doubts == ("location_oblast_uid 351 is not its oblast",)


def test_the_shape_of_2026() -> None:
    raion, drones = as_read(decode(sample("alerts_in_ua/active_2026_schema_testcase.json"), GIVEN))

    assert isinstance(raion, AirRaidAlert)
    assert isinstance(drones, Threat)
    assert (raion.region, raion.level) == ("101", "yellow")
    assert (drones.threat_type, drones.regions) == ("drones", ("101",))


def test_a_third_partys_fixture() -> None:
    oblast, city = as_read(decode(sample("alerts_in_ua/active_fixture_fyennyi.json"), GIVEN))

    assert isinstance(oblast, AirRaidAlert)
    assert isinstance(city, AirRaidAlert)
    assert (oblast.region, city.region, city.doubts) == ("UA-63", "1293", ())
