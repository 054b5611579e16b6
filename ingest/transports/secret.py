"""A feed's key: shown to its own source alone, and kept out of every link, error and log."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import quote, quote_plus, unquote, urlsplit, urlunsplit

from config.feeds import FeedConfig
from ingest.errors import TransportError

HIDDEN = "***"
REASON_LETTERS = 300


class Secret:
    """The key of one feed, and how its source wants to see it.

    Raises TransportError where the environment does not hold what the feed names.
    """

    def __init__(self, feed: FeedConfig, environment: Mapping[str, str] = os.environ) -> None:
        self._value = feed.secret_value(environment)
        if feed.secret and not self._value:
            raise TransportError(f"needs the environment variable {feed.secret}, which is not set")
        self._kind, _, self._name = feed.secret_as.partition(":")
        if not self._value.isascii() or any(ord(letter) < 0x20 for letter in self._value):
            raise TransportError(f"the key in {feed.secret} has letters that no header may have")

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def headers(self) -> dict[str, str]:
        """What to send with a request."""
        if not self._value or self._kind == "query":
            return {}
        if self._kind == "bearer":
            return {"Authorization": f"Bearer {self._value}"}
        return {self._name if self._kind == "header" else "Authorization": self._value}

    def query(self) -> dict[str, str]:
        """What to add to an address."""
        return {self._name: self._value} if self._value and self._kind == "query" else {}

    def hide(self, text: str) -> str:
        """`text` without the key, however it is written."""
        for written in {
            self._value,
            quote(self._value),
            quote(self._value, safe=""),
            quote_plus(self._value),
        }:
            if written:
                text = text.replace(written, HIDDEN)
        return text

    def told(self, reason: str) -> str:
        """A reason fit to be shown: one line of bounded length, without the key."""
        return " ".join(self.hide(reason).split())[:REASON_LETTERS]

    def is_in(self, text: str) -> bool:
        """Whether `text`, an address, carries the key."""
        return bool(self._value) and (self._value in text or self._value in unquote(text))


def link_of(url: str) -> str:
    """An address fit to be shown: without user, password and fragment."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
