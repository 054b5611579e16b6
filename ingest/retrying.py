"""Takes what was refused once more: as its feed's, from the quarantine, after a fix."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable

from msgspec import Struct
from redis.asyncio import Redis

from config.errors import ConfigError
from config.feeds import FeedConfig, load_feeds
from config.settings import Settings
from config.theatre import load_theatre
from ingest.feeds import text
from ingest.formats import format_of
from ingest.intake import Intake
from ingest.outbox import Outbox
from ingest.taking import Outcome, Taker
from ingest.transports.transport import Payload
from streams.quarantine import Quarantine
from streams.revisions import Revisions

Take = Callable[[str, bytes, dt.datetime], Awaitable[Outcome]]
"""Takes a feed's payload, first received then, again. Raises ConfigError for a feed that is no more."""


class Retried(Struct, frozen=True):
    """What became of one entry."""

    entry_id: str
    is_taken: bool
    """Whether it is gone from the quarantine."""
    said: str


class Again:
    """Takes payloads again under the feeds of these settings. client: of the store."""

    def __init__(self, settings: Settings, client: Redis) -> None:
        self._settings = settings
        self._theatre = load_theatre(settings.theatre)
        self._outbox = Outbox(client, settings.theatre)
        self._intake = Intake(self._theatre, self._outbox, Revisions(client, settings.theatre))
        self._feeds = {feed.name: feed for feed in load_feeds(self._theatre, settings.feeds)}

    async def take(self, feed: str, payload: bytes, received_at: dt.datetime) -> Outcome:
        """Decode `payload` as the feed's now, and publish what it says.

        received_at: when it first came. What it was one record of is not taken for a whole listing: it ends
        nothing. Raises ConfigError for a feed that is configured no more.
        """
        if feed == text.NAME:
            config = FeedConfig(name=text.NAME, format="text", transport="folder")
        elif feed in self._feeds:
            config = self._feeds[feed]
        else:
            raise ConfigError(f"there is no feed {feed!r} any more: put it back into {self._settings.feeds}")
        taker = Taker(
            config,
            format_of(config),
            theatre=self._theatre,
            intake=self._intake,
            outbox=self._outbox,
            status=self._settings.status,
            run_of=lambda: "",
        )
        return await taker.take(Payload(body=payload, received_at=received_at), is_late=True)


LetGo = Callable[[str, Outcome], Awaitable[bool]]


async def retry(
    quarantine: Quarantine, ids: Iterable[str], take: Take, let_go: LetGo | None = None
) -> list[Retried]:
    """Take these entries again, in this order; what was taken whole leaves the quarantine, the rest stays.

    let_go: removes an entry of which this became, where more belongs to that than removing it.
    Raises StoreError when the store cannot be reached; what was published is, and will not be twice.
    """
    results = []
    for entry_id in ids:
        found = await quarantine.whole(entry_id)
        if found is None:
            results.append(Retried(entry_id, False, "is not there"))
            continue
        refused, payload = found
        try:
            outcome = await take(refused.feed, payload, refused.received_at)
        except ConfigError as error:
            results.append(Retried(entry_id, False, str(error)))
            continue
        if not outcome.refused:
            await (quarantine.let_go(entry_id) if let_go is None else let_go(entry_id, outcome))
        results.append(Retried(entry_id, not outcome.refused, _told(outcome)))
    return results


def _told(outcome: Outcome) -> str:
    news = sum(one.outcome == "published" for one in outcome.published)
    said = f"{news} published, {len(outcome.published) - news} known"
    if outcome.refused:
        first = outcome.refused[0]
        said += f"; {len(outcome.refused)} refused again: {first.path}: {first.reason}"
    return said
