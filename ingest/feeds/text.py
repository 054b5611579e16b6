"""The text feed: documents from a watched folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import structlog

from ingest.decoding import Context, Decoded
from ingest.documents import Document, digest
from ingest.errors import DecodeError, DocumentError
from ingest.feed import Pulse
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.transports import folder
from streams.events import Status

NAME = "text"
SUFFIXES = (".txt",)
EVERY_S = 10.0

log = structlog.get_logger("ingest")


def decode(payload: bytes, context: Context) -> Decoded:
    """The document in a payload of UTF-8 text, with or without a byte order mark.

    Its name is `context.link`; its instants are resolved against `context.received_at`.
    Raises DecodeError for bytes that are not UTF-8, and for more of them than a file may have.
    """
    name = context.link
    if len(payload) > folder.MAX_FILE_BYTES:
        reason = f"has more than the {folder.MAX_FILE_BYTES:,} bytes allowed"
        raise DecodeError(context.feed, name, reason, payload)
    try:
        text = payload.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8: {error.reason} at byte {error.start}"
        raise DecodeError(context.feed, name, reason, payload) from error
    document = Document(
        name=name or digest(text),
        text=text,
        feed=context.feed,
        status=context.status,
        run=context.run,
        published_at=context.received_at,
        title=name.removeprefix("file:"),
        link=name if name.startswith(("https://", "http://")) else "",
        own_claimant=context.claimant,
        reliability=context.reliability,
        credibility=context.credibility,
    )
    return Decoded(documents=[document])


class TextFeed:
    """Watches `inbox`. run_of, now: the exercise's run, and the clock that a file without a date goes by."""

    name = NAME
    is_ours = True

    def __init__(
        self,
        *,
        inbox: Path,
        intake: Intake,
        outbox: Outbox,
        status: Status,
        run_of: Callable[[], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        self.pulse = Pulse(EVERY_S)
        self._inbox = inbox
        self._intake = intake
        self._outbox = outbox
        self._status = status
        self._run_of = run_of
        self._now = now

    async def run(self) -> None:
        """Take each file that is there or comes, until cancelled."""
        async for path in folder.files(self._inbox, SUFFIXES, looked=self.pulse.checked):
            payload = await folder.content(path)
            if payload is not None:
                await self._take(path, payload)

    async def _take(self, path: Path, payload: bytes) -> None:
        context = Context(
            feed=NAME,
            theatre=self._intake.theatre,
            received_at=self._now(),
            status=self._status,
            run=self._run_of(),
            link=f"file:{path.name}",
        )
        try:
            taken = await self._intake.take(decode(payload, context).documents[0])
        except DecodeError as error:
            await self._outbox.quarantine(error, payload)
        except DocumentError as error:
            await self._outbox.quarantine(
                DecodeError(NAME, f"{path.name}: {error.field}", error.reason), payload
            )
        else:
            self.pulse.checked(spoke=True)
            log.info("read", document=taken.document, readings=len(taken.readings))
