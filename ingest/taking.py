"""From one payload of a feed to what it says, published: decode, flag, publish, read, quarantine."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from config.feeds import FeedConfig
from ingest.clocks import flagged
from ingest.decoding import Context, Decode, Decoded
from ingest.documents import Document
from ingest.errors import DecodeError, DocumentError
from ingest.feeds import news_page
from ingest.formats import Format
from ingest.intake import Intake
from ingest.linked import Follows, Links
from ingest.outbox import Outbox
from ingest.transports.transport import Payload
from streams.errors import EventError, StoreError
from streams.events import Event, Status, TrackSweep
from streams.lease import Fence
from streams.publish import Published

if TYPE_CHECKING:
    from config.theatre import Theatre

DECODE_ON_LOOP_BYTES = 32_000
"""A larger payload is decoded on a thread, so that the other feeds' work goes on."""
STORE_AGAIN_S = 0.5


class Outcome(Struct, frozen=True):
    """What became of one payload. is_garbage: none could be decoded. said_at: the source's own clock."""

    published: list[Published] = []
    refused: list[DecodeError] = []
    is_garbage: bool = False
    said_at: dt.datetime | None = None

    @property
    def is_news(self) -> bool:
        """Whether it said something that was not known."""
        return any(one.outcome == "published" for one in self.published)


class Taker:
    """Takes payloads for one feed.

    run_of: the exercise's run at this moment, or empty. through: what fetches what is only linked to, where
    the feed's transport can.
    """

    def __init__(
        self,
        config: FeedConfig,
        form: Format,
        *,
        theatre: Theatre,
        intake: Intake,
        outbox: Outbox,
        status: Status,
        run_of: Callable[[], str],
        through: Follows | None = None,
    ) -> None:
        self._config = config
        self._form = form
        self._theatre = theatre
        self._intake = intake
        self._outbox = outbox
        self._status: Status = status
        self._run_of = run_of
        self._links = Links(through, config.every_s)

    async def take(self, payload: Payload, *, fence: Fence | None = None, is_late: bool = False) -> Outcome:
        """Publish what a payload says, and quarantine what cannot be decoded. Waits while the store is away.

        fence: the lease that must still hold. is_late: it came long ago, and perhaps not whole: what was said
        since stands, and nothing has ended because it is not in here.
        Raises FencedError where the lease is another host's.
        """
        try:
            decoded = await (self._decode_late(payload) if is_late else self._decode(payload))
        except DecodeError as error:
            await self._keep([error], payload, is_late)
            return Outcome(refused=[error], is_garbage=True)
        await self._follow(decoded)
        # What a record that cannot be decoded was about may still be in force: then nothing has ended.
        ends = not is_late and decoded.is_listing and not decoded.refused
        refused = list(decoded.refused)
        try:
            published = await self._publish(decoded, payload, ends, fence, is_late)
        except EventError as error:
            reason = f"makes an event that no stream takes: {error.reason}"
            refused = [DecodeError(self._config.name, "$", reason)]
            await self._keep(refused, payload, is_late)
            return Outcome(refused=refused, is_garbage=True)
        for document in decoded.documents:
            try:
                published += await self._read(replace(document, feed=self._config.name))
            except DocumentError as error:
                path = f"{document.name}: {error.field}"
                refused.append(DecodeError(self._config.name, path, error.reason, document.text.encode()))
        await self._keep(refused, payload, is_late)
        return Outcome(published, refused, said_at=decoded.said_at or payload.said_at)

    async def _keep(self, refused: Sequence[DecodeError], payload: Payload, is_late: bool) -> None:
        """Put what is refused into quarantine, but for the whole of what comes late, which is there."""
        for refusal in refused:
            sample = refusal.sample or payload.body
            if not (is_late and sample == payload.body):
                await self._outbox.quarantine(refusal, sample)

    async def _follow(self, decoded: Decoded) -> None:
        """Put what is linked to, or what stands in its place, with what the payload itself says."""
        for link, found in await self._links.follow(decoded.links) if decoded.links else ():
            otherwise = link.otherwise
            try:
                if isinstance(found, str):
                    raise DecodeError(self._config.name, "$", found)
                if isinstance(otherwise, Document):
                    (page,) = (await self._decode(found, news_page.decode)).documents
                    text = max(page.text, otherwise.text, key=len)
                    decoded.documents.append(replace(otherwise, text=text))
                else:
                    part = await self._decode(found)
                    decoded.events += part.events
                    decoded.superseded += part.superseded
                    decoded.refused += part.refused
            except DecodeError as error:
                if isinstance(otherwise, Document):
                    decoded.documents.append(otherwise)
                else:
                    reason = f"{otherwise.reason}: {error.reason}"
                    decoded.refused.append(
                        DecodeError(otherwise.feed, otherwise.path, reason, otherwise.sample)
                    )

    async def _decode(self, payload: Payload, decode: Decode | None = None) -> Decoded:
        config = self._config
        context = Context(
            feed=config.name,
            theatre=self._theatre,
            received_at=payload.received_at,
            status=self._status,
            run=self._run_of(),
            link=payload.link,
            content_type=payload.content_type,
            claimant=config.claimant,
            reliability=config.reliability,
            credibility=config.credibility,
            options=config.options,
        )
        decode = decode or self._form.decode
        if len(payload.body) <= DECODE_ON_LOOP_BYTES:
            return decode(payload.body, context)
        return await asyncio.to_thread(decode, payload.body, context)

    async def _decode_late(self, payload: Payload) -> Decoded:
        """A payload, or one record of one that was refused alone."""
        try:
            return await self._decode(payload)
        except DecodeError:
            if self._form.around is None:
                raise
            before, after = self._form.around
            return await self._decode(replace(payload, body=before + payload.body + after))

    async def _publish(
        self, decoded: Decoded, payload: Payload, ends: bool, fence: Fence | None, is_late: bool
    ) -> list[Published]:
        events = [flagged(event, payload.received_at) for event in decoded.events]
        final: list[Event] = []
        changing: list[Event] = []
        for event in events:
            (final if self._form.is_numbered or isinstance(event, TrackSweep) else changing).append(event)
        published = await self._outbox.publish(final) if final else []
        if changing or ends or decoded.superseded:
            published += await self._outbox.change(
                self._config.name,
                changing,
                is_listing=ends,
                ended_at=min(decoded.said_at or payload.received_at, payload.received_at),
                fence=fence,
                superseded=decoded.superseded,
                # Where more is to be done with the payload, it is done before its cursor is kept.
                cursor="" if decoded.documents or decoded.refused else payload.cursor,
                as_of=payload.received_at if is_late else None,
            )
        return published

    async def _read(self, document: Document) -> list[Published]:
        while True:
            try:
                return (await self._intake.take(document)).events
            except StoreError:
                await asyncio.sleep(STORE_AGAIN_S)
