"""Filming: what a picture goes through, as blocks and reels; it knows no store, no file and no socket."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from dashboard.gateway.pace import Pace, apply_entry
from dashboard.picture.patch import Delta, encode, fold
from dashboard.picture.picture import Picture
from dashboard.replay.reel import Block, Frame, Stored
from streams.events import LogEntry
from streams.position import EntryId
from streams.read import Entry

REEL_MS = 3_600_000
BLOCK_MS = 600_000
"""Between two keyframes, when enough changed …"""
LEAST_BYTES = 8_192
"""… which is as much as this."""
MOST_BYTES = 262_144
"""After so much, or twice the keyframe, there is another at once …"""
MOST_FRAMES = 1_024
"""… and after as many frames."""
MOST_REEL_BYTES = 16_000_000
UNTOLD = ("health", "tracks")
"""Streams of which an entry is no event to step to."""
LEAP_S = 60
"""The longest time that is looked over at once for whether it changes anything."""


class Film:
    """The reel that is being filmed. done: gets the blocks of one that is over, and where it ends in ms."""

    def __init__(self, done: Callable[[list[Block], int], None]) -> None:
        self._done = done
        self._bytes = 0
        self.blocks: list[Block] = []

    def ready(self, ms: int, tree: Callable[[], dict[str, Any]]) -> None:
        """Something may change at an instant, no earlier than the last. tree: what is shown before that."""
        if self.blocks:
            last = self.blocks[-1]
            if not last.frames or not self._is_full(last, ms):
                return
            last.end_ms = ms
            self._bytes += last.size
            if ms // REEL_MS != self.blocks[0].start_ms // REEL_MS or self._bytes >= MOST_REEL_BYTES:
                self.end(ms)
        self.blocks.append(Block(Stored(ms, encode(tree()), []), key=f"film@{ms}"))

    def add(self, frame: Frame) -> None:
        """A change, after `ready` for its instant."""
        self.blocks[-1].add(frame)

    def end(self, ms: int) -> None:
        """The reel is over at an instant."""
        blocks, self.blocks, self._bytes = self.blocks, [], 0
        if blocks:
            blocks[-1].end_ms = ms
            self._done(blocks, ms)

    def block_at(self, ms: int) -> Block | None:
        """The block that an instant is in, where it was not before all of them."""
        number = bisect_right(self.blocks, ms, key=lambda block: block.start_ms) - 1
        return self.blocks[number] if number >= 0 else None

    def _is_full(self, block: Block, ms: int) -> bool:
        if ms // REEL_MS != block.start_ms // REEL_MS or len(block.frames) >= MOST_FRAMES:
            return True
        changed = block.size - len(block.first)
        if changed >= max(MOST_BYTES, 2 * len(block.first)):
            return True
        return ms - block.start_ms >= BLOCK_MS and changed >= LEAST_BYTES


class Camera:
    """Leads a picture through entries and seconds, and films what it shows.

    scout: another picture that knows the same. It runs ahead over stretches without entries, and where it
    finds nothing changed, the picture need not be told of every second of them.
    """

    def __init__(self, pace: Pace, film: Film, scout: Picture | None = None) -> None:
        self.pace = pace
        self._film = film
        self._scout = Pace(scout, pace.second) if scout is not None else None
        self._ms = 0
        self._patch: Delta = {}
        self._events = 0
        self._told = 0
        self._is_stirred = False

    def take(self, entry: Entry) -> None:
        """The next entry."""
        ms = max(EntryId.parse(entry.entry_id).ms, self._ms)
        self.reach(ms // 1_000)
        self._turn(ms)
        if self._scout is not None:
            self._scout.take(entry)
        fold(self._patch, apply_entry(self.pace.picture, entry))
        self._events += 1
        self._told += _tells(entry)
        self._is_stirred = True

    def reach(self, second: int) -> None:
        """It is this second, and all that came before it was taken."""
        for _ in self.go(second):
            pass

    def go(self, second: int) -> Iterator[None]:
        """As `reach`, a minute at most at once."""
        pace, scout = self.pace, self._scout
        if pace.second is None:
            pace.second = second - 1
            if scout is not None:
                scout.second = second - 1
        while pace.second < second:
            # What came shows in the next second more often than not.
            far = min(second, pace.second + (1 if self._is_stirred else LEAP_S))
            self._is_stirred = False
            if scout is not None and not scout.reach(far):
                self._tick(far)
            else:
                for each in range(pace.second + 1, far + 1):
                    self._tick(each)
            yield

    def dismiss_scout(self) -> None:
        """From here on every second is told as it comes."""
        self._scout = None

    def flush(self) -> None:
        """Film what has changed so far."""
        if self._patch or self._told:
            self._film.add(Frame(self._ms, self._events, self._told, encode(self._patch)))
        self._patch = {}
        self._events = self._told = 0

    def _tick(self, second: int) -> None:
        self._turn(1_000 * second)
        fold(self._patch, self.pace.reach(second))

    def _turn(self, ms: int) -> None:
        if ms <= self._ms:
            return
        self.flush()
        self._ms = ms
        self._film.ready(ms, self.pace.picture.view)


def _tells(entry: Entry) -> bool:
    """Whether an entry is an event to step to; what tells of accounts is for admins, and is none."""
    is_audit = isinstance(entry.event, LogEntry) and entry.event.act == "audit"
    return entry.stream not in UNTOLD and not is_audit
