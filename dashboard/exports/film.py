"""What was shown in a stretch of time: keyframes and changes, from the recordings where there are."""

from __future__ import annotations

import asyncio
import datetime as dt
from bisect import bisect_right
from typing import Any

from redis.asyncio import Redis

from config.theatre import Theatre
from dashboard.exports.asked import Asked, Here
from dashboard.exports.stretch import Progress
from dashboard.gateway.checkpoint import checkpoint_file, load
from dashboard.gateway.limits import Limits
from dashboard.gateway.pace import Pace
from dashboard.picture import snapshot
from dashboard.picture.picture import Picture
from dashboard.picture.rules import Rules, load_rules
from dashboard.replay import now
from dashboard.replay.edition import edition_of
from dashboard.replay.filming import Camera, Film
from dashboard.replay.recorder import Recorder
from dashboard.replay.reel import Block, Reel, ReelError
from dashboard.replay.reels import Reels, Shared
from streams.archive.errors import ArchiveError
from streams.archive.history import History
from streams.position import EntryId, Position
from streams.store import connect


class Filmed:
    """The stretch from `start_ms` up to `end_ms`, which is not in it any more. blocks: in order."""

    def __init__(self, blocks: list[Block], start_ms: int, end_ms: int) -> None:
        self.blocks = blocks
        self.start_ms = start_ms
        self.end_ms = end_ms

    def tree(self, at: dt.datetime) -> dict[str, Any]:
        """What was shown at an instant; of what lies outside, at the first or the last."""
        ms = min(max(round(1_000 * at.timestamp()), self.start_ms), self.end_ms - 1)
        number = bisect_right(self.blocks, ms, key=lambda block: block.start_ms) - 1
        block = self.blocks[max(0, number)]
        return block.tree(block.count_at(ms))

    def instant(self, share: float) -> dt.datetime:
        """So far along it: 0 for its begin, 1 for its end."""
        ms = self.start_ms + (self.end_ms - 1 - self.start_ms) * share
        return dt.datetime.fromtimestamp(ms / 1_000, dt.UTC)

    @property
    def last(self) -> dict[str, Any]:
        """What was shown at the end."""
        return self.tree(self.instant(1))

    @property
    def closing(self) -> dict[str, Any]:
        """What sums it up: the end; where another night had begun by then, the end of the one before."""
        tree = self.last
        if tree["status"] == "actual" and tree.get("night") is not None:
            begun = dt.datetime.fromisoformat(tree["night"]["start"])
            if begun > self.instant(0.5):
                return self.tree(begun - dt.timedelta(milliseconds=1))
        return tree


async def film(asked: Asked, here: Here, theatre: Theatre, progress: Progress) -> Filmed:
    """Film a stretch, as known then or as known now; nothing that comes after now is in it.

    Raises StoreError or ArchiveError when what it needs cannot be reached.
    """
    start_ms = int(1_000 * asked.from_.timestamp())
    end_ms = min(int(1_000 * asked.to.timestamp()), int(1_000 * dt.datetime.now(dt.UTC).timestamp()) + 1_000)
    end_ms = max(end_ms, start_ms + 1_000)
    client = connect(here.store_url)
    try:
        history = History(here.shelf, here.theatre, client)
        live = await history.epoch()
        epoch = asked.epoch or live
        if asked.known == "now":
            whole = now.Asked(
                shelf=here.shelf,
                store_url=here.store_url,
                theatre=here.theatre,
                status=here.status,
                epoch=epoch,
                start_ms=start_ms,
                end_ms=end_ms,
            )
            reel = Reel(await asyncio.to_thread(now.work, whole), "now")
            progress(1.0)
            return Filmed([reel.block(i) for i in range(len(reel.head.blocks))], start_ms, end_ms)
        if epoch != live:
            reels = await _carried(client, history, here, theatre, epoch)
            blocks, _ = await _taken(reels, (start_ms, end_ms), reels.until_ms, progress)
            if not blocks:
                raise ArchiveError(f"nothing is known of an epoch {epoch}")
            return Filmed(blocks, start_ms, end_ms)
        try:
            blocks = await _then(history, epoch, here, theatre, (start_ms, end_ms), progress)
        except (ArchiveError, ReelError):
            # The recorder may have cut a reel meanwhile; what it is made of is still there.
            blocks = await _from(
                history,
                theatre,
                Picture(theatre, here.status),
                None,
                Position(epoch),
                (start_ms, end_ms),
                progress,
            )
        return Filmed(blocks, start_ms, end_ms)
    finally:
        await client.aclose()


