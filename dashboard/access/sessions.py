"""Sessions: who is signed in, in the store; a browser has the secret, the store its hash."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from dashboard.access.accounts import Account
from dashboard.access.names import ACCOUNTS, seen_key, session_key, sessions_of_key
from dashboard.access.roles import Role
from dashboard.access.secrets import digest, new_secret
from streams.store import answering

HOUR_S = 3_600
DAY_S = 24 * HOUR_S
IDLE_S = 2 * HOUR_S
"""A person's session ends so long after the last request or open screen …"""
LASTING_S = 16 * HOUR_S
"""… and in any case so long after the sign-in: a long shift, and no second one."""
WALL_IDLE_S = 30 * DAY_S
WALL_LASTING_S = 365 * DAY_S
"""A wall has no hands to sign in with."""
TOUCH_S = 60
"""How much of the idle time must have gone before it is begun anew: not every look is a write."""
SHOWN = 12
"""Letters of a session's name that are shown, and are enough to end it."""


class Session(Struct, frozen=True):
    """One sign-in. Times are seconds since 1970. stamp: the account's, when it signed in."""

    account: str
    stamp: str
    address: str
    agent: str
    created_at: float
    expires_at: float
    idle_s: int


class Person(Struct, frozen=True):
    """Who asks. session: the hash of its secret; empty where there is no sign-in."""

    name: str
    role: Role
    session: str = ""


# A session and its account in one look, and the idle time begun anew. EXPIRE revives nothing that has ended.
_LOOK = f"""
local text = redis.call('GET', KEYS[1])
if not text then return false end
local session = cjson.decode(text)
local now = tonumber(ARGV[1])
local left = math.min(session.idle_s, math.floor(session.expires_at - now))
if left <= 0 then
  redis.call('DEL', KEYS[1], KEYS[3])
  return false
end
if redis.call('TTL', KEYS[1]) < left - {TOUCH_S} then redis.call('EXPIRE', KEYS[1], left) end
if now - tonumber(redis.call('GET', KEYS[3]) or 0) >= {TOUCH_S} then
  redis.call('SET', KEYS[3], ARGV[1], 'EX', left)
end
local account = redis.call('HGET', KEYS[2], session.account)
if not account then return false end
return {{text, account}}
"""


class Sessions:
    """The sessions in the store that `client` reaches. All raise StoreError without it.

    now: seconds since 1970.
    """

    def __init__(self, client: Redis, now: Callable[[], float] = time.time) -> None:
        self._client = client
        self._now = now
        self._look = client.register_script(_LOOK)

    async def begin(self, account: Account, address: str, agent: str) -> tuple[str, Session]:
        """Sign in: the secret for the browser's cookie, and the session."""
        is_wall = account.role == "wall"
        idle_s, lasting_s = (WALL_IDLE_S, WALL_LASTING_S) if is_wall else (IDLE_S, LASTING_S)
        now = self._now()
        session = Session(account.name, account.stamp, address, agent[:200], now, now + lasting_s, idle_s)
        secret = new_secret()
        held = sessions_of_key(account.name)
        async with answering("sign in"), self._client.pipeline(transaction=True) as pipeline:
            pipeline.set(session_key(digest(secret)), msgspec.json.encode(session), ex=idle_s)
            pipeline.set(seen_key(digest(secret)), now, ex=idle_s)
            pipeline.sadd(held, digest(secret))
            pipeline.expire(held, WALL_LASTING_S)
            await pipeline.execute()
        return secret, session

    async def person(self, secret: str) -> Person | None:
        """Whose secret this is, if the session goes on."""
        session = digest(secret)
        async with answering("look at a session"):
            found = await self._look(keys=_keys(session), args=[self._now()])
        return _person(session, found)

    async def living(self, sessions: Iterable[str]) -> set[str]:
        """Those of these sessions that go on; an open screen counts as use."""
        asked = list(sessions)
        if not asked:
            return set()
        async with answering("look at sessions"), self._client.pipeline(transaction=False) as pipeline:
            for session in asked:
                await self._look(keys=_keys(session), args=[self._now()], client=pipeline)
            answers = await pipeline.execute()
        return {
            session
            for session, found in zip(asked, answers, strict=True)
            if _person(session, found) is not None
        }

    async def of(self, account: str) -> dict[str, Session]:
        """An account's sessions, those that have ended left out."""
        held = sessions_of_key(account)
        async with answering("read sessions"):
            names = sorted(_text(name) for name in await self._client.smembers(held))
            texts = await self._client.mget([session_key(name) for name in names]) if names else []
            gone = [name for name, text in zip(names, texts, strict=True) if text is None]
            if gone:
                await self._client.srem(held, *gone)
        return {
            name: msgspec.json.decode(text, type=Session)
            for name, text in zip(names, texts, strict=True)
            if text is not None
        }

    async def seen_at(self, sessions: Iterable[str]) -> dict[str, float]:
        """When each of these was last used, by a request or an open screen, to the minute."""
        asked = list(sessions)
        if not asked:
            return {}
        async with answering("read sessions"):
            texts = await self._client.mget([seen_key(session) for session in asked])
        return {session: float(text) for session, text in zip(asked, texts, strict=True) if text is not None}

    async def end(self, account: str, session: str) -> bool:
        """End a session of this account at once; whether it went on until now."""
        async with answering("end a session"):
            if not await self._client.srem(sessions_of_key(account), session):
                return False
            return bool(await self._client.unlink(session_key(session), seen_key(session)))

    async def end_all(self, account: str, but: str = "") -> int:
        """End every session of an account, except one; how many went on until now."""
        ended = [await self.end(account, session) for session in await self.of(account) if session != but]
        return sum(ended)


def _keys(session: str) -> list[str]:
    return [session_key(session), ACCOUNTS, seen_key(session)]


def _person(session: str, found: list[bytes] | None) -> Person | None:
    if not found:
        return None
    kept = msgspec.json.decode(found[0], type=Session)
    account = msgspec.json.decode(found[1], type=Account)
    return Person(account.name, account.role, session) if kept.stamp == account.stamp else None


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
