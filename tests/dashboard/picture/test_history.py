"""The real history, worked out by the picture and once more by a few plain lines."""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from dashboard.picture.picture import Picture
from streams.events import AirRaidAlert, Count, Quantities, RaidReport
from tests.dashboard.effort import lines_run

if TYPE_CHECKING:
    from config.theatre import Theatre

DATA = Path(__file__).parents[4] / "shared" / "data"
SIRENS = DATA / "sirens" / "official_data_en_2024-04-23.csv"
ATTACKS = DATA / "attacks"
KYIV = ZoneInfo("Europe/Kyiv")
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")


class Siren(NamedTuple):
    oblast: str
    region: str
    start: int
    end: int


@pytest.fixture(scope="module")
def sirens(theatre: Theatre) -> list[Siren]:
    found = []
    with SIRENS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            oblast = theatre.resolve_region(row["oblast"], country="UA")
            if oblast is None:
                # The one row with oblast and raion the wrong way round.
                oblast = theatre.resolve_region(row["raion"], country="UA")
            assert oblast is not None
            region = oblast
            if row["level"] != "oblast":
                name = row["hromada"] or row["raion"]
                region = theatre.below(oblast, name, "hromada" if row["hromada"] else "raion")
            start, end = (dt.datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at"))
            found.append(Siren(oblast, region, int(start.timestamp()), int(end.timestamp())))
    return found


@pytest.fixture(scope="module")
def alerts(sirens: list[Siren]) -> list[AirRaidAlert]:
    return [
        AirRaidAlert(
            id=f"siren{i}",
            status="actual",
            feed="sirens",
            region=siren.region,
            valid_from=dt.datetime.fromtimestamp(siren.start, dt.UTC),
            valid_to=dt.datetime.fromtimestamp(siren.end, dt.UTC),
        )
        for i, siren in enumerate(sirens)
    ]


def apply(picture: Picture, alerts: Iterable[AirRaidAlert]) -> None:
    for alert in alerts:
        picture.apply(alert, NOW, alert.id)


@pytest.fixture(scope="module")
def imported(theatre: Theatre, alerts: list[AirRaidAlert]) -> Picture:
    picture = Picture(theatre, "actual")
    picture.tick(NOW)
    apply(picture, Random(1).sample(alerts, len(alerts)))
    picture.tick(NOW + dt.timedelta(seconds=1))
    return picture


def test_most_regions_at_once_and_the_longest_alert_come_out(
    imported: Picture, sirens: list[Siren], theatre: Theatre
) -> None:
    changes = sorted(
        change for each in sirens for change in ((each.start, 1, each.oblast), (each.end, -1, each.oblast))
    )
    on: dict[str, int] = defaultdict(int)
    most, most_at, last = 0, 0, changes[0][0]
    for at, change, oblast in sorted(changes, key=lambda row: (row[0], row[1])):
        assert at >= last
        on[oblast] += change
        now = sum(count > 0 for count in on.values())
        if now > most:
            most, most_at = now, at
        last = at
    records = imported.view()["records"]
    assert records["alert.most_regions"]["value"] == most
    assert dt.datetime.fromisoformat(records["alert.most_regions"]["since"]).timestamp() == most_at
    longest = max(each.end - each.start for each in sirens)
    assert records["alert.longest"]["value"] == longest
    assert records["alert.longest"]["region"] in {
        each.region for each in sirens if each.end - each.start == longest
    }


def test_time_under_alert_by_region_and_month_comes_out(imported: Picture, sirens: list[Siren]) -> None:
    random = Random(2)
    oblasts = sorted({each.oblast for each in sirens})
    for _ in range(60):
        oblast = random.choice(oblasts)
        start = dt.datetime(random.choice((2022, 2023)), random.randint(3, 12), 1, tzinfo=dt.UTC)
        end = (start + 32 * DAY).replace(day=1)
        under = bytearray(int((end - start).total_seconds()))
        for each in sirens:
            if each.oblast == oblast:
                first = max(0, each.start - int(start.timestamp()))
                last = min(len(under), each.end - int(start.timestamp()))
                if first < last:
                    under[first:last] = b"\1" * (last - first)
        spans = imported.under_alert(oblast, start, end)
        assert sum((last - first).total_seconds() for first, last in spans) == under.count(1)


def test_regions_under_alert_at_any_instant_come_out(imported: Picture, sirens: list[Siren]) -> None:
    random = Random(3)
    first, last = sirens[0].start, max(each.end for each in sirens)
    oblasts = sorted({each.oblast for each in sirens})
    for _ in range(100):
        at = random.randint(first, last)
        instant = dt.datetime.fromtimestamp(at, dt.UTC)
        shown = {key for key in oblasts if imported.under_alert(key, instant, instant + DAY / 86_400)}
        assert shown == {each.oblast for each in sirens if each.start <= at < each.end}


def test_history_leaves_nothing_on_the_screen(imported: Picture) -> None:
    view = imported.view()
    assert (view["alerts"], view["regions"], view["ticker"]) == ({}, {}, {})
    assert view["strip"] == {"bins": {}, "marks": {}, "hour": {}}


def test_a_siren_takes_no_more_after_all_others_than_before_them(
    theatre: Theatre, alerts: list[AirRaidAlert]
) -> None:
    picture = Picture(theatre, "actual")
    picture.tick(NOW)
    first = lines_run(lambda: apply(picture, alerts[:500]))
    apply(picture, alerts[500:-500])
    last = lines_run(lambda: apply(picture, alerts[-500:]))
    assert last < 2 * first


class Post(NamedTuple):
    start: dt.datetime
    end: dt.datetime
    launched: int
    neutralised: int


def local(text: str) -> dt.datetime | None:
    day, _, hour = text.strip().partition(" ")
    if not hour:
        return None
    hours, minutes = (int(part) for part in hour.split(":")[:2])
    return dt.datetime.fromisoformat(day).replace(hour=hours, minute=minutes, tzinfo=KYIV)


@pytest.fixture(scope="module")
def posts() -> list[tuple[dt.date, str, Post]]:
    """The air force's posts about UAVs: the morning of their night, an id, and what they say."""
    with (ATTACKS / "missiles_and_uavs.csv").open(encoding="utf-8") as file:
        uavs = {row["model"] for row in csv.DictReader(file) if row["category"] == "UAV"}
    rows: dict[tuple[dt.date, str], list[Post]] = defaultdict(list)
    with (ATTACKS / "missile_attacks_daily.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            start, end = local(row["time_start"]), local(row["time_end"])
            is_national = row["source"].startswith("kpszsu") and row["model"] in uavs
            if start is None or end is None or not is_national or not start < end:
                continue
            middle = (start.astimezone(dt.UTC) + (end - start) / 2).astimezone(KYIV)
            morning = middle.date() + (DAY if middle.hour >= 18 else dt.timedelta(0))
            lost = int(float(row["not_reach_goal"] or 0))
            post = Post(
                start, end, int(float(row["launched"] or 0)), int(float(row["destroyed"] or 0)) + lost
            )
            rows[morning, row["source"]].append(post)
    return [
        (
            morning,
            source,
            Post(
                min(post.start for post in group),
                max(post.end for post in group),
                sum(post.launched for post in group),
                sum(post.neutralised for post in group),
            ),
        )
        for (morning, source), group in rows.items()
    ]


def test_nights_and_record_nights_of_the_table_come_out(
    theatre: Theatre, posts: list[tuple[dt.date, str, Post]]
) -> None:
    picture = Picture(theatre, "actual")
    picture.tick(NOW)
    for i, (_, source, post) in enumerate(Random(4).sample(posts, len(posts))):
        report = RaidReport(
            id=f"{source}:{post.start:%m%d}",
            status="actual",
            feed="attacks-table",
            claimant="ua-air-force",
            attacker="RU",
            valid_from=post.start,
            valid_to=post.end,
            launched=Quantities(uav=Count(value=post.launched)),
            neutralised=Quantities(uav=Count(value=post.neutralised)),
        )
        picture.apply(report, NOW, f"{i:06d}")
    launched: dict[dt.date, int] = defaultdict(int)
    neutralised: dict[dt.date, int] = defaultdict(int)
    for morning, _, post in posts:
        launched[morning] += post.launched
        neutralised[morning] += post.neutralised
    nights = {morning: picture.raid_night(morning) for morning in launched}
    differing = {
        morning: (nights[morning], launched[morning])
        for morning in launched
        if nights[morning] != {"launched.uav": launched[morning], "neutralised.uav": neutralised[morning]}
    }
    # Two posts of one window and one UAV each: nothing tells them from one statement and its relay.
    same_twice = dt.date(2023, 1, 11)
    assert differing == {same_twice: ({"launched.uav": 1, "neutralised.uav": 1}, 2)}
    assert len(launched) > 600
    records = []
    for morning in sorted(launched):
        if launched[morning] > (records[-1][1] if records else 400):
            records.append((morning, launched[morning]))
    assert records[:2] == [(dt.date(2025, 6, 1), 472), (dt.date(2025, 6, 9), 479)]
    assert len(records) > 3
    for (_, before), (morning, _) in pairwise(records):
        record = picture.raids_record("launched.uav", before=morning)
        assert record is not None
        assert record[1] == before
