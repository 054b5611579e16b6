"""The dry run: what the report reader makes of a text, for a person to mend; nothing of it is published."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ingest.acts.asked import AskedReading
from ingest.acts.refusal import ActRefused
from ingest.documents import Document, check, digest
from ingest.errors import DocumentError
from ingest.reading.explain import left_of
from ingest.reading.reader import read, scene_of
from ingest.reading.reading import Span
from ingest.reports import SURE_ENOUGH, events_of
from streams.events import Event

if TYPE_CHECKING:
    from config.theatre import Theatre

SET_HERE = frozenset({"id", "revision", "status", "run", "feed", "by", "confidence", "doubts"})
"""What is no part of an event that is asked for: it is worked out when that is published."""


class Understood(Struct, frozen=True):
    """One event that a text makes, or would if its reading were surer."""

    event: Event
    confidence: float
    reasons: tuple[str, ...]
    sure: bool


class Shown(Struct, frozen=True):
    """The same as it is answered: `event` as an act `publish` takes it."""

    event: dict[str, Any]
    confidence: float
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    sure: bool


class Readings(Struct, frozen=True):
    """A text as it was understood. left: the stretches of it that nothing was made of."""

    lang: str
    readings: tuple[Shown, ...]
    left: tuple[Span, ...]


def readings_of(asked: AskedReading, theatre: Theatre, now: dt.datetime) -> Readings:
    """Read a text. now: when it was published, where nobody says.

    Raises ActRefused for a text that no document could be.
    """
    document = _document(asked, asked.published_at or now)
    if asked.claimant and asked.claimant not in theatre.claimants:
        raise ActRefused("parameter", f"{asked.claimant!r} is not one of the theatre's", "claimant")
    try:
        check(document)
    except DocumentError as error:
        raise ActRefused("parameter", error.reason, error.field) from error
    understood = understand(document, theatre)
    scene = scene_of(document.text, published_at=document.published_at, theatre=theatre)
    langs = Counter(sentence.lexicon.lang for sentence in scene.sentences)
    return Readings(
        lang=langs.most_common(1)[0][0] if langs else "und",
        readings=tuple(_shown(one) for one in understood),
        left=tuple(_unread(left_of(scene), [one.event for one in understood])),
    )


def understand(document: Document, theatre: Theatre) -> list[Understood]:
    """All events that a text would make, however unsure, in the order of their readings."""
    found = []
    for reading in read(document.text, published_at=document.published_at, theatre=theatre):
        events = events_of(document, [reading], theatre, least=0.0)
        sure = reading.confidence >= SURE_ENOUGH
        found += [Understood(event, reading.confidence, reading.reasons, sure) for event in events]
    return found


def pasted(text: str, *, published_at: dt.datetime | None, title: str = "", link: str = "") -> Document:
    """A text that an operator gave us, and so vouches for that it speaks of when it was published."""
    return Document(
        name=link or digest(text),
        text=text,
        feed="desk",
        status="actual",
        published_at=published_at,
        title=title,
        link=link,
        is_vouched_for=True,
    )


def _document(asked: AskedReading, published_at: dt.datetime) -> Document:
    document = pasted(asked.text, published_at=published_at, title=asked.title, link=asked.link)
    return replace(document, own_claimant=asked.claimant)


def _unread(left: Iterable[Span], events: Iterable[Event]) -> Iterator[Span]:
    """Of what meant nothing, what is also within nothing that was read."""
    found = [event.evidence.spans for event in events if event.evidence is not None]
    read = {span for spans in found for of in spans.values() for span in of}
    for start, end in left:
        if not any(first <= start and end <= last for first, last in read):
            yield start, end


def _shown(understood: Understood) -> Shown:
    said: dict[str, Any] = msgspec.to_builtins(understood.event)
    plain = {name: value for name, value in said.items() if name not in SET_HERE}
    if plain.get("msg_type") == "update":
        del plain["msg_type"]
    doubts = understood.event.doubts
    return Shown(plain, understood.confidence, understood.reasons, doubts, understood.sure)
