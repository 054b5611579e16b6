"""What every decoder is given and gives back: bytes and a context in, events and documents out, no world."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ingest.documents import Document
from ingest.errors import DecodeError
from streams.changes import Superseded
from streams.events import Event, Reliability, Status

if TYPE_CHECKING:
    from config.theatre import Theatre


class Context(Struct, frozen=True, kw_only=True):
    """What a decoder knows besides the bytes.

    feed: the feed's own name, which goes into every id. received_at: aware UTC, when the payload came. link:
    where it came from, without secrets. claimant, reliability, credibility: as the feed is configured.
    options: what this format alone asks of the feed's configuration. run: of the exercise, or empty.
    """

    feed: str
    theatre: Theatre
    received_at: dt.datetime
    status: Status = "actual"
    run: str = ""
    link: str = ""
    content_type: str = ""
    claimant: str = ""
    reliability: Reliability = "F"
    credibility: int = 6
    options: Mapping[str, Any] = {}


class Link(Struct, frozen=True, kw_only=True):
    """Something that a payload only links to.

    tag: the same while the entry that links to it stays as it is. otherwise: what stands where it cannot be
    had, the entry's own text or why it is refused. Where that is a text, the page's own is read in its place.
    """

    url: str
    tag: str
    otherwise: Document | DecodeError


class Decoded(Struct, kw_only=True):
    """What one payload says.

    events: with stable ids; their revisions are numbered when they are published, by what changed. documents:
    texts for the report reader. links: what has to be fetched first. refused: the records that are not as
    documented; the others stand. said_at: the source's own clock, where the payload tells it. is_listing: the
    payload lists all that is in force, so that what it no longer lists has ended. superseded: things of which
    a message in the payload says all that is still so, so that what it no longer says of them has ended.
    """

    events: list[Event] = []
    documents: list[Document] = []
    links: list[Link] = []
    refused: list[DecodeError] = []
    said_at: dt.datetime | None = None
    is_listing: bool = False
    superseded: list[Superseded] = []


Decode = Callable[[bytes, Context], Decoded]
"""Raises DecodeError for a payload that is not of the format at all."""
