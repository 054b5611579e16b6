"""From readings to events: the contract's words, hedges and spans kept."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from config.theatre import load_theatre
from ingest.documents import Document
from ingest.reading.reader import read
from ingest.reading.reading import Reading
from ingest.reports import SURE_ENOUGH, doubtful, events_of
from streams.codec import decode, encode
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Count,
    Event,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
)

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


def posted(text: str, at: dt.datetime = PUBLISHED, **changes: Any) -> list[Event]:
    """What a post of a channel of the Ukrainian Air Force makes, read by the reader."""
    post = document(
        feed="kpszsu", name="https://t.me/x/1", text=text, published_at=at, own_claimant="ua-air-force"
    )
    post = replace(post, **changes)
    events = events_of(post, read(text, published_at=at, theatre=THEATRE), THEATRE)
    assert [decode(encode(event)) for event in events] == events
    return events


def alert_in(state: str, regions: list[str], **facts: Any) -> AirRaidAlert:
    own = document(feed="kpszsu", own_claimant="ua-air-force")
    event = event_of("alert", {"threat": "air_raid", "state": state, "regions": regions} | facts, of=own)
    assert isinstance(event, AirRaidAlert)
    return event


def test_a_channels_all_clear_ends_its_alert() -> None:
    later = PUBLISHED + dt.timedelta(minutes=40)
    (start,) = posted("Повітряна тривога в Сумській області!")
    (end,) = posted("Відбій тривоги в Сумській області!", later)

    assert isinstance(start, AirRaidAlert)
    assert isinstance(end, AirRaidAlert)
    assert start.id == end.id == "kpszsu:UA-59:air_raid"
    assert (start.valid_from, start.valid_to, end.valid_from, end.valid_to) == (PUBLISHED, None, None, later)
    assert (start.msg_type, end.msg_type) == ("alert", "update")
    assert end.revision > start.revision > 1
    assert (start.claimant, start.reliability) == ("ua-air-force", "B")


def test_an_alert_shows_where_its_values_stand() -> None:
    (start,) = posted("08:44 Повітряна тривога в Сумській області!")

    assert start.evidence is not None
    quoted = {
        path: [start.evidence.text[a:b] for a, b in spans] for path, spans in start.evidence.spans.items()
    }
    assert quoted["alert_type"] == ["Повітряна тривога"]
    assert quoted["valid_from"] == ["08:44"]
    assert start.valid_from == dt.datetime(2025, 6, 9, 5, 44, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("clock", "at"),
    [
        ("23:59", dt.datetime(2025, 6, 8, 20, 59, tzinfo=dt.UTC)),
        ("08:40", dt.datetime(2025, 6, 9, 5, 40, tzinfo=dt.UTC)),
        ("24:00", PUBLISHED),
    ],
)
def test_a_clock_time_is_kyivs_and_near_the_post(clock: str, at: dt.datetime) -> None:
    assert alert_in("start", ["UA-59"], time_local=clock).valid_from == at


def test_an_alert_over_several_regions_is_one_in_each_that_is_known() -> None:
    own = document(feed="kpszsu", own_claimant="ua-air-force")
    facts = {"threat": "air_raid", "state": "start", "regions": ["UA-59", "east", "UA-63", "UA-43"]}
    events = events_of(own, [reading("alert", facts)], THEATRE)

    assert [(event.region, event.permanent) for event in events if isinstance(event, AirRaidAlert)] == [
        ("UA-59", False),
        ("UA-63", False),
        ("UA-43", True),
    ]


@pytest.mark.parametrize("kind", ["alert", "threat"])
@pytest.mark.parametrize(
    "of",
    [
        document(),
        document(own_claimant="ua-air-force", published_at=None),
        document(own_claimant="pl-dorsz"),
    ],
    ids=["relayed", "undated", "of another"],
)
def test_what_only_relays_an_announcement_announces_nothing(kind: str, of: Document) -> None:
    facts = {"threat": "drones", "state": "start", "regions": ["UA-59"], "claimants": ["ua-air-force"]}

    assert events_of(of, [reading(kind, facts)], THEATRE) == []


def test_a_quoted_announcement_is_no_event() -> None:
    own = document(own_claimant="ua-air-force")
    facts = {"threat": "drones", "state": "start", "regions": ["UA-59"]}

    assert events_of(own, [reading("threat", facts, quoted=True)], THEATRE) == []


def test_a_threat_is_renewed_by_the_channels_next_word_on_it() -> None:
    later = PUBLISHED + dt.timedelta(minutes=10)
    (first,), (second,) = (posted("Крилаті ракети в напрямку Черкащини", at) for at in (PUBLISHED, later))

    assert isinstance(first, Threat)
    assert isinstance(second, Threat)
    assert first.id == second.id == "kpszsu:UA-71:cruise_missiles"
    assert second.revision > first.revision
    assert (first.threat_type, first.state, first.regions) == ("cruise_missiles", "announced", ("UA-71",))
    assert second.valid_from == second.published_at == later
    assert first.evidence is not None
    assert "threat_type" in first.evidence.spans


def test_a_threat_without_a_place_is_of_the_whole_country_and_so_is_its_end() -> None:
    (start,), (end,) = (
        posted("УВАГА! Зліт МіГ-31К"),
        posted("Відбій по МіГ-31К", PUBLISHED + dt.timedelta(hours=1)),
    )

    assert isinstance(start, Threat)
    assert isinstance(end, Threat)
    assert start.id == end.id
    assert (start.regions, start.threat_type, end.state) == ((), "mig31k_departure", "ended")
    assert end.valid_to == PUBLISHED + dt.timedelta(hours=1)


def test_a_threat_to_a_group_of_regions_is_to_its_members() -> None:
    (threat,) = posted("Західна Україна: ракетна небезпека")

    assert isinstance(threat, Threat)
    assert threat.id == "kpszsu:western-ukraine:unspecified_missiles"
    assert threat.regions == THEATRE.groups["western-ukraine"].members


def test_several_threats_and_regions_are_not_told_apart_and_that_is_said() -> None:
    own = document(own_claimant="ua-air-force")
    facts = {
        "threat": "guided_aerial_bombs",
        "threats": ["guided_aerial_bombs", "drones"],
        "state": "start",
        "regions": ["UA-59", "UA-53"],
    }
    events = events_of(own, [reading("threat", facts)], THEATRE)

    assert len({event.id for event in events}) == 4
    assert all("not told apart" in event.doubts[0] for event in events)


def test_an_end_of_nothing_in_particular_ends_nothing() -> None:
    own = document(own_claimant="ua-air-force")

    assert events_of(own, [reading("threat", {"state": "end"})], THEATRE) == []
