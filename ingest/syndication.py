"""Syndication: the entries of RSS, Atom and JSON Feed, as plain text with their times."""

from __future__ import annotations

import calendar
import datetime as dt
import io
import time
from collections.abc import Iterator
from typing import Annotated, Any

import feedparser  # type: ignore[import-untyped]
from msgspec import Meta, Raw, Struct

from ingest.decoding import Context, Decoded
from ingest.documents import MAX_LINE_CHARS, MAX_LINK_CHARS
from ingest.errors import DecodeError
from ingest.hypertext import text_of
from ingest.records import AwareInstant, each, utc, whole

MAX_ENTRIES = 200
"""Of one payload, the first ones: feeds list the newest first, and few list more."""
MAX_BYTES = 2_000_000
"""Feeds of news are a tenth of it."""
MAX_TAGS = 40_000
"""Markup is what takes the parser long: so much of it a second or two. 200 entries of news have a tenth."""
MAX_NAME_CHARS = 1_000


class Entry(Struct, frozen=True, kw_only=True):
    """One entry. name: its id, else its link, else empty. text: its content, else its summary, else empty."""

    name: str
    title: str
    link: str
    text: str
    is_summary: bool
    published_at: dt.datetime | None


class _Item(Struct):
    id: Annotated[str, Meta(max_length=MAX_NAME_CHARS)] | int | None = None
    url: str | None = None
    title: str | None = None
    content_text: str | None = None
    content_html: str | None = None
    summary: str | None = None
    date_published: AwareInstant | None = None


class _JsonFeed(Struct):
    items: list[Raw]


def entries(payload: bytes, context: Context, into: Decoded) -> list[Entry]:
    """The entries of a feed, at most MAX_ENTRIES; those of JSON that are not as documented are refused.

    Nothing is fetched. A time without a zone is UTC. Raises DecodeError for what is no feed.
    Source: rssboard.org, RFC 4287, jsonfeed.org 1.1.
    """
    if len(payload) > MAX_BYTES:
        reason = f"has {len(payload):,} bytes, of {MAX_BYTES:,} allowed"
        raise DecodeError(context.feed, "$", reason)
    if payload.count(b"<") > MAX_TAGS:
        raise DecodeError(context.feed, "$", f"has more than the {MAX_TAGS:,} tags allowed")
    if payload.lstrip()[:1] == b"{":
        items = whole(payload, _JsonFeed, context.feed).items[:MAX_ENTRIES]

        def of(item: _Item, path: str) -> Iterator[Entry]:
            yield _of_item(item, path, context.feed)

        return each(items, _Item, of, feed=context.feed, path="$.items", into=into)
    return _parsed(payload, context)


def _of_item(item: _Item, path: str, feed: str) -> Entry:
    content = item.content_text or text_of(item.content_html or "")
    published_at = item.date_published
    return Entry(
        name=str(item.id) if item.id is not None else _link(item.url),
        title=_line(item.title),
        link=_link(item.url),
        text=content or text_of(item.summary or ""),
        is_summary=not content,
        published_at=utc(published_at, feed, f"{path}.date_published") if published_at else None,
    )


def _parsed(payload: bytes, context: Context) -> list[Entry]:
    headers = {"content-type": context.content_type} if context.content_type else {}
    try:
        # A stream, since the parser takes a string for an address or a path and goes to see what is there.
        parsed = feedparser.parse(
            io.BytesIO(payload), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
        )
    except (ValueError, LookupError, RecursionError, AssertionError, TypeError, AttributeError) as error:
        raise DecodeError(context.feed, "$", f"is no feed: {type(error).__name__}", payload) from error
    if not parsed.get("version"):
        why = parsed.get("bozo_exception") or "neither RSS nor Atom"
        raise DecodeError(context.feed, "$", f"is no feed: {why}"[:MAX_LINE_CHARS], payload)
    return [_of_entry(entry) for entry in parsed.entries[:MAX_ENTRIES]]


def _of_entry(entry: Any) -> Entry:
    content = next(
        (text for one in entry.get("content") or () if (text := text_of(one.get("value") or ""))), ""
    )
    link = _link(entry.get("link"))
    return Entry(
        name=(str(entry.get("id") or "") or link)[:MAX_NAME_CHARS],
        title=_line(entry.get("title")),
        link=link,
        text=content or text_of(str(entry.get("summary") or "")),
        is_summary=not content,
        # As a plain dict, since the parser's own look-up warns about giving the one for the other.
        published_at=_instant(dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")),
    )


def _instant(parsed: time.struct_time | None) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None


def _line(text: Any) -> str:
    return " ".join(text_of(str(text or "")).split())[:MAX_LINE_CHARS]


def _link(text: Any) -> str:
    link = str(text or "").strip()
    return link if link.startswith(("https://", "http://")) and len(link) <= MAX_LINK_CHARS else ""
