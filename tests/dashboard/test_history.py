"""History: what the picture says of years of real alerts and raids, against computations of another kind.

The tables are read here a second time, by pandas, in a few lines that share nothing with the picture.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from config.theatre import load_theatre
from dashboard.api.answer import answer_of
from dashboard.api.shape import Window
from dashboard.picture.night import Nights
from dashboard.picture.spans import most_at_once
from dashboard.picture.timeline import Heard, Timeline
from ingest.documents import Document
from ingest.importing import attacks, sirens
from ingest.importing.table import Table
from ingest.reading.reader import read
from ingest.reports import events_of
from streams.events import AirRaidAlert, Event, RaidReport
from tests.dashboard.effort import lines_run
from tests.house import ROOT, SHARED

SIRENS = SHARED / "data" / "sirens" / "official_data_en_2024-04-23.csv"
SEEDS = SHARED / "seeds"
OWN_TEXT = ROOT / "config/exercises/seed-night/texts/090741Z-uk-air-force-morning.txt"
ROW_ENDS_AT = dt.datetime(2025, 6, 9, 7, 30, tzinfo=dt.UTC)
ATTACKS = SHARED / "data" / "attacks"
NATIONAL = "kpszsu/"
"""The air force's own channel, which speaks for the country; regional commands count the same again."""
CLASSES = {"Фенікс": "uav", "Картограф": "uav", "Привет-82": "uav", "Aerial Bomb": "bomb", "GBU": "bomb"}
"""Of models that the table of models lacks."""
IMPORTED_AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
THEATRE = load_theatre("eastern-flank")
INSTANTS = 1_000

pytestmark = pytest.mark.skipif(not SIRENS.exists(), reason="../shared/data is not here")


def heard(events: list[Any]) -> list[Heard]:
    return [Heard(event, IMPORTED_AT, f"{i:08d}") for i, event in enumerate(events)]


def imported() -> list[AirRaidAlert]:
    """The table as it is imported."""
    with SIRENS.open("rb") as file:
        decoded = list(sirens.decode(Table(file).rows(sirens.OFFICIAL), THEATRE))
    return [each for each in decoded if isinstance(each, AirRaidAlert)]


@pytest.fixture(scope="module")
def alerts() -> list[AirRaidAlert]:
    return imported()


@pytest.fixture(scope="module")
def timeline(alerts: list[AirRaidAlert]) -> Timeline:
    return Timeline(THEATRE, "actual", heard(alerts))


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """The table as it stands: `key`, `top` (its oblast), `start` and `end` of each row."""
    table = pd.read_csv(SIRENS, keep_default_na=False, parse_dates=["started_at", "finished_at"])
    # One row has the names of its oblast and its raion exchanged.
    swapped = table.oblast.str.endswith(" raion")
    table.loc[swapped, ["oblast", "raion"]] = table.loc[swapped, ["raion", "oblast"]].to_numpy()
    tops = {name: THEATRE.resolve_region(name, country="UA") for name in table.oblast.unique()}
    names = table[["oblast", "raion", "hromada"]].drop_duplicates()
    keys = {row: key_of(tops[row[0]], row[1:]) for row in names.itertuples(index=False, name=None)}
    return pd.DataFrame(
        {
            "key": [keys[row] for row in table[names.columns].itertuples(index=False, name=None)],
            "top": table.oblast.map(tops),
            "start": table.started_at,
            "end": table.finished_at,
        }
    )


def key_of(top: str | None, names: tuple[str, ...]) -> str:
    assert top is not None
    for level, name in zip(("raion", "hromada"), names, strict=True):
        top = THEATRE.below(top, name, level) if name else top
    return top


def merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Of one region's rows, the stretches of time without overlap."""
    rows = rows.sort_values("start")
    stretch = (rows.start > rows.end.cummax().shift()).cumsum()
    return rows.groupby(stretch).agg(start=("start", "min"), end=("end", "max"))


def test_every_row_is_imported_but_what_it_says_twice(alerts: list[AirRaidAlert], rows: pd.DataFrame) -> None:
    assert len(alerts) == len(rows.drop_duplicates()) > 43_000


def test_at_any_instant_the_regions_under_alert_are_those_of_the_table(
    timeline: Timeline, rows: pd.DataFrame
) -> None:
    random = Random(5)
    first, last = rows.start.min().to_pydatetime(), rows.end.max().to_pydatetime()
    instants = sorted(first + random.random() * (last - first) for _ in range(INSTANTS - 20))
    # The instants at which something begins or ends are the ones to get wrong.
    instants = sorted(
        [*instants, *rows.start.sample(10, random_state=5), *rows.end.sample(10, random_state=5)]
    )
    walk = timeline.walk()
    seen = 0
    for at in instants:
        shown = {
            alert["region"] for alert in walk.to(pd.Timestamp(at).to_pydatetime()).view()["alerts"].values()
        }
        assert shown == set(rows.key[(rows.start <= at) & (at < rows.end)]), at
        seen += len(shown)
    assert seen > INSTANTS


