"""CAP: air raids as alerts by region, chains as revisions of one event, all else as context."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.cap import decode
from streams.events import AirRaidAlert, Event, Statement
from tests.ingest.feeds.given import RECEIVED_AT, as_read, context, garbled, sample, survives

SENT = "2026-11-22T21:00:00+02:00"
LATER = "2026-11-22T21:10:00+02:00"
LVIV = "<area><areaDesc>Львівська область</areaDesc></area>"
RIVNE = "<area><areaDesc>Rivne Oblast</areaDesc></area>"
REVISION = int(dt.datetime.fromisoformat(SENT).timestamp()) * 1_000


def info(areas: str = LVIV, event: str = "Повітряна тривога", **told: str) -> str:
    fields = {"language": "uk", "category": "Security", "event": event, "urgency": "Immediate"}
    fields |= {"severity": "Extreme", "certainty": "Observed", "expires": "2026-11-22T23:00:00+02:00"} | told
    written = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in fields.items() if text)
    return f"<info>{written}{areas}</info>"


def alert(infos: str | None = None, *, version: str = "1.2", **told: str) -> str:
    fields = {"identifier": "a1", "sender": "civil@defence.example", "sent": SENT, "status": "Actual"}
    fields |= {"msgType": "Alert", "scope": "Public"} | told
    written = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in fields.items() if text)
    inside = info() if infos is None else infos
    return f"<alert xmlns='urn:oasis:names:tc:emergency:cap:{version}'>{written}{inside}</alert>"


def later(kind: str, infos: str | None = None, *, of: str = "a1", **told: str) -> str:
    """An Update or a Cancel of what is named `of`."""
    references = " ".join(f"civil@defence.example,{name},{SENT}" for name in of.split())
    return alert(
        infos, **{"identifier": "u1", "msgType": kind, "sent": LATER, "references": references, **told}
    )


def atom(*contents: str) -> str:
    entries = "".join(
        f"<entry><id>urn:{number}</id><title>t</title><link href='https://alerts.example/{number}'/>{content}</entry>"
        for number, content in enumerate(contents)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Alerts</title>{entries}</feed>"


def content(written: str) -> str:
    return f"<content type='text/xml'>{written}</content>"


def events(payload: str | bytes, **options: Any) -> list[Event]:
    body = payload if isinstance(payload, bytes) else payload.encode()
    decoded = decode(body, context("cap", **options))
    assert not decoded.refused
    return as_read(decoded)


def raids(payload: str | bytes, **options: Any) -> list[AirRaidAlert]:
    found = events(payload, **options)
    assert all(isinstance(event, AirRaidAlert) for event in found)
    return found  # type: ignore[return-value]


def raid(payload: str | bytes, **options: Any) -> AirRaidAlert:
    (event,) = raids(payload, **options)
    return event


def utc(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, 22, hour, minute, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "topic", "speaker", "valid_to"),
    [
        ("cap11_earthquake_usgs", "Earthquake", "U.S. Geological Survey", "2010-09-02T05:09:25+00:00"),
        ("cap11_thunderstorm_KAR0", "Child Abduction", "LOS ANGELES POLICE DEPT - LAPD", None),
        (
            "cap12_security_oasis_example",
            "Homeland Security Advisory System Update",
            "U.S. Government, Department of Homeland Security",
            None,
        ),
    ],
)
def test_a_real_alert_of_something_else_is_context(
    name: str, topic: str, speaker: str, valid_to: str | None
) -> None:
    (event,) = events(sample(f"cap/{name}.xml"))

    assert isinstance(event, Statement)
    assert (event.topic, event.speaker) == (topic, speaker)
    assert (event.valid_to.isoformat() if event.valid_to else None) == valid_to
    assert event.quote
    assert event.evidence is not None


def test_a_real_alert_that_lacks_its_scope_is_refused_by_name() -> None:
    decoded = decode(sample("cap/cap12_invalid_example.xml"), context("cap"))

    assert decoded.events == []
    assert [refused.path for refused in decoded.refused] == ["alert/scope"]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_an_air_raid_is_an_alert_for_its_region_until_it_expires(version: str) -> None:
    event = raid(alert(info(headline="Тривога!", description="В укриття."), version=version))

    assert (event.id, event.revision) == ("cap:civil@defence.example,a1:UA-46", REVISION)
    assert (event.region, event.calculated, event.alert_type) == ("UA-46", False, "air_raid")
    assert (event.valid_from, event.valid_to, event.published_at) == (utc(19), utc(21), utc(19))
    assert (event.status, event.msg_type, event.run) == ("actual", "alert", "")
    assert event.evidence is not None
    assert (event.evidence.text, event.evidence.lang) == ("Тривога!\nВ укриття.", "uk")


def test_the_onset_is_the_beginning_where_it_is_told() -> None:
    times = {"effective": "2026-11-22T21:01:00+02:00", "onset": "2026-11-22T21:02:00+02:00"}

    assert raid(alert(info(**times))).valid_from == utc(19, 2)
    assert raid(alert(info(effective=times["effective"]))).valid_from == utc(19, 1)


@pytest.mark.parametrize(
    "event",
    [
        "AIR RAID",
        "Air alert",
        "Missile attack warning",
        "Drone attack",
        "Ракетна небезпека",
        "Зняття повітряної тривоги",
        "Zagrożenie atakiem z powietrza",
        "Alarm lotniczy",
        "Alerte aérienne",
    ],
)
def test_what_is_called_an_air_raid_in_any_language_is_one(event: str) -> None:
    assert raid(alert(info(event=event))).region == "UA-46"


def test_a_code_can_say_that_it_is_an_air_raid_and_the_words_are_the_feeds() -> None:
    code = "<eventCode><valueName>X</valueName><value>CDW</value></eventCode>"
    written = alert(info(code + LVIV, event="Civil danger"))

    assert isinstance(events(written)[0], Statement)
    assert raid(written, events=["cdw"]).region == "UA-46"
    assert isinstance(events(alert(), events=["cdw"])[0], Statement)


@pytest.mark.parametrize(
    ("area", "regions"),
    [
        ("<areaDesc>Lviv region, Rivne region</areaDesc>", {"UA-46": False, "UA-56": False}),
        ("<areaDesc>województwo lubelskie</areaDesc>", {"PL-06": False}),
        ("<areaDesc>Donbas</areaDesc>", {"UA-14": True, "UA-09": True}),
        (
            "<areaDesc>x</areaDesc><geocode><valueName>ISO 3166-2</valueName><value>UA-46</value></geocode>",
            {"UA-46": False},
        ),
        (
            "<areaDesc>x</areaDesc><geocode><valueName>TERYT</valueName><value>06</value></geocode>",
            {"PL-06": False},
        ),
        (
            "<areaDesc>x</areaDesc><geocode><valueName>TERYT</valueName><value>0603</value></geocode>",
            {"PL-06": True},
        ),
        (
            "<areaDesc>Lviv region</areaDesc><geocode><valueName>SAME</valueName><value>151</value></geocode>"
            "<geocode><valueName>UN/LOCODE</valueName><value>UALWO</value></geocode>",
            {"UA-46": False},
        ),
        ("<areaDesc>there</areaDesc><circle>49.84,24.03 20.0</circle>", {"UA-46": True}),
        ("<areaDesc>there</areaDesc><circle>49.3,23.4 0.0</circle>", {"UA-46": True}),
        (
            "<areaDesc>there</areaDesc><polygon>49.5,23.0 50.4,23.0 50.4,24.8 49.5,24.8 49.5,23.0</polygon>",
            {"UA-46": True},
        ),
        (
            "<areaDesc>there</areaDesc><polygon>49.2,23.3 49.3,23.3 49.3,23.5 49.2,23.3</polygon>",
            {"UA-46": True},
        ),
    ],
)
def test_an_area_is_told_by_code_by_name_or_by_shape(area: str, regions: dict[str, bool]) -> None:
    found = raids(alert(info(f"<area>{area}</area>")))

    assert {event.region: event.calculated for event in found} == regions


def test_a_shape_covers_the_regions_whose_label_it_has() -> None:
    box = "<area><areaDesc>the west</areaDesc><polygon>47,21 53,21 53,27 47,27 47,21</polygon></area>"
    found = {event.region for event in raids(alert(info(box)))}

    assert {"UA-46", "UA-56", "UA-21", "PL-06"} <= found
    assert "UA-63" not in found


def test_languages_of_one_alert_are_one_event_and_what_is_named_beats_what_is_drawn() -> None:
    drawn = "<area><areaDesc>somewhere</areaDesc><circle>49.84,24.03 20.0</circle></area>"
    event = raid(alert(info(drawn, event="Air raid", language="en") + info()))

    assert event.calculated is False
    assert event.evidence is not None
    assert event.evidence.lang == "uk"


def test_an_update_is_a_revision_of_what_it_refers_to() -> None:
    event = raid(later("Update", info(expires="2026-11-22T23:30:00+02:00")))

    assert (event.id, event.msg_type) == ("cap:civil@defence.example,a1:UA-46", "update")
    assert event.revision > REVISION
    assert event.valid_to == utc(21, 30)


def test_an_update_of_several_is_one_event_each() -> None:
    found = raids(later("Update", of="a1 a2"))

    assert [event.id for event in found] == [
        f"cap:civil@defence.example,{name}:UA-46" for name in ("a1", "a2")
    ]


def test_a_cancel_ends_and_cancels_what_it_refers_to() -> None:
    event = raid(later("Cancel"))

    assert (event.id, event.msg_type) == ("cap:civil@defence.example,a1:UA-46", "cancel")
    assert (event.valid_from, event.valid_to) == (None, utc(19, 10))


def test_a_cancel_in_the_same_second_counts() -> None:
    cancel = raid(later("Cancel", sent=SENT))

    assert cancel.revision > raid(alert()).revision
    (event,) = raids(atom(content(later("Cancel", sent=SENT)), content(alert())))
    assert event.msg_type == "cancel"


@pytest.mark.parametrize(
    "written",
    [
        info(responseType="AllClear"),
        info(event="Відбій повітряної тривоги"),
        info(event="Air raid: all clear"),
    ],
)
def test_an_all_clear_is_no_beginning(written: str) -> None:
    event = raid(later("Update", written))

    assert (event.valid_from, event.valid_to) == (None, utc(19, 10))


def test_a_chain_in_one_payload_ends_in_one_event_under_its_first_name() -> None:
    first, second = alert(info(LVIV + RIVNE)), later("Update", info(LVIV))
    third = later("Update", info(LVIV), of="u1", identifier="u2", sent="2026-11-22T21:20:00+02:00")
    found = {event.region: event for event in raids(atom(*map(content, (third, first, second))))}

    assert {event.id.split(":")[1] for event in found.values()} == {"civil@defence.example,a1"}
    assert (found["UA-46"].published_at, found["UA-46"].valid_to) == (utc(19, 20), utc(21))
    assert (found["UA-56"].published_at, found["UA-56"].valid_to) == (utc(19, 10), utc(19, 10))


def test_a_cancel_that_says_nothing_more_cancels_what_is_in_the_payload() -> None:
    found = raids(atom(content(alert(info(LVIV + RIVNE))), content(later("Cancel", ""))))

    assert {event.region: event.msg_type for event in found} == {"UA-46": "cancel", "UA-56": "cancel"}


@pytest.mark.parametrize(
    ("message", "supersedes"),
    [
        (alert(), None),
        (later("Cancel", ""), "cancel"),
        (later("Cancel"), "cancel"),
        (later("Update"), "update"),
        (later("Update", info(LVIV + "<area><areaDesc>Tonga</areaDesc></area>")), None),
        (later("Update", info(event="Wind")), None),
    ],
    ids=["alert", "bare cancel", "cancel", "update", "with an area that is not known", "of something else"],
)
def test_what_says_all_that_is_still_so_supersedes_what_came_before(
    message: str, supersedes: str | None
) -> None:
    found = decode(message.encode(), context("cap")).superseded

    at = min(dt.datetime.fromisoformat(LATER), RECEIVED_AT)
    assert [(one.of, one.msg_type, one.at, one.status) for one in found] == (
        [("cap:civil@defence.example,a1", supersedes, at, "actual")] if supersedes else []
    )


def test_a_test_cancels_nothing_actual() -> None:
    found = raids(atom(content(alert()), content(later("Cancel", "", status="Test"))))

    assert [(event.status, event.msg_type) for event in found] == [("actual", "alert")]


def test_an_update_that_no_longer_says_air_raid_still_is_of_one() -> None:
    found = raids(atom(content(alert()), content(later("Cancel", info(event="Ende")))))

    assert [event.msg_type for event in found] == ["cancel"]


def test_messages_that_refer_to_each_other_are_no_trap() -> None:
    one = later("Update", of="u2", identifier="u1")
    two = later("Update", of="u1", identifier="u2")

    assert raids(atom(content(one), content(two)))


@pytest.mark.parametrize("status", ["Exercise", "Test", "System"])
def test_a_test_is_never_actual(status: str) -> None:
    assert raid(alert(status=status)).status == status.lower()


def test_an_exercises_own_alert_is_of_its_run_and_an_actual_one_is_not() -> None:
    given = context("cap", status="exercise")

    (ours,) = decode(alert(status="Exercise").encode(), given).events
    (theirs,) = decode(alert().encode(), given).events
    assert (ours.status, ours.run) == ("exercise", "run-1")
    assert (theirs.status, theirs.run) == ("actual", "")


@pytest.mark.parametrize("told", [{"status": "Draft"}, {"msgType": "Ack"}, {"msgType": "Error"}])
def test_drafts_and_receipts_are_left_out(told: dict[str, str]) -> None:
    assert events(alert(**told)) == []


def test_an_atom_feed_may_hold_its_alerts_as_elements_or_as_text() -> None:
    other = alert(info(RIVNE), identifier="b1")
    found = raids(atom(content(alert()), f"<content type='text'>{escape(other)}</content>"))

    assert {event.region for event in found} == {"UA-46", "UA-56"}


def test_an_entry_that_tells_the_alert_in_summary_is_taken_under_its_own_name() -> None:
    told = (
        f"<c:event>Air raid</c:event><c:sent>{SENT}</c:sent><c:status>Actual</c:status>"
        f"<c:msgType>Update</c:msgType><c:expires>{LATER}</c:expires><c:areaDesc>Lviv region</c:areaDesc>"
        "<author><name>w-civil</name></author>"
    )
    written = atom(told).replace("<feed ", "<feed xmlns:c='urn:oasis:names:tc:emergency:cap:1.2' ")
    event = raid(written)

    assert (event.id, event.valid_to) == ("cap:w-civil,urn:0:UA-46", utc(19, 10))


def test_an_alert_that_is_told_in_parts_has_all_its_regions() -> None:
    found = raids(atom(content(alert(info(LVIV))), content(alert(info(RIVNE)))))

    assert {event.region: event.valid_to for event in found} == {"UA-46": utc(21), "UA-56": utc(21)}


def test_an_entry_that_only_links_is_a_link_and_the_others_stand() -> None:
    decoded = decode(atom("", content(alert())).encode(), context("cap"))

    assert len(decoded.events) == 1
    assert not decoded.refused
    (link,) = decoded.links
    assert link.url == "https://alerts.example/0"
    assert isinstance(link.otherwise, DecodeError)
    assert (link.otherwise.path, link.otherwise.sample) == ("entry[0]", b"https://alerts.example/0")
    (changed,) = decode(atom("<updated>later</updated>", content(alert())).encode(), context("cap")).links
    assert changed.tag != link.tag


def test_an_entry_that_links_to_nothing_is_refused() -> None:
    bare = atom("").replace("<link href='https://alerts.example/0'/>", "")

    (refused,) = decode(bare.encode(), context("cap")).refused
    assert refused.path == "entry[0]"


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (alert(identifier=""), "/identifier"),
        (alert(sender=""), "/sender"),
        (alert(sent=""), "/sent"),
        (alert(sent="2026-11-22T21:00:00"), "/sent"),
        (alert(sent="1969-11-22T21:00:00Z"), "/sent"),
        (alert(status="Real"), "/status"),
        (alert(msgType="Alarm"), "/msgType"),
        (alert(info(expires="2026-11-22T23:00:00")), "/info[0]/expires"),
        (alert(info(onset="now")), "/info[0]/onset"),
        (alert(info(event="")), "/info[0]/event"),
        (alert(""), "/info"),
        (later("Update", "", of="elsewhere"), "/info"),
        (later("Update", references=""), "/references"),
        (later("Update", references="a1"), "/references"),
        (later("Update", references="a,b,c " * 201), "/references"),
        (alert(info("<area><areaDesc>Tonga</areaDesc></area>")), "/info/area"),
        (alert(info("")), "/info/area"),
        (alert(info("<area><polygon>1,2 3,4</polygon></area>")), "/info[0]/area[0]/polygon"),
        (alert(info("<area><polygon>1,2 3,4 x,y</polygon></area>")), "/info[0]/area[0]/polygon"),
        (alert(info("<area><circle>99,4 1</circle></area>")), "/info[0]/area[0]/circle"),
        (alert(info("<area><circle>49,24</circle></area>")), "/info[0]/area[0]/circle"),
        (alert(identifier="x" * 250), "/identifier"),
    ],
)
def test_one_bad_alert_is_refused_by_element_and_the_others_stand(bad: str, path: str) -> None:
    good = alert(identifier="g1")
    decoded = decode(atom(content(good), content(bad)).encode(), context("cap"))

    assert [event.id for event in as_read(decoded)] == ["cap:civil@defence.example,g1:UA-46"]
    (refused,) = decoded.refused
    assert (refused.feed, refused.path) == ("cap", f"entry[1]{path}")
    assert b"alert" in refused.sample


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"hello",
        b"{}",
        b"<html/>",
        b"<alert/>",
        b"<alert xmlns='urn:oasis:names:tc:emergency:cap:9.9'/>",
        alert().encode()[:-5],
        b"<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>]>"
        + alert(info(headline="&b;")).encode(),
        b"<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + alert().encode(),
        b"<?xml version='1.0' encoding='utf-7'?>" + alert().encode(),
        b"<a>" * 1_000_000,
    ],
)
def test_what_is_neither_an_alert_nor_a_feed_is_refused_whole(payload: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(payload, context("cap"))
    assert (refused.value.path, refused.value.sample) == ("$", payload)


def test_an_empty_feed_is_no_error() -> None:
    assert events(atom()) == []


def test_no_alert_takes_more_than_its_share_of_the_work() -> None:
    corners = " ".join(f"{40 + number % 17}.5,{20 + number % 13}.5" for number in range(9_000))
    shapes = alert(info(f"<area><polygon>{corners}</polygon></area>"))
    circles = alert(info("<area><circle>1,1 0</circle></area>" * 1_900))
    names = alert(info(f"<area><areaDesc>{'Lviv, ' * 100_000}</areaDesc></area>"))
    wide = "<area><areaDesc>x</areaDesc><circle>49,30 9000</circle></area>"
    tangle = [
        later("Update", info(wide), of=" ".join(f"r{number}" for number in range(150)), identifier=f"u{name}")
        for name in range(400)
    ]
    chain = [later("Update", of=f"u{name - 1}", identifier=f"u{name}") for name in range(2_000)]
    for many in ([shapes] * 30, [circles] * 30, [names] * 10, tangle, chain, [alert()] * 3_000):
        payload = atom(*map(content, many)).encode()
        survives(decode, payload, context("cap"))
    survives(decode, b"<a>" + b"<b/>" * 1_000_000 + b"</a>", context("cap"))


CHAIN = atom(
    content(alert(info(RIVNE))), content(later("Update", info("<area><circle>49,24 9</circle></area>")))
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), garbled(alert().encode(), CHAIN.encode(), later("Cancel").encode()))
)
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, context("cap"))
