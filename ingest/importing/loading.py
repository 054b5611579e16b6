"""Publishes what was decoded from a table, in batches, and keeps what could not be decoded.

An import that was stopped is simply run again: an event that is in the streams is not published twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b

from msgspec.structs import replace
from redis.asyncio import Redis

from ingest.errors import DecodeError
from streams.codec import encode
from streams.events import Event, RaidReport
from streams.publish import BATCH, Publisher
from streams.quarantine import Quarantine
from streams.revisions import Revisions


@dataclass
class Loaded:
    """What became of everything so far. known: events that were in the streams before."""

    published: int = 0
    known: int = 0
    changed: int = 0
    """Of those published, how many are a new revision of what an earlier table said otherwise."""
    refused: int = 0
    """Inputs that could not be decoded."""
    kept: int = 0
    """Of the refused, how many the quarantine did not have and took."""


class Loader:
    """Loads into one theatre's streams. client: of the store. path: goes before each refusal's own path."""

    def __init__(self, client: Redis, theatre: str, path: str) -> None:
        self._publisher = Publisher(client, theatre)
        self._quarantine = Quarantine(client, theatre)
        self._revisions = Revisions(client, theatre)
        self._path = path
        self._loaded = Loaded()

    def take_count(self) -> Loaded:
        """What was loaded since the last count."""
        loaded, self._loaded = self._loaded, Loaded()
        return loaded

    async def load(self, decoded: Iterable[Event | DecodeError], beat: Callable[[], None]) -> None:
        """Take everything in. beat: called after each batch. Raises StoreError: then run it all again."""
        batch: list[Event] = []
        for each in decoded:
            if isinstance(each, DecodeError):
                await self._keep(each)
                continue
            batch.append(await self._numbered(each) if isinstance(each, RaidReport) else each)
            if len(batch) >= BATCH:
                await self._publish(batch)
                batch.clear()
                beat()
        await self._publish(batch)
        beat()

    async def _publish(self, batch: list[Event]) -> None:
        for event, published in zip(batch, await self._publisher.publish(batch), strict=True):
            if published.outcome == "published":
                self._loaded.published += 1
                self._loaded.changed += event.revision > 1
            else:
                self._loaded.known += 1

    async def _numbered(self, report: RaidReport) -> RaidReport:
        """The report as the revision that its content is: tables of later dates mend their earlier rows."""
        digest = blake2b(encode(report), digest_size=16).hexdigest()
        return replace(report, revision=await self._revisions.number(report.id, digest))

    async def _keep(self, error: DecodeError) -> None:
        self._loaded.refused += 1
        self._loaded.kept += await self._quarantine.keep(
            error.feed, f"{self._path}: {error.path}", error.reason, error.sample
        )