def test_a_single_question_has_the_same_answer_as_a_walk(timeline: Timeline, rows: pd.DataFrame) -> None:
    for at in rows.start.sample(3, random_state=7):
        shown = timeline.picture(at.to_pydatetime()).view()["alerts"].values()
        assert {alert["region"] for alert in shown} == set(rows.key[(rows.start <= at) & (at < rows.end)])


def test_time_under_alert_by_region_and_month_is_that_of_the_table(
    timeline: Timeline, rows: pd.DataFrame
) -> None:
    expected: Counter[tuple[str, str]] = Counter()
    for top, group in rows.groupby("top"):
        for row in merged(group).itertuples():
            for month in pd.period_range(row.start.tz_localize(None), row.end.tz_localize(None), freq="M"):
                begin = max(row.start, month.start_time.tz_localize("UTC"))
                end = min(row.end, (month + 1).start_time.tz_localize("UTC"))
                expected[str(top), str(month)] += int((end - begin).total_seconds())
    found: Counter[tuple[str, str]] = Counter()
    for top, stretches in timeline.under_alert(rows.end.max().to_pydatetime()).items():
        for begin_s, end_s in stretches:
            while begin_s < end_s:
                begin = dt.datetime.fromtimestamp(begin_s, dt.UTC)
                following = (begin.replace(day=1) + dt.timedelta(days=32)).replace(
                    day=1, hour=0, minute=0, second=0
                )
                until_s = min(end_s, int(following.timestamp()))
                found[top, f"{begin:%Y-%m}"] += until_s - begin_s
                begin_s = until_s
    assert +found == +expected
    assert len(found) > 500


def test_most_regions_at_once_are_those_of_the_table(timeline: Timeline, rows: pd.DataFrame) -> None:
    stretches = pd.concat([merged(group) for _, group in rows.groupby("top")])
    changes = pd.concat([pd.Series(1, stretches.start), pd.Series(-1, stretches.end)])
    at_once = changes.groupby(level=0).sum().sort_index().cumsum()
    most, at_s = most_at_once(timeline.under_alert(rows.end.max().to_pydatetime()).values())
    assert (most, at_s) == (at_once.max(), int(at_once.idxmax().timestamp()))
    assert most > 15


def test_four_times_the_sirens_take_four_times_as_much_to_be_told_about_one_instant(
    alerts: list[AirRaidAlert],
) -> None:
    at = dt.datetime(2024, 4, 1, tzinfo=dt.UTC)
    many = heard(Random(5).sample(alerts, 8_000))

    def effort(entries: list[Heard]) -> int:
        return lines_run(lambda: Timeline(THEATRE, "actual", entries).picture(at))

    assert effort(many) < 5 * effort(many[::4])


@pytest.fixture(scope="module")
def raids() -> Timeline:
    """The table of attacks as it is imported."""
    with (ATTACKS / "missile_attacks_daily.csv").open("rb") as file:
        decoded = list(attacks.decode(Table(file).rows("attack-table"), THEATRE))
    return Timeline(THEATRE, "actual", heard([each for each in decoded if isinstance(each, RaidReport)]))


@pytest.fixture(scope="module")
def nights() -> pd.DataFrame:
    """What the table's national rows come to, by morning and class: NaN where a row does not say."""
    table = pd.read_csv(ATTACKS / "missile_attacks_daily.csv", dtype=str, keep_default_na=False)
    table = table[table.source.str.removeprefix("https://t.me/").str.lower().str.startswith(NATIONAL)]
    models = pd.read_csv(ATTACKS / "missiles_and_uavs.csv", dtype=str, keep_default_na=False)
    classes = {
        model.casefold(): "uav" if category == "UAV" else "missile" if "issile" in category else "bomb"
        for model, category in [*zip(models.model, models.category, strict=True)]
    } | {model.casefold(): each for model, each in CLASSES.items()}

    def local(text: pd.Series[str]) -> pd.Series[Any]:
        naive = pd.to_datetime(text.str.strip(), format="mixed")
        return naive.dt.tz_localize("Europe/Kyiv", ambiguous=True, nonexistent="shift_forward")

    start, end = local(table.time_start), local(table.time_end)
    only_dates = table[["time_start", "time_end"]].apply(lambda text: text.str.strip().str.len() == 10)
    end = end.where(~only_dates.time_end, end + pd.Timedelta(days=1))
    # 18:00 is where a night begins; six hours on, its middle has the date of its morning.
    middle = (start + (end - start) / 2).dt.tz_localize(None) + pd.Timedelta(hours=6)
    is_to_the_morning = only_dates.time_start & ~only_dates.time_end & (end.dt.hour <= 12)
    numbers = table[["launched", "destroyed", "not_reach_goal"]].apply(pd.to_numeric, errors="coerce")
    rows = pd.DataFrame(
        {
            "morning": middle.dt.date.where(~is_to_the_morning, end.dt.date),
            "class": table.model.map(lambda model: classes[model.split(" and ")[0].casefold()]),
            "launched": numbers.launched,
            "neutralised": numbers.destroyed + numbers.not_reach_goal.fillna(0),
        }
    )
    return rows[rows["class"] != "bomb"].groupby(["morning", "class"]).sum(min_count=1, skipna=False)


