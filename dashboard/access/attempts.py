"""Attempts: sign-ins that have gone to the provider, each for one browser, once, within ten minutes."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from dashboard.access.names import attempt_key
from dashboard.access.secrets import digest, new_secret
from streams.store import answering

LASTS_S = 600


class Attempt(Struct, frozen=True):
    """What a provider's answer is held against. back: where it comes to. onward: where a person goes then."""

    state: str
    nonce: str
    verifier: str
    back: str
    onward: str


class Attempts:
    """The attempts in the store that `client` reaches. Both raise StoreError without it."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def begin(self, back: str, onward: str) -> tuple[str, Attempt]:
        """A secret for the browser's cookie, and the attempt."""
        attempt = Attempt(new_secret(), new_secret(), new_secret(), back, onward)
        secret = new_secret()
        async with answering("begin a sign-in"):
            key = attempt_key(digest(secret))
            await self._client.set(key, msgspec.json.encode(attempt), ex=LASTS_S)
        return secret, attempt

    async def redeem(self, secret: str) -> Attempt | None:
        """The attempt that this secret is of; afterwards there is none."""
        async with answering("end an attempt"):
            text = await self._client.getdel(attempt_key(digest(secret)))
        return msgspec.json.decode(text, type=Attempt) if text is not None else None
