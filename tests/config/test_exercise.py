"""Exercises: what loads, what is refused, and whether the demonstration night holds."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from itertools import groupby, pairwise
from math import cos, hypot, radians
from pathlib import Path

import pytest

from config.exercise import EXERCISES, Exercise, ExerciseAlert, ExerciseError, load_exercise
from config.theatre import Theatre, load_theatre

NIGHT = "seed-night"
KM_PER_DEGREE = 111.2
FASTEST_KMH = {
    "drones": 260,
    "cruise_missiles": 3_600,
    "ballistic_missiles": 9_000,
    "unspecified_missiles": 3_000,
}
WEST = ("UA-07", "UA-21", "UA-26", "UA-46", "UA-56", "UA-61", "UA-68")


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    return load_theatre()


@pytest.fixture(scope="module")
def night(theatre: Theatre) -> Exercise:
    return load_exercise(NIGHT, theatre)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the exercises, to make mistakes in."""
    shutil.copytree(EXERCISES / NIGHT, tmp_path / NIGHT)
    return tmp_path


def zulu(written: str) -> dt.datetime:
    return dt.datetime.strptime(f"202506{written}+0000", "%Y%m%d%H%MZ%z")


def under_alert(night: Exercise, instant: dt.datetime, *, permanent: bool = True) -> set[str]:
    return {
        alert.region
        for alert in night.alerts
        if (permanent or not alert.permanent)
        and alert.start <= instant
        and (alert.end is None or instant < alert.end)
    }


def spoil(root: Path, file: str, old: str, new: str) -> int:
    """Make one mistake in a file; the line of it."""
    path = root / NIGHT / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    at = text.index(old)
    path.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
    return text.count("\n", 0, at) + 1


def refused(root: Path, theatre: Theatre) -> ExerciseError:
    with pytest.raises(ExerciseError) as caught:
        load_exercise(NIGHT, theatre, root=root)
    return caught.value


# --- the demonstration night --------------------------------------------------------------------------------


def test_the_night_is_titled_in_four_languages_and_says_what_it_was_written_from(night: Exercise) -> None:
    assert set(night.title) == {"en", "fr", "pl", "uk"}
    assert "only plausible" in night.basis
    assert night.starts_at.tzinfo is dt.UTC


def test_every_instant_lies_within_the_night(night: Exercise) -> None:
    instants = [document.at for document in night.documents]
    instants += [step.at for threat in night.threats for step in threat.steps]
    instants += [alert.start for alert in night.alerts if not alert.permanent]
    instants += [alert.end for alert in night.alerts if alert.end is not None]
    assert all(night.starts_at <= instant <= night.ends_at for instant in instants)


def test_only_luhansk_and_crimea_are_under_permanent_alert(night: Exercise, theatre: Theatre) -> None:
    permanent = {alert.region for alert in night.alerts if alert.permanent}
    assert permanent == {"UA-09", "UA-43"}
    assert permanent == {key for key, region in theatre.regions.items() if region.permanent_alert}
    assert not any(alert.region in permanent for alert in night.alerts if not alert.permanent)


def test_alerts_are_in_regions_that_the_wall_counts(night: Exercise, theatre: Theatre) -> None:
    assert {alert.region for alert in night.alerts} <= set(theatre.alert_regions)


def test_alerts_of_one_region_and_level_never_overlap(night: Exercise) -> None:
    def like(alert: ExerciseAlert) -> tuple[str, str, str]:
        return alert.region, alert.alert_type, alert.level

    for _, alerts in groupby(sorted(night.alerts, key=lambda a: (like(a), a.start)), key=like):
        for first, second in pairwise(alerts):
            assert first.end is not None
            assert first.end <= second.start


def test_both_levels_are_used_and_some_regions_are_alerted_again_and_again(night: Exercise) -> None:
    assert {alert.level for alert in night.alerts if not alert.permanent} == {"red", "yellow"}
    times = Counter(alert.region for alert in night.alerts)
    assert sum(1 for count in times.values() if count >= 3) >= 10


def test_the_whole_country_is_alerted_when_a_mig31k_takes_off(night: Exercise, theatre: Theatre) -> None:
    take_offs = [threat.steps[0].at for threat in night.threats if threat.threat_type == "mig31k_departure"]
    assert take_offs
    for at in take_offs:
        missing = set(theatre.alert_regions) - under_alert(night, at + dt.timedelta(minutes=5))
        assert missing == {"UA-40"}  # Sevastopol is alerted by no Ukrainian service


