"""Cuts tokens into sentences, each in its own language, and finds everything a lexicon knows in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.reading.lexicon import Lexicon, Lexicons, Mark
from ingest.reading.meanings import country_meant, is_governor, sides, statuses
from ingest.reading.names import Name, Names
from ingest.reading.numbers import Number, find_numbers
from ingest.reading.reading import Span
from ingest.reading.tokens import Token, tokenise

_WRAPPED_LINE = 40
"""A line at least so long, without a full stop, that goes on in a small letter, was only wrapped."""
_WIDTHS = (60, 110)
"""Characters in the longest line of a text that somebody wrapped by hand, at least and at most."""
_BULLETS = frozenset("-*•—")
_SUPERLATIVE = 8
"""Tokens between "the largest" and the time in which it was that, at most."""
_LONGEST = 400
"""Tokens in one sentence at most; longer ones are cut, which keeps every later step linear."""


class Sentence:
    """One sentence: its tokens, and what was found in them. Indexes are of this sentence's tokens."""

    def __init__(
        self,
        index: int,
        paragraph: int,
        tokens: Sequence[Token],
        text: str,
        lexicon: Lexicon,
        lexicons: Lexicons,
        names: Names,
    ) -> None:
        self.index = index
        self.paragraph = paragraph
        self.tokens = tokens
        self.text = text
        self.lexicon = lexicon
        found = lexicon.phrases.find(tokens, cyrillic=lexicon.cyrillic)
        self.marks = _merged_outcomes(_compounds(found, tokens), tokens)
        self.mark_at: list[Mark | None] = [None] * len(tokens)
        for mark in self.marks:
            for at in range(mark.first, mark.last):
                self.mark_at[at] = mark
        self._all_means = frozenset[str]().union(*(mark.means for mark in self.marks))
        self.sources = lexicons.shared.source_phrases.find(tokens)
        self.numbers: list[Number] = find_numbers(tokens, lexicon)
        self.names: list[Name] = names.find(tokens, lexicon, self.mark_at)

    def span(self, first: int, last: int) -> Span:
        """The characters of tokens [first, last)."""
        return self.tokens[first].start, self.tokens[max(last, first + 1) - 1].end

    def mark_span(self, mark: Mark) -> Span:
        """The characters of a mark."""
        return self.span(mark.first, mark.last)

    def having(self, *meanings: str) -> Iterator[Mark]:
        """The marks that can mean any of these, from left to right."""
        if self._all_means.isdisjoint(meanings):
            return iter(())
        wanted = frozenset(meanings)
        return (mark for mark in self.marks if not wanted.isdisjoint(mark.means))

    def first(self, *meanings: str) -> Mark | None:
        """The first mark that can mean any of these."""
        if self._all_means.isdisjoint(meanings):
            return None
        return next(self.having(*meanings), None)

    def sums_up(self) -> bool:
        """Whether it counts weeks or years together: "since the beginning of the war", but not "the largest
        attack since the beginning of the war".
        """
        return any(
            not any(0 <= mark.first - most.last <= _SUPERLATIVE for most in self.having("record_new"))
            for mark in self.having("long_period")
        )

    def means(self, at: int, *meanings: str) -> bool:
        """Whether the token stands in a mark that can mean any of these."""
        if not 0 <= at < len(self.tokens):
            return False
        mark = self.mark_at[at]
        return mark is not None and not mark.means.isdisjoint(meanings)


def _compounds(marks: list[Mark], tokens: Sequence[Token]) -> list[Mark]:
    """The marks; a nation with a verb hung on to it only describes: "29 Russia-launched drones"."""
    found: list[Mark] = []
    for mark in marks:
        before = found[-1] if found else None
        at = mark.first - 1
        if (
            before is not None
            and before.last == at
            and tokens[at].text == "-"
            and tokens[at].glued
            and tokens[mark.first].glued
            and is_governor(mark)
            and country_meant(before)
        ):
            found[-1] = Mark(before.first, mark.last, before.means | {"modifier"})
        else:
            found.append(mark)
    return found


def _merged_outcomes(marks: list[Mark], tokens: Sequence[Token]) -> list[Mark]:
    """The marks, with "shot down or jammed" as one verb, for which a source that merges has many words."""
    found: list[Mark] = []
    for mark in marks:
        joint = found[-1] if found else None
        verb = found[-2] if len(found) > 1 else None
        if "suppressed" in statuses(mark):
            slash = joint is not None and joint.last == mark.first - 1 and tokens[joint.last].text == "/"
            if slash and joint is not None and "shot_down" in statuses(joint):
                found[-1] = _either(joint, mark)
                continue
            if (
                joint is not None
                and verb is not None
                and (verb.last, joint.last) == (joint.first, mark.first)
                and joint.means & {"or", "and"}
                and "shot_down" in statuses(verb)
            ):
                found[-2:] = [_either(verb, mark)]
                continue
        found.append(mark)
    return found


