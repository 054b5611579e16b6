"""A player: where a replay stands, by the clock of whoever asks, and how it moves."""

from __future__ import annotations

from typing import Literal

BEGIN_AGO_MS = 3_600_000


class Player:
    """Instants are in ms since 1970; `now` is any clock's seconds, which only go on."""

    def __init__(self, at_ms: float | None, now: float) -> None:
        """at_ms: where it begins; None for so long before the end as `BEGIN_AGO_MS` says."""
        self.known: Literal["then", "now"] = "then"
        self.playing = False
        self.speed = 1.0
        self.reverse = False
        self.loop: tuple[int, int] | None = None
        self._at_ms = at_ms if at_ms is not None else 0.0
        self._begins_late = at_ms is None
        self._since = now

    def is_beyond(self, last_ms: int) -> bool:
        """Whether it was sent to where nothing is recorded yet."""
        return self._begins_late or self._at_ms > last_ms

    def at(self, now: float, first_ms: int, last_ms: int) -> int:
        """Where it stands. first_ms, last_ms: how far it can go; back at the beginning it pauses."""
        if self._begins_late:
            self.seek(last_ms - BEGIN_AGO_MS, now)
        at_ms = self._at_ms
        if self.playing:
            passed_ms = 1_000 * self.speed * (now - self._since)
            at_ms += -passed_ms if self.reverse else passed_ms
            if self.loop is not None:
                at_ms = self._looped(at_ms, *self.loop)
        bounded = min(max(at_ms, first_ms), max(first_ms, last_ms))
        if bounded != at_ms:
            if self.playing and self.reverse and bounded == first_ms:
                self.playing = False
            at_ms = bounded
        self._at_ms, self._since = at_ms, now
        return round(at_ms)

    def play(self, now: float, speed: float | None, *, reverse: bool) -> None:
        """Go on, from where `at` was last asked for."""
        self.playing = True
        self.reverse = reverse
        if speed is not None:
            self.speed = speed
        self._since = now

    def pause(self) -> None:
        """Stand still, where `at` was last asked for."""
        self.playing = False

    def seek(self, at_ms: float, now: float) -> None:
        """Go there."""
        self._at_ms, self._since = at_ms, now
        self._begins_late = False

    def repeat(self, loop: tuple[int, int] | None, now: float) -> None:
        """Play a stretch again and again. What is outside of it goes to its begin."""
        self.loop = loop
        if loop is not None and not loop[0] <= self._at_ms <= loop[1]:
            self._at_ms, self._since = loop[0], now

    def _looped(self, at_ms: float, start: int, end: int) -> float:
        if not self.reverse and at_ms > end:
            return start + (at_ms - end) % (end - start)
        if self.reverse and at_ms < start:
            return end - (start - at_ms) % (end - start)
        return at_ms
