"""The names of access's keys in the store: of the installation, not of one theatre; one cluster slot."""

from __future__ import annotations

ACCOUNTS = "wf:{access}:accounts"


def session_key(session: str) -> str:
    """A session, by the hash of its secret."""
    return f"wf:{{access}}:session:{session}"


def seen_key(session: str) -> str:
    """When a session was last used, by the hash of its secret."""
    return f"wf:{{access}}:seen:{session}"


def sessions_of_key(account: str) -> str:
    """The set of an account's sessions."""
    return f"wf:{{access}}:sessions-of:{account}"


def ticket_key(ticket: str) -> str:
    """A ticket, by its hash."""
    return f"wf:{{access}}:ticket:{ticket}"


def attempt_key(attempt: str) -> str:
    """A sign-in that has gone to the provider, by the hash of its secret."""
    return f"wf:{{access}}:attempt:{attempt}"


def tries_key(kind: str, of: str) -> str:
    """A counter of tries to sign in. of: a hash of what is counted."""
    return f"wf:{{access}}:tries:{kind}:{of}"
