"""The intake: the one way in which a document becomes events, whichever door it came through."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from ingest.documents import Document, check, digest
from ingest.outbox import Outbox
from ingest.reading.reader import read
from ingest.reading.reading import Reading
from ingest.reports import doubtful, events_of
from streams.publish import Published
from streams.revisions import Revisions

if TYPE_CHECKING:
    from config.theatre import Theatre


class Taken(Struct, frozen=True):
    """What became of a document: how it was read, and which events that made."""

    document: str
    revision: int
    readings: list[Reading]
    events: list[Published]


class Intake:
    """Reads documents and publishes what they say; the same text under the same name makes no event twice."""

    def __init__(self, theatre: Theatre, outbox: Outbox, revisions: Revisions) -> None:
        self.theatre = theatre
        self._outbox = outbox
        self._revisions = revisions

    async def take(self, document: Document) -> Taken:
        """Read `document`, publish what it says, and tell both.

        Raises DocumentError for one that cannot be taken, and StoreError when the store cannot be reached.
        """
        check(document)
        name = f"{document.run}/{document.name}" if document.run else document.name
        revision = await self._revisions.number(digest(name), digest(document.text))
        document = msgspec.structs.replace(document, revision=revision)
        # A long text would hold up every other feed if it were read on the loop.
        readings = await asyncio.to_thread(
            read, document.text, published_at=document.published_at, theatre=self.theatre
        )
        for doubt in doubtful(document, readings):
            await self._outbox.review(doubt, document.text.encode())
        published = await self._outbox.publish(events_of(document, readings, self.theatre))
        return Taken(document.name, revision, readings, published)
