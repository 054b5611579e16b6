"""The rules for advisories, tested like code: scenarios of what came when, and which advisories follow.

A scenario is a TOML file in `scenarios/`. Times are `HH:MM` of the night of 8–9 June 2025, UTC; what came is
heard at `at` (and was so from `since`, where that is another time), and the clock ticks every minute. All
advisories that are ever shown must be `expected`, each time they were on, and nothing else.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from config.advisories import load_advisories
from config.theatre import load_theatre
from dashboard.picture.picture import Picture
from streams.events import AirRaidAlert, Count, Event, Quantities, RaidReport, Scramble, Threat

if TYPE_CHECKING:
    from config.theatre import Theatre

SCENARIOS = sorted((Path(__file__).parent / "scenarios").glob("*.toml"))
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return load_theatre("eastern-flank")


def instant(text: str) -> dt.datetime:
    hour, minute = (int(part) for part in text.split(":"))
    return dt.datetime(2025, 6, 8 if hour >= 15 else 9, hour, minute, tzinfo=dt.UTC)


def event_of(row: dict[str, Any]) -> Event:
    fields = {
        "id": row["id"],
        "revision": row.get("revision", 1),
        "msg_type": row.get("msg_type", "alert"),
        "status": "actual",
        "feed": row.get("feed", "scenario"),
        "valid_from": instant(row.get("since", row["at"])),
        "valid_to": instant(row["until"]) if "until" in row else None,
        "published_at": instant(row["at"]),
    }
    match row["kind"]:
        case "alert":
            level = row.get("level", "")
            permanent = row.get("permanent", False)
            return AirRaidAlert(region=row["region"], level=level, permanent=permanent, **fields)
        case "threat":
            stale_after_s = row.get("stale_min", 120) * 60
            regions, state = tuple(row.get("regions", ())), row.get("state", "announced")
            return Threat(
                threat_type=row["type"], regions=regions, state=state, stale_after_s=stale_after_s, **fields
            )
        case "scramble":
            return Scramble(country=row["country"], state=row["state"], **fields)
        case "report":
            launched = Quantities(uav=Count(value=row["uav"]))
            return RaidReport(
                **(fields | {"valid_from": None}),
                claimant="ua-air-force",
                night_of=dt.date(2025, 6, 9),
                launched=launched,
            )
    raise AssertionError(row["kind"])


def shown(theatre: Theatre, events: list[dict[str, Any]], end: str) -> set[tuple[str, ...]]:
    """Every advisory that was ever on: key, since, until, what ended it."""
    picture = Picture(theatre, "actual")
    waiting = sorted(events, key=lambda row: instant(row["at"]))
    now = instant(waiting[0]["at"]) - MINUTE
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    number = 0
    while now <= instant(end):
        while waiting and instant(waiting[0]["at"]) <= now:
            row = waiting.pop(0)
            number += 1
            picture.apply(event_of(row), instant(row["at"]), f"{number:06d}")
        picture.tick(now)
        for key, item in picture.view()["advisories"].items():
            assert item["state"] == ("ended" if "until" in item else "on")
            assert item["why"]
            until = item["until"][11:16] if "until" in item else ""
            found[key, item["since"]] = (key, item["since"][11:16], until, item.get("ended_because", ""))
        now += MINUTE
    assert not waiting
    return set(found.values())


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, theatre: Theatre) -> None:
    scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    expected = {
        (row["key"], row["since"], row.get("until", ""), row.get("because", ""))
        for row in scenario.get("expected", ())
    }
    assert shown(theatre, scenario["event"], scenario["end"]) == expected, scenario["title"]


def test_every_rule_is_on_in_some_scenario_and_ends_in_one(theatre: Theatre) -> None:
    expected = [
        row
        for path in SCENARIOS
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("expected", ())
    ]
    keys = {rule.key for rule in load_advisories(theatre)}
    assert {row["key"] for row in expected} == keys
    assert {row["key"] for row in expected if "until" in row} >= keys - {"great-raid"}
