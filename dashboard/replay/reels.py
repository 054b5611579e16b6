"""The reels of one epoch: which there are, the block that an instant is in, and where the next event is."""

from __future__ import annotations

import asyncio
import re
import time
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from dashboard.replay.filming import Film
from dashboard.replay.reel import Block, Reel, encode
from streams.archive.shelf import Shelf

FOLDER = "keyframes"
LOOK_REELS = 500
"""How many reels are looked through for the next event: a quiet fortnight and more."""
_NAME = re.compile(r"(\d{14})-(\d{14})-(actual|exercise)-([0-9a-f]{16})\.reel", re.ASCII)


class Named(NamedTuple):
    """A reel on the shelf; its name sorts by its begin."""

    start_ms: int
    end_ms: int
    name: str


class Sized(Protocol):
    """size: in bytes."""

    size: int


Item = TypeVar("Item", bound=Sized)


class Kept(Generic[Item]):
    """What was looked at, the last `most_bytes` of it, shared by everybody."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held: OrderedDict[str, Item] = OrderedDict()
        self._coming: dict[str, asyncio.Task[Item]] = {}
        self.size = 0
        """Bytes of all that is kept, as they were read."""

    async def get(self, key: str, load: Callable[[], Coroutine[Any, Any, Item]]) -> Item:
        """What is kept under a key, loaded once however many ask for it at once."""
        held = self._held.get(key)
        if held is not None:
            self._held.move_to_end(key)
            return held
        task = self._coming.get(key)
        if task is None:
            task = self._coming[key] = asyncio.create_task(load())
            task.add_done_callback(lambda done: self._came(key, done))
        return await asyncio.shield(task)

    def forget(self) -> None:
        """Let go of everything."""
        self._held.clear()
        self.size = 0

    def _came(self, key: str, done: asyncio.Task[Item]) -> None:
        del self._coming[key]
        if done.cancelled() or done.exception() is not None:
            return
        held = self._held[key] = done.result()
        self.size += held.size
        while self.size > self._most_bytes and len(self._held) > 1:
            self.size -= self._held.popitem(last=False)[1].size


class Shared:
    """What all replays of a process share."""

    def __init__(self, *, block_bytes: int = 32_000_000, reel_bytes: int = 32_000_000) -> None:
        self.blocks: Kept[Block] = Kept(block_bytes)
        self.reels: Kept[Reel] = Kept(reel_bytes)

    def forget(self) -> None:
        """Let go of everything."""
        self.blocks.forget()
        self.reels.forget()


class Source(Protocol):
    """Where a replay's blocks come from: as known then, or as known now.

    first_ms: where it begins; 0 while nobody knows.
    """

    first_ms: int

    def find_first(self) -> Coroutine[Any, Any, int]:
        """Where it begins."""

    def block_at(self, ms: int) -> Coroutine[Any, Any, Block | None]:
        """The block that an instant is in; None where nothing is known of it."""

    def told_after(self, ms: int) -> Coroutine[Any, Any, int | None]:
        """When the next event comes that tells of the world."""

    def told_before(self, ms: int) -> Coroutine[Any, Any, int | None]:
        """When the last one came."""


class Reels:
    """As known then. film: what is filmed at the moment, by whoever films this epoch."""

    def __init__(self, shelf: Shelf, epoch: str, status: str, edition: str, shared: Shared) -> None:
        self._shelf = shelf
        self._status = status
        self._edition = edition
        self._shared = shared
        self._named: list[Named] = []
        self._full: list[list[Block]] = []
        self.epoch = epoch
        self.film = Film(self._over)
        self.on_over: Callable[[int], None] | None = None
        """Is told when a reel is over, and at which ms; the picture is as it was then."""
        self.first_ms = 0
        """Where it begins; 0 while nothing is known."""
        self.until_ms = 0
        """Up to where it goes now."""
        self.filmed_at = time.monotonic()
        """When that was last gone on with, by the clock of this process."""
        self.is_level = False
        """Whether that is all that there is."""

    async def look(self, *, any_edition: bool = False) -> None:
        """Find what is on the shelf. any_edition: also what other rules have filmed."""
        names = await asyncio.to_thread(self._shelf.names, f"{FOLDER}/{self.epoch}/")
        found = []
        for name in names:
            match = _NAME.fullmatch(name.rpartition("/")[2])
            if match and match[3] == self._status and (any_edition or match[4] == self._edition):
                found.append(Named(int(match[1]), int(match[2]), name))
        self._named = sorted(found)
        self._measure()

    async def cut_from(self, ms: int) -> None:
        """Forget the reels that go beyond an instant, on the shelf too."""
        gone = [each for each in self._named if each.end_ms > ms]
        self._named = [each for each in self._named if each.end_ms <= ms]
        for each in gone:
            await asyncio.to_thread(self._shelf.remove, each.name)
        self._measure()

    async def remove_others(self) -> None:
        """Remove what other rules have filmed of this epoch."""
        names = await asyncio.to_thread(self._shelf.names, f"{FOLDER}/{self.epoch}/")
        for name in names:
            match = _NAME.fullmatch(name.rpartition("/")[2])
            if match and match[3] == self._status and match[4] != self._edition:
                await asyncio.to_thread(self._shelf.remove, name)

    async def put_away(self) -> None:
        """Write the reels that are over. Raises ArchiveError; what was not written is tried again."""
        if self._full:
            full = list(self._full)
            self._named = sorted([*self._named, *await asyncio.to_thread(self._write, full)])
            del self._full[: len(full)]

    def _write(self, full: list[list[Block]]) -> list[Named]:
        written = []
        for blocks in full:
            start_ms, end_ms = blocks[0].start_ms, blocks[-1].end_ms
            name = f"{FOLDER}/{self.epoch}/{start_ms:014d}-{end_ms:014d}-{self._status}-{self._edition}.reel"
            self._shelf.put(name, encode(blocks, end_ms))
            written.append(Named(start_ms, end_ms, name))
        return written

    async def block_at(self, ms: int) -> Block | None:
        """The block that an instant is in, or the first of all for what is before it."""
        block = self.film.block_at(ms)
        if block is not None:
            return block
        for blocks in reversed(self._full):
            if blocks[0].start_ms <= ms:
                return blocks[bisect_right(blocks, ms, key=lambda each: each.start_ms) - 1]
        number = max(0, bisect_right(self._named, ms, key=lambda each: each.start_ms) - 1)
        if number >= len(self._named):
            waiting = self._full[0] if self._full else self.film.blocks
            return waiting[0] if waiting else None
        reel = await self._reel(self._named[number])
        return await self._block(reel, reel.number_at(ms))

    async def find_first(self) -> int:
        return self.first_ms

    async def told_after(self, ms: int) -> int | None:
        number = max(0, bisect_right(self._named, ms, key=lambda each: each.start_ms) - 1)
        for named in self._named[number : number + LOOK_REELS]:
            reel = await self._reel(named)
            for i, place in enumerate(reel.head.blocks):
                ends_ms = reel.head.blocks[i + 1].start_ms if i + 1 < len(reel.head.blocks) else named.end_ms
                if place.told and ends_ms > ms:
                    found = first_told(await self._block(reel, i), ms)
                    if found is not None:
                        return found
        for block in self._unwritten():
            found = first_told(block, ms)
            if found is not None:
                return found
        return None

    async def told_before(self, ms: int) -> int | None:
        for block in reversed(self._unwritten()):
            found = last_told(block, ms)
            if found is not None:
                return found
        number = bisect_left(self._named, ms, key=lambda each: each.start_ms)
        for named in reversed(self._named[max(0, number - LOOK_REELS) : number]):
            reel = await self._reel(named)
            for i in range(len(reel.head.blocks) - 1, -1, -1):
                place = reel.head.blocks[i]
                if place.told and place.start_ms < ms:
                    found = last_told(await self._block(reel, i), ms)
                    if found is not None:
                        return found
        return None

    def filmed_to(self, ms: int) -> None:
        """It is filmed up to an instant."""
        self.until_ms = max(self.until_ms, ms)
        self.filmed_at = time.monotonic()
        if not self.first_ms:
            self.first_ms = next(iter(self.keyframes()), 0)

    def keyframes(self) -> list[int]:
        """Where each reel begins, and each block of what is filmed at the moment."""
        return [each.start_ms for each in self._named] + [block.start_ms for block in self._unwritten()]

    @property
    def unwritten(self) -> int:
        """How many reels are over and not on the shelf yet."""
        return len(self._full)

    def _unwritten(self) -> list[Block]:
        return [block for blocks in self._full for block in blocks] + self.film.blocks

    def _over(self, blocks: list[Block], ms: int) -> None:
        self._full.append(blocks)
        if self.on_over is not None:
            self.on_over(ms)

    def _measure(self) -> None:
        self.first_ms = self._named[0].start_ms if self._named else 0
        self.until_ms = self._named[-1].end_ms if self._named else 0

    async def _reel(self, named: Named) -> Reel:
        async def load() -> Reel:
            return Reel(await asyncio.to_thread(self._shelf.get, named.name), named.name)

        return await self._shared.reels.get(named.name, load)

    async def _block(self, reel: Reel, number: int) -> Block:
        async def load() -> Block:
            return reel.block(number)

        return await self._shared.blocks.get(f"{reel.name}#{number}", load)


def first_told(block: Block, ms: int) -> int | None:
    """When the first event of a block after an instant comes."""
    frames = block.frames[block.count_at(ms) :]
    return next((frame.ms for frame in frames if frame.told), None)


def last_told(block: Block, ms: int) -> int | None:
    """When the last event of a block before an instant came."""
    frames = block.frames[: bisect_left(block.times, ms)]
    return next((frame.ms for frame in reversed(frames) if frame.told), None)