def test_the_west_is_alerted_before_the_polish_jets_are(night: Exercise) -> None:
    start = next(document.at for document in night.documents if "dorsz-start" in document.file)
    before, then = zulu("090030Z"), start - dt.timedelta(minutes=30)
    assert not under_alert(night, before).intersection(WEST)
    assert under_alert(night, then).issuperset(WEST)


def test_the_night_ends_with_alerts_still_on_and_most_regions_clear(night: Exercise) -> None:
    assert 1 <= len(under_alert(night, night.ends_at, permanent=False)) <= 6


def test_every_threat_over_a_region_finds_it_under_alert(night: Exercise, theatre: Theatre) -> None:
    for threat in night.threats:
        for step in threat.steps:
            if step.lon is None or step.state == "ended":
                continue
            alerted = under_alert(night, step.at)
            assert alerted.issuperset(step.regions), f"{threat.id} {step.at:%d%H%MZ} {step.regions}"


def test_threats_fly_no_faster_than_such_things_do(night: Exercise) -> None:
    for threat in night.threats:
        for a, b in pairwise(threat.steps):
            if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
                continue
            east = (b.lon - a.lon) * cos(radians((a.lat + b.lat) / 2))
            km = hypot(east, b.lat - a.lat) * KM_PER_DEGREE
            speed_kmh = km / ((b.at - a.at).total_seconds() / 3_600)
            assert speed_kmh <= FASTEST_KMH.get(threat.threat_type, 1_200), f"{threat.id} at {b.at:%d%H%MZ}"


def test_positions_lie_in_the_regions_they_name(night: Exercise, theatre: Theatre) -> None:
    features = json.loads(theatre.borders_geojson)["features"]
    ukraine = {one["id"]: one["geometry"] for one in features if one["id"].startswith("UA-")}
    wrong = []
    total = 0
    for threat in night.threats:
        for step in threat.steps:
            if step.lon is None or step.lat is None:
                continue
            total += 1
            inside = [key for key, shape in ukraine.items() if contains(shape, step.lon, step.lat)]
            if inside and not set(inside) & set(step.regions):
                wrong.append(f"{threat.id} {step.at:%d%H%MZ}: {step.regions}, is in {inside}")
    # Borders are drawn simplified: a position beside one may fall on the other side of it.
    assert len(wrong) <= total * 0.03, wrong


def contains(geometry: dict[str, object], lon: float, lat: float) -> bool:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    assert isinstance(polygons, list)
    return any(
        crossings_odd(rings[0], lon, lat) and not any(crossings_odd(hole, lon, lat) for hole in rings[1:])
        for rings in polygons
    )


def crossings_odd(ring: list[list[float]], lon: float, lat: float) -> bool:
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_the_map_moves_all_night(night: Exercise) -> None:
    moments = sorted(step.at for threat in night.threats for step in threat.steps)
    dark = [at for at in moments if zulu("081706Z") <= at <= zulu("090700Z")]
    assert max(b - a for a, b in pairwise(dark)) <= dt.timedelta(minutes=30)
    assert 25 <= len(night.threats) <= 45


def test_some_threats_are_lost_and_some_are_never_heard_of_again(night: Exercise) -> None:
    last = Counter(threat.steps[-1].state for threat in night.threats)
    assert last["ended"] > last["lost"] > last["moving"] >= 2


def test_figures_are_sometimes_given_and_sometimes_not(night: Exercise) -> None:
    counted = [any(step.count for step in threat.steps) for threat in night.threats]
    assert any(counted)
    assert not all(counted)
    assert any(all(step.lon is None for step in threat.steps) for threat in night.threats)


