"""Quotes: of a long text, the sentence around a figure, and where in it the figure stands."""

from __future__ import annotations

import re

from dashboard.picture.shape import Quote
from streams.events import Evidence

MAX_CHARS = 300
MAX_QUOTES = 24
"""Of one event: more figures than any report states."""
_END = re.compile(r"[.!?…](?=[\s»”\"')\]]|$)|\n")


def quotes(evidence: Evidence) -> dict[str, Quote]:
    """A quote for each field that has a span in the text; a span outside of it gives none."""
    found: dict[str, Quote] = {}
    for path, spans in evidence.spans.items():
        if len(found) == MAX_QUOTES:
            break
        if spans and (made := _quote(evidence, *spans[0])) is not None:
            found[path] = made
    return found


def _quote(evidence: Evidence, start: int, end: int) -> Quote | None:
    text = evidence.text
    if not 0 <= start < end <= len(text) or end - start > MAX_CHARS:
        return None
    # A sentence that is cut still has the figure in its middle.
    room = MAX_CHARS - (end - start)
    first, last = max(0, start - room), min(len(text), end + room)
    for match in _END.finditer(text, first, start):
        first = match.end()
    if (after := _END.search(text, end, last)) is not None:
        last = after.end()
    if last - first > MAX_CHARS:
        before, behind = start - first, last - end
        before = min(before, max(room // 2, room - behind))
        first = start - before
        last = min(last, end + room - before)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    # One character for one: the places of start and end stay right.
    words = re.sub(r"\s", " ", text[first:last])
    return Quote(text=words, start=start - first, end=end - first, lang=evidence.lang)
