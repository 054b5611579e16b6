"""The ring: the last deltas, and from which of them on a client that comes back has to hear."""

from __future__ import annotations

from collections import deque

from msgspec import Struct

from dashboard.picture.patch import Delta, fold
from streams.position import Position


class Cut(Struct, frozen=True):
    """One delta that went out. position: where the picture stood after it."""

    number: int
    position: Position
    patch: Delta
    events: int
    size: int


class Ring:
    """Bounded in count and in bytes; the oldest fall out."""

    def __init__(self, start: Position, *, cuts: int, size: int) -> None:
        self._start = start
        self._cuts: deque[Cut] = deque()
        self._most_cuts = cuts
        self._most_bytes = size
        self._bytes = 0
        self.number = 0
        """Of the latest cut; 0 before the first."""

    def __len__(self) -> int:
        return len(self._cuts)

    @property
    def size(self) -> int:
        """Encoded bytes of all deltas in it."""
        return self._bytes

    def append(self, position: Position, patch: Delta, events: int, size: int) -> None:
        """Add a delta. It must not be changed any more. size: of the patch in bytes, encoded."""
        self.number += 1
        self._cuts.append(Cut(self.number, position, patch, events, size))
        self._bytes += size
        while len(self._cuts) > self._most_cuts or (self._bytes > self._most_bytes and self._cuts):
            oldest = self._cuts.popleft()
            self._start = oldest.position
            self._bytes -= oldest.size

    def since(self, position: Position) -> int | None:
        """The number of the cut after which a client at `position` has to hear everything.

        Of the cuts at or behind the client's position, the latest that stands where it does; of several that
        stand there (time went by, nothing came) the first, since it may have heard only that. None where the
        ring does not reach back so far.
        """
        found: Cut | None = None
        for cut in reversed(self._cuts):
            if found is not None and cut.position != found.position:
                return found.number
            if found is not None or cut.position <= position:
                found = cut
        if self._start <= position and (found is None or found.position == self._start):
            return self.number - len(self._cuts)
        return found.number if found is not None else None

    def missed(self, number: int) -> tuple[Delta, int]:
        """Everything after the cut `number` as one patch of the caller's own, and of how many events."""
        patch: Delta = {}
        events = 0
        count = self.number - number
        start = len(self._cuts) - count
        for i in range(start, len(self._cuts)):
            cut = self._cuts[i]
            fold(patch, cut.patch)
            events += cut.events
        return patch, events
