"""What of a night is worth a mark: once each, when it was heard of."""

from __future__ import annotations

import datetime as dt

from config.theatre import load_theatre
from dashboard.api.moments import Moment
from dashboard.briefings.marks import Marks
from streams.events import AirRaidAlert, Count, Event, Evidence, LogEntry, Quantities, RaidReport, Scramble

EVENING = dt.datetime(2025, 6, 8, 15, tzinfo=dt.UTC)


def after(minutes: int) -> dt.datetime:
    return EVENING + dt.timedelta(minutes=minutes)


def marks(*told: tuple[int, Event]) -> list[tuple[int, str, str, int | None]]:
    found = Marks(load_theatre("eastern-flank"))
    for minutes, event in told:
        found.hear(Moment(after(minutes), event, event.revision == 1))
    return [
        (round((mark.at - EVENING).total_seconds() / 60), mark.kind, mark.subject or mark.title, mark.n)
        for mark in found.all()
    ]


def alert(region: str, **fields: object) -> AirRaidAlert:
    return AirRaidAlert(
        id=region, status="actual", feed="alerts", region=region, valid_from=EVENING, **fields
    )  # type: ignore[arg-type]


def jets(name: str, state: str) -> Scramble:
    return Scramble(id=name, status="actual", feed="f", country="PL", state=state)  # type: ignore[arg-type]


def report(name: str, n: int, revision: int = 1) -> RaidReport:
    launched = Quantities(uav=Count(value=n))
    return RaidReport(
        id=name, revision=revision, status="actual", feed="f", claimant="ua-air-force", launched=launched
    )


def test_alerts_are_told_by_the_first_and_by_the_last_all_clear() -> None:
    over = {"revision": 2, "valid_to": after(60)}
    permanent = alert("UA-09", permanent=True)
    told = marks(
        (0, permanent),
        (1, alert("UA-46")),
        (2, alert("UA-59")),
        (60, alert("UA-46", **over)),
        (70, alert("UA-59", **over)),
    )
    assert told == [(1, "first_alert", "UA-46", None), (70, "last_clear", "UA-59", None)]


def test_a_night_that_goes_on_has_no_last_all_clear() -> None:
    over = {"revision": 2, "valid_to": after(60)}
    told = marks((1, alert("UA-46")), (60, alert("UA-46", **over)), (80, alert("UA-51")))
    assert [kind for _, kind, *_ in told] == ["first_alert"]


def test_jets_go_up_once_however_many_tell_of_it() -> None:
    told = marks(
        (5, jets("a", "start")), (6, jets("b", "start")), (90, jets("c", "end")), (95, jets("d", "end"))
    )
    assert [(minute, kind) for minute, kind, *_ in told] == [(5, "scramble"), (90, "stand_down")]


def test_the_report_of_most_drones_is_told_from_the_others() -> None:
    told = marks(
        (10, report("a", 470)), (20, report("a", 470, 2)), (30, report("a", 479, 3)), (40, report("b", 475))
    )
    assert [(minute, kind, n) for minute, kind, _, n in told] == [
        (10, "report", 470),
        (30, "most_drones", 479),
        (40, "report", 475),
    ]


def test_a_bookmark_stands_where_it_was_set_to_and_goes_when_it_is_undone() -> None:
    set_to = {"status": "actual", "feed": "desk", "act": "bookmark", "by": "anna", "valid_from": after(5)}
    proof = Evidence(document="v", text="?map=1", lang="en")
    kept = LogEntry(id="desk:1", note="Poland scrambles\nAn hour later.", evidence=proof, **set_to)  # type: ignore[arg-type]
    undone = LogEntry(id="desk:2", note="wrong", **set_to)  # type: ignore[arg-type]
    cancel = LogEntry(id="desk:2", revision=2, msg_type="cancel", note="wrong", **set_to)  # type: ignore[arg-type]
    assert marks((50, kept), (51, undone), (52, cancel)) == [(5, "bookmark", "Poland scrambles", None)]
