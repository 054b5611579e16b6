"""What the API answers over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Sequence
from urllib.parse import quote

import msgspec
import pytest
from fastapi import Request

from config.settings import Settings
from config.theatre import load_theatre
from dashboard.api.pictures import Pictures
from dashboard.api.question import PictureQuestion
from dashboard.api.routes import MOST_WAITING, Api
from dashboard.api.shape import Answer, EventsAnswer
from streams.events import (
    AirspaceRestriction,
    Event,
    FeedHealth,
    LogEntry,
    Marker,
    Point,
    Statement,
    Strike,
    Track,
    TrackSweep,
)
from tests.dashboard.api.conftest import Get, a_night, ask, hour
from tests.house import free_port, web_in_thread
from tests.promises import PATIENCE_S

Publish = Callable[[Sequence[Event]], None]


def at(hours: float) -> str:
    return quote(hour(hours).isoformat())


def test_the_picture_about_an_instant(publish: Publish, get: Get) -> None:
    publish(a_night())
    status, kind, answer = get(f"/api/v1/picture?at={at(11)}")
    assert (status, kind) == (200, "application/json")
    assert answer["at"] == "2025-06-09T02:00:00Z"
    assert answer["status"] == "actual"
    assert answer["alerts"] == [
        {
            "region": "UA-07",
            "type": "air_raid",
            "level": "red",
            "since": "2025-06-09T00:00:00Z",
            "calculated": False,
        },
        {
            "region": "UA-46",
            "type": "air_raid",
            "level": "",
            "since": "2025-06-08T23:00:00Z",
            "calculated": False,
        },
    ]
    (tally,) = answer["tallies"]
    assert tally["claimant"] == "ua-air-force"
    assert tally["window"] == {"start": "2025-06-08T17:00:00Z", "end": "2025-06-09T07:00:00Z"}
    assert tally["launched"] == {"uav": 479, "missile": None}
    assert tally["neutralised"] == {"uav": 460, "missile": {"value": 20, "qualifier": "nearly"}}
    assert tally["witnesses"] == ["r"]
    assert tally["leads"] is True
    (scramble,) = answer["scrambles"]
    assert (scramble["country"], scramble["state"], scramble["until"]) == ("PL", "start", None)
    assert scramble["since"] == "2025-06-09T01:00:00Z"
    assert scramble["airports_closed"] == ["EPRZ"]
    (cause,) = scramble["causes"]
    assert (cause["rule"], set(cause["events"])) == ("western-alert", {"a1", "a2"})
    assert scramble["named_regions"] == ["UA-46"]
    (threat,) = answer["threats"]
    assert (threat["type"], threat["stale"]) == ("drones", True)
    msgspec.convert(answer, Answer)


def test_the_same_question_has_the_same_answer_until_more_is_known(publish: Publish, get: Get) -> None:
    path = f"/api/v1/picture?at={at(11)}"
    assert get(path)[2]["alerts"] == []
    publish(a_night())
    first, again = get(path)[2], get(path)[2]
    assert len(first["alerts"]) == 2
    assert first == again


def test_the_picture_now_goes_on_with_the_streams(publish: Publish, get: Get) -> None:
    publish(a_night()[:1])
    assert get("/api/v1/picture")[2]["alerts"] == []
    publish(a_night()[1:])
    now = get("/api/v1/picture")[2]
    assert [alert["region"] for alert in now["alerts"]] == ["UA-07"]
    assert dt.datetime.fromisoformat(now["at"]) > hour(24)


def test_what_was_not_received_yet_was_not_known(publish: Publish, get: Get) -> None:
    publish(a_night())
    answer = get(f"/api/v1/picture?at={at(11)}&known_at={at(20)}")[2]
    assert (answer["alerts"], answer["tallies"]) == ([], [])
    assert answer["known_at"] == "2025-06-09T11:00:00Z"
    assert get(f"/api/v1/picture?known_at={at(20)}")[2]["at"] == "2025-06-09T11:00:00Z"


def test_what_is_actual_and_what_is_an_exercise_are_never_mixed(publish: Publish, get: Get) -> None:
    path = f"/api/v1/picture?at={at(11)}"
    publish(a_night("exercise", "x"))
    only = get(path)[2]
    assert (only["status"], len(only["alerts"])) == ("exercise", 2)
    publish(a_night())
    both = get(path)[2]
    assert (both["status"], both["tallies"][0]["witnesses"]) == ("actual", ["r"])
    asked = get(f"{path}&status=exercise")[2]
    assert (asked["status"], asked["tallies"][0]["witnesses"]) == ("exercise", ["rx"])


@pytest.mark.parametrize(
    "path", ["picture?at=never", "picture?at=2025-06-09", "events?limit=0", "events?x=1"]
)
def test_a_refusal_names_the_parameter(get: Get, path: str) -> None:
    status, kind, problem = get(f"/api/v1/{path}")
    assert (status, kind) == (400, "application/problem+json")
    assert problem["parameter"] == path.partition("?")[2].partition("=")[0]
    assert problem["status"] == 400
    assert problem["detail"]


def test_what_is_not_served_is_a_problem_too(get: Get) -> None:
    status, kind, problem = get("/api/v1/pictures")
    assert (status, kind, problem["status"]) == (404, "application/problem+json", 404)


def test_events_page_by_page(publish: Publish, get: Get) -> None:
    publish(a_night())
    seen: list[str] = []
    path = "/api/v1/events?limit=2"
    pages = 0
    while path:
        page = get(path)[2]
        msgspec.convert(page, EventsAnswer)
        seen += [item["event"]["id"] for item in page["events"]]
        assert len(page["events"]) <= 2
        path = f"/api/v1/events?limit=2&cursor={quote(page['next'])}" if page["next"] else ""
        pages += 1
    assert sorted(seen) == ["a1", "a2", "r", "s", "t"]
    assert pages == 3
    publish(a_night(mark="2")[:1])
    more = get(f"/api/v1/events?cursor={quote(page['position'])}")[2]
    assert [item["event"]["id"] for item in more["events"]] == ["a12"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("kind=alert", {"a1", "a2"}),
        ("region=UA-46", {"a1", "t", "s"}),
        ("region=UA", {"a1", "a2", "t", "s"}),
        ("kind=raid_report&claimant=ua-air-force", {"r"}),
        ("claimant=ru-mod", set()),
        ("feed=table", {"a1", "a2", "t", "s", "r"}),
        ("feed=other", set()),
        ("status=exercise", set()),
        (f"since={at(12.5)}&kind=alert", {"a2"}),
        (f"until={at(8.5)}", {"a1", "t", "r"}),
        (f"since={at(16.5)}&until={at(20)}", {"a2"}),
    ],
)
def test_events_by_what_they_are_about(publish: Publish, get: Get, filters: str, found: set[str]) -> None:
    publish(a_night())
    page = get(f"/api/v1/events?{filters}")[2]
    assert {item["event"]["id"] for item in page["events"]} == found
    assert page["next"] is None


def test_a_cursor_of_a_store_that_was_emptied_is_refused(publish: Publish, get: Get) -> None:
    status, _, problem = get("/api/v1/events?cursor=0123456789abcdef")
    assert (status, problem["parameter"]) == (400, "cursor")


def test_the_openapi_document_is_served(get: Get) -> None:
    assert get("/api/v1/openapi.json")[2]["openapi"] == "3.1.0"


def test_without_a_store_there_is_no_answer_and_no_guess() -> None:
    settings = Settings(port=free_port(), REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    with web_in_thread(settings):
        for path in ("picture", f"picture?at={at(1)}", "events"):
            status, kind, problem = ask(settings.port, f"/api/v1/{path}")
            assert (status, kind) == (503, "application/problem+json")
            assert problem["type"] == "urn:watchfloor:problem:store"


async def test_who_would_wait_too_long_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    is_free = threading.Event()

    def answer(self: Pictures, question: PictureQuestion) -> bytes:
        is_free.wait(PATIENCE_S)
        return b"{}"

    monkeypatch.setattr(Pictures, "answer", answer)
    api = Api(Settings(), load_theatre("eastern-flank"))
    request = Request({"type": "http", "query_string": b"", "headers": []})
    waiting = [asyncio.create_task(api.picture(request)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    refused = await api.picture(request)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert b"urn:watchfloor:problem:busy" in refused.body
    is_free.set()
    assert {(await each).status_code for each in waiting} == {200}
    assert (await api.picture(request)).status_code == 200


def test_a_scramble_that_nothing_explains_says_so_and_is_pointed_out(publish: Publish, get: Get) -> None:
    publish(a_night()[3:4])
    answer = get(f"/api/v1/picture?at={at(11)}")[2]
    (scramble,) = answer["scrambles"]
    assert scramble["causes"] == []
    (advisory,) = answer["advisories"]
    assert (advisory["rule"], advisory["state"], advisory["why"]) == ("scramble-unexplained", "on", ["s"])


def test_aircraft_are_where_the_last_sweep_saw_them_and_feeds_as_they_were_looked_at(
    publish: Publish, get: Get
) -> None:
    now = dt.datetime.now(dt.UTC)
    track = Track(key="4b1815", lon=22.0, lat=50.1, seen_at=now, callsign="PLF101", military=True)
    sweeps = [
        TrackSweep(id=f"sweep{i}", status="actual", feed="adsb", tracks=(track,) * (2 - i)) for i in range(2)
    ]
    looked_at = FeedHealth(
        id="health",
        status="actual",
        feed="watchfloor",
        subject="adsb",
        state="fresh",
        checked_at=now,
        every_s=5,
    )
    publish([*sweeps, looked_at])
    later = quote((now + dt.timedelta(seconds=9)).isoformat())
    for path in ("/api/v1/picture", f"/api/v1/picture?at={later}"):
        answer = get(path)[2]
        (shown,) = answer["tracks"]
        assert (shown["feed"], shown["callsign"], shown["military"]) == ("adsb", "PLF101", True)
        (feed,) = answer["feeds"]
        assert feed["feed"] == "adsb"
    assert feed["state"] == "slow"
    assert get(f"/api/v1/picture?at={at(1)}")[2]["tracks"] == []


def test_what_was_drawn_hit_said_closed_and_merged_is_in_the_picture(publish: Publish, get: Get) -> None:
    place = Point(lon=24.0, lat=50.0)
    common = {"status": "actual", "feed": "f", "valid_from": hour(8)}
    publish(
        [
            Marker(id="m", label="Bridge", position=place, valid_to=hour(12), **common),
            Strike(id="x", target="Plant", region="RU-CU", **common),
            Strike(id="y", target="Works", region="RU-CU", **common),
            LogEntry(
                id="desk:1", status="actual", feed="desk", act="merge", by="a", about="x", others=("y",)
            ),
            Statement(id="st", speaker="A. Speaker", topic="defence", quote="So it is.", **common),
            AirspaceRestriction(
                id="c", subject="EPRZ", state="closed", centre=place, radius_m=9_000, **common
            ),
        ]
    )
    for path in (f"/api/v1/picture?at={at(11)}", f"/api/v1/picture?at={at(12)}"):
        answer = get(path)[2]
        (strike,), (statement,), (closed,) = (
            answer[name] for name in ("strikes", "statements", "restrictions")
        )
        assert (strike["target"], strike["witnesses"]) == ("Plant", ["x", "y"])
        assert (statement["speaker"], statement["witnesses"]) == ("A. Speaker", ["st"])
        assert (closed["subject"], closed["radius_m"], closed["event"]) == ("EPRZ", 9_000.0, "c")
        assert set(answer["trend"]) >= {"breaks"}
        assert [each["label"] for each in answer["markers"]] == (["Bridge"] if path.endswith(at(11)) else [])


def test_what_can_be_replayed_and_how_much_was_received_when(get: Get, publish: Publish) -> None:
    publish(a_night())
    status, _, extent = get("/api/v1/replay/extent")
    assert status == 200
    (span,) = extent["spans"]
    assert span["live"]
    assert extent["from"] == span["from"] <= extent["to"]
    begin = dt.datetime.fromisoformat(extent["from"]) - dt.timedelta(minutes=1)
    asked = f"from={begin:%Y-%m-%dT%H:%M:%SZ}&to={begin + dt.timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    status, _, density = get(f"/api/v1/replay/density?{asked}&bins=6")
    assert (status, density["bin_s"]) == (200, 600)
    counted = {name: sum(density[name]) for name in ("alerts", "threats", "scrambles", "reports", "marks")}
    assert counted == {"alerts": 2, "threats": 1, "scrambles": 1, "reports": 1, "marks": 0}
    for wrong, parameter in (
        (f"{asked}&bins=0", "bins"),
        ("to=2025-06-09T06:00:00Z", "from"),
        ("from=2025-06-09T06:00:00Z&to=2025-06-09T05:00:00Z", "to"),
        ("from=2025-06-09T06:00:00Z&to=2026-06-09T05:00:00Z", "to"),
        (f"{asked}&epoch=a/b", "epoch"),
    ):
        status, _, problem = get(f"/api/v1/replay/density?{wrong}")
        assert (status, problem["parameter"]) == (400, parameter)
