"""Rows: every entry once and in order, forth and back, whatever comes between; and one event whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from msgspec.structs import replace

from streams.events import (
    AirRaidAlert,
    Event,
    Evidence,
    FeedHealth,
    LogEntry,
    Marker,
    Point,
    RaidReport,
    TrackSweep,
)
from tests.dashboard.api.conftest import Get, a_night, hour

Publish = Callable[[Sequence[Event]], None]


def rows(get: Get, **parameters: Any) -> Any:
    asked = "&".join(f"{name}={quote(str(value))}" for name, value in parameters.items())
    status, _, answer = get(f"/api/v1/rows?{asked}")
    assert status == 200, answer
    return answer


def act(number: int, kind: Any, about: str, **more: Any) -> LogEntry:
    return LogEntry(
        id=f"desk:{number}", status="actual", feed="desk", act=kind, by="anna", about=about, **more
    )


def test_pages_back_and_forth_have_every_entry_once(publish: Publish, get: Get) -> None:
    for part in range(4):
        publish(a_night(mark=f"-{part}"))
        publish([act(part, "note", f"a1-{part}", note="seen")])
    everything = rows(get, limit=5000)
    entries = [row["entry"] for row in everything["rows"]]
    assert len(set(entries)) == 24
    assert everything["next"] is None
    received = [dt.datetime.fromisoformat(row["received_at"]) for row in everything["rows"]]
    assert received == sorted(received, reverse=True)
    found: list[str] = []
    page = rows(get, limit=7)
    since = page["position"]
    while True:
        found += [row["entry"] for row in page["rows"]]
        publish([AirRaidAlert(id=f"late{len(found)}", status="actual", feed="f", region="UA-46")])
        if page["next"] is None:
            break
        page = rows(get, limit=7, before=page["next"])
    assert found == entries
    late: list[str] = []
    while since:
        page = rows(get, limit=2, after=since)
        late += [row["id"] for row in page["rows"]]
        since = page["next"]
    assert late == ["late7", "late14", "late21", "late24"]
    assert rows(get, after=page["position"])["rows"] == []


def test_a_row_tells_what_happened_and_never_the_text(publish: Publish, get: Get) -> None:
    proof = Evidence(document="d", text="Всю ніч. 479 БпЛА.", lang="uk", title="Ніч")
    alert, _, threat, scramble, report = a_night()
    told = [
        alert,
        threat,
        scramble,
        replace(report, evidence=proof, by="anna"),
        replace(report, id="typed", evidence=replace(proof, text="")),
        act(1, "ack", "r", others=("t",), note="known"),
        LogEntry(id="audit:1", status="actual", feed="access", act="audit", by="anna"),
        Marker(id="m", status="actual", feed="cot", label="Bridge", position=Point(lon=24, lat=50)),
        TrackSweep(id="sweep", status="actual", feed="adsb", tracks=()),
        FeedHealth(
            id="h", status="actual", feed="w", subject="adsb", state="dead", checked_at=hour(1), every_s=5
        ),
    ]
    publish(told)
    shown = {row["id"]: row for row in rows(get)["rows"]}
    assert {name: row["what"] for name, row in shown.items()} == {
        "a1": "alert.end",
        "t": "threat.start",
        "s": "scramble.start",
        "r": "raid_report",
        "typed": "raid_report",
        "desk:1": "log.ack",
        "m": "marker",
    }
    row = shown["r"]
    assert row["detail"] == {
        "launched.uav": "479",
        "neutralised.uav": "460",
        "neutralised.missile": "nearly 20",
    }
    assert (row["at"], row["subject"], row["by"], row["lang"], row["title"], row["has_text"]) == (
        "2025-06-09T08:00:00Z",
        "ua-air-force",
        "anna",
        "uk",
        "Ніч",
        True,
    )
    assert "БпЛА" not in str(shown)
    assert "has_text" not in shown["typed"]
    assert (shown["a1"]["regions"], shown["a1"]["grade"]) == (["UA-46"], "F6")
    assert (shown["desk:1"]["about"], shown["desk:1"]["detail"]) == (["r", "t"], {"note": "known"})


def test_a_cursor_of_another_store_and_a_limit_that_is_none_are_refused(publish: Publish, get: Get) -> None:
    publish(a_night())
    for asked, named in (("before=gone", "before"), ("after=gone", "after"), ("limit=5001", "limit")):
        status, _, problem = get(f"/api/v1/rows?{asked}")
        assert (status, problem["parameter"]) == (400, named)
    page = rows(get, limit=1)
    status, _, problem = get(f"/api/v1/rows?before={quote(page['next'])}&after={quote(page['position'])}")
    assert (status, problem["parameter"]) == (400, "after")


def test_one_event_has_all_its_revisions_and_what_was_done_about_it(publish: Publish, get: Get) -> None:
    begun = AirRaidAlert(id="a/1|é", status="actual", feed="f", region="UA-46", valid_from=hour(8))
    over = replace(begun, revision=2, valid_to=hour(9))
    by_time = replace(begun, revision=1_749_427_200_000, valid_to=hour(10))
    undone = act(2, "note", "a/1|é", note="wrong")
    publish(
        [
            begun,
            over,
            by_time,
            RaidReport(id="other", status="actual", feed="f"),
            act(1, "ack", "x", others=("a/1|é",), note="known"),
            undone,
            replace(undone, revision=2, msg_type="cancel", by="boris"),
            act(3, "note", "other"),
            act(4, "merge", "a/1|é", others=("x",), published_at=dt.datetime(2025, 6, 9, tzinfo=dt.UTC)),
        ]
    )
    path = f"/api/v1/events/{quote('a/1|é', safe='')}"
    answer = get(path)[2]
    assert [each["event"].get("revision", 1) for each in answer["revisions"]] == [1, 2]
    assert answer["revisions"][1]["event"]["valid_to"] == "2025-06-09T00:00:00Z"
    assert [(each["log"], each["note"]) for each in answer["acks"]] == [("desk:1", "known")]
    assert answer["notes"] == []
    assert [(each["log"], each.get("undone_by", "")) for each in answer["log"]] == [
        ("desk:4", ""),
        ("desk:1", ""),
        ("desk:2", "boris"),
    ]
    answer = get(f"{path}?revision={by_time.revision}")[2]
    assert len(answer["revisions"]) == 3
    assert get("/api/v1/events/nobody")[0] == 404


def test_what_the_audit_tells_is_no_event_for_an_operator(publish: Publish, get: Get) -> None:
    publish([LogEntry(id="audit:1", status="actual", feed="access", act="audit", by="anna", about="boris")])
    assert get("/api/v1/events/audit:1")[0] == 404
