"""`watchfloor archive`: what it does and prints, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis as SyncRedis

from config.settings import settings
from front import doctor
from front.archive import NO_STORE, archive_command
from streams.events import AirRaidAlert
from streams.names import key
from streams.publish import Published, Publisher
from streams.store import connect
from tests.house import free_port
from tests.streams.archive.filling import DAY_MS, THEATRE, put_alerts

NOVEMBER_MS = 1_762_000_000_000
"""2025-11-01 12:26:40Z."""
NOW = AirRaidAlert(id="now", status="actual", feed="f", region="UA-46")
ALERTS = key(THEATRE, "alerts")


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SyncRedis]:
    """Two days of alerts of long ago, one an hour, and one of now; the settings name it."""
    monkeypatch.setenv("REDIS_URL", store_url)
    monkeypatch.setenv("WATCHFLOOR_VAR", str(tmp_path / "home"))
    settings.cache_clear()
    with SyncRedis.from_url(store_url) as client:
        client.flushdb()
        asyncio.run(_fill(store_url))
        yield client
    settings.cache_clear()


async def _fill(url: str) -> None:
    client = connect(url)
    await put_alerts(client, range(NOVEMBER_MS, NOVEMBER_MS + 2 * DAY_MS, DAY_MS // 24))
    await client.aclose()
    await _publish(url)


async def _publish(url: str) -> list[Published]:
    client = connect(url)
    try:
        return await Publisher(client, THEATRE).publish([NOW])
    finally:
        await client.aclose()


def test_archived_listed_verified_carried_and_taken_in(
    store: SyncRedis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive_command(["run", "--once"]) == 0
    assert store.xlen(ALERTS) == 1
    assert store.get(key(THEATRE, "lease:archive")) is None
    capsys.readouterr()

    assert archive_command(["list"]) == 0
    listed = capsys.readouterr().out
    assert "2025-11-01  alerts              12 entries" in listed
    assert "3 segments, 48 entries" in listed
    assert "alerts is trimmed up to 2025-11-03 11:26:40Z" in listed
    assert archive_command(["verify"]) == 0
    assert capsys.readouterr().out == "3 looked at, 0 wrong\n"

    night = tmp_path / "night.wfn"
    assert archive_command(["export", "2025-11-02", str(night)]) == 0
    assert "2025-11-01 16:00Z to 2025-11-02 16:00Z: 24 entries" in capsys.readouterr().out
    monkeypatch.setenv("WATCHFLOOR_VAR", str(tmp_path / "elsewhere"))
    settings.cache_clear()
    assert archive_command(["import", "--check", str(night)]) == 0
    assert not (tmp_path / "elsewhere").exists()
    store.flushdb()
    assert archive_command(["import", str(night)]) == 0
    assert "new here: 24 entries" in capsys.readouterr().out
    assert archive_command(["import", str(night)]) == 0
    assert "new here: 0 entries" in capsys.readouterr().out


def test_what_was_trimmed_is_not_published_again(store: SyncRedis, store_url: str) -> None:
    rows = store.xrange(ALERTS)
    assert archive_command(["run", "--once"]) == 0
    store.xtrim(ALERTS, maxlen=0, approximate=False)

    (published,) = asyncio.run(_publish(store_url))

    assert published.outcome == "duplicate"
    assert published.entry_id == rows[-1][0].decode()


def test_what_is_wrong_is_named(store: SyncRedis, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive_command(["run", "--once"])
    first, second, _ = sorted((tmp_path / "home").rglob("alerts-*.parquet"))
    first.write_bytes(second.read_bytes())
    second.unlink()
    capsys.readouterr()

    assert archive_command(["verify"]) == 1
    said = capsys.readouterr().out
    assert "its bytes were changed" in said
    assert "cannot reach segments/2025-11-02/alerts-" in said
    assert "3 looked at, 2 wrong" in said


def test_two_do_not_archive_at_once(store: SyncRedis, capsys: pytest.CaptureFixture[str]) -> None:
    store.set(key(THEATRE, "lease:archive"), "another#1")

    assert archive_command(["run", "--once"]) == 1
    assert "another archives" in capsys.readouterr().err
    assert store.xlen(ALERTS) == 49


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 2),
        (["export"], 2),
        (["export", "yesterday", "x"], 1),
        (["export", "2025-11-02T18:00/2025-11-03T06:00", "x"], 1),
        (["export", "2031-11-02", "x"], 1),
        (["import", "none.wfn"], 1),
        (["import", "--check", "none.wfn"], 1),
    ],
)
def test_what_cannot_be_done_is_refused(store: SyncRedis, arguments: list[str], status: int) -> None:
    assert archive_command(arguments) == status


async def _examined(url: str) -> list[tuple[bool, str]]:
    client = connect(url)
    found = [finding async for finding in doctor._archive(settings(), client)]
    await client.aclose()
    return found


def test_the_doctor_looks_whether_it_is_kept_up(store: SyncRedis, store_url: str, tmp_path: Path) -> None:
    (_, is_behind) = asyncio.run(_examined(store_url))
    assert is_behind == (
        False,
        "archive: the streams go back to 2025-11-01: start `watchfloor archive run`",
    )
    archive_command(["run", "--once"])
    ((is_well, said),) = asyncio.run(_examined(store_url))
    assert is_well
    assert said.startswith(f"archive at {tmp_path / 'home' / 'archive'}: 3 segments")
    (tmp_path / "home" / "archive" / THEATRE / "catalogue.json").write_text("?")
    ((is_well, said),) = asyncio.run(_examined(store_url))
    assert not is_well
    assert "not a catalogue" in said


def test_without_a_store_the_archive_can_be_looked_at(
    store: SyncRedis, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_command(["run", "--once"])
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{free_port()}/0")
    settings.cache_clear()

    assert archive_command(["list"]) == 0
    assert archive_command(["verify"]) == 0
    assert archive_command(["run", "--once"]) == NO_STORE
    assert "this is the archive alone" in capsys.readouterr().err
