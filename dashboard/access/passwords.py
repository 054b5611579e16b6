"""Passwords: argon2id, away from the loop, few at a time, and as long for an account that is not there."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LETTERS = 12
MOST_BYTES = 1_024
AT_ONCE = 2
"""Each takes 64 MiB and a core for some tens of milliseconds."""

# RFC 9106, the second recommended choice: 64 MiB, three passes, four lanes.
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4, type=Type.ID)


def hashed(password: str) -> str:
    """What is kept of a password. Raises ValueError, saying why, for one that is too short or too long."""
    if len(password) < LEAST_LETTERS:
        raise ValueError(f"a password has {LEAST_LETTERS} letters at least")
    if len(password.encode()) > MOST_BYTES:
        raise ValueError(f"a password has {MOST_BYTES:,} bytes at most")
    return _hasher.hash(password)


class Checker:
    """Checks and keeps passwords for one loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobodys = ""

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one that `kept` is of. None, for no account, takes as long."""
        if len(password.encode("utf-8", "replace")) > MOST_BYTES:
            password, kept = "", None
        async with self._turn:
            if not self._nobodys:
                self._nobodys = await asyncio.to_thread(_hasher.hash, "nobody's")
            return await asyncio.to_thread(_verify, kept or self._nobodys, password) and kept is not None

    async def hashed(self, password: str) -> str:
        """What is kept of a password. Raises ValueError as `hashed` does."""
        async with self._turn:
            return await asyncio.to_thread(hashed, password)


def _verify(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
