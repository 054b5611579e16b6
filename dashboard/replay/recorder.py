"""The recorder: films an epoch from its beginning, and goes on as the streams do.

It reads the streams and the archive; it writes reels on the shelf, and a checkpoint of its own to go on from.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from config.theatre import Theatre
from dashboard.gateway.checkpoint import Checkpoint, load, save
from dashboard.gateway.limits import Limits
from dashboard.gateway.pace import Pace
from dashboard.gateway.tail import Tail
from dashboard.picture import snapshot
from dashboard.picture.picture import Picture
from dashboard.picture.rules import Rules
from dashboard.replay.filming import Camera
from dashboard.replay.reels import Reels
from streams.archive.history import History
from streams.errors import StoreError, StreamError
from streams.position import EntryId, Position
from streams.read import Entry

BITE_S = 0.004
"""For so long entries are applied before others have their turn."""
CHECKPOINT_S = 30.0
"""Between two checkpoints, at least."""

log = structlog.get_logger()


class Recorder:
    """Films the live epoch of the store that `client` reaches.

    file: where the checkpoint is. found: is called with the epoch's reels when they can be looked at, and
    heard with each of its entries.
    """

    def __init__(
        self,
        *,
        client: Redis,
        history: History,
        theatre: Theatre,
        status: Literal["actual", "exercise"],
        rules: Rules,
        edition: str,
        file: Path,
        reels: Callable[[str], Reels],
        found: Callable[[Reels], None],
        heard: Callable[[str, Entry], None],
        limits: Limits,
    ) -> None:
        self._client = client
        self._history = history
        self._theatre = theatre
        self._status = status
        self._rules = rules
        self._edition = edition
        self._file = file
        self._make_reels = reels
        self._found = found
        self._heard = heard
        self._limits = limits
        self._tail = Tail(client, history, limits)
        self._saved_at = 0.0
        self._noted: Checkpoint | None = None

    async def run(self) -> None:
        """For ever. What cannot be read or written now is tried again."""
        wait_s = self._limits.retry_s
        while True:
            try:
                await self._film(await self._history.epoch())
                wait_s = self._limits.retry_s
            except (StreamError, StoreError, RedisError, TimeoutError, OSError) as error:
                log.warning("recording interrupted", reason=str(error) or type(error).__name__)
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, self._limits.retry_most_s)

    async def record(self, epoch: str) -> Reels:
        """What an epoch showed that goes on no more: as it was filmed then; what was not, is filmed now."""
        reels = self._make_reels(epoch)
        await reels.look(any_edition=True)
        after = History.place(epoch, dt.datetime.fromtimestamp(reels.until_ms / 1_000, dt.UTC))
        left, _ = await self._history.read(after, count=1)
        if left:
            ids: dict[str, str] = {}
            camera = await self._after(reels, ids)
            await self._catch_up(reels, camera, ids)
            last_ms = max((EntryId.parse(each).ms for each in ids.values()), default=0)
            reels.film.end(last_ms + 1_000)
            await reels.put_away()
            reels.until_ms = last_ms + 1_000
        reels.is_level = True
        return reels

    async def _after(self, reels: Reels, ids: dict[str, str]) -> Camera:
        """Stand where the reels end, having heard of what was before. ids: of what was read."""
        pace = Pace(Picture(self._theatre, self._status, self._rules))
        until = dt.datetime.fromtimestamp(reels.until_ms / 1_000, dt.UTC)
        async for page in self._history.entries(Position(reels.epoch), until=until):
            for entry in page:
                pace.take(entry)
                ids[entry.stream] = entry.entry_id
        memory = snapshot.decode(snapshot.encode(pace.picture.memory()))
        return Camera(pace, reels.film, Picture.remembering(memory, self._theatre, self._rules))

    async def _film(self, epoch: str) -> None:
        """Film the live epoch, until it is over."""
        reels = self._make_reels(epoch)
        await reels.look()
        checkpoint = await asyncio.to_thread(load, self._file, self._edition, epoch)
        if checkpoint is not None and reels.first_ms and checkpoint.ms <= reels.until_ms:
            await reels.cut_from(checkpoint.ms)
        else:
            checkpoint = None
            await reels.cut_from(0)
        camera = self._camera(reels, checkpoint)
        ids = dict(checkpoint.ids) if checkpoint is not None else {}
        reels.on_over = partial(self._note, camera, epoch, ids)
        self._found(reels)
        began_at = time.monotonic()
        position = await self._catch_up(reels, camera, ids)
        await reels.remove_others()
        log.info("recorded", epoch=epoch, seconds=round(time.monotonic() - began_at, 3))
        async for heard in self._tail.follow(position):
            await self._take(reels, camera, heard.entries, ids)
            if heard.second is not None:
                await self._reach(reels, camera, heard.second)
                camera.dismiss_scout()
                reels.is_level = True
        log.warning("store emptied", theatre=self._theatre.name)

    def _camera(self, reels: Reels, checkpoint: Checkpoint | None) -> Camera:
        if checkpoint is None:
            pictures = [Picture(self._theatre, self._status, self._rules) for _ in range(2)]
            return Camera(Pace(pictures[0]), reels.film, pictures[1])
        memory = snapshot.decode(checkpoint.memory)
        pictures = [Picture.remembering(memory, self._theatre, self._rules) for _ in range(2)]
        return Camera(Pace(pictures[0], checkpoint.second), reels.film, pictures[1])

    async def _catch_up(self, reels: Reels, camera: Camera, ids: dict[str, str]) -> Position:
        position = Position(reels.epoch, dict(ids))
        while True:
            entries, position = await self._history.read(position)
            if not entries:
                return position
            await self._take(reels, camera, entries, ids)
            await self._keep(reels)

    async def _take(self, reels: Reels, camera: Camera, entries: list[Entry], ids: dict[str, str]) -> None:
        turn_at = time.monotonic() + BITE_S
        for entry in entries:
            for _ in camera.go(EntryId.parse(entry.entry_id).ms // 1_000):
                turn_at = await self._give_way(reels, turn_at)
            camera.take(entry)
            self._heard(reels.epoch, entry)
            ids[entry.stream] = entry.entry_id
            turn_at = await self._give_way(reels, turn_at)
        if entries:
            camera.flush()
            reels.filmed_to(EntryId.parse(entries[-1].entry_id).ms)

    async def _reach(self, reels: Reels, camera: Camera, second: int) -> None:
        turn_at = time.monotonic() + BITE_S
        for _ in camera.go(second):
            turn_at = await self._give_way(reels, turn_at)
        camera.flush()
        reels.filmed_to(1_000 * second)
        await self._keep(reels)

    async def _give_way(self, reels: Reels, turn_at: float) -> float:
        """Let others have their turn, when it is time."""
        if time.monotonic() < turn_at:
            return turn_at
        await self._keep(reels)
        await asyncio.sleep(0)
        return time.monotonic() + BITE_S

    async def _keep(self, reels: Reels) -> None:
        await reels.put_away()
        if self._noted is not None:
            noted, self._noted = self._noted, None
            await asyncio.to_thread(save, noted, self._file)

    def _note(self, camera: Camera, epoch: str, ids: dict[str, str], ms: int) -> None:
        """A reel is over: from here filming can go on."""
        second = camera.pace.second
        if second is not None and time.monotonic() - self._saved_at >= CHECKPOINT_S:
            self._saved_at = time.monotonic()
            memory = snapshot.encode(camera.pace.picture.memory())
            self._noted = Checkpoint(self._edition, epoch, dict(ids), second, ms, memory)
