"""The strings for lamps and maps: which letter is of which region, and what P is worth."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from ingest.errors import DecodeError
from ingest.feeds.alerts_in_ua_iot import OBLASTS, decode
from streams.changes import Changes
from streams.events import AirRaidAlert
from tests.ingest.feeds.given import as_read, context, sample, survives

GIVEN = context("iot")


def alerts(letters: str, **options: Any) -> dict[str, AirRaidAlert]:
    decoded = decode(json.dumps(letters).encode(), context("iot", **options))
    assert decoded.is_listing
    found = [event for event in as_read(decoded) if isinstance(event, AirRaidAlert)]
    assert len(found) == len(decoded.events)
    return {alert.region: alert for alert in found}


def oblasts(**letters: str) -> str:
    """27 letters, clear but where a region's key (`UA_63`) has another."""
    theatre = GIVEN.theatre
    keys = [region.key for uid in OBLASTS if (region := theatre.region_by_uid("alerts_in_ua", uid))]
    return "".join(letters.get(key.replace("-", "_"), "N") for key in keys)


def test_the_order_is_that_of_the_ukrainian_alphabet() -> None:
    names = [
        region.names["uk"] for uid in OBLASTS if (region := GIVEN.theatre.region_by_uid("alerts_in_ua", uid))
    ]

    assert len(names) == 27
    alphabet = {letter: rank for rank, letter in enumerate("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")}
    first_letters = [alphabet[name[0].lower()] for name in names]
    assert first_letters == sorted(first_letters)


def test_27_letters_are_the_oblasts() -> None:
    found = alerts(oblasts(UA_63="A", UA_30="A"))

    assert set(found) == {"UA-63", "UA-30"}
    assert (found["UA-63"].id, found["UA-63"].level, found["UA-63"].calculated) == ("iot:UA-63", "", False)
    assert found["UA-63"].valid_from is None, "nobody said since when"


def test_a_part_of_an_oblast_is_calculated_for_the_oblast() -> None:
    assert alerts(oblasts(UA_12="P"))["UA-12"].calculated


def test_version_2_has_levels() -> None:
    found = alerts(oblasts(UA_63="R", UA_59="Y", UA_12="P"))

    assert {key: one.level for key, one in found.items()} == {"UA-63": "red", "UA-59": "yellow", "UA-12": ""}


def test_the_long_string_has_each_uid_at_its_place() -> None:
    letters = [" "] * 1_700
    for uid in (20, 22, 31, 151, 1293):
        letters[uid] = "N"
    letters[151] = letters[1293] = "A"
    letters[22] = "P"

    assert set(alerts("".join(letters))) == {"151", "1293", "UA-63"}


def test_a_place_that_the_theatre_lacks_is_told_of_by_its_oblast() -> None:
    letters = [" "] * 1_700
    letters[1_699], letters[22] = "A", "P"

    assert set(alerts("".join(letters))) == {"UA-63"}


def test_one_letter_is_of_the_region_that_the_option_names() -> None:
    assert set(alerts("A", uid="31")) == {"UA-30"}
    assert alerts("N", uid="31") == {}
    with pytest.raises(DecodeError, match="option uid"):
        alerts("A")


async def test_an_oblast_that_is_under_alert_again_is_said_to_be_again(redis_client: Redis) -> None:
    changes = Changes(redis_client, "eastern-flank")
    said = []
    for minute, letter in enumerate("AANNAR"):
        decoded = decode(json.dumps(oblasts(UA_63=letter)).encode(), GIVEN)
        at = GIVEN.received_at + dt.timedelta(minutes=minute)
        said += await changes.publish("iot", decoded.events, is_listing=decoded.is_listing, ended_at=at)

    assert [one.revision for one in said if one.outcome == "published"] == [1, 2, 3, 4]


def test_alerts_without_end_are_marked() -> None:
    assert alerts(oblasts(UA_43="A", UA_63="A"))["UA-43"].permanent


@pytest.mark.parametrize(
    "payload", [b"", b"N", b"null", b'""', b'"NN"', b'["A"]', json.dumps("X" + "N" * 26).encode(), b'"\xff"']
)
def test_what_is_no_such_string_is_refused(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(payload, GIVEN)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60), st.text("ANPRY X", max_size=2_000).map(lambda s: json.dumps(s).encode())
    )
)
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


def test_the_longest_payload() -> None:
    survives(decode, b'"' + b"A" * 8_000_000 + b'"', GIVEN)


def test_the_documented_examples() -> None:
    lines = [
        line for line in sample("alerts_in_ua/iot_examples.txt").decode().splitlines() if line[:1] == '"'
    ]

    assert len(lines) == 3
    by_oblast, tested, one = (json.loads(line) for line in lines)
    assert set(alerts(by_oblast)) == {"UA-43", "UA-09"}
    assert alerts(tested)["UA-63" if tested[21] != "N" else "UA-43"]
    assert set(alerts(one, uid="16")) == {"UA-09"}
