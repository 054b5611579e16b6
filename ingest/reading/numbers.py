"""Numbers in digits and in words, in any case of a language: "479", "1 159", "dix", "десяти"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.reading.lexicon import Lexicon
from ingest.reading.tokens import Token

_MOST = 10**9


class Number(NamedTuple):
    """A number at tokens [first, last). article: it is only "a" or "un", which often means no count."""

    first: int
    last: int
    value: float
    article: bool = False
    rounded: bool = False
    """A noun of number, which is never exact: "une dizaine", "a dozen"."""


def find_numbers(tokens: Sequence[Token], lexicon: Lexicon) -> list[Number]:
    """All numbers of a sentence, from left to right. Digits that are part of a name are none."""
    found: list[Number] = []
    at, end = 0, len(tokens)
    while at < end:
        token = tokens[at]
        number: Number | None = None
        if token.kind == "number" and token.value is not None:
            number = _scaled(tokens, at, at + 1, token.value, lexicon)
        elif token.kind == "word" and (
            token.text in lexicon.numbers or token.text in lexicon.scales or token.text in lexicon.articles
        ):
            number = _worded(tokens, at, lexicon)
        if number is None:
            at += 1
        else:
            found.append(number)
            at = number.last
    return found


def _scaled(tokens: Sequence[Token], first: int, last: int, value: float, lexicon: Lexicon) -> Number:
    while last < len(tokens) and tokens[last].kind == "word":
        scale = lexicon.scales.get(tokens[last].text)
        if scale is None or scale < 1_000 or value * scale > _MOST:
            break
        value *= scale
        last += 1
    return Number(first, last, value)


def _worded(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> Number | None:
    total = part = 0
    floor = _MOST
    """A further word must be smaller than the last: "twenty two" is one number, "two two" is two."""
    at = first
    if tokens[first].text in lexicon.articles and first + 1 < len(tokens):
        counted = tokens[first + 1].text
        if counted in lexicon.numbers or counted in lexicon.scales:
            at = first = first + 1
    last = first
    while at < len(tokens) and at - first < 12:
        token = tokens[at]
        if token.kind == "mark" and token.text == "-" and token.glued and at > first:
            at += 1
            continue
        if token.kind != "word":
            break
        word = token.text
        value = 1 if at > first and word in lexicon.articles else lexicon.numbers.get(word)
        scale = lexicon.scales.get(word)
        if value is not None:
            if word.startswith("vingt") and part % 100 == 4:
                # Four twenties: quatre-vingt, and it goes on to ninety-nine.
                part, floor = part - 4 + 80, 20
            elif value < floor and not (value == 0 and last > first):
                part += value
                floor = _next(value)
            elif part % 100 in (10, 70, 90) and value < 10 and tokens[at - 1].text == "-":
                # dix-neuf, soixante-dix-neuf
                part, floor = part + value, 0
            else:
                break
        elif scale is not None:
            if scale >= 1_000:
                total += max(part, 1) * scale
                part, floor = 0, scale
            elif part < 10:
                part = max(part, 1) * scale
                floor = scale
            else:
                break
        elif word in lexicon.articles and at == first:
            part, floor = 1, 0
        elif word in lexicon.number_joiners and last > first and at + 1 < len(tokens):
            # "vingt et un", but not "two and three"
            after = tokens[at + 1].text
            follower = 1 if after in lexicon.articles else lexicon.numbers.get(after)
            if follower is None or floor < 10 or not (word != "et" or follower in (1, 11)):
                break
            if word == "and" and part % 100 != 0:
                break
            at += 1
            continue
        else:
            break
        at += 1
        last = at
    if last == first:
        return None
    only_article = last == first + 1 and tokens[first].text in lexicon.articles
    rounded = any(token.text in lexicon.rounded for token in tokens[first:last])
    return Number(first, last, float(min(total + part, _MOST)), only_article, rounded)


def _next(value: int) -> int:
    """What a number word that follows this one must be below."""
    if value >= 100:
        return 100
    if value < 20:
        return 0
    return 20 if value in (60, 80) else 10
