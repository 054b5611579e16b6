"""From readings to events: the contract's words, hedges and spans kept."""

import datetime as dt
from typing import Any

import pytest

from config.theatre import load_theatre
from ingest.documents import Document
from ingest.reading.reading import Reading
from ingest.reports import SURE_ENOUGH, doubtful, events_of
from streams.codec import decode, encode
from streams.events import AirspaceRestriction, Count, RaidReport, Scramble, Statement, Strike

THEATRE = load_theatre("eastern-flank")
PUBLISHED = dt.datetime(2025, 6, 9, 5, 45, tzinfo=dt.UTC)


def document(**changes: Any) -> Document:
    fields = {
        "name": "file:a.txt",
        "text": "479 and 460",
        "feed": "text",
        "status": "actual",
        "published_at": PUBLISHED,
        "revision": 1,
    }
    return Document(**(fields | changes))


def reading(kind: str, facts: dict[str, Any], **changes: Any) -> Reading:
    fields = {"spans": {}, "lang": "en", "confidence": 0.95}
    return Reading(kind=kind, facts=facts, **(fields | changes))  # type: ignore[arg-type]


def event_of(kind: str, facts: dict[str, Any], *, of: Document | None = None, **changes: Any) -> Any:
    (event,) = events_of(of or document(), [reading(kind, facts, **changes)], THEATRE)
    assert decode(encode(event)) == event
    return event


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        (479, Count(value=479)),
        ("unnumbered", Count(qualifier="unnumbered")),
        ({"min": 50, "qualifier": "over"}, Count(min=50, qualifier="over")),
        ({"max": 100, "qualifier": "up to"}, Count(max=100, qualifier="up to")),
        ({"approx": 480, "qualifier": "nearly"}, Count(value=480, qualifier="nearly")),
        ({"min": 40, "max": 50}, Count(min=40, max=50, qualifier="about")),
    ],
)
def test_a_figure_keeps_its_hedge(stated: Any, meant: Count) -> None:
    report = event_of("raid_report", {"launched": {"uav": stated}})

    assert report.launched.uav == meant


def test_what_is_not_stated_is_absent_and_not_zero() -> None:
    report = event_of("raid_report", {"launched": {"uav": 479}})

    assert isinstance(report, RaidReport)
    assert report.launched is not None
    assert report.launched.missile is None
    assert (report.neutralised, report.hits, report.impact_places) == (None, None, None)


def test_a_share_in_per_cent_is_no_count() -> None:
    report = event_of("raid_report", {"launched": {"uav": 90}, "shot_down": {"uav": {"percent": 90}}})

    assert report.shot_down is None


def test_a_raid_report_carries_its_window_places_types_and_spans() -> None:
    facts = {
        "launched": {"uav": 479, "missile": 20, "per_type": {"kh101": 10}},
        "suppressed": 183,
        "neutralised_total": 479,
        "impacts_locations": 10,
        "debris_locations": 17,
        "window_start": "2025-06-08T20:00+03:00",
        "night_of": "2025-06-09",
        "claimants": ["ua-air-force"],
        "attacker": "RU",
    }
    spans = {"launched.uav": ((0, 3),), "launched.per_type.kh101": ((4, 6),), "impacts_locations": ((7, 9),)}

    report = event_of("raid_report", facts, spans=spans)

    assert report.valid_from == dt.datetime(2025, 6, 8, 17, tzinfo=dt.UTC)
    assert report.night_of == dt.date(2025, 6, 9)
    assert (report.claimant, report.reliability) == ("ua-air-force", "B")
    assert report.launched.types == {"kh-101": Count(value=10)}
    assert report.suppressed.uav == Count(value=183)
    assert report.neutralised.total == Count(value=479)
    assert (report.impact_places, report.debris_places) == (Count(value=10), Count(value=17))
    assert report.evidence.spans == {
        "launched.uav": ((0, 3),),
        "launched.types.kh-101": ((4, 6),),
        "impact_places": ((7, 9),),
    }


