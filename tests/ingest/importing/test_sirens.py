"""Each trap of the tables of alerts is met with a row of our own, and the real tables are counted."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.theatre import Theatre, load_theatre
from ingest.errors import DecodeError
from ingest.importing.sirens import OFFICIAL, VOLUNTEER, Traps, decode, feed_of, permanent_alerts
from ingest.importing.table import Table
from streams.codec import decode as event_of
from streams.codec import encode
from streams.events import AirRaidAlert

Open = Callable[[str], Table]
OFFICIAL_HEADER = "oblast,raion,hromada,level,started_at,finished_at,source\n"
VOLUNTEER_HEADER = "region,started_at,finished_at,naive\n"
GOOD = "2023-01-05 10:00:00+00:00,2023-01-05 10:30:00+00:00"
IZIUM = "Kharkivska oblast,Iziumskyi raion,,raion"


def decoded(table: Table, theatre: Theatre) -> tuple[list[AirRaidAlert], list[DecodeError], Traps]:
    feed = feed_of(table.header)
    assert feed is not None
    traps = Traps()
    found = list(decode(table.rows(feed), theatre, traps))
    alerts = [each for each in found if isinstance(each, AirRaidAlert)]
    return alerts, [each for each in found if isinstance(each, DecodeError)], traps


def official(*rows: str) -> str:
    return OFFICIAL_HEADER + "".join(f"{row},official\n" for row in rows)


def volunteer(*rows: str) -> str:
    return VOLUNTEER_HEADER + "".join(f"{row}\n" for row in rows)


def test_a_row_is_one_alert_that_has_ended(opened: Open, theatre: Theatre) -> None:
    (alert,), errors, _ = decoded(
        opened(official("Lvivska oblast,,,oblast,2023-01-05 10:00:00+00:00,2023-01-05 11:30:05+00:00")),
        theatre,
    )
    assert errors == []
    assert (alert.region, alert.feed, alert.status, alert.revision) == ("UA-46", OFFICIAL, "actual", 1)
    assert alert.valid_from == dt.datetime(2023, 1, 5, 10, tzinfo=dt.UTC)
    assert alert.valid_to == dt.datetime(2023, 1, 5, 11, 30, 5, tzinfo=dt.UTC)
    assert not alert.calculated
    assert event_of(encode(alert)) == alert


def test_both_alphabets_make_the_same_events(opened: Open, theatre: Theatre) -> None:
    times = "2023-01-05 10:00:00+00:00,2023-01-05 11:30:05+00:00"
    english, _, told = decoded(
        opened(
            official(
                f"Kyiv City,,,oblast,{times}",
                f"Kyivska oblast,,,oblast,{times}",
                f"Cherkaska oblast,Umanskyi raion,,raion,{times}",
                f"Cherkaska oblast,Umanskyi raion,Umanska terytorialna hromada,hromada,{times}",
                f"Dnipropetrovska oblast,Nikopolskyi raion,"
                f"m. Nikopol ta Nikopolska terytorialna hromada,hromada,{times}",
            )
        ),
        theatre,
    )
    ukrainian, _, told_uk = decoded(
        opened(
            official(
                f"м. Київ,,,oblast,{times}",
                f"Київська область,,,oblast,{times}",
                f"Черкаська область,Уманський район,,raion,{times}",
                f"Черкаська область,Уманський район,Уманська територіальна громада,hromada,{times}",
                f"Дніпропетровська область,Нікопольський район,"
                f"м. Нікополь та Нікопольська територіальна громада,hromada,{times}",
            )
        ),
        theatre,
    )
    assert english == ukrainian
    assert [alert.region for alert in english] == ["UA-30", "UA-32", "151", "151/hromada/umanska", "351"]
    assert (told.names, told_uk.names) == ({"English"}, {"Ukrainian"})


def test_an_hour_to_the_second_is_an_invented_end(opened: Open, theatre: Theatre) -> None:
    alerts, _, traps = decoded(
        opened(
            official(
                "Odeska oblast,,,oblast,2023-01-05 10:00:00+00:00,2023-01-05 11:00:00+00:00",
                "Odeska oblast,,,oblast,2023-01-06 10:00:00+00:00,2023-01-06 11:00:01+00:00",
            )
        ),
        theatre,
    )
    assert [alert.calculated for alert in alerts] == [True, False]
    assert traps.invented_ends == 1


def test_a_volunteers_naive_end_is_invented(opened: Open, theatre: Theatre) -> None:
    alerts, _, traps = decoded(
        opened(
            volunteer(
                "Odeska oblast,2023-01-05 10:00:00+00:00,2023-01-05 10:30:00+00:00,True",
                "Odeska oblast,2023-01-06 10:00:00+00:00,2023-01-06 11:00:00+00:00,False",
            )
        ),
        theatre,
    )
    assert [(alert.feed, alert.calculated) for alert in alerts] == [(VOLUNTEER, True), (VOLUNTEER, False)]
    assert traps.invented_ends == 1


def test_an_alert_within_its_oblasts_own_stays_its_own_and_is_counted(opened: Open, theatre: Theatre) -> None:
    alerts, _, traps = decoded(
        opened(
            official(
                f"{IZIUM},2023-01-05 09:00:00+00:00,2023-01-05 12:00:00+00:00",
                "Kharkivska oblast,,,oblast,2023-01-05 10:00:00+00:00,2023-01-05 11:00:09+00:00",
                f"{IZIUM},2023-01-05 13:00:00+00:00,2023-01-05 14:00:09+00:00",
                "Sumska oblast,Sumskyi raion,,raion,2023-01-05 10:00:00+00:00,2023-01-05 10:30:00+00:00",
            )
        ),
        theatre,
    )
    assert [alert.region for alert in alerts] == ["125", "UA-63", "125", "114"]
    assert (traps.below_oblast, traps.overlapping) == (3, 1)


def test_an_oblast_and_a_raion_that_are_swapped_are_put_right(opened: Open, theatre: Theatre) -> None:
    (alert,), errors, traps = decoded(
        opened(official(f"Myrhorodskyi raion,Poltavska oblast,,raion,{GOOD}")),
        theatre,
    )
    assert errors == []
    assert (alert.region, traps.swapped) == ("108", 1)


def test_a_row_that_is_there_twice_gives_one_alert(opened: Open, theatre: Theatre) -> None:
    row = "Sumska oblast,,,oblast,2023-01-05 10:00:00+00:00,2023-01-05 10:30:00+00:00"
    alerts, errors, traps = decoded(opened(official(row, row)), theatre)
    assert (len(alerts), errors, traps.duplicates) == (1, [], 1)


def test_a_row_that_gainsays_another_is_refused(opened: Open, theatre: Theatre) -> None:
    start = "Sumska oblast,,,oblast,2023-01-05 10:00:00+00:00"
    alerts, (error,), traps = decoded(
        opened(official(f"{start},2023-01-05 10:30:00+00:00", f"{start},2023-01-05 10:31:00+00:00")), theatre
    )
    assert len(alerts) == 1
    assert (error.path, error.reason) == ("line 3: finished_at", "line 2 has another end for the same alert")
    assert traps.refused == 1


@pytest.mark.parametrize(
    ("row", "path", "reason"),
    [
        (f"Narnia oblast,,,oblast,{GOOD}", "oblast", "'Narnia oblast' is no region of UA"),
        (f"Sumska oblast,Umanskyi raion,,raion,{GOOD}", "raion", "'Umanskyi raion' is no raion of UA-59"),
        (f"Sumska oblast,,,parish,{GOOD}", "level", "'parish' is none of oblast, raion, hromada"),
        (f"Sumska oblast,,,raion,{GOOD}", "raion", "empty in a row of level raion"),
        (f"Sumska oblast,Sumskyi raion,,oblast,{GOOD}", "raion", "filled in a row of level oblast"),
        ("Sumska oblast,,,oblast,2023-01-05 10:00:00+00:00,", "finished_at", "empty"),
        ("Sumska oblast,,,oblast,soon,2023-01-05 10:00:00+00:00", "started_at", "no instant: 'soon'"),
        ("Sumska oblast,,,oblast,2023-01-05 10:00:00,2023-01-05 10:30:00", "started_at", "says no zone"),
        (
            "Sumska oblast,,,oblast,2023-01-05 10:00:00+00:00,2023-01-05 10:00:00+00:00",
            "finished_at",
            "not after started_at",
        ),
        (
            "Sumska oblast,,,oblast,0001-01-01 00:00:00+14:00,2023-01-05 10:00:00+00:00",
            "started_at",
            "no instant: '0001-01-01 00:00:00+14:00'",
        ),
    ],
)
def test_what_cannot_be_taken_says_where_and_why(
    opened: Open, theatre: Theatre, row: str, path: str, reason: str
) -> None:
    alerts, (error,), traps = decoded(opened(official(row)), theatre)
    assert alerts == []
    assert (error.feed, error.path, error.reason) == (OFFICIAL, f"line 2: {path}", reason)
    assert error.sample == f"{row},official\n".encode()
    assert traps.refused == 1


def test_a_volunteers_row_must_say_whether_it_is_naive(opened: Open, theatre: Theatre) -> None:
    _, errors, _ = decoded(
        opened(volunteer(f"Sumska oblast,{GOOD},perhaps", f"Atlantis,{GOOD},True")), theatre
    )
    assert [error.reason for error in errors] == [
        "neither True nor False: 'perhaps'",
        "'Atlantis' is no region of UA",
    ]


def test_the_permanent_alerts_are_two_and_have_no_end(theatre: Theatre) -> None:
    luhansk, crimea = permanent_alerts(theatre)
    assert (luhansk.region, luhansk.valid_from) == ("UA-09", dt.datetime(2022, 4, 4, 16, 45, tzinfo=dt.UTC))
    assert (crimea.region, crimea.valid_from) == ("UA-43", dt.datetime(2022, 12, 10, 22, 22, tzinfo=dt.UTC))
    assert all(alert.permanent and alert.valid_to is None for alert in (luhansk, crimea))


@pytest.mark.parametrize(
    ("header", "feed"),
    [
        (OFFICIAL_HEADER, OFFICIAL),
        (VOLUNTEER_HEADER, VOLUNTEER),
        ("time_start,time_end,model", None),
        ("", None),
    ],
)
def test_a_table_is_known_by_its_header(header: str, feed: str | None) -> None:
    assert feed_of(header.strip().split(",")) == feed


FIELD = st.one_of(
    st.sampled_from(
        [
            "Sumska oblast",
            "Umanskyi raion",
            "Черкаська область",
            "oblast",
            "raion",
            "hromada",
            "",
            '"',
            "True",
            GOOD,
        ]
    ),
    st.text(max_size=20),
)


@given(
    st.sampled_from([OFFICIAL_HEADER, VOLUNTEER_HEADER]),
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.lists(FIELD, min_size=4, max_size=7).map(",".join), max_size=4).map(
            lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
        ),
    ),
)
def test_any_bytes_are_alerts_or_errors(header: str, raw: bytes) -> None:
    alerts, errors, traps = decoded(Table(io.BytesIO(header.encode() + raw)), load_theatre("eastern-flank"))
    assert traps.refused == len(errors)
    assert traps.rows == len(alerts) + len(errors) + traps.duplicates
    for alert in alerts:
        assert event_of(encode(alert)) == alert


@pytest.mark.parametrize(
    ("file", "rows", "below", "overlapping", "invented", "swapped"),
    [
        ("official_data_en_2024-04-23.csv", 43_031, 6_494, 4_401, 29, 1),
        ("official_data_uk_2023-12-19.csv", 33_978, 4_913, 3_315, 27, 1),
        ("volunteer_data_en_2024-10-10.csv", 54_514, 0, 0, 2_395, 0),
    ],
)
def test_the_real_tables_are_taken_in_whole(
    history: Path,
    theatre: Theatre,
    file: str,
    rows: int,
    below: int,
    overlapping: int,
    invented: int,
    swapped: int,
) -> None:
    with (history / "sirens" / file).open("rb") as opened:
        alerts, errors, traps = decoded(Table(opened), theatre)
    assert errors == []
    assert len({alert.id for alert in alerts}) == len(alerts) == traps.rows == rows
    assert (traps.below_oblast, traps.overlapping) == (below, overlapping)
    assert (traps.invented_ends, traps.swapped) == (invented, swapped)


def test_the_real_tables_of_both_alphabets_make_the_same_events(history: Path, theatre: Theatre) -> None:
    ids = []
    for file in ("official_data_en_2024-04-23.csv", "official_data_uk_2023-12-19.csv"):
        with (history / "sirens" / file).open("rb") as opened:
            ids.append({alert.id for alert in decoded(Table(opened), theatre)[0]})
    assert ids[1] < ids[0]