def test_every_night_came_to_what_its_rows_say(raids: Timeline, nights: pd.DataFrame) -> None:
    mornings = sorted({morning for morning, _ in nights.index})
    walk = raids.walk()
    differing = []
    compared = 0
    for morning in mornings:
        picture = walk.to(Nights(raids.rules.night).of_morning(morning).end - dt.timedelta(seconds=1))
        figures = picture.raid_night(morning)
        for weapon_class in ("uav", "missile"):
            if (morning, weapon_class) not in nights.index:
                continue
            stated = nights.loc[morning, weapon_class]
            found = {
                "launched": figures.get(f"launched.{weapon_class}"),
                "neutralised": figures.get(
                    f"neutralised.{weapon_class}", figures.get(f"shot_down.{weapon_class}")
                ),
            }
            for name, number in found.items():
                if not pd.isna(stated[name]):
                    compared += 1
                    if number != stated[name]:
                        differing.append((morning, weapon_class, name, number, stated[name]))
    assert differing == []
    assert compared > 3_000


def test_the_record_nights_are_those_of_the_table(raids: Timeline, nights: pd.DataFrame) -> None:
    launched = nights.launched.xs("uav", level="class").dropna()
    peaks = launched[launched > launched.cummax().shift(fill_value=0)]
    told = [(morning, int(value)) for morning, value in peaks.items() if value > 400]
    assert told[:2] == [(dt.date(2025, 6, 1), 472), (dt.date(2025, 6, 9), 479)]
    assert len(told) > 5
    picture = raids.picture(IMPORTED_AT)
    for (held_on, held), (morning, value) in pairwise(told):
        assert picture.raids_record("launched.uav", before=morning) == (held_on, held)
        assert picture.raid_night(morning)["launched.uav"] == value


def read_text(path: Path, published_at: dt.datetime, own_claimant: str = "") -> list[Event]:
    """What the reader makes of a text."""
    text = path.read_text()
    document = Document(
        name=path.name,
        text=text,
        feed="text",
        status="actual",
        published_at=published_at,
        own_claimant=own_claimant,
    )
    return events_of(document, read(text, published_at=published_at, theatre=THEATRE), THEATRE)


def test_the_articles_the_table_and_the_air_force_tell_of_one_claim(raids: Timeline) -> None:
    noon = dt.datetime(2025, 6, 9, 12, tzinfo=dt.UTC)
    articles = [event for path in sorted(SEEDS.glob("*.txt")) for event in read_text(path, noon)]
    own = read_text(OWN_TEXT, noon - dt.timedelta(hours=4), "ua-air-force")
    row = [change.event for change in raids.changes if change.event.valid_to == ROW_ENDS_AT]
    assert len(row) == 1
    timeline = Timeline(THEATRE, "actual", heard([*row, *own, *articles]))
    tree = timeline.picture(noon).view()
    answer = answer_of(tree, THEATRE, timeline.rules, at=noon, known_at=None)
    (tally,) = answer.tallies
    assert (tally.claimant, tally.leads) == ("ua-air-force", True)
    assert (tally.launched.uav, tally.neutralised.uav) == (479, 460)
    assert (tally.impact_places, tally.rates["uav"]) == (10, 96.0)
    reports = {event.id for event in [*row, *own, *articles] if isinstance(event, RaidReport)}
    tonight = {event.id for event in [*row, *own] if isinstance(event, RaidReport)}
    assert len(tonight) == 2
    assert tonight < set(tally.witnesses) <= reports
    assert len(tally.witnesses) == 3
    assert {"states", "supports"} >= {
        word for event_id, word in tally.agreement.items() if event_id not in {event.id for event in row}
    }
    # 20 missiles in the press, 21 in the table: both are there to see.
    assert {20, 21} == {tally.launched.missile, *map(int, tally.variants["launched.missile"])}
    assert tally.window == Window(start=dt.datetime(2025, 6, 8, 17, tzinfo=dt.UTC), end=ROW_ENDS_AT)
    (record,) = (record for record in answer.records if record.name == "launched.uav")
    assert (record.value, record.night_of, record.broken) == (472, dt.date(2025, 6, 1), True)
