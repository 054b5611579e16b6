"""Shows how a text was understood: sentence by sentence what was matched, and what was left."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from config.theatre import Theatre
from ingest.reading.reader import read, scene_of
from ingest.reading.reading import Span
from ingest.reading.scene import Scene
from ingest.reading.times import At, Day, Night, Window, span_of
from ingest.reading.tokens import Token


def explain(text: str, *, published_at: datetime | None, theatre: Theatre) -> str:
    """The explanation, for a person who mends a lexicon. Arguments as of `read`."""
    scene = scene_of(text, published_at=published_at, theatre=theatre)
    lines = [line for index in range(len(scene.sentences)) for line in _sentence(scene, index)]
    for reading in read(text, published_at=published_at, theatre=theatre):
        lines.append(
            f"== {reading.kind}{' (quoted)' if reading.quoted else ''}  confidence {reading.confidence}"
        )
        lines += [f"   - {reason}" for reason in reading.reasons]
        for path, spans in reading.spans.items():
            value: object = reading.facts
            for key in path.split("."):
                value = value[key] if isinstance(value, dict) else value
            quoted = " | ".join(repr(text[start:end]) for start, end in spans)
            lines.append(f"   {path} = {json.dumps(value, ensure_ascii=False)}  from {quoted}")
    return "\n".join(lines)


def left_of(scene: Scene) -> Iterator[Span]:
    """The stretches of the text in which no word meant anything to the reader."""
    for index, sentence in enumerate(scene.sentences):
        first = last = -1
        for token in _left(scene, index):
            if last >= 0 and not sentence.text[last : token.start].isspace():
                yield first, last
                first = -1
            first = token.start if first < 0 else first
            last = token.end
        if last >= 0:
            yield first, last


def _left(scene: Scene, index: int) -> Iterator[Token]:
    sentence, taken = scene.sentences[index], set(scene.times[index].taken)
    taken.update(at for name in sentence.names for at in range(name.first, name.last))
    taken.update(at for claim in scene.claims[index] for at in range(claim.first, claim.last))
    for at, token in enumerate(sentence.tokens):
        if token.kind in ("word", "name", "number") and sentence.mark_at[at] is None and at not in taken:
            yield token


def _sentence(scene: Scene, index: int) -> Iterator[str]:
    sentence, times = scene.sentences[index], scene.times[index]
    start, end = sentence.span(0, len(sentence.tokens))
    yield f"[{sentence.lexicon.lang} {start}-{end}] {sentence.text[start:end]}"
    for mark in sentence.marks:
        first, last = sentence.mark_span(mark)
        yield f"    {sentence.text[first:last]!r}: {', '.join(sorted(mark.means))}"
    for name in sentence.names:
        first, last = sentence.span(name.first, name.last)
        yield f"    {sentence.text[first:last]!r}: {name.kind} {name.key}"
    for mark in sentence.sources:
        first, last = sentence.mark_span(mark)
        yield f"    {sentence.text[first:last]!r}: source {', '.join(sorted(mark.means))}"
    for claim in scene.claims[index]:
        first, last = claim.span
        governor = claim.governor
        by = (
            sentence.text[slice(*claim.sentence.mark_span(governor))]
            if governor and claim.sentence is sentence
            else ""
        )
        yield (
            f"  > {sentence.text[first:last]!r}: {claim.amount.fact()} {claim.of_class or '?'}"
            f" {claim.type_key}{' and others' if claim.mixed else ''} {claim.status}"
            f"{', a share' if claim.share else ''}, by {by!r}"
        )
    kinds: list[tuple[str, Sequence[Day | Night | Window | At]]] = [
        ("night", times.nights),
        ("window", times.windows),
        ("time", times.moments),
        ("day", times.days),
    ]
    for kind, found in kinds:
        for one in found:
            first, last = span_of(sentence, one)
            yield f"  > {sentence.text[first:last]!r}: {kind}"
    left = [sentence.text[token.start : token.end] for token in _left(scene, index)]
    if left:
        yield f"    left: {' '.join(left)}"
