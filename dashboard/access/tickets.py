"""Tickets: each opens one WebSocket, once, within half a minute, for the session that asked for it."""

from __future__ import annotations

import asyncio

import msgspec
from redis.asyncio import Redis

from dashboard.access.names import ticket_key
from dashboard.access.secrets import digest, new_secret
from dashboard.access.sessions import Person
from streams.store import answering

LASTS_S = 30
WITHIN_S = 1.0
"""The store answers sooner, or a page that tries again does better."""


class Tickets:
    """The tickets in the store that `client` reaches. Both raise StoreError without it."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def issue(self, person: Person) -> str:
        """A ticket for this person."""
        ticket = new_secret()
        async with answering("issue a ticket"), asyncio.timeout(WITHIN_S):
            await self._client.set(ticket_key(digest(ticket)), msgspec.json.encode(person), ex=LASTS_S)
        return ticket

    async def redeem(self, ticket: str) -> Person | None:
        """Whose ticket this is; afterwards it is nobody's."""
        async with answering("redeem a ticket"), asyncio.timeout(WITHIN_S):
            text = await self._client.getdel(ticket_key(digest(ticket)))
        return msgspec.json.decode(text, type=Person) if text is not None else None
