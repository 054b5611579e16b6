"""`watchfloor import`: whole tables into a real store, twice, killed in between, and refused."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis as SyncRedis

from config.settings import settings
from ingest.importing.command import NO_STORE, import_command
from streams.codec import decode
from streams.names import key
from tests.house import ROOT, free_port
from tests.promises import PATIENCE_S, promised

ALERTS = key("eastern-flank", "alerts")
RAIDS = key("eastern-flank", "raids")
OFFICIAL = """\
oblast,raion,hromada,level,started_at,finished_at,source
Kharkivska oblast,,,oblast,2023-01-05 10:00:00+00:00,2023-01-05 11:00:09+00:00,official
Kharkivska oblast,Iziumskyi raion,,raion,2023-01-05 10:30:00+00:00,2023-01-05 11:30:00+00:00,official
Myrhorodskyi raion,Poltavska oblast,,raion,2023-01-05 12:00:00+00:00,2023-01-05 12:40:00+00:00,official
Narnia oblast,,,oblast,2023-01-05 12:00:00+00:00,2023-01-05 12:40:00+00:00,official
"""
VOLUNTEER = """\
region,started_at,finished_at,naive
Kyiv City,2022-03-01 10:00:00+00:00,2022-03-01 10:30:00+00:00,True
"""
ATTACKS = """\
time_start,time_end,model,launched,destroyed,not_reach_goal,source
2025-03-01 20:00,2025-03-02 09:00,Shahed-136/131,100.0,60.0,30.0,kpszsu/posts/one
2025-03-02,2025-03-02,Lancet,3.0,3.0,,PvKPivden/posts/two
2025-10-01 20:00,2025-10-02 09:00,Shahed-136/131,50.0,45.0,0.0,kpszsu/posts/three
2025-10-01 20:00,2025-10-02 09:00,Death Star,1.0,0.0,,kpszsu/posts/three
"""


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SyncRedis]:
    """A store that is empty, and that the settings name."""
    monkeypatch.setenv("REDIS_URL", store_url)
    settings.cache_clear()
    with SyncRedis.from_url(store_url) as client:
        client.flushdb()
        yield client
    settings.cache_clear()


def written(folder: Path, text: str) -> str:
    file = folder / "table.csv"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_alerts_are_taken_in_once_and_the_traps_are_told(
    store: SyncRedis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, OFFICIAL)
    assert import_command(["sirens", file]) == 0
    told = capsys.readouterr().out
    assert "official, English names, 2023-01-05 10:00 to 2023-01-05 12:40 UTC" in told
    assert "4 rows: 3 events published, 0 there before, 0 rows twice in the table, 1 refused" in told
    assert "1 end is the start + 1 h exactly" in told
    assert "2 alerts are of a raion or hromada; 1 of them overlap their oblast's own" in told
    assert "1 row had oblast and raion swapped" in told
    assert "permanent alerts, which no table has: 2 added, 0 there before (UA-09 since 2022-04-04" in told
    assert store.xlen(ALERTS) == 5
    assert store.xlen(key("eastern-flank", "quarantine")) == 1

    assert import_command(["sirens", file]) == 0
    told = capsys.readouterr().out
    assert "0 events published, 3 there before" in told
    assert "0 added, 2 there before" in told
    assert store.xlen(ALERTS) == 5


def test_the_volunteers_table_is_told_apart(
    store: SyncRedis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_command(["sirens", written(tmp_path, VOLUNTEER)]) == 0
    told = capsys.readouterr().out
    assert "table: volunteers', English names" in told
    assert "1 end is invented (naive, start + 30 min)" in told


def test_attacks_are_taken_in_once_and_the_traps_are_told(
    store: SyncRedis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, ATTACKS)
    assert import_command(["attacks", file]) == 0
    told = capsys.readouterr().out
    assert "4 rows make 3 reports: 3 events published, 0 there before" in told
    assert "regional commands made 1 report of 1 row: not added to the 2 national ones" in told
    assert 'the meaning of "lost" changed in autumn 2025' in told
    assert "cannot be compared" in told
    assert "1 row starts on a date without a time" in told
    assert "Death Star (1)" in told
    assert import_command(["attacks", file]) == 0
    assert "0 events published, 3 there before" in capsys.readouterr().out
    assert store.xlen(RAIDS) == 3


@pytest.mark.parametrize(
    ("what", "text"), [("sirens", ATTACKS), ("attacks", OFFICIAL), ("sirens", ""), ("attacks", "\0\0\0")]
)
def test_a_file_that_is_no_such_table_is_refused(
    store: SyncRedis, tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, text: str
) -> None:
    assert import_command([what, written(tmp_path, text)]) == 2
    assert f"not that of a table of {what}" in capsys.readouterr().err
    assert store.dbsize() == 0


@pytest.mark.parametrize("arguments", [[], ["sirens"], ["trains", "x"], ["sirens", "nowhere.csv"]])
def test_arguments_that_name_nothing_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert import_command(arguments) == 2
    assert "watchfloor import" in capsys.readouterr().err


def test_a_store_that_is_away_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    settings.cache_clear()
    assert import_command(["sirens", written(tmp_path, OFFICIAL)]) == NO_STORE
    settings.cache_clear()
    assert "run it again, nothing is published twice" in capsys.readouterr().err


def test_an_import_that_was_killed_is_run_again_and_each_event_is_there_once(
    store: SyncRedis, tmp_path: Path
) -> None:
    minutes = (dt.datetime(2023, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=n) for n in range(20_000))
    lines = [f"Sumska oblast,,,oblast,{at},{at + dt.timedelta(seconds=50)},official\n" for at in minutes]
    lines.insert(0, OFFICIAL[: OFFICIAL.index("\n") + 1])
    code = (
        "import sys; from ingest.importing.command import import_command as run; sys.exit(run(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "sirens"]
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for given in (1_500, 12_000):
        # Through a pipe that stays open the import is in the midst of its table when it is killed.
        with (
            subprocess.Popen([*command, str(pipe)], cwd=ROOT, stdout=subprocess.DEVNULL) as process,
            pipe.open("w") as table,
        ):
            table.writelines(lines[:given])
            table.flush()
            deadline = time.monotonic() + PATIENCE_S
            while store.xlen(ALERTS) < given - 1_000:
                assert time.monotonic() < deadline
                time.sleep(0.001)
            process.kill()
            assert process.wait() == -signal.SIGKILL
    assert store.xlen(ALERTS) < len(lines)

    whole = written(tmp_path, "".join(lines))
    assert subprocess.run([*command, whole], cwd=ROOT, check=False, capture_output=True).returncode == 0
    ids = Counter(decode(fields[b"event"]).id for _, fields in store.xrange(ALERTS))
    assert len(ids) == 20_000 + 2
    assert set(ids.values()) == {1}


def test_the_real_alerts_are_taken_in_within_half_a_minute(
    store: SyncRedis, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with promised(30):
        assert import_command(["sirens", str(history / "sirens" / "official_data_en_2024-04-23.csv")]) == 0
    told = capsys.readouterr().out
    assert "43,031 rows: 43,031 events published" in told
    assert "6,494 alerts are of a raion or hromada; 4,401 of them overlap" in told
    assert store.xlen(ALERTS) == 43_033
    assert import_command(["sirens", str(history / "sirens" / "official_data_uk_2023-12-19.csv")]) == 0
    assert "33,978 rows: 0 events published, 33,978 there before" in capsys.readouterr().out
