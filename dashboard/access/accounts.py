"""Accounts: who there is, in the store that every process shares."""

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


class AccountError(ValueError):
    """An account that cannot be made, or is not there; the text says why."""


class Account(Struct, frozen=True):
    """One account. secret: a password's argon2 hash, or of role wall its token's hash.

    stamp: changes with secret and role, and sessions of another stamp are no sessions any more.
    """

    name: str
    role: Role
    secret: str
    stamp: str
    created_at: dt.datetime


class Accounts:
    """The accounts of the installation whose store `client` reaches. All raise StoreError without it."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def find(self, name: str) -> Account | None:
        """The account of that name."""
        if not NAME.fullmatch(name):
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
        account = Account(name, role, secret, new_secret(), dt.datetime.now(dt.UTC))
        async with answering("add an account"):
            is_new = await self._client.hsetnx(ACCOUNTS, name, msgspec.json.encode(account))
        if not is_new:
            raise AccountError(f"there is an account {name} already")
        return account

    async def set_secret(self, name: str, secret: str) -> Account:
        """Give an account another secret, which ends its sessions. Raises AccountError for one not there."""
        account = await self.find(name)
        if account is None:
            raise AccountError(f"there is no account {name}")
        account = msgspec.structs.replace(account, secret=secret, stamp=new_secret())
        async with answering("change an account"):
            await self._client.hset(ACCOUNTS, name, msgspec.json.encode(account))
        return account

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
