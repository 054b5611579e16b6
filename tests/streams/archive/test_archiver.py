"""The archiver: what is old becomes segments, what is verified is trimmed, and nothing else is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from redis.asyncio import Redis

from streams.archive.archive import Archive
from streams.archive.archiver import Archiver, keepings
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.archive.shelf import FolderShelf
from streams.errors import FencedError
from streams.names import key
from streams.position import EntryId, Position
from tests.streams.archive.filling import (
    DAY_MS,
    HOUR_MS,
    RETENTION,
    START_MS,
    THEATRE,
    alert,
    all_of,
    health,
    in_store,
    put,
    put_alerts,
    sweep,
)


class House:
    """A store, a shelf, and an archiver whose clock a test sets."""

    def __init__(self, client: Redis, folder: Path) -> None:
        self.client = client
        self.shelf = FolderShelf(folder)
        self.now_ms = START_MS
        self.archiver = Archiver(client, THEATRE, self.shelf, keepings(RETENTION), lambda: self.now_ms)
        self.history = History(self.shelf, THEATRE, client)

    async def look(self, now_ms: int) -> None:
        self.now_ms = now_ms
        await self.archiver.look()

    def segments(self, stream: str = "alerts") -> list[tuple[str, str, int]]:
        return [
            (each.after, each.last, each.rows)
            for each in Archive(self.shelf, THEATRE).catalogue().segments
            if each.stream == stream
        ]


@pytest.fixture
def house(redis_client: Redis, tmp_path: Path) -> House:
    return House(redis_client, tmp_path)


async def test_a_day_is_archived_when_it_is_over_and_trimmed_when_it_is_old(house: House) -> None:
    await put_alerts(house.client, [START_MS + n * HOUR_MS for n in range(60)])
    epoch = await house.history.epoch()
    before = await all_of(house.history, epoch)

    await house.look(START_MS + 60 * HOUR_MS)
    assert [rows for _, _, rows in house.segments()] == [24, 24]
    assert len(await in_store(house.client, "alerts")) == 60

    await house.look(START_MS + DAY_MS + 72 * HOUR_MS)
    assert [rows for _, _, rows in house.segments()] == [24, 24, 12]
    assert (await in_store(house.client, "alerts"))[0] == f"{START_MS + DAY_MS}-0"
    for count in (7, 1_000):
        assert await all_of(house.history, epoch, count) == before


async def test_what_comes_after_a_stretch_was_archived_makes_a_further_segment(house: House) -> None:
    await put_alerts(house.client, [START_MS])
    await house.look(START_MS + DAY_MS)
    # The store's clock was put back: an entry of a day that is archived already.
    await put(house.client, alert(1), START_MS, 1)
    await house.look(START_MS + DAY_MS)

    assert house.segments() == [("0-0", f"{START_MS}-0", 1), (f"{START_MS}-0", f"{START_MS}-1", 1)]
    assert len(await all_of(house.history, await house.history.epoch())) == 2


async def test_a_short_retention_archives_by_the_hour(house: House) -> None:
    house.archiver = Archiver(
        house.client, THEATRE, house.shelf, keepings(dt.timedelta(hours=1)), lambda: house.now_ms
    )
    await put_alerts(house.client, [START_MS + n * HOUR_MS // 4 for n in range(16)])
    await house.look(START_MS + 4 * HOUR_MS)

    assert [rows for _, _, rows in house.segments()] == [12]
    assert len(await in_store(house.client, "alerts")) == 4


async def test_sweeps_and_words_on_feeds_stay_for_less(house: House) -> None:
    for hour in range(5):
        await put(house.client, sweep(hour), START_MS + hour * HOUR_MS)
        await put(house.client, health(hour), START_MS + hour * HOUR_MS)
    epoch = await house.history.epoch()
    before = await all_of(house.history, epoch)

    await house.look(START_MS + 5 * HOUR_MS)
    assert len(house.segments("tracks")) == 1
    assert len(await in_store(house.client, "tracks")) == 5  # a segment goes as a whole
    await house.look(START_MS + 7 * HOUR_MS)
    assert await in_store(house.client, "tracks") == []
    await house.look(START_MS + 2 * DAY_MS)
    assert await in_store(house.client, "health") == []
    assert await all_of(house.history, epoch) == before


async def test_old_sweeps_are_let_go_of_where_that_is_wished(house: House) -> None:
    for hour in range(48):
        await put(house.client, sweep(hour), START_MS + hour * HOUR_MS)
    await house.look(START_MS + 3 * DAY_MS)
    assert len(house.segments("tracks")) == 2
    house.archiver = Archiver(
        house.client,
        THEATRE,
        house.shelf,
        keepings(RETENTION),
        lambda: house.now_ms,
        sweeps_kept=dt.timedelta(days=2),
    )
    await house.client.delete(key(THEATRE, "lease:archive"))
    await house.look(START_MS + 3 * DAY_MS)

    assert [rows for _, _, rows in house.segments("tracks")] == [24]
    assert len(house.shelf.names("segments/")) == 1
    entries, _ = await house.history.read(Position(await house.history.epoch()))
    assert len(entries) == 24


async def test_a_segment_that_rots_before_its_stream_is_trimmed_is_written_again(house: House) -> None:
    await put_alerts(house.client, [START_MS + n for n in range(100)])
    epoch = await house.history.epoch()
    before = await all_of(house.history, epoch)
    await house.look(START_MS + DAY_MS)
    (name,) = house.shelf.names("segments/")
    path = house.shelf.folder / name
    payload = bytearray(path.read_bytes())
    payload[len(payload) // 2] ^= 1
    path.write_bytes(payload)

    await house.look(START_MS + 10 * DAY_MS)
    assert len(await in_store(house.client, "alerts")) == 100
    await house.look(START_MS + 10 * DAY_MS)
    assert await in_store(house.client, "alerts") == []
    assert await all_of(house.history, epoch) == before


async def test_a_segment_that_lacks_an_entry_trims_nothing(house: House) -> None:
    await put_alerts(house.client, [START_MS, START_MS + 2])
    await house.look(START_MS + DAY_MS)
    # As no stream can: an entry in the midst of what was archived.
    rows = await house.client.xrange(key(THEATRE, "alerts"))
    await house.client.delete(key(THEATRE, "alerts"))
    await put(house.client, alert(7), START_MS + 1)
    await house.client.xadd(key(THEATRE, "alerts"), rows[1][1], id=rows[1][0])

    await house.look(START_MS + 10 * DAY_MS)

    assert len(await in_store(house.client, "alerts")) == 2


async def test_what_a_fall_left_on_the_shelf_is_entered(house: House, tmp_path: Path) -> None:
    await put_alerts(house.client, [START_MS + n for n in range(10)])
    await house.look(START_MS + DAY_MS)
    (tmp_path / "catalogue.json").unlink()
    (tmp_path / "segments" / ".unfinished-1").write_bytes(b"half")
    (tmp_path / "segments" / "stray.parquet").write_bytes(b"PAR1")

    await house.archiver.recover()
    await house.look(START_MS + 10 * DAY_MS)

    assert [rows for _, _, rows in house.segments()] == [10]
    assert await in_store(house.client, "alerts") == []
    assert not (tmp_path / "segments" / ".unfinished-1").exists()


async def test_a_catalogue_that_is_garbage_is_made_again(house: House, tmp_path: Path) -> None:
    await put_alerts(house.client, [START_MS + n for n in range(10)])
    await house.look(START_MS + DAY_MS)
    (tmp_path / "catalogue.json").write_text('{"version": 1, "segments": [{}]}')

    with pytest.raises(ArchiveError):
        await house.look(START_MS + 10 * DAY_MS)
    assert len(await in_store(house.client, "alerts")) == 10
    await house.archiver.recover()
    assert [rows for _, _, rows in house.segments()] == [10]


async def test_what_is_trimmed_and_not_in_the_archive_is_said_and_not_passed_over(
    house: House, tmp_path: Path
) -> None:
    await put_alerts(house.client, [START_MS + n for n in range(10)])
    await put(house.client, alert(99), START_MS + 20 * DAY_MS)
    epoch = await house.history.epoch()
    await house.look(START_MS + 10 * DAY_MS)
    (tmp_path / "catalogue.json").unlink()

    with pytest.raises(ArchiveError, match="lacks alerts after 0-0"):
        await house.history.read(Position(epoch))
    entries, _ = await house.history.read(Position(epoch, {"alerts": f"{START_MS + 9}-0"}))
    assert [entry.event.id for entry in entries if entry.event] == ["alert:99"]


async def test_another_life_of_the_store_is_another_row(house: House) -> None:
    await put_alerts(house.client, [START_MS + n for n in range(10)])
    first = await house.history.epoch()
    await house.look(START_MS + 10 * DAY_MS)
    await house.client.flushdb()
    second = await house.history.epoch()
    await put_alerts(house.client, [START_MS + 5 * DAY_MS])
    await house.look(START_MS + 11 * DAY_MS)

    assert len(await all_of(house.history, first)) == 10
    assert len(await all_of(house.history, second)) == 1
    spans = [(span.epoch, span.entries, span.is_live) for span in await house.history.spans()]
    assert spans == [(first, 10, False), (second, 1, True)]


async def test_of_two_archivers_one_works(house: House, tmp_path: Path) -> None:
    await house.look(START_MS)
    other = House(house.client, tmp_path)

    with pytest.raises(FencedError):
        await other.look(START_MS)


async def test_reading_begins_at_any_instant_and_ends_before_another(house: House) -> None:
    await put_alerts(house.client, [START_MS + n * HOUR_MS for n in range(200)])
    epoch = await house.history.epoch()
    await house.look(START_MS + 7 * DAY_MS)
    assert len(await in_store(house.client, "alerts")) == 200 - 96

    for first, last in ((0, 10), (90, 110), (150, 160)):
        begin, end = (
            dt.datetime.fromtimestamp((START_MS + n * HOUR_MS) / 1_000, dt.UTC) for n in (first, last)
        )
        position = Position.parse(str(house.history.place(epoch, begin)))
        ids = [
            entry.event.id
            async for page in house.history.entries(position, until=end)
            for entry in page
            if entry.event
        ]
        assert ids == [f"alert:{n}" for n in range(first, last)]
    newest = await house.history.newest(epoch, "alerts", by=end, count=100)
    assert [EntryId.parse(e.entry_id).ms for e in newest] == [
        START_MS + n * HOUR_MS for n in range(160, 60, -1)
    ]