def test_an_older_night_told_for_context_is_marked_as_such() -> None:
    assert event_of("raid_report", {"launched": {"uav": 472}}, quoted=True).retrospective is True


def test_a_sources_own_notice_is_of_when_it_was_published() -> None:
    own = document(feed="pl-dorsz", own_claimant="pl-dorsz")
    facts = {"country": "PL", "state": "start", "allied": True, "claimants": ["pl-dorsz"]}

    start = event_of("scramble", facts, of=own)
    end = event_of("scramble", facts | {"state": "end"}, of=own)

    assert isinstance(start, Scramble)
    assert (start.valid_from, start.valid_to) == (PUBLISHED, None)
    assert (end.valid_from, end.valid_to) == (None, PUBLISHED)


def test_what_relays_a_notice_does_not_say_when_it_was() -> None:
    relayed = event_of("scramble", {"country": "PL", "state": "start", "claimants": ["pl-dorsz"]})

    assert relayed.valid_from is None
    assert relayed.published_at == PUBLISHED


def test_a_quoted_notice_is_no_event() -> None:
    quoted = reading("scramble", {"country": "PL", "state": "start"}, quoted=True)

    assert events_of(document(), [quoted], THEATRE) == []


def test_a_channel_that_names_nobody_speaks_for_its_owner() -> None:
    report = event_of(
        "raid_report", {"launched": {"uav": 479}}, of=document(feed="kpszsu", own_claimant="ua-air-force")
    )

    assert report.claimant == "ua-air-force"


def test_a_strike_stands_where_its_place_is() -> None:
    strike = event_of(
        "strike",
        {
            "target": "VNIIR plant",
            "place": "vniir-cheboksary",
            "region": "RU-CU",
            "weapon": "uav",
            "count": 2,
        },
    )

    assert isinstance(strike, Strike)
    assert strike.position is not None
    assert (round(strike.position.lon), round(strike.position.lat)) == (47, 56)


def test_a_statement_keeps_its_figures_with_their_hedges() -> None:
    figure = {"value": 5, "unit": "% of GDP", "about": "defence spending", "qualifier": "at least"}
    statement = event_of(
        "statement",
        {"speaker": "United States", "organisation": "United States", "topic": "x", "figures": [figure]},
    )

    assert isinstance(statement, Statement)
    assert statement.figures[0].qualifier == "at least"
    assert statement.organisation == ""


def test_airports_are_closed_and_reopened_each_by_itself() -> None:
    facts = {"airports_closed_icao": ["EPRZ", "EPLB"], "airports_reopened_icao": ["EPWA"]}

    events = events_of(document(), [reading("airspace_closure", facts)], THEATRE)

    assert [(one.subject, one.state) for one in events if isinstance(one, AirspaceRestriction)] == [
        ("EPRZ", "closed"),
        ("EPLB", "closed"),
        ("EPWA", "reopened"),
    ]
    assert len({one.id for one in events}) == 3


def test_a_doubtful_reading_is_no_event_and_tells_its_reasons() -> None:
    unsure = reading(
        "raid_report", {"launched": {"uav": 7}}, confidence=SURE_ENOUGH - 0.01, reasons=("far from its verb",)
    )

    assert events_of(document(), [unsure], THEATRE) == []
    (doubt,) = doubtful(document(), [unsure])
    assert (doubt.feed, doubt.reason) == ("text", "far from its verb")


def test_two_reports_in_one_text_have_ids_of_their_own_that_last() -> None:
    both = [reading("raid_report", {"launched": {"uav": n}}) for n in (479, 472)]

    first = [one.id for one in events_of(document(), both, THEATRE)]
    again = [one.id for one in events_of(document(revision=2, text="corrected"), both, THEATRE)]

    assert len(set(first)) == 2
    assert again == first
