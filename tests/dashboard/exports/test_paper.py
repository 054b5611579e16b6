"""The night report, and a briefing as PDF and slides: what they say, and that hostile words stay words."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from pathlib import Path

import pytest
from pptx import Presentation

from config.settings import Settings
from dashboard.exports import command
from dashboard.exports.asked import Chapter, Here, page_beside
from dashboard.exports.blind import blindness
from dashboard.exports.making import make
from dashboard.exports.nightly import Nightly
from streams.events import FeedHealth
from tests.dashboard.exports.conftest import EVENING, HOSTILE, MORNING, asked, at
from tests.promises import PATIENCE_S


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


async def test_the_report_is_a_page_that_says_what_is_known_and_what_is_not(
    here: Here, tmp_path: Path
) -> None:
    pdf = tmp_path / "r.pdf"
    await make(asked("report", form="both"), here, pdf, lambda _: None)

    text = page_beside(pdf).read_text()
    plain = re.sub(r"<[^>]+>", " ", text)
    assert "REPLAY" in plain
    assert f"as known by {MORNING:%d} MAR 2026 03:00Z" in plain
    assert "UAV launched from 472 to 479" in plain
    assert "r1 Typo (olena)" in plain
    assert "over 100" in plain
    assert "dorsz: 21:00:30–22:00:30Z" in plain
    assert "Polish jets" in plain
    assert "signed in" not in plain
    assert "<script" not in text
    assert "<img src=x" not in text
    assert pages_of(pdf.read_bytes()) == 1


async def test_a_briefing_has_a_page_and_a_slide_for_each_chapter(here: Here, tmp_path: Path) -> None:
    chapters = (Chapter(at=at(96), title="Jets", note=HOSTILE), Chapter(at=at(430), title=HOSTILE))
    slides, pdf = tmp_path / "b.pptx", tmp_path / "b.pdf"
    await make(asked("pptx", chapters=chapters, lang="uk"), here, slides, lambda _: None)
    await make(asked("pdf", chapters=chapters[1:]), here, pdf, lambda _: None)

    deck = Presentation(str(slides))
    told = [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert len(told) == 3
    assert "479" in told[0]
    assert "Jets" in told[1]
    assert HOSTILE in told[1]
    assert "479" not in told[1]
    assert HOSTILE in told[2]
    banner = told[0].split("\n")[0]
    assert all(text.startswith(banner) for text in told)
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
    assert pages_of(pdf.read_bytes()) == 2


async def test_the_report_is_made_once_when_the_night_is_over_or_at_the_next_start(
    options: Settings, tmp_path: Path
) -> None:
    """Nights end at 18:00 by Kyiv's clock, which on 4 March is 16:00 UTC."""
    ends_at = dt.datetime(2026, 3, 4, 16, tzinfo=dt.UTC)
    folder = tmp_path / "reports"

    assert await Nightly(options).look(ends_at + dt.timedelta(seconds=29)) == ()
    # The process was down at the hour, and the night after: what it looks at first is what it missed.
    down_until = ends_at + dt.timedelta(days=1, hours=5)
    task = asyncio.create_task(Nightly(options, lambda: down_until).run())
    async with asyncio.timeout(PATIENCE_S):
        while not (folder / "2026-03-04.pdf").is_file():
            await asyncio.sleep(0.05)
    task.cancel()

    assert sorted(path.name for path in folder.iterdir()) == ["2026-03-04.html", "2026-03-04.pdf"]
    told = re.sub(r"<[^>]+>", " ", (folder / "2026-03-04.html").read_text())
    assert "UAV launched from 472 to 479" in told
    assert "4 March 2026" in told
    assert await Nightly(options).look(down_until) == ()
    assert await Nightly(options).look(ends_at + dt.timedelta(days=9)) == ()


def test_a_feed_is_blind_while_it_is_dead_and_unknown_while_nobody_looks() -> None:
    def look(minute: float, state: str) -> FeedHealth:
        return FeedHealth(
            id="h",
            status="system",
            feed="w",
            subject="f",
            state=state,  # type: ignore[arg-type]
            checked_at=at(minute),
            every_s=60,
        )

    found = blindness("f", [look(0, "fresh"), look(1, "dead"), look(2, "dead"), look(3, "quiet")], at(10))

    assert found.dead == ((at(1), at(3)),)
    assert found.unwatched == ((at(6), at(10)),)


async def test_the_command_makes_the_same(
    options: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "settings", lambda: options)
    file = tmp_path / "out.csv"
    stretch = ["--from", EVENING.isoformat(), "--to", MORNING.isoformat()]

    done = await asyncio.to_thread(command.export_command, ["csv", *stretch, "-o", str(file)])
    refused = await asyncio.to_thread(command.export_command, ["csv", "--from", "soon"])

    said = capsys.readouterr()
    assert (done, refused) == (0, 2)
    assert f"{file}: " in said.out
    assert "--from" in said.err
    assert [path.name for path in tmp_path.iterdir() if "unfinished" in path.name] == []
