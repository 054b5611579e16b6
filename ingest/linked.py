"""What a feed's entries only link to: fetched once, a few at a time, and never at the feed's own cost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from ingest.decoding import Link
from ingest.errors import TransportError
from ingest.transports.transport import Payload
from streams.errors import StoreError

MOST_AT_ONCE = 10
"""Links that are followed for one payload, the first ones; the rest is for when the feed is asked again."""
WITHIN_S = 20.0
"""For how long, at most, a payload waits for what it links to."""
TRIES = 3
"""How often a link is followed that fails."""
MOST_KEPT = 5_000
"""Links that are remembered as done; the oldest are forgotten."""


class Follows(Protocol):
    """A transport that can fetch what its source links to."""

    async def fetch(self, link: str) -> Payload | None:
        """What is there; None where no request is allowed now.

        Raises TransportError, and StoreError where the allowance cannot be asked.
        """
        ...

    def ask_anew(self) -> None:
        """Let the last payload come again, though nothing in it may have changed."""
        ...


class Links:
    """Follows the links of one feed. through: None for a feed whose transport cannot; all of them fail."""

    def __init__(self, through: Follows | None, every_s: float) -> None:
        self._through = through
        self._within_s = min(WITHIN_S, every_s / 2)
        self._tries: dict[str, int] = {}

    async def follow(self, links: Sequence[Link]) -> list[tuple[Link, Payload | str]]:
        """Of each link that was followed now, what was there or why it could not be had."""
        if self._through is None:
            return [(link, "cannot be fetched by this transport") for link in links]
        found: list[tuple[Link, Payload | str]] = []
        ahead = [link for link in links if self._tries.get(link.tag, 0) < TRIES]
        deadline = asyncio.get_running_loop().time() + self._within_s
        for link in ahead[:MOST_AT_ONCE]:
            try:
                async with asyncio.timeout_at(deadline):
                    payload = await self._through.fetch(link.url)
            except TransportError as error:
                found.append((link, error.reason))
                self._remember(link, self._tries.get(link.tag, 0) + 1)
            except TimeoutError:
                found.append((link, "was not had in time"))
                self._remember(link, self._tries.get(link.tag, 0) + 1)
                break
            except StoreError:
                break
            else:
                if payload is None:
                    break
                found.append((link, payload))
                self._remember(link, TRIES)
        if any(self._tries.get(link.tag, 0) < TRIES for link in ahead):
            self._through.ask_anew()
        return found

    def _remember(self, link: Link, tries: int) -> None:
        self._tries.pop(link.tag, None)
        self._tries[link.tag] = tries
        while len(self._tries) > MOST_KEPT:
            del self._tries[next(iter(self._tries))]
