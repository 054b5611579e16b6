"""The proof by which the web process shows the door who it is: a key that both read from the store."""

from __future__ import annotations

import secrets
from typing import Any

from redis.asyncio import Redis

from streams.store import answering

KEY = "wf:{access}:door"
"""Of the installation, not of a theatre, as all that is about who may do what."""


async def door_key(client: Redis) -> str:
    """256 random bits, made by whoever asks first. It is in no log, no answer and no file of ours.

    Raises StoreError when the store cannot be reached.
    """
    async with answering("read the door's key"):
        await client.set(KEY, secrets.token_urlsafe(32), nx=True)
        stored: Any = await client.get(KEY)
    return str(stored.decode())
