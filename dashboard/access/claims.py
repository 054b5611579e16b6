"""What a provider's claims come to here: a name that nobody made here can have, and a role, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from dashboard.access.accounts import PROVIDED
from dashboard.access.roles import ROLES, Role

MOST_VALUES = 2_000


def role_of(claims: Mapping[str, Any], path: str, roles: Mapping[str, str]) -> Role | None:
    """The most that any value of a claim gives; None where none gives anything.

    path: the claim's name, or a way into it by dots (`realm_access.roles`).
    """
    stated = _at(claims, path)
    values = stated[:MOST_VALUES] if isinstance(stated, list) else [stated]
    given = {roles.get(value) for value in values if isinstance(value, str)}
    return next((role for role in reversed(ROLES) if role != "wall" and role in given), None)


def name_of(claims: Mapping[str, Any], path: str, issuer: str) -> str:
    """The name of somebody's account: as the claim has it, at the provider where it does not say.

    What is not plain, or not there, is replaced by a word made from the subject.
    """
    host = (urlsplit(issuer).hostname or "").strip("[]").replace(":", "-")
    stated = _at(claims, path)
    said = stated.lower() if isinstance(stated, str) else ""
    for name in (said, f"{said}@{host}"):
        if PROVIDED.fullmatch(name):
            return name
    return f"person-{hashlib.sha256(str(claims['sub']).encode()).hexdigest()[:16]}@{host}"


def subject_of(claims: Mapping[str, Any], issuer: str) -> str:
    """Who somebody is, whatever they are called: the provider's own word, which it gives to nobody else."""
    return f"{issuer} {claims['sub']}"


def _at(claims: Mapping[str, Any], path: str) -> object:
    if path in claims:
        return claims[path]
    found: object = claims
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found
