"""The report reader: a text in any lexicon's language to readings, each value with its place in the text."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from config.theatre import Theatre
from ingest.reading.claims import Claim
from ingest.reading.closures import airspace_closures
from ingest.reading.counting import claims_of
from ingest.reading.lexicon import Lexicons, load_lexicons
from ingest.reading.names import Names
from ingest.reading.raids import raid_reports
from ingest.reading.reading import Reading
from ingest.reading.scene import Scene
from ingest.reading.scrambles import scrambles
from ingest.reading.sentences import sentences_of
from ingest.reading.statements import statements
from ingest.reading.strikes import regional_correction, strikes
from ingest.reading.threats import announcements
from ingest.reading.times import YEARS, Times

_prepared: dict[str, tuple[Theatre, Names]] = {}


def names_for(theatre: Theatre, lexicons: Lexicons) -> Names:
    """The theatre's names, made ready once."""
    known = _prepared.get(theatre.name)
    if known is None or known[0] is not theatre:
        known = _prepared[theatre.name] = theatre, Names(theatre, lexicons)
    return known[1]


def scene_of(text: str, *, published_at: datetime | None, theatre: Theatre) -> Scene:
    """A text cut up and marked, before anything is concluded from it."""
    lexicons = load_lexicons()
    sentences = sentences_of(text, lexicons, names_for(theatre, lexicons))
    times = [Times(sentence) for sentence in sentences]
    claims: list[list[Claim]] = []
    before: list[Claim] = []
    for sentence, when in zip(sentences, times, strict=True):
        found = claims_of(sentence, when, lexicons.shared, before[-8:])
        claims.append(found)
        before += found
    return Scene(sentences, times, claims, published_at, theatre, lexicons.shared)


def read(text: str, *, published_at: datetime | None, theatre: Theatre) -> list[Reading]:
    """All that a text reports; empty for a text that reports nothing.

    text: as it was published; spans are of it. published_at: aware; without it, dates that the text leaves
    open stay out. Never raises for any text; time is linear in its length. The caller bounds that.
    """
    if published_at is not None and not YEARS[0] <= published_at.year <= YEARS[1]:
        published_at = None
    with _undisturbed():
        return _read(text, published_at, theatre)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the collector of cycles from a long text's tokens, which it would look through again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(text: str, published_at: datetime | None, theatre: Theatre) -> list[Reading]:
    scene = scene_of(text, published_at=published_at, theatre=theatre)
    correction = regional_correction(scene)
    readings = [correction] if correction is not None else raid_reports(scene)
    readings += scrambles(scene)
    if not readings:
        readings += announcements(scene)
    if not readings:
        readings += airspace_closures(scene)
    return readings + strikes(scene) + statements(scene)
