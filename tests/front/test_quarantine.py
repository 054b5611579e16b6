"""The command that shows what could not be taken, and takes it again."""

import asyncio
import base64
import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis
from structlog.testing import capture_logs

from config.errors import ConfigError
from config.settings import settings
from front.quarantine import plain, quarantine_command, retry
from ingest.errors import DecodeError
from ingest.taking import Outcome
from streams.names import REVIEW, key
from streams.publish import Published
from streams.quarantine import Quarantine
from streams.store import connect

THEATRE = "eastern-flank"
HOSTILE = "\x1b]0;owned\x07\x1b[2J \u202egnp.exe \x9b31m\r\x7f"


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty store that the settings name."""
    with SyncRedis.from_url(store_url) as client:
        client.flushdb()
    monkeypatch.setenv("REDIS_URL", store_url)
    monkeypatch.setenv("WATCHFLOOR_EXERCISE", "off")
    settings.cache_clear()
    yield store_url
    settings.cache_clear()


def keep(store: str, *refusals: tuple[str, str, str, bytes], stream: str = "quarantine") -> None:
    async def run() -> None:
        client = connect(store)
        for feed, path, reason, payload in refusals:
            await Quarantine(client, THEATRE).keep(feed, path, reason, payload, stream=stream)
        await client.aclose()

    asyncio.run(run())


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert quarantine_command(["list", "--json", *arguments]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def ids(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    entries = listed(capsys, *arguments)["entries"]
    assert isinstance(entries, list)
    return [entry["entry_id"] for entry in entries]


def test_the_list_is_a_line_each_newest_first_with_a_count(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(
        store,
        *[("cap", "$.sent", "is no date", b"<alert/>")] * 3,
        ("rso", "$.area", "is missing", b"<item/>"),
    )

    assert quarantine_command(["list"]) == 0

    heading, newest, oldest, end = capsys.readouterr().out.splitlines()
    assert heading.split() == ["ID", "LAST", "TIMES", "FEED", "BYTES", "PATH", "REASON"]
    assert newest.split()[3:] == ["1", "rso", "7", "$.area", "is", "missing"]
    assert oldest.split()[3:] == ["3", "cap", "8", "$.sent", "is", "no", "date"]
    assert end == "2 kept"


def test_the_list_is_paged_and_can_be_of_one_feed(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(store, *((("odd", "even")[n % 2], "$", "no", b"%d" % n) for n in range(5)))

    first = listed(capsys, "--count", "3")
    assert first["kept"] == 5
    everything = ids(capsys)
    assert ids(capsys, "--count", "3", "--before", str(first["more_before"])) == everything[3:]
    assert ids(capsys, "--feed", "even") == [everything[1], everything[3]]
    assert quarantine_command(["list", "--count", "3"]) == 0
    assert capsys.readouterr().out.endswith(f"5 kept; more with --before {everything[2]}\n")


def test_nothing_that_a_source_wrote_reaches_the_terminal_as_it_is(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(store, (HOSTILE, HOSTILE, HOSTILE, HOSTILE.encode() + b"\xff\nnext line"))
    (entry_id,) = ids(capsys)

    for arguments in (["list"], ["list", "--json"], ["show", entry_id], ["show", entry_id, "--json"]):
        assert quarantine_command(arguments) == 0
        shown = capsys.readouterr().out
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert "owned" in shown or "--json" in arguments
    assert plain(HOSTILE) == r"\x1b]0;owned\x07\x1b[2J \u202egnp.exe \x9b31m\r\x7f"


def test_one_is_shown_whole(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    payload = b"<alert>\n" + "Повітряна тривога\n".encode() * 5_000 + b"\xff</alert>"
    keep(store, ("cap", "$.sent", "is no date", payload))
    (entry_id,) = ids(capsys)

    assert quarantine_command(["show", entry_id]) == 0
    shown = capsys.readouterr().out
    assert "reason  is no date\n" in shown
    assert shown.count("Повітряна тривога\n") == 5_000
    assert shown.endswith("\\xff</alert>\n")
    assert quarantine_command(["show", entry_id, "--json"]) == 0
    assert base64.b64decode(json.loads(capsys.readouterr().out)["payload_base64"]) == payload
    environment = {**os.environ, "REDIS_URL": store}
    program = "import sys; from front.quarantine import quarantine_command as run; run(sys.argv[1:])"
    run = subprocess.run(
        [sys.executable, "-c", program, "show", entry_id, "--raw"],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert run.stdout == payload


def test_what_is_not_there_is_said_so(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert quarantine_command(["show", "1-1"]) == 1
    assert quarantine_command(["retry", "1-1"]) == 1
    assert quarantine_command(["drop", "1-1"]) == 1
    assert quarantine_command(["list"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 kept"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["retry"],
        ["retry", "--all", "--feed", "f"],
        ["show", "nonsense"],
        ["show", "1-"],
        ["list", "--count", "0"],
        ["list", "--count", "1001"],
        ["list", "--before", "x"],
    ],
)
def test_wrong_usage_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert quarantine_command(arguments) == 2
    assert "usage: watchfloor quarantine" in capsys.readouterr().err


def test_a_store_out_of_reach_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    assert quarantine_command(["list"]) == 1
    assert capsys.readouterr().err.startswith("watchfloor quarantine: the store is out of reach: ")
    settings.cache_clear()


def test_the_review_is_listed_shown_and_dropped_apart(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    keep(store, ("text", "doc: raid_report", "two totals", b"a text"), stream=REVIEW)
    assert ids(capsys) == []
    (entry_id,) = ids(capsys, "--review")

    assert quarantine_command(["show", entry_id]) == 1
    assert quarantine_command(["show", entry_id, "--review"]) == 0
    assert quarantine_command(["drop", entry_id, "--review"]) == 0
    capsys.readouterr()
    assert ids(capsys, "--review") == []


def test_what_can_be_decoded_by_now_is_taken_and_gone_and_the_rest_stays(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good = "Уночі противник атакував 479 БпЛА типу Shahed. Станом на 09:00 збито 277 безпілотників.".encode()
    keep(
        store,
        ("text", "a.txt", "was refused before the fix", good),
        ("text", "b.txt", "is not UTF-8", b"\xff\xfe\xfa"),
        ("long-gone", "$", "no", b"x"),
    )
    gone, still_bad, taken = ids(capsys)

    with capture_logs():
        assert quarantine_command(["retry", "--all"]) == 1

    first, second, third, total = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{taken}  taken  ")
    assert second.startswith(f"{still_bad}  STAYS  ")
    assert third.startswith(f"{gone}  STAYS  ")
    assert "long-gone" in third
    assert total == "1 of 3 taken"
    assert set(ids(capsys)) >= {gone, still_bad}
    assert taken not in ids(capsys)
    with SyncRedis.from_url(store) as client:
        assert client.xlen(key(THEATRE, "raids")) == 1
    assert quarantine_command(["retry", taken]) == 1


async def test_each_is_taken_as_of_when_it_came_and_gone_only_once_taken(redis_client: Redis) -> None:
    quarantine = Quarantine(redis_client, THEATRE)
    for payload in (b"good", b"half", b"bad", b"orphan"):
        await quarantine.keep("f", "$", "no", payload)
    kept = [one async for one in quarantine.each()][::-1]
    asked: list[tuple[str, bytes, dt.datetime]] = []

    async def take(feed: str, payload: bytes, received_at: dt.datetime) -> Outcome:
        asked.append((feed, payload, received_at))
        assert await quarantine.count() == {b"good": 4}.get(payload, 3)
        refused = [DecodeError("f", "$.x", "still wrong")]
        published = [Published("a", 1, "published", "1-1"), Published("b", 1, "duplicate", "1-2")]
        match payload:
            case b"good":
                return Outcome(published)
            case b"half":
                return Outcome(published, refused)
            case b"bad":
                return Outcome(refused=refused, is_garbage=True)
        raise ConfigError("there is no feed 'f' any more")

    results = await retry(quarantine, [*(one.entry_id for one in kept), "1-1"], take)

    assert [(one.is_taken, one.said) for one in results] == [
        (True, "1 published, 1 known"),
        (False, "1 published, 1 known; 1 refused again: $.x: still wrong"),
        (False, "0 published, 0 known; 1 refused again: $.x: still wrong"),
        (False, "there is no feed 'f' any more"),
        (False, "is not there"),
    ]
    assert [received_at for _, _, received_at in asked] == [one.received_at for one in kept]
    assert [one.entry_id async for one in quarantine.each()] == [one.entry_id for one in kept[:0:-1]]
