"""One page of a news site: its text without what stands around it, as a document for the report reader."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec
import trafilatura
from lxml import etree, html  # type: ignore[import-untyped]

from ingest.decoding import Context, Decoded
from ingest.documents import MAX_LINE_CHARS, MAX_LINK_CHARS, Document, digest
from ingest.errors import DecodeError
from ingest.refusals import MALFORMED

MAX_BYTES = 4_000_000
MAX_TAGS = 40_000
"""Markup is what takes long: so much of it two or three seconds. A page of news has a tenth of it."""
MAX_SCRIPTS = 20
_STATED = (
    "//meta[@property='article:published_time' or @name='article:published_time'"
    " or @itemprop='datePublished' or @name='datePublished']/@content"
    " | //time[@datetime]/@datetime"
)
_LINKED_DATA = "//script[@type='application/ld+json']/text()"
_NOON = dt.time(12, tzinfo=dt.UTC)


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode a page: one document, under the address that it came from.

    When it was published is what its metadata say; where they or its address say no more than a day, the noon
    (UTC) of it, but not later than it came; else when it came.
    Raises DecodeError for what has no text of its own.
    """
    if len(payload) > MAX_BYTES:
        raise DecodeError(context.feed, "$", f"has {len(payload):,} bytes, of {MAX_BYTES:,} allowed")
    if payload.count(b"<") > MAX_TAGS:
        raise DecodeError(context.feed, "$", f"has more than the {MAX_TAGS:,} tags allowed")
    try:
        page: Any = trafilatura.bare_extraction(
            payload,
            url=context.link or None,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, etree.LxmlError) as error:
        raise DecodeError(context.feed, "$", f"is no page: {type(error).__name__}", payload) from error
    text = _plain(page.text) if page is not None else ""
    if not text:
        raise DecodeError(context.feed, "$", "has no text of its own", payload)
    link = context.link if context.link.startswith(("https://", "http://")) else ""
    document = Document(
        name=link or f"{context.feed}:{digest(text)}",
        text=text,
        feed=context.feed,
        status=context.status,
        run=context.run,
        published_at=_published_at(payload, page.date, context.received_at),
        title=" ".join(_plain(page.title).split())[:MAX_LINE_CHARS],
        link=link[:MAX_LINK_CHARS],
        own_claimant=context.claimant,
        reliability=context.reliability,
        credibility=context.credibility,
    )
    return Decoded(documents=[document])


def _published_at(payload: bytes, day: str | None, received_at: dt.datetime) -> dt.datetime:
    days: list[dt.date] = []
    for stated in _stated(payload):
        try:
            at = dt.datetime.fromisoformat(stated.strip())
            if at.tzinfo is not None:
                return at.astimezone(dt.UTC)
            days.append(at.date())
        except (ValueError, OverflowError):
            continue
    with contextlib.suppress(ValueError):
        days.append(dt.date.fromisoformat(day or ""))
    return min(dt.datetime.combine(days[0], _NOON), received_at) if days else received_at


def _stated(payload: bytes) -> Iterator[str]:
    """The instants that a page states for machines, the surest first."""
    try:
        root = html.document_fromstring(payload, parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError):
        return
    for script in root.xpath(_LINKED_DATA)[:MAX_SCRIPTS]:
        try:
            yield from _dates(msgspec.json.decode(str(script)))
        except (*MALFORMED, ValueError):
            continue
    yield from map(str, root.xpath(_STATED))


def _dates(data: Any) -> Iterator[str]:
    """`datePublished` of a thing, of a list of things, or of the things of a graph."""
    things = data if isinstance(data, list) else [data]
    for thing in things[:MAX_SCRIPTS]:
        if isinstance(thing, dict):
            if isinstance(stated := thing.get("datePublished"), str):
                yield stated
            if "@graph" in thing:
                yield from _dates([one for one in _listed(thing["@graph"]) if "@graph" not in one])


def _listed(graph: Any) -> list[dict[str, Any]]:
    return [one for one in graph if isinstance(one, dict)] if isinstance(graph, list) else []


def _plain(text: str | None) -> str:
    return (text or "").encode("utf-8", "replace").decode().strip()
