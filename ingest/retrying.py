"""Takes what was refused once more: as its feed's, from the quarantine, after a fix."""

from __future__ import annotations

import datetime as dt

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
from streams.revisions import Revisions


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
