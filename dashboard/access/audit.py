"""The audit: every sign-in, failure, end and change of an account is an event in the log stream."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from redis.asyncio import Redis

from streams.events import LogEntry
from streams.publish import Publisher

if TYPE_CHECKING:
    from config.settings import Settings

FEED = "access"


class Audit:
    """Writes into the log of the installation's theatre."""

    def __init__(self, client: Redis, settings: Settings) -> None:
        self._publisher = Publisher(client, settings.theatre)
        self._status = settings.status

    async def write(self, by: str, note: str, about: str = "") -> None:
        """One line of the log. by: an account's name, or who gave a command. Raises StoreError.

        Never a secret, and never a name that no account has: a password typed into the wrong field is one.
        """
        entry = LogEntry(
            id=f"audit:{secrets.token_hex(16)}",
            status=self._status,
            feed=FEED,
            act="audit",
            by=by,
            about=about,
            note=note,
        )
        await self._publisher.publish([entry])