def test_texts_come_in_four_languages_each_from_a_feed_of_the_night(night: Exercise) -> None:
    assert {document.lang for document in night.documents} == {"en", "fr", "pl", "uk"}
    assert {document.feed for document in night.documents} <= {feed.name for feed in night.feeds}
    assert all(300 <= len(document.text) <= 1_500 for document in night.documents)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            "uk-air-force-morning",
            ("479", "277", "183", "460", "20 ракет", "19 ракет", "10 локаціях", "20:00"),
        ),
        (
            "en-record",
            ("479", "460", "277", "183", "20 missiles", "19 of them", "10 places", "472", "June 1"),
        ),
        (
            "fr-midi",
            ("479", "460", "19 des 20", "dix endroits", "472", "400 %", "5 %", "VNIIR", "Deux drones"),
        ),
        ("pl-dorsz-start", ("polskiego i sojuszniczego lotnictwa", "zachodnią Ukrainę")),
        ("pl-dorsz-end", ("zakończone", "Nie odnotowano naruszenia")),
        ("uk-general-staff", ("ВНДІР", "Чебоксари")),
        ("en-cheboksary", ("Two drones", "VNIIR", "Oleg Nikolayev", "suspended")),
    ],
)
def test_texts_say_the_facts_of_the_night(night: Exercise, file: str, said: tuple[str, ...]) -> None:
    text = next(document.text for document in night.documents if file in document.file)
    assert [words for words in said if words not in text] == []


def test_one_feed_dies_and_comes_back_and_another_is_slow(night: Exercise) -> None:
    states = {(feed.name, outage.state) for feed in night.feeds for outage in feed.outages}
    assert states == {("wire-fr", "dead"), ("kpszsu", "slow")}
    wire = next(feed for feed in night.feeds if feed.name == "wire-fr")
    assert wire.outage_at(zulu("090009Z")) is None
    dead = wire.outage_at(zulu("090010Z"))
    assert dead is not None
    assert dead.detail
    assert wire.outage_at(dead.end) is None


# --- mistakes -----------------------------------------------------------------------------------------------


def test_an_unknown_exercise_is_answered_with_those_that_there_are(theatre: Theatre, root: Path) -> None:
    with pytest.raises(ExerciseError, match=f"no such exercise; there is {NIGHT}"):
        load_exercise("other-night", theatre, root=root)
    with pytest.raises(ExerciseError, match="no such exercise"):
        load_exercise(f"../{NIGHT}", theatre, root=root / NIGHT)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("alerts.toml", 'key = "UA-59"', 'key = "UA-99"', "region UA-99 is not in this theatre"),
        ("threats.toml", 'weapon = "kh-101"', 'weapon = "kh-1000"', "weapon kh-1000 is not in this theatre"),
        ("exercise.toml", 'claimant = "pl-dorsz"', 'claimant = "dorsz"', "claimant dorsz is not"),
        ("exercise.toml", 'feed = "pl-dorsz"', 'feed = "dorsz"', "feed dorsz is not in this exercise"),
        ("alerts.toml", 'feed = "alerts-in-ua"', 'feed = "sirens"', "feed sirens is not in this exercise"),
        ("exercise.toml", 'uk = "Ніч на 9 червня 2025"', 'ro = "Noaptea"', "title is missing in uk"),
        ("exercise.toml", 'at = "090132Z"', 'at = "090130Z"', "reaches us before it is published"),
        ("exercise.toml", 'at = "090238Z"', 'at = "090030Z"', "reaches us before it is published"),
        ("exercise.toml", 'at = "090132Z"', 'at = "01:32"', "'01:32' is not a time like 090132Z"),
        ("exercise.toml", 'at = "090132Z"', 'at = "102532Z"', "is not a time like 090132Z"),
        ("exercise.toml", 'at = "091006Z"', 'at = "091206Z"', "091206Z is not within the exercise"),
        ("exercise.toml", "-pl-dorsz-end.txt", "-pl-dorsz-gone.txt", "pl-dorsz-gone.txt cannot be read"),
        ("exercise.toml", 'file = "', 'file = "../', "matching regex"),
        ("exercise.toml", 'link = "exercise:', 'link = "javascript:', "matching regex"),
        (
            "exercise.toml",
            "ends_at = 2025-06-09",
            "ends_at = 2025-06-07",
            "ends_at must come after starts_at",
        ),
        ("exercise.toml", "ends_at = 2025-06-09T12:00:00Z", "ends_at = 2025-06-09T12:00:00", "timezone"),
        ("exercise.toml", 'to = "090245Z", state = "slow"', 'to = "090215Z", state = "slow"', "ends before"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_its_reason(
    root: Path, theatre: Theatre, file: str, old: str, new: str, reason: str
) -> None:
    spoil(root, file, old, new)
    error = refused(root, theatre)
    assert error.file == root / NIGHT / file
    assert reason in error.reason


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (
            "alerts.toml",
            '    { level = "yellow", from = "081702Z"',
            '    { level = "purple", from = "081702Z"',
            "Invalid enum value 'purple'",
        ),
        (
            "alerts.toml",
            '    { level = "red", from = "081835Z", to = "081906Z" }',
            '    { level = "red", from = "081835Z", to = "081806Z" }',
            "the alert of UA-59 ends before it begins",
        ),
        (
            "alerts.toml",
            '    { level = "red", from = "081954Z"',
            '    { level = "red", from = "081850Z"',
            "the alert of UA-59 begins before the one like it above has ended",
        ),
        (
            "alerts.toml",
            "    { since = 2022-04-04 }",
            '    { since = 2022-04-04, to = "090000Z" }',
            "it has neither `from` nor `to`",
        ),
        ("alerts.toml", "    { since = 2022-12-10 }", '    { level = "red" }', "an alert needs `from`"),
        (
            "threats.toml",
            '    { at = "081715Z", state = "moving"',
            '    { at = "081705Z", state = "moving"',
            "the step is not after the one above it",
        ),
        (
            "threats.toml",
            '    { at = "081706Z", state = "announced"',
            '    { at = "081706Z", state = "moving"',
            "the first step announces the threat",
        ),
        (
            "threats.toml",
            '    { at = "081715Z", state = "moving"',
            '    { at = "081715Z", state = "ended"',
            "the threat is ended in the step above",
        ),
        ("threats.toml", '    { at = "081706Z"', '    { flags = 1, at = "081706Z"', "unknown field `flags`"),
    ],
)
def test_a_mistake_in_a_row_is_named_with_its_line(
    root: Path, theatre: Theatre, file: str, old: str, new: str, reason: str
) -> None:
    line = spoil(root, file, old, new)
    error = refused(root, theatre)
    assert error.file == root / NIGHT / file
    assert reason in error.reason
    # A step that comes after an ended one is at fault itself, not the one that ended.
    assert error.line == (line + 1 if "in the step above" in reason else line)
    assert str(error).startswith(f"{error.file}:{error.line}: ")


