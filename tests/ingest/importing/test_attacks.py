"""Each trap of the table of attacks is met with rows of our own, and the real table is counted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.theatre import Theatre, load_theatre
from ingest.errors import DecodeError
from ingest.importing.attacks import FIELDS, Traps, decode
from ingest.importing.table import Table
from streams.codec import decode as event_of
from streams.codec import encode
from streams.events import Count, RaidReport

COLUMNS = (
    "time_start",
    "time_end",
    "model",
    "launched",
    "destroyed",
    "not_reach_goal",
    "source",
    "launch_place",
    "target",
    "target_main",
    "still_attacking",
    "border_crossing",
    "is_shahed",
    "num_hit_location",
    "num_fall_fragment_location",
    "turbojet",
    "turbojet_destroyed",
    "affected region",
    "launched_details",
)
NIGHT = {"time_start": "2025-03-01 20:00", "time_end": "2025-03-02 09:00", "source": "kpszsu/posts/one"}
SHAHED = {
    **NIGHT,
    "model": "Shahed-136/131",
    "launched": "100.0",
    "destroyed": "60.0",
    "not_reach_goal": "30.0",
}
KALIBR = {**NIGHT, "model": "Kalibr", "launched": "4.0", "destroyed": "3.0"}


def table(*rows: dict[str, str]) -> Table:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return Table(io.BytesIO(text.getvalue().encode()))


def decoded(table: Table, theatre: Theatre) -> tuple[list[RaidReport], list[DecodeError], Traps]:
    traps = Traps()
    found = list(decode(table.rows("attack-table"), theatre, traps))
    reports = [each for each in found if isinstance(each, RaidReport)]
    return reports, [each for each in found if isinstance(each, DecodeError)], traps


@pytest.fixture
def made(theatre: Theatre) -> Callable[..., list[RaidReport]]:
    """The reports that rows make, of which none is refused."""

    def make(*rows: dict[str, str]) -> list[RaidReport]:
        reports, errors, _ = decoded(table(*rows), theatre)
        assert errors == []
        return reports

    return make


Made = Callable[..., list[RaidReport]]


def test_the_rows_of_one_post_and_time_are_one_report(made: Made) -> None:
    (report,) = made(SHAHED, KALIBR)
    assert (report.claimant, report.scope, report.attacker) == ("ua-air-force", "national", "RU")
    assert report.launched is not None
    assert (report.launched.uav, report.launched.missile) == (Count(value=100), Count(value=4))
    assert report.launched.types == {"kalibr": Count(value=4)}
    assert report.launched.total is None
    assert report.shot_down is not None
    assert (report.shot_down.uav, report.shot_down.missile) == (Count(value=60), Count(value=3))
    assert report.suppressed is not None
    assert (report.suppressed.uav, report.suppressed.missile) == (Count(value=30), None)
    assert report.neutralised is not None
    assert (report.neutralised.uav, report.neutralised.missile) == (Count(value=90), None)
    assert report.valid_from == dt.datetime(2025, 3, 1, 18, tzinfo=dt.UTC)
    assert report.valid_to == dt.datetime(2025, 3, 2, 7, tzinfo=dt.UTC)
    assert event_of(encode(report)) == report


def test_a_posts_windows_within_one_another_are_one_report(made: Made) -> None:
    salvo = {**KALIBR, "time_start": "2025-03-02 04:00", "time_end": "2025-03-02 04:45"}
    (report,) = made(salvo, SHAHED)
    assert report.launched is not None
    assert (report.launched.uav, report.launched.missile) == (Count(value=100), Count(value=4))
    assert report.valid_from == dt.datetime(2025, 3, 1, 18, tzinfo=dt.UTC)


def test_a_posts_nights_stay_apart_and_two_posts_of_a_night_add_up(made: Made) -> None:
    next_night = {**SHAHED, "time_start": "2025-03-02 20:00", "time_end": "2025-03-03 09:00"}
    by_day = {**SHAHED, "time_start": "2025-03-02", "time_end": "2025-03-02", "source": "kpszsu/posts/two"}
    first, second = made(SHAHED, next_night, by_day)
    assert first.id != second.id
    assert [report.night_of for report in (first, second)] == [dt.date(2025, 3, 2), dt.date(2025, 3, 3)]
    assert first.launched is not None
    assert first.launched.uav == Count(value=200)
    assert second.launched is not None
    assert second.launched.uav == Count(value=100)
    assert first.valid_from == dt.datetime(2025, 3, 1, 18, tzinfo=dt.UTC)


def test_a_regional_commands_posts_stay_apart(made: Made) -> None:
    first, second = ({**SHAHED, "source": f"PvKPivden/posts/{post}", "target": "south"} for post in "ab")
    assert len(made(first, second)) == 2


def test_where_one_row_has_losses_the_others_of_its_class_had_none(made: Made) -> None:
    (report,) = made({**KALIBR, "not_reach_goal": "1.0"}, {**KALIBR, "model": "X-22", "destroyed": "0.0"})
    assert report.neutralised is not None
    assert report.neutralised.missile == Count(value=4)
    assert report.shot_down is not None
    assert report.shot_down.types == {"kalibr": Count(value=3), "kh-22": Count(value=0)}


@pytest.mark.parametrize(
    ("source", "claimant"),
    [
        ("PvKPivden/posts/a", "ua-air-command-south"),
        ("pvkshid/posts/a", "ua-air-command-east"),
        ("PvkZahid/posts/a", "ua-air-command-west"),
        ("PvkCenter/posts/a", "ua-air-command-centre"),
        ("kharkivoda.gov.ua/news/1", "ua-regional-administration"),
    ],
)
def test_a_regional_commands_report_is_never_national(made: Made, source: str, claimant: str) -> None:
    national, regional = made(SHAHED, {**SHAHED, "source": source, "target": "south", "launched": "40.0"})
    assert (regional.claimant, regional.scope) == (claimant, "regional")
    assert regional.regions == ("southern-ukraine",)
    assert national.scope == "national"
    assert national.launched is not None
    assert national.launched.uav == Count(value=100)


@pytest.mark.parametrize(
    ("source", "claimant", "link"),
    [
        ("kpszsu/posts/pf1", "ua-air-force", "https://www.facebook.com/kpszsu/posts/pf1"),
        ("https://t.me/kpszsu/123", "ua-air-force", "https://t.me/kpszsu/123"),
        (
            "GeneralStaff.ua/posts/pf1",
            "ua-general-staff",
            "https://www.facebook.com/GeneralStaff.ua/posts/pf1",
        ),
        ("https://t.me/somebody/1", "", "https://t.me/somebody/1"),
        ("javascript:alert(1)", "", ""),
        ("https://evil.example/kpszsu/posts/x", "", ""),
    ],
)
def test_a_post_is_its_channels_claim(made: Made, source: str, claimant: str, link: str) -> None:
    (report,) = made({**SHAHED, "source": source})
    assert report.claimant == claimant
    assert report.evidence is not None
    assert (report.evidence.document, report.evidence.link) == (source, link)
    assert source in report.evidence.text


def test_since_the_meaning_of_lost_changed_there_is_one_number(made: Made) -> None:
    late = {"time_start": "2025-10-01 19:00", "time_end": "2025-10-02 09:00", "not_reach_goal": "0.0"}
    (report,) = made({**SHAHED, **late}, {**KALIBR, **late, "not_reach_goal": ""})
    assert (report.shot_down, report.suppressed) == (None, None)
    assert report.neutralised is not None
    assert (report.neutralised.uav, report.neutralised.missile) == (Count(value=60), Count(value=3))
    (regional,) = made({**SHAHED, **late, "source": "PvKPivden/posts/a", "not_reach_goal": ""})
    assert regional.neutralised is None
    assert regional.shot_down is not None


def test_a_number_told_apart_after_that_stays_apart(made: Made) -> None:
    (report,) = made({**SHAHED, "time_start": "2025-12-27", "time_end": "2025-12-27 13:00"})
    assert report.suppressed is not None
    assert report.suppressed.uav == Count(value=30)


def test_a_date_with_an_end_in_the_morning_is_the_night_before(made: Made) -> None:
    (report,) = made({**SHAHED, "time_start": "2025-03-02", "time_end": "2025-03-02 08:00"})
    assert (report.night_of, report.valid_from) == (dt.date(2025, 3, 2), None)
    assert report.valid_to == dt.datetime(2025, 3, 2, 6, tzinfo=dt.UTC)


@pytest.mark.parametrize("end", ["2025-03-02", "2025-03-02 "])
def test_a_date_alone_is_a_whole_day(made: Made, end: str) -> None:
    (report,) = made({**SHAHED, "time_start": "2025-03-02", "time_end": end})
    assert report.night_of == dt.date(2025, 3, 2)
    assert report.valid_from == dt.datetime(2025, 3, 1, 22, tzinfo=dt.UTC)
    assert report.valid_to == dt.datetime(2025, 3, 2, 22, tzinfo=dt.UTC)


def test_shaheds_are_counted_as_such_only_while_reports_did_not_count_decoys(made: Made) -> None:
    early = {"time_start": "2023-03-01 20:00", "time_end": "2023-03-02 09:00"}
    before, after = made({**SHAHED, **early}, {**SHAHED, "is_shahed": "70.0"})
    assert before.launched is not None
    assert before.launched.types == {"shahed-136": Count(value=100)}
    assert after.launched is not None
    assert after.launched.types == {"shahed-136": Count(value=70, qualifier="about")}
    assert after.shot_down is not None
    assert after.shot_down.types == {}


def test_a_number_of_several_models_is_their_classs_only_unless_told_apart(made: Made) -> None:
    mixed = {**KALIBR, "model": "X-101/X-555 and Kalibr", "launched": "50.0"}
    (report,) = made(mixed)
    assert report.launched is not None
    assert (report.launched.missile, report.launched.types) == (Count(value=50), {})
    (report,) = made({**mixed, "launched_details": "{'X-101/X-555': 40, 'Kalibr': 10}"})
    assert report.launched is not None
    assert report.launched.types == {"kh-101": Count(value=40), "kalibr": Count(value=10)}
    assert report.launched.missile == Count(value=50)


def test_a_model_that_nobody_knows_counts_in_the_total(theatre: Theatre) -> None:
    (report,), errors, traps = decoded(table(KALIBR, {**KALIBR, "model": "Death Star"}), theatre)
    assert errors == []
    assert traps.unknown_models == {"Death Star": 1}
    assert report.launched is not None
    assert (report.launched.missile, report.launched.total) == (Count(value=4), Count(value=8))


def test_a_row_that_is_lost_makes_its_posts_sums_at_least(theatre: Theatre) -> None:
    (report,), (error,), traps = decoded(table(SHAHED, {**KALIBR, "launched": "x"}), theatre)
    assert error.path == "line 3: launched"
    assert report.launched is not None
    assert report.launched.uav == Count(min=100, qualifier="at least")
    assert (traps.refused, traps.at_least) == (1, 1)


def test_a_number_that_is_missing_makes_its_sum_at_least(made: Made) -> None:
    (report,) = made(SHAHED, KALIBR, {**KALIBR, "model": "X-22", "launched": ""})
    assert report.launched is not None
    assert report.launched.missile == Count(min=4, qualifier="at least")
    assert report.launched.uav == Count(value=100)


def test_what_else_a_row_says(made: Made) -> None:
    (report,) = made(
        {
            **SHAHED,
            "launch_place": "Kursk oblast and Chauda, Crimea",
            "target": "Ukraine",
            "target_main": "Kyiv oblast",
            "affected region": "['Odesa oblast', 'Kryvyi Rih', 'Dnipropetrovsk oblast, Pavlohrad Raion']",
            "still_attacking": "5.0",
            "border_crossing": "{'belarus': 2.0}",
            "num_hit_location": "11.0",
            "num_fall_fragment_location": "9.0",
            "turbojet": "10.0",
            "turbojet_destroyed": "8.0",
        }
    )
    assert report.launch_areas == ("Kursk oblast", "Chauda, Crimea")
    assert report.main_targets == ("Kyiv oblast",)
    assert report.regions == ("UA-51", "UA-12", "45")
    assert (report.impact_places, report.debris_places) == (Count(value=11), Count(value=9))
    assert report.still_airborne is not None
    assert report.still_airborne.uav == Count(value=5)
    assert report.left_airspace is not None
    assert report.left_airspace.uav == Count(value=2)
    assert report.launched is not None
    assert report.launched.types == {"shahed-238": Count(value=10)}
    assert report.shot_down is not None
    assert report.shot_down.types == {"shahed-238": Count(value=8)}


def test_a_row_that_is_there_twice_counts_once(theatre: Theatre) -> None:
    (report,), _, traps = decoded(table(KALIBR, KALIBR), theatre)
    assert report.launched is not None
    assert report.launched.missile == Count(value=4)
    assert traps.duplicates == 1


def test_rows_of_a_post_need_not_stand_together(made: Made) -> None:
    regional = {"source": "PvKPivden/posts/a", "target": "south"}
    other = {**SHAHED, **regional, "source": "PvKPivden/posts/b"}
    first, second = made(SHAHED | regional, other, KALIBR | regional)
    assert first.launched is not None
    assert first.launched.missile == Count(value=4)
    assert second.launched is not None
    assert second.launched.missile is None


def test_odd_times_and_impossible_numbers_are_counted(theatre: Theatre) -> None:
    _, errors, traps = decoded(
        table(
            {**SHAHED, "time_start": "2025-03-01 3:30"},
            {**SHAHED, "time_end": "2025-03-02 09:00 ", "destroyed": "90.0"},
            {**SHAHED, "time_start": "2025-03-02", "source": "PvKPivden/posts/a"},
        ),
        theatre,
    )
    assert errors == []
    assert (traps.odd_times, traps.more_than_launched, traps.dates_only) == (2, 1, 1)
    assert (traps.national, traps.regional, traps.regional_rows) == (1, 1, 1)


def test_sums_stay_within_what_a_count_may_be(made: Made) -> None:
    (report,) = made(
        {**KALIBR, "launched": "1000000", "num_hit_location": "1000000"},
        {**KALIBR, "model": "X-22", "launched": "1000000", "num_hit_location": "1000000"},
    )
    assert report.launched is not None
    assert report.launched.missile == Count(min=1_000_000, qualifier="at least")
    assert event_of(encode(report)) == report


CELL = st.one_of(
    st.sampled_from(
        ["", "2025-03-01", "2025-03-02 3:30", "Kalibr", "7.0", "{'a': 1}", "kpszsu/posts/a", "south"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)


@given(
    st.one_of(
        st.binary(max_size=300).map(lambda raw: ",".join(sorted(FIELDS)).encode() + b"\n" + raw),
        st.lists(st.dictionaries(st.sampled_from(COLUMNS), CELL), max_size=4).map(
            lambda rows: "\n".join(
                ",".join(cells.get(name, "").replace(",", "") for name in COLUMNS)
                for cells in ({name: name for name in COLUMNS}, *rows)
            ).encode()
        ),
    )
)
def test_any_bytes_are_reports_or_errors(raw: bytes) -> None:
    reports, errors, traps = decoded(Table(io.BytesIO(raw)), load_theatre("eastern-flank"))
    assert traps.refused <= len(errors)
    assert traps.national + traps.regional == len(reports)
    for report in reports:
        assert event_of(encode(report)) == report


def test_the_real_table_is_taken_in_whole(history: Path, theatre: Theatre) -> None:
    with (history / "attacks" / "missile_attacks_daily.csv").open("rb") as opened:
        reports, errors, traps = decoded(Table(opened), theatre)
    assert errors == []
    assert traps.rows == 3_770
    assert len({report.id for report in reports}) == len(reports) == traps.national + traps.regional
    assert (traps.dates_only, traps.odd_times, traps.refused) == (2_233, 9, 0)
    regional = [report for report in reports if report.claimant.startswith("ua-air-command")]
    assert len(regional) > 800
    assert all(report.scope == "regional" for report in regional)
    by_weapon = {name for report in reports if report.launched for name in report.launched.types}
    assert by_weapon <= set(theatre.weapons)
    assert all(event_of(encode(report)) == report for report in reports)


def test_the_night_of_9_june_2025_is_as_the_table_has_it(history: Path, theatre: Theatre) -> None:
    with (history / "attacks" / "missile_attacks_daily.csv").open("rb") as opened:
        reports, _, _ = decoded(Table(opened), theatre)
    (report,) = (
        report
        for report in reports
        if report.claimant == "ua-air-force"
        and report.valid_to == dt.datetime(2025, 6, 9, 7, 30, tzinfo=dt.UTC)
    )
    assert report.valid_from == dt.datetime(2025, 6, 8, 17, tzinfo=dt.UTC)
    assert report.launched is not None
    assert (report.launched.uav, report.launched.missile) == (Count(value=479), Count(value=21))
    assert report.shot_down is not None
    assert report.shot_down.uav == Count(value=277)
    assert report.suppressed is not None
    assert report.suppressed.uav == Count(value=183)
    assert report.neutralised is not None
    assert (report.neutralised.uav, report.neutralised.missile) == (Count(value=460), Count(value=19))
