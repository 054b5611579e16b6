"""Airports closed and reopened, and the airspace closures of texts in which nobody scrambles."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.reading.meanings import country_meant
from ingest.reading.names import Name
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence

Airport = tuple[str, str, Span]
"""What it is called in English, its ICAO code or nothing, and where it was named."""
_NOTAM = re.compile(r"[a-z]\d{1,4}/\d{2,4}")


class Airports(NamedTuple):
    """What a text says of airports: still closed, and open again."""

    closed: list[Airport]
    reopened: list[Airport]


def airports_of(scene: Scene, country: str) -> Airports:
    """The airports of a country that were closed or reopened; one that was both is open again."""
    closed: dict[str, Airport] = {}
    reopened: dict[str, Airport] = {}
    both = False
    for sentence in scene.sentences:
        if sentence.first("airport", "both_airports") is None or sentence.first("future"):
            continue
        named = [
            name
            for name in sentence.names
            if scene.country_of(name) == country and name.kind in ("place", "base")
        ]
        found = [_airport(scene, sentence, name) for name in named]
        opens, closes = sentence.first("reopened"), sentence.first("closed")
        if closes is None and (opens is not None or sentence.first("both_airports")):
            reopened |= {airport[0]: airport for airport in found}
            both = both or not found
        elif closes is not None:
            closed |= {airport[0]: airport for airport in found}
            both = both or opens is not None
    if both:
        reopened = closed | reopened
    return Airports([one for key, one in closed.items() if key not in reopened], list(reopened.values()))


def _airport(scene: Scene, sentence: Sentence, name: Name) -> Airport:
    span = sentence.span(name.first, name.last)
    if name.kind == "base":
        return scene.theatre.bases[name.key].name.partition("-")[0], name.key, span
    label = scene.label(name)
    base = scene.theatre.resolve_base(label)
    return label, base.icao if base else "", span


def airspace_closures(scene: Scene) -> list[Reading]:
    """A text about closed or reopened airports or a NOTAM, where nothing else was read from it."""
    for sentence in scene.sentences:
        for mark in sentence.marks:
            country = country_meant(mark)
            if country in ("", "UA", "RU", "BY"):
                continue
            airports = airports_of(scene, country)
            notams = {
                token.text.upper(): (token.start, token.end)
                for one in scene.sentences
                for token in one.tokens
                if token.kind == "name" and _NOTAM.fullmatch(token.text)
            }
            if not (airports.closed or airports.reopened or notams):
                return []
            draft = Draft()
            draft.put("country", country, sentence.mark_span(mark))
            for path, found in (
                ("airports_closed", airports.closed),
                ("airports_reopened", airports.reopened),
            ):
                if found:
                    draft.put(path, [label for label, _, _ in found], *(span for _, _, span in found))
                    keys = [key for _, key, _ in found if key]
                    if keys:
                        draft.put(f"{path}_icao", keys, *(span for _, key, span in found if key))
            if notams:
                draft.put("notams", list(notams), *notams.values())
            return [draft.finish("airspace_closure", sentence.lexicon.lang)]
    return []
