"""Operators' acts: the log, acknowledgements and merges, each undone by another event; and corrections."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from config.theatre import Theatre
from dashboard.picture.picture import Picture
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Count,
    Event,
    LogEntry,
    Marker,
    Point,
    Quantities,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
    Track,
    TrackSweep,
)
from tests.dashboard.picture.conftest import Watch, instant

NOW = instant("06:00")
COMMON: dict[str, Any] = {"status": "actual", "feed": "f"}
OF_EVERY_KIND: tuple[tuple[Event, dict[str, Any]], ...] = (
    (AirRaidAlert(id="x", region="UA-46", valid_from=NOW, **COMMON), {"level": "red"}),
    (
        Threat(id="x", threat_type="drones", regions=("UA-46",), valid_from=NOW, **COMMON),
        {"weapon": "kh-101"},
    ),
    (Scramble(id="x", country="PL", state="start", valid_from=NOW, **COMMON), {"bases": ("EPLK",)}),
    (Strike(id="x", target="Plant", region="RU-CU", valid_from=NOW, **COMMON), {"weapon": "uav"}),
    (Statement(id="x", speaker="A", topic="t", published_at=NOW, **COMMON), {"quote": "q"}),
    (AirspaceRestriction(id="x", subject="EPRZ", state="closed", valid_from=NOW, **COMMON), {"reason": "r"}),
    (Marker(id="x", position=Point(lon=24, lat=50), **COMMON), {"label": "l"}),
    (
        TrackSweep(id="x", tracks=(Track(key="a", lon=20, lat=50, seen_at=NOW),), **COMMON),
        {"tracks": (Track(key="a", lon=21, lat=50, seen_at=NOW),)},
    ),
    (
        RaidReport(
            id="x",
            claimant="ua-air-force",
            night_of=NOW.date(),
            launched=Quantities(uav=Count(value=479)),
            **COMMON,
        ),
        {"launched": Quantities(uav=Count(value=497))},
    ),
)


def act(number: int, kind: Any, about: str = "", *others: str, **fields: Any) -> LogEntry:
    defaults: dict[str, Any] = {"status": "actual", "feed": "desk", "by": "anna"}
    return LogEntry(id=f"desk:{number}", act=kind, about=about, others=others, **(defaults | fields))


def undo(entry: LogEntry) -> LogEntry:
    return replace(entry, revision=2, msg_type="cancel", by="boris")


def told(watch: Watch) -> Any:
    """What is shown but for the log and when anything last came."""
    return {name: value for name, value in watch.view.items() if name != "log"}


@pytest.mark.parametrize(("event", "changes"), OF_EVERY_KIND, ids=lambda each: type(each).__name__)
def test_a_correction_a_retraction_and_their_undoing_are_revisions(
    watch: Watch, theatre: Theatre, event: Event, changes: dict[str, Any]
) -> None:
    def alone(event: Event | None) -> Any:
        other = Watch(theatre, "actual")
        if event is not None:
            other.hear(event, NOW)
        else:
            other.hear(replace(OF_EVERY_KIND[0][0], id="other", status="test"), NOW)
            other.hear(replace(OF_EVERY_KIND[0][0], id="gone", msg_type="cancel"), NOW)
        other.tick(NOW)
        return {name: value for name, value in other.view.items() if name != "other_events"}

    def shown() -> Any:
        watch.tick(NOW)
        return watch.view

    watch.hear(event, NOW)
    corrected = replace(event, revision=2, by="anna", **changes)
    watch.hear(corrected, NOW)
    assert _without_revisions(shown()) == _without_revisions(alone(corrected))
    watch.hear(replace(event, revision=3, msg_type="cancel", by="anna"), NOW)
    nothing = {name: value for name, value in shown().items() if name != "other_events"}
    assert nothing == alone(None)
    restored = replace(event, revision=4, by="anna")
    watch.hear(restored, NOW)
    assert _without_revisions(shown()) == _without_revisions(alone(restored))


def _without_revisions(view: Any) -> Any:
    """A picture without what a claim and a threat tell of their earlier revisions."""
    if isinstance(view, dict):
        hidden = ("revisions", "path", "other_events")
        return {name: _without_revisions(value) for name, value in view.items() if name not in hidden}
    return view


def test_the_log_has_what_was_done_and_by_whom_and_not_the_audit(watch: Watch) -> None:
    note = act(1, "note", "x", note="n" * 5_000)
    watch.hear(note, "01:00")
    watch.hear(act(2, "audit"), "01:01")
    watch.hear(act(3, "bookmark", note="b", published_at=instant("00:30")), "01:02")
    first, second = (watch.view["log"][key] for key in sorted(watch.view["log"]))
    assert (first["id"], first["act"], first["at"]) == ("desk:3", "bookmark", "2025-06-09T00:30:00Z")
    assert (second["id"], second["by"], second["about"], len(second["note"])) == (
        "desk:1",
        "anna",
        "x",
        1_000,
    )
    watch.hear(undo(note), "01:03")
    undone = watch.view["log"][max(watch.view["log"])]
    assert (undone["at"], undone["by"], undone["undone"], undone["undone_by"]) == (
        "2025-06-09T01:00:00Z",
        "anna",
        True,
        "boris",
    )


def test_the_last_hundred_acts_are_shown_and_the_last_thousand_acknowledgements(watch: Watch) -> None:
    for i in range(12):
        watch.hear(act(i, "ack", "", *(f"e{i}-{j}" for j in range(100))), NOW + dt.timedelta(seconds=i))
    for i in range(12, 110):
        watch.hear(act(i, "note"), NOW + dt.timedelta(seconds=i))
    assert len(watch.view["log"]) == 100
    assert watch.view["log"][min(watch.view["log"])]["id"] == "desk:10"
    assert len(watch.view["acks"]) == 1_000
    assert "e2-0" in watch.view["acks"]
    assert "e1-99" not in watch.view["acks"]


def test_an_event_is_acknowledged_by_whoever_did_last_until_that_is_undone(watch: Watch) -> None:
    watch.hear(act(1, "ack", "x", note="known"), "01:00")
    second = act(2, "ack", "y", "x", by="boris")
    watch.hear(second, "01:05")
    assert watch.view["acks"]["x"] == {"by": "boris", "at": "2025-06-09T01:05:00Z", "log": "desk:2"}
    watch.hear(undo(second), "01:06")
    assert watch.view["acks"] == {
        "x": {"by": "anna", "at": "2025-06-09T01:00:00Z", "note": "known", "log": "desk:1"}
    }


def test_threats_that_are_the_same_are_one_until_that_is_undone(watch: Watch) -> None:
    one = Threat(id="a", threat_type="drones", regions=("UA-46",), valid_from=instant("01:00"), **COMMON)
    watch.hear(one, "01:00")
    watch.hear(replace(one, id="b", regions=("UA-07",)), "01:01")
    watch.hear(replace(one, id="c", regions=("UA-63",), threat_type="cruise_missiles"), "01:02")
    before = told(watch)
    merge = act(1, "merge", "a", "b", "c", "nobody")
    watch.hear(merge, "01:03")
    (item,) = watch.view["threats"].values()
    assert list(item["witnesses"]) == ["a", "b", "c"]
    watch.hear(undo(merge), "01:04")
    assert told(watch) == before


def test_scrambles_that_are_the_same_are_one(watch: Watch) -> None:
    start = Scramble(id="a", country="PL", state="start", valid_from=instant("00:00"), **COMMON)
    watch.hear(start, "00:00")
    watch.hear(replace(start, id="b", state="end", valid_from=None, valid_to=instant("01:00")), "01:00")
    watch.hear(replace(start, id="c", valid_from=instant("02:00")), "02:00")
    assert [item["state"] for item in watch.view["scrambles"].values()] == ["end", "start"]
    before = told(watch)
    merge = act(1, "merge", "a", "c")
    watch.hear(merge, "02:01")
    (item,) = watch.view["scrambles"].values()
    assert (item["state"], item["since"]) == ("start", "2025-06-09T00:00:00Z")
    assert set(item["witnesses"]) == {"a", "b", "c"}
    watch.hear(undo(merge), "02:02")
    assert told(watch) == before


def test_strikes_that_are_the_same_have_the_name_of_the_one_they_are_merged_into(watch: Watch) -> None:
    strike = Strike(id="a", target="Depot", region="RU-CU", valid_from=instant("01:00"), **COMMON)
    watch.hear(replace(strike, reliability="A"), "01:00")
    watch.hear(replace(strike, id="b", target="Plant"), "01:01")
    watch.hear(replace(strike, id="c", target="Plant", feed="g"), "01:01")
    before = told(watch)
    merge = act(1, "merge", "b", "a")
    watch.hear(merge, "02:01")
    (item,) = watch.view["strikes"].values()
    assert (item["target"], set(item["witnesses"])) == ("Plant", {"a", "b", "c"})
    assert len(watch.view["strip"]["marks"]) == 1
    watch.hear(undo(merge), "02:02")
    assert told(watch) == before


def test_claims_that_are_the_same_are_the_one_they_are_merged_into(watch: Watch) -> None:
    def report(name: str, claimant: str, uav: int, **fields: Any) -> RaidReport:
        launched = Quantities(uav=Count(value=uav))
        fields = {"night_of": NOW.date(), "published_at": NOW} | fields
        return RaidReport(id=name, claimant=claimant, launched=launched, **COMMON, **fields)

    watch.hear(report("a", "ua-air-force", 479), NOW)
    watch.hear(report("b", "ua-president", 480), NOW)
    watch.hear(report("c", "", 12, night_of=None, published_at=None, retrospective=True), NOW)
    before = told(watch)
    merge = act(1, "merge", "a", "b")
    watch.hear(merge, NOW)
    watch.hear(act(2, "merge", "b", "c"), NOW)
    (claim,) = watch.view["claims"].values()
    assert (claim["claimant"], set(claim["witnesses"])) == ("ua-air-force", {"a", "b", "c"})
    assert watch.view["tally"]["claim"] == "ua-air-force|RU|national|2025-06-09"
    watch.hear(undo(merge), NOW)
    watch.hear(undo(act(2, "merge", "b", "c")), NOW)
    assert told(watch) == before


def test_a_merge_outlives_the_nights_that_are_kept(theatre: Theatre) -> None:
    picture = Picture(theatre, "actual")
    picture.apply(act(1, "merge", "a", "b"), NOW, "1")
    picture.apply(act(2, "ack", "a"), NOW, "2")
    picture.tick(NOW + dt.timedelta(days=10))
    assert [line["act"] for line in picture.view()["log"].values()] == ["merge"]
    assert picture.view()["acks"] == {}


def test_what_was_added_within_the_hour_is_of_this_claim_and_by_when_it_was_said(watch: Watch) -> None:
    def said(revision: int, at: str, uav: int, **fields: Any) -> RaidReport:
        return RaidReport(
            id="r",
            revision=revision,
            claimant="ua-air-force",
            night_of=NOW.date(),
            published_at=instant(at),
            launched=Quantities(uav=Count(value=uav), **fields),
            **COMMON,
        )

    watch.tick("04:00")
    watch.hear(said(1, "04:00", 100), "04:00")
    watch.hear(said(2, "04:40", 150, missile=Count(value=7)), "04:40")
    assert "hour" not in watch.view["tally"]
    watch.tick("05:00")
    assert watch.view["tally"]["hour"] == {"launched.uav": 50}
    watch.tick("05:40")
    assert watch.view["tally"]["hour"] == {"launched.uav": 0, "launched.missile": 0}
    watch.hear(said(3, "05:50", 479), "05:50")
    assert watch.view["tally"]["hour"] == {"launched.uav": 329}
    watch.tick("04:10")
    assert "hour" not in watch.view["tally"]


def test_what_began_within_the_hour_is_counted_at_ticks(watch: Watch) -> None:
    alert = AirRaidAlert(id="a", region="UA-46", valid_from=instant("01:00"), **COMMON)
    watch.hear(alert, "01:00")
    watch.hear(replace(alert, id="b", feed="other", valid_from=instant("01:01")), "01:01")
    watch.hear(replace(alert, id="c", region="UA-07", valid_from=instant("01:30")), "01:30")
    watch.hear(
        Threat(id="t", threat_type="drones", regions=("UA-46",), valid_from=instant("01:10"), **COMMON),
        "01:10",
    )
    watch.tick("01:40")
    assert watch.view["strip"]["hour"] == {"alerts": 2, "threats": 1}
    watch.tick("02:05")
    assert watch.view["strip"]["hour"] == {"alerts": 1, "threats": 1}
    watch.hear(replace(alert, id="c", revision=2, msg_type="cancel"), "02:06")
    assert watch.view["strip"]["hour"] == {"threats": 1}
    watch.tick("02:11")
    assert watch.view["strip"]["hour"] == {}