async def _carried(client: Redis, history: History, here: Here, theatre: Theatre, epoch: str) -> Reels:
    """What goes on no more, as the replay shows it."""
    edition = edition_of(theatre)
    recorder = Recorder(
        client=client,
        history=history,
        theatre=theatre,
        status=here.status,
        rules=load_rules(theatre.path),
        edition=edition,
        file=checkpoint_file(here.var, here.theatre, here.status),
        reels=lambda epoch: Reels(here.shelf, epoch, here.status, edition, Shared()),
        found=lambda _: None,
        heard=lambda *_: None,
        limits=Limits(),
    )
    return await recorder.record(epoch)


async def _taken(
    reels: Reels, stretch: tuple[int, int], until_ms: int, progress: Progress
) -> tuple[list[Block], int]:
    """What was filmed of a stretch, up to an instant, and how far that goes; of nothing, the nearest."""
    blocks: list[Block] = []
    start_ms, end_ms = stretch
    ms = start_ms
    while ms < min(end_ms, until_ms) or not blocks:
        block = await reels.block_at(ms)
        if block is None:
            break
        blocks.append(block)
        ms = max(block.end_ms, ms + 1)
        progress(min(0.9, 0.9 * (ms - start_ms) / (end_ms - start_ms)))
    return blocks, ms


async def _then(
    history: History,
    epoch: str,
    here: Here,
    theatre: Theatre,
    stretch: tuple[int, int],
    progress: Progress,
) -> list[Block]:
    """By the recorder's reels as far as they go, and filmed from its checkpoint, or from the beginning."""
    start_ms, end_ms = stretch
    edition = edition_of(theatre)
    reels = Reels(here.shelf, epoch, here.status, edition, Shared())
    await reels.look()
    file = checkpoint_file(here.var, here.theatre, here.status)
    checkpoint = await asyncio.to_thread(load, file, edition, epoch)
    if not reels.first_ms or start_ms < reels.first_ms:
        checkpoint_ms = 0
    else:
        checkpoint_ms = checkpoint.ms if checkpoint is not None and checkpoint.ms <= reels.until_ms else 0
    known_ms = (
        reels.until_ms if end_ms <= reels.until_ms and start_ms >= reels.first_ms > 0 else checkpoint_ms
    )
    blocks: list[Block] = []
    ms = start_ms
    if ms < known_ms:
        blocks, ms = await _taken(reels, stretch, known_ms, progress)
    if ms >= end_ms:
        return blocks
    rules = load_rules(theatre.path)
    if checkpoint is None or not checkpoint_ms:
        picture, second, position = Picture(theatre, here.status, rules), None, Position(epoch)
    else:
        memory = snapshot.decode(checkpoint.memory)
        picture = Picture.remembering(memory, theatre, rules)
        second, position = checkpoint.second, Position(epoch, dict(checkpoint.ids))
    return blocks + await _from(history, theatre, picture, second, position, (ms, end_ms), progress)


async def _from(
    history: History,
    theatre: Theatre,
    picture: Picture,
    second: int | None,
    position: Position,
    stretch: tuple[int, int],
    progress: Progress,
) -> list[Block]:
    """Lead a picture from a position to the stretch, and film it there."""
    start_ms, end_ms = stretch
    until = dt.datetime.fromtimestamp(end_ms / 1_000, dt.UTC)
    made: list[Block] = []
    filmed = Film(lambda blocks, _: made.extend(blocks))
    pace = Pace(picture, second)
    camera: Camera | None = None
    rules = load_rules(theatre.path)
    async for page in history.entries(position, until=until):
        for entry in page:
            entry_ms = EntryId.parse(entry.entry_id).ms
            if camera is None and entry_ms < start_ms:
                if pace.second is None:
                    pace.second = entry_ms // 1_000 - 1
                pace.take(entry)
                continue
            if camera is None:
                camera = _camera(pace, filmed, start_ms, theatre, rules)
            camera.take(entry)
        if camera is not None:
            progress(0.9 * (EntryId.parse(page[-1].entry_id).ms - start_ms) / (end_ms - start_ms))
    camera = camera or _camera(pace, filmed, start_ms, theatre, rules)
    camera.reach(end_ms // 1_000)
    camera.flush()
    filmed.end(end_ms)
    return made


def _camera(pace: Pace, film: Film, start_ms: int, theatre: Theatre, rules: Rules) -> Camera:
    """Stand before the stretch: the first keyframe is of its first instant."""
    before_s = start_ms // 1_000 - 1
    if pace.second is None:
        pace.second = before_s
    pace.reach(before_s)
    film.ready(start_ms, pace.picture.view)
    return Camera(pace, film, Picture.remembering(pace.picture.memory(), theatre, rules))
