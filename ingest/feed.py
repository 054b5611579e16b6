"""What every feed is to the supervisor, and what it is told about the feed."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Protocol

from streams.events import FeedHealth, Status


class Pulse:
    """A feed's signs of life, which its health is worked out from.

    every_s: how often it should be checked. Times are by the event loop's clock and cannot jump. delay_s: the
    source's clock against ours, as last measured. note: what is odd about it while it answers. well: set from
    an answer to the next failure.
    """

    def __init__(self, every_s: float) -> None:
        self.every_s = every_s
        self.well = asyncio.Event()
        self.spoke_at: dt.datetime | None = None
        self.failure = ""
        self.note = ""
        self.delay_s: float | None = None
        self._checked: float | None = None
        self._spoke: float | None = None

    def checked(self, *, spoke: bool = False) -> None:
        """The source answered; `spoke`, and had something new."""
        self._checked = asyncio.get_running_loop().time()
        self.failure = ""
        self.well.set()
        if spoke:
            self._spoke = self._checked
            self.spoke_at = dt.datetime.now(dt.UTC)

    def failed(self, reason: str) -> None:
        """The source did not answer, or the feed broke."""
        self.failure = reason
        self.well.clear()

    def health(self, feed: str, status: Status, run: str, *, told_every_s: float = 0.0) -> FeedHealth:
        """How the feed is now. told_every_s: when the next word of it comes; until then it does not age."""
        now = asyncio.get_running_loop().time()
        age_s = None if self._checked is None else now - self._checked
        state = "fresh"
        if self.failure or age_s is None or age_s > 3 * self.every_s:
            state = "dead"
        elif age_s > 1.5 * self.every_s:
            state = "slow"
        elif self._spoke is None or now - self._spoke > 3 * self.every_s:
            state = "quiet"
        checked_at = dt.datetime.now(dt.UTC)
        return FeedHealth(
            id=f"health:{feed}",
            revision=int(checked_at.timestamp() * 1_000),
            status=status,
            run=run,
            feed=feed,
            subject=feed,
            state=state,  # type: ignore[arg-type]
            checked_at=checked_at,
            spoke_at=self.spoke_at,
            every_s=max(self.every_s, told_every_s),
            delay_s=self.delay_s,
            detail=(self.failure or self.note)[:1_000],
        )


class Feed(Protocol):
    """A source: it runs until cancelled; whatever it raises is logged once, and it is started again."""

    name: str
    pulse: Pulse

    @property
    def is_ours(self) -> bool:
        """Whether this host runs it now, and so tells how it is."""
        ...

    async def run(self) -> None:
        """Fetch, decode, publish, for ever."""
        ...
