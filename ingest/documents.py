"""Documents: texts that somebody published, and what of them we take."""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b

from msgspec import Struct

from ingest.errors import DocumentError
from streams.events import Status

MAX_TEXT_CHARS = 200_000
MAX_LINE_CHARS = 1_000
MAX_LINK_CHARS = 2_000


class Document(Struct, frozen=True, kw_only=True):
    """A text as it reached us.

    name: what stays the same when it is corrected: its address, its file's name, else a hash of its text.
    own_claimant: the claimant whose own channel the feed is, so that what it announces is so as of then.
    is_vouched_for: a person says so of a text, whoever it is from.
    revision: None until the store has said which text under this name it is.
    """

    name: str
    text: str
    feed: str
    status: Status
    run: str = ""
    revision: int | None = None
    published_at: dt.datetime | None = None
    title: str = ""
    link: str = ""
    own_claimant: str = ""
    is_vouched_for: bool = False
    reliability: str = ""
    credibility: int = 6


def digest(text: str) -> str:
    """A short name for a text: 24 hexadecimal characters."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def check(document: Document) -> None:
    """Raises DocumentError for a document that is empty or larger than what we take."""
    if not document.text.strip():
        raise DocumentError("text", "is empty")
    if len(document.text) > MAX_TEXT_CHARS:
        raise DocumentError("text", f"has {len(document.text):,} characters, of {MAX_TEXT_CHARS:,} allowed")
    for field, limit in (("title", MAX_LINE_CHARS), ("link", MAX_LINK_CHARS), ("feed", 128)):
        if len(getattr(document, field)) > limit:
            raise DocumentError(field, f"is longer than {limit:,} characters")
    if document.link and not document.link.startswith(("https://", "http://", "exercise:")):
        raise DocumentError("link", "must start with https:// or http://")
    if document.published_at is not None and document.published_at.tzinfo is None:
        raise DocumentError("published_at", "must say its offset from UTC, as in 2025-06-09T08:10+03:00")
