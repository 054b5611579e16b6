"""NOTAM: closed aerodromes and restricted airspace, whole, and with what is unsure about them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DecodeError
from ingest.feeds.notam import decode
from ingest.notam_text import MOST_CHARS
from streams.events import AirspaceRestriction, Point
from tests.ingest.feeds.given import as_read, context, garbled, sample, survives

CLOSED = """(A3512/26 NOTAMN
Q) EPWW/QFALC/IV/NBO/A /000/999/5007N02203E005
A) EPRZ B) 2611222010 C) 2611222359
E) AD CLSD DUE TO UNPLANNED MIL ACT.)
"""
DANGER = """
A3513/26   NOTAMN
Q)EPWW/QRDCA/IV/BO /W /000/195/5112N02310E018
A)EPWW
B)2611221800   C)2611230600 EST
D)DAILY 1800-0600
E)EP D 57 ACT. AREA WI
511500N 0224500E - 512000N 0233000E -
510000N 0233500E - 511500N 0224500E.
F)GND   G)FL195
"""


def notam(
    number: str = "A1000/26",
    kind: str = "N",
    q: str = "QFALC",
    a: str = "EPRZ",
    b: str = "2611222010",
    c: str = "2611230600",
    e: str = "AD CLSD",
    rest: str = "",
) -> str:
    ends = f" C) {c}" if c else ""
    line = f"EPWW/{q}/IV/NBO/A/000/999/5007N02203E005"
    return f"({number} NOTAM{kind}\nQ) {line}\nA) {a} B) {b}{ends}\nE) {e}\n{rest})\n"


def restrictions(text: str | bytes, **options: Any) -> list[AirspaceRestriction]:
    decoded = decode(text if isinstance(text, bytes) else text.encode(), context("notam", **options))
    assert not decoded.refused
    events = as_read(decoded)
    assert all(isinstance(event, AirspaceRestriction) for event in events)
    return events  # type: ignore[return-value]


def restriction(text: str | bytes) -> AirspaceRestriction:
    (event,) = restrictions(text)
    return event


def at(*instant: int) -> dt.datetime:
    return dt.datetime(*instant, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]


def test_real_polish_notam_on_taxiways_and_frequencies_are_no_restrictions() -> None:
    assert restrictions(sample("notam/pl_real_format_2026.txt")) == []


def test_a_real_closure_at_times_is_not_claimed_for_the_whole_day() -> None:
    event = restriction(sample("notam/pynotam_501390.txt"))

    assert (event.id, event.subject, event.state) == ("notam:A0650/15", "LLBG", "closed")
    assert (event.valid_from, event.valid_to) == (at(2015, 10, 25, 23), at(2016, 3, 24, 23, 45))
    assert event.reason == "DAILY 2300-2345: AD CLSD FOR LDG, DAILY 0100-0145 LMT."
    assert event.doubts == ("in force only at times: DAILY 2300-2345", "closed only to what its text names")


def test_a_real_replacement_ends_what_it_replaces_and_names_no_whole_region() -> None:
    events = {event.id: event for event in restrictions(sample("notam/pynotam_478095.txt"))}

    new, old = events["notam:C0120/15"], events["notam:C0001/14"]
    assert (new.subject, new.valid_from) == ("C0120/15", at(2015, 1, 22, 8, 50))
    assert (old.msg_type, old.valid_to) == ("update", at(2015, 1, 22, 8, 50))


def test_a_closed_aerodrome_is_told_with_its_circle_its_times_and_its_text() -> None:
    event = restriction(CLOSED)

    assert (event.id, event.subject, event.state, event.doubts) == ("notam:A3512/26", "EPRZ", "closed", ())
    assert (event.valid_from, event.valid_to) == (at(2026, 11, 22, 20, 10), at(2026, 11, 22, 23, 59))
    assert event.centre == Point(lon=22.05, lat=50.116667)
    assert event.radius_m == 5 * 1_852
    assert (event.lower_ft, event.upper_ft) == (0, None)
    assert event.reason == "AD CLSD DUE TO UNPLANNED MIL ACT."
    assert event.evidence is not None
    assert event.evidence.text.startswith("A3512/26 NOTAMN\nQ) EPWW")
    assert event.evidence.text.endswith("MIL ACT.")


def test_an_active_danger_area_is_told_by_its_designator_with_its_outline_and_limits() -> None:
    event = restriction(DANGER)

    assert (event.id, event.subject, event.state) == ("notam:A3513/26", "EPD57", "closed")
    assert event.area == (
        Point(lon=22.75, lat=51.25),
        Point(lon=23.5, lat=51.333333),
        Point(lon=23.583333, lat=51.0),
    )
    assert (event.lower_ft, event.upper_ft, event.radius_m) == (0, 19_500, 18 * 1_852)
    assert event.doubts == ("in force only at times: DAILY 1800-0600", "its end is estimated: 2611230600 EST")


@pytest.mark.parametrize("end", ["2611230600EST", "2611230600 EST", "PERM", "UFN"])
def test_an_estimated_or_permanent_end_is_no_end(end: str) -> None:
    event = restriction(notam(c=end))

    assert event.valid_to is None
    assert event.doubts == ((f"its end is estimated: {end}",) if "EST" in end else ())


def test_several_notam_in_one_text_are_taken_with_and_without_parentheses_and_headings() -> None:
    text = f"GG EPRZZTZX\n221955 EPWWYNYX\n{CLOSED}\n\nGG EPRZZTZX\n{DANGER}{notam()}"

    assert [event.id for event in restrictions(text)] == [
        "notam:A3512/26",
        "notam:A3513/26",
        "notam:A1000/26",
    ]


def test_odd_spacing_and_line_breaks_make_no_difference() -> None:
    odd = CLOSED.replace("Q) ", "Q)\n  ").replace("/IV/NBO/", " / IV /NBO\n/").replace(" B) ", "\r\nB)")
    plain, spaced = restriction(CLOSED), restriction(odd.replace("2611222010", "2611 222010\t"))

    assert (spaced.subject, spaced.valid_from, spaced.centre) == (
        plain.subject,
        plain.valid_from,
        plain.centre,
    )


def test_an_enumeration_in_the_text_is_no_item() -> None:
    text = "AD CLSD: A) FOR LDG B) FOR TKOF C) 2612312359 D) ALL F) AND G) TOO"
    event = restriction(notam(e=text))

    assert (event.subject, event.valid_to) == ("EPRZ", at(2026, 11, 23, 6))
    assert not any("at times" in doubt for doubt in event.doubts)
    assert "A) FOR LDG B) FOR TKOF C) 2612312359 D) ALL" in event.reason


@pytest.mark.parametrize(
    ("q", "text", "state", "subject"),
    [
        ("QFALC", "AD CLSD", "closed", "EPRZ"),
        ("QFAXX", "AIRPORT WILL BE CLOSED", "closed", "EPRZ"),
        ("QFAXX", "LOTNISKO ZAMKNIETE", "closed", "EPRZ"),
        ("QFAAK", "NORMAL OPS RESUMED", "reopened", "EPRZ"),
        ("QRTCA", "TEMPORARY RESTRICTED AREA EP R129 ACT", "closed", "EPR129"),
        ("QRACA", "EPTSA02A ACT", "closed", "EPTSA02A"),
        ("QRPLP", "EP P 12 PROHIBITED", "closed", "EPP12"),
        ("QRRCD", "EPR22 DEACTIVATED", "reopened", "EPR22"),
        ("QRTCA", "AREA ACT BETWEEN CHELM AND WLODAWA", "closed", "A1000/26"),
        ("QRTCA", "EPR22 AND EPR23 ACT", "closed", "A1000/26"),
        ("QAFXX", "AIRSPACE CLSD EAST OF VISTULA", "closed", "EPRZ"),
        ("QATLC", "TMA CLSD", "closed", "EPRZ"),
    ],
)
def test_what_closes_and_opens(q: str, text: str, state: str, subject: str) -> None:
    event = restriction(notam(q=q, e=text))

    assert (event.state, event.subject) == (state, subject)


@pytest.mark.parametrize(
    ("q", "text"),
    [
        ("QMXLC", "TWY A CLSD"),
        ("QMRLC", "RWY 09/27 CLSD"),
        ("QFAHX", "BIRD HAZARD"),
        ("QFALT", "AD AVBL FOR ACFT BELOW 5.7T"),
        ("QFAXX", "TWY B CLSD"),
        ("QARLC", "ATS RTE M985 CLSD"),
        ("QAFXX", "FREQ CHANGED"),
        ("QSECF", "FREQ 123.975"),
        ("QWULW", "UNMANNED ACFT WILL TAKE PLACE"),
        ("QRTTT", "TRIGGER NOTAM"),
    ],
)
def test_what_closes_nothing_is_left_out(q: str, text: str) -> None:
    assert restrictions(notam(q=q, e=text)) == []


@pytest.mark.parametrize(
    ("rest", "limits"),
    [
        ("F) SFC G) UNL", (0, None)),
        ("F) FL095 G) FL 245", (9_500, 24_500)),
        ("F) 1000FT AMSL G) 3000 FT AGL", (1_000, 3_000)),
        ("F) GND G) 300M AGL", (0, 984)),
    ],
)
def test_the_limits_are_in_feet(rest: str, limits: tuple[float, float]) -> None:
    event = restriction(notam(q="QRTCA", rest=rest))

    assert (event.lower_ft, event.upper_ft) == limits


def test_a_radius_of_everywhere_is_no_circle() -> None:
    event = restriction(notam(q="QRTCA").replace("E005", "E999"))

    assert (event.centre, event.radius_m) == (None, None)


def test_a_cancellation_cancels_what_it_refers_to_seen_or_not() -> None:
    over = notam("A1001/26", "C A1000/26", b="2611222200", c="")
    alone = restriction(over)
    beside = restriction(over + notam())

    for event in (alone, beside):
        assert (event.id, event.subject, event.msg_type) == ("notam:A1000/26", "EPRZ", "cancel")
        assert event.valid_to == at(2026, 11, 22, 22)
    assert alone.reason == "cancelled by A1001/26"
    assert (beside.reason, beside.valid_from) == ("AD CLSD", at(2026, 11, 22, 20, 10))


def test_a_cancellation_of_something_else_is_left_out() -> None:
    assert restrictions(notam("A1001/26", "C A1000/26", q="QMXXX", c="")) == []


def test_a_replacement_ends_the_earlier_and_stands_itself() -> None:
    text = notam() + notam("A1002/26", "R A1000/26", b="2611222300", c="2611231200")
    old, new = restrictions(text)

    assert (old.id, old.msg_type, old.valid_to) == ("notam:A1000/26", "update", at(2026, 11, 22, 23))
    assert (new.id, new.msg_type, new.valid_to) == ("notam:A1002/26", "alert", at(2026, 11, 23, 12))


def test_a_replacement_that_closes_nothing_still_ends_the_closure() -> None:
    event = restriction(notam("A1002/26", "R A1000/26", q="QFAHX", e="BIRDS"))

    assert (event.id, event.reason) == ("notam:A1000/26", "replaced by A1002/26")
    assert event.valid_to is not None


def test_the_later_word_on_a_notam_counts_in_whatever_order_texts_come() -> None:
    own = restriction(notam())
    _, replaced = restrictions(notam("A1002/26", "R A1000/26"))
    cancelled = restriction(notam("A1003/26", "C A1000/26", c=""))

    assert 1 < own.revision < replaced.revision < cancelled.revision
    assert {each.id for each in (own, replaced, cancelled)} == {"notam:A1000/26"}
    both = notam("A1003/26", "C A1000/26", c="") + notam("A1002/26", "R A1000/26")
    assert {each.id: each.msg_type for each in restrictions(both)}["notam:A1000/26"] == "cancel"


def test_what_is_listed_is_in_force_whatever_was_said_before() -> None:
    (event,) = restrictions(notam(), listing=True)

    assert event.revision == 1


def test_what_ended_before_it_was_replaced_ended_then() -> None:
    old, _ = restrictions(notam(c="2611222100") + notam("A1002/26", "R A1000/26", b="2611222300"))

    assert old.valid_to == at(2026, 11, 22, 21)


def test_the_same_notam_again_is_one_and_a_listing_is_one_if_configured() -> None:
    decoded = decode((notam() * 2).encode(), context("notam", listing=True))

    assert len(decoded.events) == 1
    assert decoded.is_listing
    assert not decode(notam().encode(), context("notam")).is_listing


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (notam("B2000/26").replace("Q) EPWW", "Q) ?"), "B2000/26 Q)"),
        ("B2000/26 NOTAMN\n", "B2000/26 Q)"),
        (notam("B2000/26").replace("Q) ", ""), "B2000/26 Q)"),
        (notam("B2000/26", a="POLAND"), "B2000/26 A)"),
        (notam("B2000/26", b="2613322010"), "B2000/26 B)"),
        (notam("B2000/26", b="WIE"), "B2000/26 B)"),
        (notam("B2000/26", b="２６１１２２２０１０"), "B2000/26 B)"),
        (notam("B2000/26", c="261122"), "B2000/26 C)"),
        (notam("B2000/26", c="2611222560"), "B2000/26 C)"),
        (notam("B2000/26", "R"), "B2000/26"),
        (notam("B2000/26", "C"), "B2000/26"),
        (notam("B2000/26", e="X" * MOST_CHARS), "B2000/26"),
        (notam().replace("EPWW", "UKLV"), "A1000/26"),
    ],
)
def test_one_bad_notam_is_refused_by_item_with_its_text_and_the_others_stand(bad: str, path: str) -> None:
    decoded = decode((notam() + bad + CLOSED).encode(), context("notam"))

    assert [event.id for event in as_read(decoded)] == ["notam:A1000/26", "notam:A3512/26"]
    (refused,) = decoded.refused
    assert (refused.feed, refused.path) == ("notam", path)
    assert refused.sample.decode() in bad


def test_a_day_may_end_at_2400() -> None:
    assert restriction(notam(c="2611222400")).valid_to == at(2026, 11, 23)


def test_bytes_of_an_old_code_page_in_the_text_are_no_obstacle() -> None:
    event = restriction(notam(e="AD CLSD: ŁAŃCUT").encode("cp1250"))

    assert event.subject == "EPRZ"


@pytest.mark.parametrize("payload", [b"", b"hello", b"NOTAM", b"A1604/26", b"\xff\xfe\x00", b"<html>"])
def test_what_has_no_notam_is_refused_whole(payload: bytes) -> None:
    with pytest.raises(DecodeError) as refused:
        decode(payload, context("notam"))
    assert (refused.value.path, refused.value.sample) == ("$", payload)


def test_the_largest_payload_takes_bounded_time() -> None:
    for payload in (
        notam().encode() * 40_000,
        b"A1000/26 NOTAMN " * 500_000,
        b"A1000/26 NOTAMN Q) " + b"Q) A) B) F) " * 650_000,
        b"A1000/26 NOTAMN Q) " + b"EPWW/" * 1_500_000,
        (notam(e="5115N02245E " * 600_000)).encode(),
        b"A1000/26" + b" " * 7_900_000 + b"NOTAMN",
        b"A1000/26" * 1_000_000,
        b"(" * 7_900_000 + b"A1000/26 NOTAMN",
    ):
        survives(decode, payload, context("notam"))


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), garbled((CLOSED + DANGER).encode(), notam("A1/26", "R A1000/26").encode())
    )
)
def test_any_bytes_are_decoded_or_refused(payload: bytes) -> None:
    survives(decode, payload, context("notam"))
