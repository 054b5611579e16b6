"""Statements: what somebody of weight said about air defence, its cost or the alliance. Restrained by design.

A statement needs a speaker that the lexicon names, a verb of saying, a topic, and a figure or a quotation; so
ordinary prose about the war gives none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.reading.lexicon import Mark, Source
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence

_TOPICS = {
    "topic_air_defence": "air defence",
    "topic_defence_spending": "defence spending",
    "topic_ceasefire": "ceasefire",
    "topic_nato": "NATO",
}
_LEAST_QUOTE = 12
_NEAR = 16


class _Statement:
    def __init__(self, source: Source, topic: str, lang: str) -> None:
        self.source = source
        self.topic = topic
        self.lang = lang
        self.speakers: list[Span] = []
        self.person = False
        self.topics: list[Span] = []
        self.figures: dict[tuple[int, str], tuple[dict[str, Any], list[Span]]] = {}
        self.quotes: list[Span] = []
        self.text = ""


def statements(scene: Scene) -> list[Reading]:
    """One reading for each speaker and topic, however often the text repeats it."""
    found: dict[tuple[str, str], _Statement] = {}
    speaker: tuple[Source, Span, bool, int] | None = None
    for sentence in scene.sentences:
        named = list(_speakers(scene, sentence))
        if named:
            source, span, person = named[0]
            speaker = source, span, person, sentence.index
        elif speaker is None or not (sentence.first("he") and sentence.index - speaker[3] <= 2):
            continue
        if sentence.first("say", "demand", "reply") is None:
            continue
        for source, span, person in _talking(sentence, named, speaker):
            for topic, topic_span, figures, quotes in _said(sentence, source):
                entry = found.setdefault(
                    (source.key, topic), _Statement(source, topic, sentence.lexicon.lang)
                )
                entry.text = sentence.text
                entry.speakers.append(span)
                entry.person = entry.person or person
                entry.topics.append(topic_span)
                entry.quotes += quotes
                for figure, figure_span in figures:
                    known = entry.figures.setdefault((figure["value"], figure["unit"]), (figure, []))
                    known[1].append(figure_span)
    return [_reading(entry) for entry in found.values()]


def _speakers(scene: Scene, sentence: Sentence) -> Iterator[tuple[Source, Span, bool]]:
    for mark in sentence.sources:
        meaning = min(mark.means)
        source = scene.shared.sources[meaning.partition("#")[0]]
        if source.speaks:
            yield source, sentence.mark_span(mark), "#" in meaning


def _talking(
    sentence: Sentence, named: list[tuple[Source, Span, bool]], last: tuple[Source, Span, bool, int]
) -> list[tuple[Source, Span, bool]]:
    """Who says what this sentence says: the named speaker nearest the verb; "he" is the last one named."""
    if not named:
        return [last[:3]]
    persons = {source.key: (source, span, True) for source, span, person in named if person}
    keys = list(dict.fromkeys(source.key for source, _, _ in named))
    if len(keys) == 1:
        return [persons.get(keys[0], named[0])]
    verbs = [sentence.mark_span(mark) for mark in sentence.having("reply", "say", "demand")]
    reply = [sentence.mark_span(mark) for mark in sentence.having("reply")]
    verb = (reply or verbs)[0]
    nearest = min(named, key=lambda one: (min(abs(one[1][0] - verb[1]), abs(verb[0] - one[1][1])), one[1][0]))
    return [persons.get(nearest[0].key, nearest)]


def _said(
    sentence: Sentence, source: Source
) -> Iterator[tuple[str, Span, list[tuple[dict[str, Any], Span]], list[Span]]]:
    figures = list(_percentages(sentence))
    quotes = list(_quotations(sentence))
    used = False
    for term, topic in _TOPICS.items():
        mark = sentence.first(term)
        if mark is None or (topic == "NATO" and used):
            continue
        if topic == "NATO" and (source.organisation == "NATO" or figures):
            # An alliance's own name in its own mouth is no topic.
            continue
        of_topic = [
            ({"value": value, "unit": unit, "about": topic, **hedge}, span)
            for value, unit, hedge, span, at in figures
            if (unit == "% of GDP") == (topic == "defence spending")
            or (
                topic == "defence spending"
                and _close(sentence, at, mark)
                and sentence.first("topic_air_defence") is None
            )
        ]
        if of_topic or (
            quotes and (topic != "defence spending") and (topic != "NATO" or sentence.first("reply", "say"))
        ):
            used = True
            yield topic, sentence.mark_span(mark), of_topic, quotes if not of_topic or topic == "NATO" else []


def _close(sentence: Sentence, at: int, mark: Mark) -> bool:
    return abs(mark.first - at) <= _NEAR


def _percentages(sentence: Sentence) -> Iterator[tuple[int, str, dict[str, str], Span, int]]:
    for number in sentence.numbers:
        at = number.last
        if at >= len(sentence.tokens) or not (
            sentence.tokens[at].text == "%"
            or sentence.tokens[at].text.startswith(
                ("відсотк", "proc", "percent", "prozent", "процент", "per")
            )
        ):
            continue
        of_gdp = any(at < mark.first <= at + 6 for mark in sentence.having("gdp"))
        hedge: dict[str, str] = {}
        first = number.first
        before = sentence.mark_at[first - 1] if first else None
        if before is not None:
            for kind, words in (
                ("at_least", "at least"),
                ("up_to", "up to"),
                ("over", "over"),
                ("nearly", "nearly"),
            ):
                if kind in before.means:
                    hedge, first = {"qualifier": words}, before.first
                    break
        if number.value != int(number.value):
            continue
        yield (
            int(number.value),
            "% of GDP" if of_gdp else "%",
            hedge,
            sentence.span(first, at + 1),
            number.first,
        )


def _quotations(sentence: Sentence) -> Iterator[Span]:
    opened: int | None = None
    for token in sentence.tokens:
        if token.kind == "mark" and token.text == '"':
            if opened is None:
                opened = token.end
            else:
                inside = sentence.text[opened : token.start]
                if len(inside.strip()) >= _LEAST_QUOTE:
                    lead = len(inside) - len(inside.lstrip())
                    yield opened + lead, opened + len(inside.rstrip())
                opened = None


def _reading(entry: _Statement) -> Reading:
    draft = Draft()
    source = entry.source
    if source.person and entry.person:
        draft.put("speaker", source.person, *entry.speakers)
    else:
        draft.put("speaker", source.organisation, *entry.speakers)
    if source.role and entry.person:
        draft.put("speaker_role", source.role, *entry.speakers)
    draft.put("organisation", source.organisation, *entry.speakers)
    draft.put("claimants", [source.key], *entry.speakers)
    draft.put("topic", entry.topic, *entry.topics)
    if entry.figures:
        figures = sorted(entry.figures.values(), key=lambda one: one[1][0])
        draft.put(
            "figures", [figure for figure, _ in figures], *(span for _, spans in figures for span in spans)
        )
    if entry.quotes:
        longest = max(entry.quotes, key=lambda span: span[1] - span[0])
        draft.put("quote", " ".join(entry.text[slice(*longest)].split())[:500], longest)
    return draft.finish("statement", entry.lang)