def _either(first: Mark, last: Mark) -> Mark:
    return Mark(
        first.first, last.last, frozenset(f"neutralised.{side}" for side in sides(first) | sides(last))
    )


def sentences_of(text: str, lexicons: Lexicons, names: Names) -> list[Sentence]:
    """All sentences in a language that has a lexicon."""
    tokens = _unwrapped(tokenise(text), text)
    detector = lexicons.detector
    around = detector.detect([token for token in tokens if token.kind == "word"][:5_000], text)
    found: list[Sentence] = []
    for number, paragraph in enumerate(_paragraphs(tokens)):
        lang = detector.detect_part(paragraph, text, around)
        if lang is None:
            continue
        lexicon = lexicons.languages[lang]
        for part in _sentences(paragraph, text, lexicon):
            if any(token.kind in ("word", "name") for token in part):
                found.append(Sentence(len(found), number, part, text, lexicon, lexicons, names))
    return found


def _unwrapped(tokens: list[Token], text: str) -> list[Token]:
    kept: list[Token] = []
    line_start = 0
    width = _width(tokens, text)
    for at, token in enumerate(tokens):
        if token.kind != "break":
            kept.append(token)
            continue
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        wrapped = (
            token.text == "\n"
            and after is not None
            and kept
            and kept[-1].text not in (".", "!", "?", ":", ";")
            and kept[-1].end - line_start >= _WRAPPED_LINE
            and (
                after.kind == "number"
                or (after.kind == "word" and text[after.start].islower())
                # A name begins the next line, and would not have fitted into this one.
                or (
                    after.kind in ("word", "name")
                    and kept[-1].end - line_start + after.end - after.start >= width
                )
            )
        )
        line_start = token.end
        if not wrapped:
            kept.append(token)
    return kept


def _width(tokens: Sequence[Token], text: str) -> int:
    """How wide a text was wrapped, or more than any line is long where it was not."""
    lines: list[tuple[int, bool]] = []
    start = 0
    for token in tokens:
        if token.kind == "break":
            lines.append((token.start - start, token.text == "\n"))
            start = token.end
    lines.append((len(text.rstrip()) - start, False))
    width = max(length for length, _ in lines)
    followed = [length for length, goes_on in lines if goes_on]
    full = sum(1 for length in followed if length >= width * 0.75)
    if not _WIDTHS[0] <= width <= _WIDTHS[1] or len(followed) < 2 or full * 2 < len(followed):
        return len(text) + 1
    return width


def _paragraphs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Lines; but a line that ends in a colon keeps the list below it."""
    line: list[Token] = []
    opened = False
    for at, token in enumerate(tokens):
        if token.kind != "break":
            line.append(token)
            continue
        if not line:
            continue
        follower = tokens[at + 1] if at + 1 < len(tokens) else None
        bullet = follower is not None and follower.kind == "mark" and follower.text in _BULLETS
        opened = bullet and (opened or line[-1].text in (":", ";", ","))
        if opened:
            line.append(token)
        else:
            yield line
            line = []
    if line:
        yield line


def _sentences(tokens: list[Token], text: str, lexicon: Lexicon) -> Iterator[list[Token]]:
    sentence: list[Token] = []
    at, end = 0, len(tokens)
    while at < end:
        token = tokens[at]
        sentence.append(token)
        at += 1
        if len(sentence) >= _LONGEST:
            yield sentence
            sentence = []
            continue
        if token.kind != "mark" or token.text not in ".!?":
            continue
        after = at
        while after < end and tokens[after].kind == "mark" and tokens[after].text in "\"').!?":
            if tokens[after].text in "\"'" and not tokens[after].glued:
                break
            after += 1
        if token.text == "." and not _ends(sentence, tokens, after, text, lexicon):
            continue
        sentence += tokens[at:after]
        at = after
        yield sentence
        sentence = []
    if sentence:
        yield sentence


def _ends(sentence: list[Token], tokens: list[Token], after: int, text: str, lexicon: Lexicon) -> bool:
    """Whether the full stop at the end of the sentence so far is one."""
    if after >= len(tokens):
        return True
    follower = tokens[after]
    if follower.kind == "break":
        return True
    before = sentence[-2] if len(sentence) > 1 else None
    if before is not None and before.kind == "number" and lexicon.calendar.find(tokens[after : after + 1]):
        # "am 9. Juni": an ordinal, not an end.
        return False
    if before is not None and before.kind == "word":
        short = len(before.text) == 1 and follower.kind == "word"
        if before.text in lexicon.abbreviations or short:
            return False
    if follower.kind in ("word", "name"):
        return text[follower.start].isupper() or not text[follower.start].islower()
    if follower.glued:
        return False
    return follower.kind != "mark" or follower.text not in ",;:-)"