def test_a_position_outside_the_theatre_is_refused(root: Path, theatre: Theatre) -> None:
    line = spoil(root, "threats.toml", "lon = 34.95, lat = 51.33", "lon = 51.33, lat = 34.95")
    error = refused(root, theatre)
    assert (error.line, error.reason) == (line, "51.33, 34.95 is outside the theatre")


def test_half_a_position_is_refused(root: Path, theatre: Theatre) -> None:
    spoil(root, "threats.toml", "lon = 34.95, lat = 51.33", "lon = 34.95")
    assert refused(root, theatre).reason == "lon and lat come together"


def test_a_dead_feed_brings_nothing(root: Path, theatre: Theatre) -> None:
    spoil(root, "exercise.toml", 'from = "090010Z", to = "090100Z"', 'from = "090010Z", to = "090300Z"')
    assert refused(root, theatre).reason == "feed wire-fr is dead at 090238Z"


def test_a_text_that_no_document_names_is_reported(root: Path, theatre: Theatre) -> None:
    (root / NIGHT / "texts" / "forgotten.txt").write_text("Nobody brings me.", encoding="utf-8")
    assert refused(root, theatre).reason == "texts/forgotten.txt belongs to no document"


def test_an_empty_text_is_refused(root: Path, theatre: Theatre) -> None:
    next((root / NIGHT / "texts").glob("*-pl-dorsz-end.txt")).write_text("\n", encoding="utf-8")
    assert "must have 1 to 200,000 characters, not 0" in refused(root, theatre).reason


def test_a_file_that_is_not_toml_is_named_with_its_line(root: Path, theatre: Theatre) -> None:
    line = spoil(root, "alerts.toml", 'key = "UA-59"', 'key = "UA-59')
    error = refused(root, theatre)
    assert error.line == line


def test_a_missing_file_is_named(root: Path, theatre: Theatre) -> None:
    (root / NIGHT / "threats.toml").unlink()
    error = refused(root, theatre)
    assert (error.file.name, error.line) == ("threats.toml", None)
