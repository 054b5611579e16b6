"""A channel's posts: whichever bridge brings them, alerts with their ends, and all else for the reader."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.decoding import Decoded
from ingest.errors import DecodeError
from ingest.feeds.telegram import decode
from streams.events import AirRaidAlert
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

FIXTURES = Path(__file__).parent / "fixtures"
EXPORT = (FIXTURES / "telegram_export.json").read_bytes()
BRIDGE_XML = (FIXTURES / "telegram_bridge.xml").read_bytes()
BRIDGE_JSON = (FIXTURES / "telegram_bridge.json").read_bytes()
GIVEN = context("tg", channel="example_channel")
UTC = dt.UTC
POSTED_AT = dt.datetime(2026, 11, 22, 20, 41, 20, tzinfo=UTC)


def exported(*texts: Any, at: dt.datetime = POSTED_AT) -> Decoded:
    messages = [
        {"id": 7 + index, "type": "message", "date_unixtime": str(int(at.timestamp())), "text": text}
        for index, text in enumerate(texts)
    ]
    return decode(json.dumps({"messages": messages}).encode(), GIVEN)


def alerts(decoded: Decoded) -> list[AirRaidAlert]:
    return [event for event in as_read(decoded) if isinstance(event, AirRaidAlert)]


def alert(text: str, at: dt.datetime = POSTED_AT) -> AirRaidAlert:
    decoded = exported(text, at=at)
    assert decoded.documents == []
    (only,) = alerts(decoded)
    return only


def test_an_all_clear_ends_the_start_of_its_region() -> None:
    start, end, neighbour = alerts(decode(EXPORT, GIVEN))

    assert start.id == end.id == "tg:114:air_raid"
    assert neighbour.id == "tg:118:air_raid"
    assert end.revision > start.revision > 1
    assert (start.valid_from, start.valid_to) == (dt.datetime(2026, 11, 22, 20, 41, tzinfo=UTC), None)
    assert (end.valid_from, end.valid_to) == (None, dt.datetime(2026, 11, 22, 21, 59, tzinfo=UTC))
    assert end.msg_type == "update"


def test_a_time_before_midnight_in_a_post_after_it_is_of_the_day_before() -> None:
    _, end, after = alerts(decode(EXPORT, GIVEN))

    assert end.published_at == dt.datetime(2026, 11, 22, 22, 0, 20, tzinfo=UTC)
    assert end.valid_to == dt.datetime(2026, 11, 22, 21, 59, tzinfo=UTC)
    assert after.valid_to == dt.datetime(2026, 11, 22, 22, 1, tzinfo=UTC)


@pytest.mark.parametrize(("posted", "meant"), [("00:31", "00:30"), ("01:31", "01:30")])
def test_in_the_hour_that_comes_twice_the_post_tells_which(posted: str, meant: str) -> None:
    night = dt.datetime(2026, 10, 25, tzinfo=UTC)
    said = alert(
        "🔴 03:30 Повітряна тривога в Сумський район\n#Сумський_район",
        at=night.replace(hour=int(posted[:2]), minute=31),
    )

    assert said.valid_from == night.replace(hour=int(meant[:2]), minute=30)


def test_neighbours_that_an_all_clear_lists_are_not_cleared() -> None:
    (_, _, end) = alerts(decode(EXPORT, GIVEN))

    assert end.region == "118"
    assert end.valid_to is not None
    assert end.doubts == ()


def test_an_all_clear_that_lists_its_own_region_is_doubted() -> None:
    odd = alert(
        "🟡 22:41 Відбій тривоги в Охтирський район.\nЩе триває у:\n- Охтирський район\n#Охтирський_район"
    )

    assert odd.valid_to is not None
    assert odd.doubts == ("the all-clear says that an alert lasts in Охтирський район",)


def test_every_value_shows_where_it_stands() -> None:
    start, *_ = alerts(decode(EXPORT, GIVEN))
    evidence = start.evidence

    assert evidence is not None
    assert (evidence.document, evidence.link, evidence.lang) == (
        "https://t.me/example_channel/100",
        "https://t.me/example_channel/100",
        "uk",
    )
    quoted = {path: [evidence.text[a:b] for a, b in spans] for path, spans in evidence.spans.items()}
    assert quoted == {
        "alert_type": ["Повітряна тривога"],
        "valid_from": ["22:41"],
        "region": ["#Сумський_район"],
    }


def test_all_that_is_no_alert_goes_to_the_reader() -> None:
    decoded = decode(EXPORT, GIVEN)

    (document,) = decoded.documents
    assert document.name == document.link == "https://t.me/example_channel/101"
    assert document.published_at == dt.datetime(2026, 11, 22, 21, 5, 11, tzinfo=UTC)
    assert document.text.startswith("🟠 23:05 Увага!")
    assert decoded.refused == []


@pytest.mark.parametrize(
    "text",
    [
        "🟢 15:54 Відбій загрози ударних БпЛА\n#м_Харків_та_Харківська_територіальна_громада",
        "🔴🔴 16:00 Загроза керованих авіабомб в Сумський район!\n#Сумський_район",
        "Повітряна тривога! #Сумський_район",
        "🔴 Повітряна тривога в Сумський район\n#Сумський_район",
        "🔴 25:44 Повітряна тривога в Сумський район\n#Сумський_район",
        "🔴 22:41 Повітряна тривога в Сумський район\n#Сумський_район" + "!" * 5_000,
    ],
)
def test_what_only_looks_like_an_alert_ends_and_starts_none(text: str) -> None:
    decoded = exported(text)

    assert decoded.events == []
    assert [document.text for document in decoded.documents] == [text]


def test_an_owner_speaks_for_the_channel() -> None:
    (document,) = decode(
        json.dumps({"messages": [{"id": 1, "date": 1795380080, "message": "БпЛА курсом на Суми!"}]}).encode(),
        context("kpszsu"),
    ).documents

    assert document.name == "kpszsu:1"
    assert document.published_at == POSTED_AT


@pytest.mark.parametrize(
    ("tag", "sentence", "region"),
    [
        ("Купянський_район", "Куп’янський район", "123"),
        ("НовгородСіверський_район", "Новгород-Сіверський район", "141"),
        ("Донецька_область", "Донецька область", "UA-14"),
        (
            "м_Нікополь_та_Нікопольська_територіальна_громада",
            "м. Нікополь та Нікопольська територіальна громада",
            "351",
        ),
        ("Нема_такого", "Сумський район", "114"),
    ],
)
def test_the_hashtag_names_the_region_else_the_sentence(tag: str, sentence: str, region: str) -> None:
    said = alert(f"🔴 22:41 Повітряна тривога в {sentence}\nДо сховища.\n#{tag}")

    assert GIVEN.theatre.region_of(said.region).key == said.region
    if region.isdigit() and said.region != region:
        named = GIVEN.theatre.region_of(said.region).names["uk"]
        pytest.fail(f"{sentence} is {said.region} ({named}), not {region}")
    assert said.region == region
    assert said.doubts == ()


def test_a_hashtag_and_a_sentence_that_disagree_are_told() -> None:
    odd = alert("🔴 22:41 Повітряна тривога в Уманський район\n#Сумський_район")

    assert odd.region == "114"
    assert odd.doubts == ("the hashtag is of 114, the sentence of Уманський район",)


def test_a_hromada_that_the_theatre_lacks_lies_where_its_city_does() -> None:
    name = "м. Краматорськ та Краматорська територіальна громада"
    said = alert(f"🔴 22:41 Повітряна тривога в {name}\n#{name.replace('. ', '_').replace(' ', '_')}")

    assert "UA-14" in list(GIVEN.theatre.ancestors(said.region))


def test_a_hromada_of_nowhere_is_somewhere_in_the_country() -> None:
    said = alert("🔴 22:41 Загроза артобстрілу в Далека територіальна громада\n#Далека_територіальна_громада")

    assert (said.alert_type, GIVEN.theatre.parent_of(said.region)) == ("artillery_shelling", "UA")
    assert "in which oblast" in said.doubts[0]


def test_shelling_has_an_all_clear_of_its_own() -> None:
    start = alert("🔴 22:41 Загроза артобстрілу в Сумський район\n#Сумський_район")
    end = alert("🟢 22:50 Відбій загрози артобстрілу в Сумський район.\n#Сумський_район")

    assert start.id == end.id != alert("🟢 22:50 Відбій тривоги в Сумський район.\n#Сумський_район").id


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("🔴 22:41 Повітряна тривога в Атлантида\n#Атлантида", "$.messages[0].text"),
        ("🟢 22:41 Повітряна тривога в Сумський район\n#Сумський_район", "$.messages[0].text"),
    ],
)
def test_an_alert_that_cannot_be_placed_is_refused_and_takes_no_other_with_it(text: str, path: str) -> None:
    decoded = exported(text, "🔴 22:41 Повітряна тривога в Сумський район\n#Сумський_район")

    (refused,) = decoded.refused
    assert (refused.path, refused.sample.decode()) == (path, text)
    assert len(decoded.events) == 1


def test_a_post_whose_time_is_far_from_its_texts_is_doubted() -> None:
    odd = alert("🔴 19:41 Повітряна тривога в Сумський район\n#Сумський_район")

    assert odd.valid_from == dt.datetime(2026, 11, 22, 17, 41, tzinfo=UTC)
    assert odd.doubts == ("the time in the text and the post's own are 180 min apart",)


@pytest.mark.parametrize(
    ("message", "path"),
    [
        ({"id": 1, "date": "2026-11-22T22:41:20", "text": "x"}, "$.messages[0].date"),
        ({"id": 1, "text": "x"}, "$.messages[0].date"),
        ({"id": 1, "date_unixtime": "9" * 30, "text": "x"}, "$.messages[0].date_unixtime"),
        ({"id": "one", "text": "x"}, "$.messages[0].id"),
        ({"id": 1, "date": 5, "text": 5}, "$.messages[0].text"),
    ],
)
def test_a_bad_message_is_named_by_its_path(message: dict[str, Any], path: str) -> None:
    good = {"id": 2, "date": 1795380080, "text": "y"}
    decoded = decode(json.dumps({"messages": [message, good]}).encode(), GIVEN)

    assert [document.text for document in decoded.documents] == ["y"]
    assert [refused.path for refused in decoded.refused] == [path]


def test_posts_are_told_in_the_order_in_which_they_were_made() -> None:
    body = json.loads(EXPORT)
    newest_first = json.dumps({"messages": body["messages"][::-1]}).encode()

    assert alerts(decode(newest_first, GIVEN)) == alerts(decode(EXPORT, GIVEN))


def test_a_bridges_rss() -> None:
    decoded = decode(BRIDGE_XML, GIVEN)
    (said,) = alerts(decoded)
    (document,) = decoded.documents

    assert (said.id, said.published_at) == ("tg:151:air_raid", POSTED_AT)
    assert said.evidence is not None
    assert said.evidence.link == "https://t.me/example_channel/200"
    assert (document.text, document.name) == ("БпЛА курсом на Суми!", "https://t.me/example_channel/201")


def test_a_bridges_json_feed() -> None:
    decoded = decode(BRIDGE_JSON, GIVEN)
    (said,) = alerts(decoded)

    assert (said.region, said.valid_from) == ("1293", dt.datetime(2026, 11, 22, 20, 41, tzinfo=UTC))
    assert [document.text for document in decoded.documents] == ["Крилаті ракети в напрямку Черкащини"]


def test_the_same_post_by_another_way_is_the_same_alert() -> None:
    text = "🔴 22:41 Повітряна тривога в Сумський район\n#Сумський_район"
    by_export = alert(text)
    item = {
        "id": "https://t.me/example_channel/7",
        "url": "https://t.me/example_channel/7",
        "content_text": text,
        "date_published": POSTED_AT.isoformat(),
    }
    by_bridge = alerts(decode(json.dumps({"items": [item]}).encode(), GIVEN))

    assert by_bridge == [by_export]


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b"<html>", b'{"messages": 5}', b"x" * 3_000_000])
def test_what_is_no_channel_is_refused(payload: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(payload, GIVEN)


def test_the_largest_export() -> None:
    body = json.loads(EXPORT)
    body["messages"] *= 5_000
    payload = json.dumps(body, ensure_ascii=False).encode()

    assert len(payload) > 4_000_000
    survives(decode, payload, GIVEN)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(st.binary(max_size=200), garbled(EXPORT, BRIDGE_XML, BRIDGE_JSON)))
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, GIVEN)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("🔴🟢🟡 09:15\nПовітряна тривогавідій#_уСмськрайн"), max_size=80))
def test_any_post_is_an_alert_or_a_document(text: str) -> None:
    decoded = exported(
        text, f"🔴 22:41 Повітряна тривога в {text}", f"🟢 22:41 Відбій тривоги в {text}\n#{text}"
    )
    as_read(decoded)


def test_twenty_real_posts() -> None:
    texts = json.loads(sample("telegram/air_alert_ua_messages_2026-08-08.json"))["messages"]
    decoded = exported(*texts, at=dt.datetime(2026, 8, 8, 13, 10, tzinfo=UTC))
    found = alerts(decoded)

    assert decoded.refused == []
    assert (len(found), len(decoded.documents)) == (15, 5)
    assert sum(one.valid_to is None for one in found) == 4
    kharkiv = next(one for one in found if one.region == "1293")
    assert kharkiv.valid_to == dt.datetime(2026, 8, 8, 12, 54, tzinfo=UTC)
    assert [one.region for one in found if one.doubts] == ["123"]


def test_every_hashtag_that_the_channel_used_names_a_region() -> None:
    rows = sample("telegram/air_alert_ua_tag_map.csv").decode().splitlines()[1:]

    for row in rows:
        tag = row.partition(",")[0]
        said = alert(f"🔴 22:41 Повітряна тривога в {tag.replace('_', ' ')}\n#{tag}")
        assert "UA" in list(GIVEN.theatre.ancestors(said.region))
