"""Accounts: who there is, in the store that every process shares; made here, or by a provider's word."""

from __future__ import annotations

import datetime as dt
import hmac
import re

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from dashboard.access.names import ACCOUNTS
from dashboard.access.roles import Role
from dashboard.access.secrets import digest, new_secret
from streams.store import answering

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""Of an account made here."""
PROVIDED = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9][a-z0-9.-]{0,99}")
"""Of one that a provider vouches for: never one that could be made here."""

# So that of two changes at once one is refused, and nobody who was removed comes back.
_CHANGE = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""


class AccountError(ValueError):
    """An account that cannot be made, or is not there; the text says why."""


class Account(Struct, frozen=True):
    """One account. secret: a password's argon2 hash, or of role wall its token's hash.

    stamp: changes with secret and role, and sessions of another stamp are no sessions any more.
    subject: the provider's issuer and its name for this person, where a provider vouches; there is no
    secret then.
    """

    name: str
    role: Role
    secret: str
    stamp: str
    created_at: dt.datetime
    subject: str = ""


class Accounts:
    """The accounts of the installation whose store `client` reaches. All raise StoreError without it."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._change = client.register_script(_CHANGE)

    async def find(self, name: str) -> Account | None:
        """The account of that name."""
        if not (NAME.fullmatch(name) or PROVIDED.fullmatch(name)):
            return None
        async with answering("read an account"):
            text = await self._client.hget(ACCOUNTS, name)
        return msgspec.json.decode(text, type=Account) if text is not None else None

    async def all(self) -> list[Account]:
        """Every account, by name."""
        async with answering("read the accounts"):
            texts = await self._client.hvals(ACCOUNTS)
        return sorted((msgspec.json.decode(text, type=Account) for text in texts), key=lambda one: one.name)

    async def add(self, name: str, role: Role, secret: str) -> Account:
        """Make an account. Raises AccountError for a name that cannot be one, or is taken."""
        if not NAME.fullmatch(name):
            raise AccountError("a name has 64 letters at most, of a-z, 0-9, - and _")
        return await self._make(Account(name, role, secret, new_secret(), dt.datetime.now(dt.UTC)))

    async def provide(self, name: str, role: Role, subject: str) -> Account:
        """The account of somebody for whom a provider vouches, made or brought up to date.

        Another role ends its sessions. Raises AccountError where the name is somebody else's.
        """
        if not PROVIDED.fullmatch(name):
            raise AccountError("this is no name of somebody for whom a provider vouches")
        account = await self.find(name)
        if account is None:
            now = dt.datetime.now(dt.UTC)
            return await self._make(Account(name, role, "", new_secret(), now, subject))
        if account.subject != subject:
            raise AccountError(f"the account {name} is somebody else's")
        return account if account.role == role else await self._replace(account, role=role)

    async def set_secret(self, name: str, secret: str) -> Account:
        """Give an account another secret, which ends its sessions. Raises AccountError for one not there."""
        return await self._replace(await self._made_here(name), secret=secret)

    async def set_role(self, name: str, role: Role) -> Account:
        """Give a person another role, which ends the sessions.

        Raises AccountError for one not there, and where it is about a wall, which has no password.
        """
        account = await self._made_here(name)
        if "wall" in (role, account.role):
            raise AccountError("a wall stays a wall, and nobody else becomes one")
        return await self._replace(account, role=role)

    async def _made_here(self, name: str) -> Account:
        account = await self.find(name)
        if account is None:
            raise AccountError(f"there is no account {name}")
        if account.subject:
            raise AccountError(f"what {name} may do is the provider's to say")
        return account

    async def _make(self, account: Account) -> Account:
        async with answering("add an account"):
            is_new = await self._client.hsetnx(ACCOUNTS, account.name, msgspec.json.encode(account))
        if not is_new:
            raise AccountError(f"there is an account {account.name} already")
        return account

    async def _replace(self, account: Account, **changes: str) -> Account:
        changed = msgspec.structs.replace(account, stamp=new_secret(), **changes)
        texts = [msgspec.json.encode(one) for one in (account, changed)]
        async with answering("change an account"):
            is_changed = await self._change(keys=[ACCOUNTS], args=[account.name, *texts])
        if not is_changed:
            raise AccountError(f"the account {account.name} was changed by somebody else just now")
        return changed

    async def remove(self, name: str) -> None:
        """Remove an account, which ends its sessions. Raises AccountError where it is not there."""
        async with answering("remove an account"):
            removed = await self._client.hdel(ACCOUNTS, name)
        if not removed:
            raise AccountError(f"there is no account {name}")


def new_wall_token(name: str) -> tuple[str, str]:
    """A token for a wall's account: what is shown once, and what is kept."""
    secret = new_secret()
    return f"{name}.{secret}", digest(secret)


def token_fits(account: Account | None, secret: str) -> bool:
    """Whether a token's second part is this account's."""
    kept = account.secret if account is not None and account.role == "wall" else ""
    return hmac.compare_digest(kept.encode(), digest(secret).encode())
