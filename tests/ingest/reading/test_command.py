from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.reading.command import parse_published, read_command

TEXT = "У ніч на 9 червня ворог атакував 479 дронами, збито 277."


class _Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_a_file_is_read_and_printed_as_json(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "report.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert read_command([str(file), "--published", "2025-06-09"]) == 0
    printed = capfdbinary.readouterr().out.decode("utf-8")
    (reading,) = json.loads(printed)["readings"]
    assert reading["kind"] == "raid_report"
    assert reading["facts"]["launched"] == {"uav": 479}
    assert reading["facts"]["night_of"] == "2025-06-09"
    assert reading["spans"]["launched.uav"] == [[TEXT.index("479"), TEXT.index("479") + 3]]
    assert set(reading) == {"kind", "facts", "spans", "lang", "confidence", "reasons", "quoted"}


def test_standard_input_and_the_environment(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(TEXT.encode()))
    monkeypatch.setenv("WATCHFLOOR_PUBLISHED", "2026-06-09T06:00:00+03:00")
    assert read_command(["-"]) == 0
    (reading,) = json.loads(capfdbinary.readouterr().out)["readings"]
    assert reading["facts"]["night_of"] == "2026-06-09"


def test_bytes_that_are_no_text_are_read_as_nothing(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(bytes(range(256)) * 20))
    assert read_command(["--published", ""]) == 0
    assert json.loads(capfdbinary.readouterr().out) == {"readings": []}


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["no-such-file.txt"], "no-such-file.txt: No such file"),
        (["-", "--published", "last Monday"], "'last Monday' is not a date"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, argv: list[str], said: str
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(b""))
    assert read_command(argv) == 2
    printed = capfd.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        ("2024-04", None),
        ("2025-06-09", datetime(2025, 6, 9, 12, tzinfo=UTC)),
        ("2025-06-09 06:03", datetime(2025, 6, 9, 6, 3, tzinfo=UTC)),
        ("2025-06-09T06:03:36+00:00", datetime(2025, 6, 9, 6, 3, 36, tzinfo=UTC)),
    ],
)
def test_what_a_publication_date_can_be(value: str, expected: datetime | None) -> None:
    assert parse_published(value) == expected


def test_the_corpus_kind_of_a_channels_post(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input("Відбій тривоги на Полтавщині".encode()))
    assert read_command([]) == 0
    (reading,) = json.loads(capfdbinary.readouterr().out)["readings"]
    assert (reading["kind"], reading["facts"]["event"]) == ("regional_threat", "alert")
