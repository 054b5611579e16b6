"""Cuts a text into tokens that know their place in it, and folds words to the form they are compared in.

The text itself is never changed: a token's `start` and `end` are characters of the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from msgspec import Struct

TokenKind = Literal["word", "name", "number", "time", "date", "mark", "break"]


class Token(Struct, frozen=True, gc=False):
    """One token. text: folded. value: of a number. glued: nothing stands between it and the token before."""

    start: int
    end: int
    kind: TokenKind
    text: str
    value: float | None
    glued: bool


_LETTER = r"[^\W\d_][\u0300-\u036f]*"
_HYPHEN = "[-\u2010-\u2013\u2212]"
_APOSTROPHE = "['’ʼ‘`´ʹ＇]"
_SPACE_IN_NUMBER = "[ \u00a0\u202f\u2009]"

_TOKEN = re.compile(
    rf"""
      # Nearly every token: a word that nothing below could make into more than a word.
      (?P<plain>[^\W\d_]++(?![\w\u0300-\u036f'’ʼ‘`´ʹ＇\-\u2010-\u2013\u2212]))
    | (?P<newline>\n\s*)
    # Emphasis as a channel's export writes it: "**25** drones" is "25 drones".
    | (?P<emphasis>\*{{2,}}|_{{2,}})
    | (?P<iso>(?<!\d)\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
    | (?P<dotted>(?<![\d.])\d{{1,2}}\.\d{{1,2}}\.\d{{2,4}}(?!\d))
    | (?P<time>(?<!\d)\d{{1,2}}[:hH]\d{{2}}(?::\d{{2}})?(?![\d:]))
    # A letter and digits are the name of a thing, and its digits no count: Kh-59/69, F-16, 3M22, N0604/2024.
    | (?P<name>
          (?:{_LETTER}){{1,15}}{_HYPHEN}\d{{1,4}}(?:{_LETTER}){{0,3}}(?:/(?:{_LETTER}){{0,3}}\d{{1,4}}(?:{_LETTER}){{0,3}}){{0,4}}(?!\d)
        | \d{{1,4}}(?:{_LETTER}){{1,3}}\d{{1,4}}(?!\d)
        | (?:{_LETTER}){{1,15}}\d{{1,5}}(?:/\d{{1,4}})?(?:{_LETTER}){{0,3}}(?!\d)
      )
    | (?P<suffixed>\d{{1,6}}(?:{_HYPHEN}|{_APOSTROPHE})?(?:{_LETTER}){{1,30}}(?!\d))
    | (?P<number>
          (?<!\d)\d{{1,3}}(?:{_SPACE_IN_NUMBER}\d{{3}}){{1,3}}(?!\d)
        | (?<!\d)\d{{1,3}}(?:,\d{{3}}){{1,3}}(?!,?\d)
        | (?<!\d)\d{{1,3}}(?:\.\d{{3}}){{1,3}}(?!\.?\d)
        | \d+[.,]\d+(?!\d)
        | \d+
      )
    | (?P<word>
          # An apostrophe is a letter inside a Cyrillic word, and a cut elsewhere ("l'Otan", "Ukraine's").
          (?:{_LETTER})+(?:(?<=[\u0400-\u04ff]){_APOSTROPHE}(?=[\u0400-\u04ff])(?:{_LETTER})+)*
      )
    | (?P<mark>[^\s\w]|_)
    """,
    re.VERBOSE,
)

_MARKS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−➖", "-")
    | dict.fromkeys("“”„‟«»‹›″＂", '"')
    | dict.fromkeys("’ʼ‘`´ʹ＇", "'")
    | {"…": ".", "•": "*", "▫": "*", "▪": "*", "·": "*", "◦": "*", "🔹": "*", "％": "%"}
)
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е", "ґ": "г", "ѐ": "е"}
    | dict.fromkeys("’ʼ‘`´ʹ＇", "'")
    | dict.fromkeys("‐‑‒–−", "-")
)
_TO_LATIN = dict(zip("авекмнорстухіјѕ", "abekmhopctyxijs", strict=True))
_TO_CYRILLIC = {latin: cyrillic for cyrillic, latin in _TO_LATIN.items()}

# A case ending written after the digits makes "10-ма" still ten; an ordinal's makes "9th" a day.
_COUNT_SUFFIXES = frozenset(
    (
        "ма",
        "ти",
        "ть",
        "х",
        "ми",
        "м",
        "мя",
        "и",
        "ох",
        "ьох",
        "ьома",
        "ома",
        "тьох",
        "ю",
        "ма",
        "tu",
        "ciu",
        "miu",
        "iu",
    )
)
_ORDINAL_SUFFIXES = frozenset(
    ("st", "nd", "rd", "th", "er", "re", "e", "го", "ого", "й", "я", "е", "є", "ге", "ї", "ої", "ій", "му")
)
_CLOCK_SUFFIXES = frozenset(("h", "am", "pm"))
_MAX_DIGITS = 12


@lru_cache(maxsize=32_768)
def fold(word: str) -> str:
    """The form words are compared in: no case, no marks on Latin letters, one kind of apostrophe and hyphen.

    A word that mixes Latin and Cyrillic letters is taken to be of the script of most of its letters, so
    that a look-alike letter changes nothing. й and ї stay letters of their own.
    """
    word = unicodedata.normalize("NFKC", word).casefold().translate(_PLAIN)
    if word.isascii():
        return word
    folded: list[str] = []
    latin = cyrillic = 0
    for letter in word:
        if "\u0400" <= letter <= "\u04ff":
            cyrillic += 1
            folded.append(letter)
        elif unicodedata.combining(letter):
            continue
        elif letter.isascii():
            latin += letter.isalpha()
            folded.append(letter)
        else:
            plain = unicodedata.normalize("NFD", letter)[0]
            latin += plain.isascii() and plain.isalpha()
            folded.append(plain if plain.isascii() else letter)
    if latin and cyrillic:
        table = _TO_CYRILLIC if cyrillic >= latin else _TO_LATIN
        folded = [table.get(letter, letter) for letter in folded]
    return "".join(folded)


@lru_cache(maxsize=8_192)
def fold_name(name: str) -> str:
    """As `fold`, for a name with digits, where letters that look alike are one: Х-101 is X-101."""
    return "".join(_TO_LATIN.get(letter, letter) for letter in fold(name))


def as_cyrillic(letter: str) -> str:
    """The Cyrillic letter that a lone Latin letter looks like, or the letter itself."""
    return _TO_CYRILLIC.get(letter, letter)


def tokenise(text: str) -> list[Token]:
    """The tokens of a text, in order. White space within a line is nobody's."""
    tokens: list[Token] = []
    add = tokens.append
    before = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "emphasis":
            continue
        start, end = match.span()
        glued = start == before and start > 0
        before = end
        raw = match.group()
        if kind == "plain" or kind == "word":
            add(Token(start, end, "word", fold(raw), None, glued))
        elif kind == "mark":
            add(Token(start, end, "mark", raw.translate(_MARKS), None, glued))
        elif kind == "number":
            add(_number(raw, start, end, glued))
        elif kind == "newline":
            add(Token(start, end, "break", "\n\n" if raw.count("\n") > 1 else "\n", None, glued))
        elif kind == "name":
            _add_name(tokens, raw, start, end, glued)
        elif kind == "suffixed":
            _add_suffixed(tokens, raw, start, end, glued)
        elif kind == "time":
            add(Token(start, end, "time", raw, None, glued))
        else:
            add(Token(start, end, "date", raw, None, glued))
    return tokens


def _number(raw: str, start: int, end: int, glued: bool) -> Token:
    if len(raw) > _MAX_DIGITS:
        return Token(start, end, "mark", "#", None, glued)
    if raw.isdecimal():
        return Token(start, end, "number", raw, float(int(raw)), glued)
    digits = "".join(letter for letter in raw if letter.isdecimal())
    groups = re.split(r"[^\d]", raw)
    if all(len(group) == 3 for group in groups[1:]) and groups[0] != "0":
        return Token(start, end, "number", raw, float(int(digits)), glued)
    return Token(start, end, "number", raw, float(f"{int(groups[0])}.{groups[1]}"), glued)


def _add_name(tokens: list[Token], raw: str, start: int, end: int, glued: bool) -> None:
    # A small word that lost its space before a number ("на11 локаціях") is no name; names have capitals.
    cut = next((at for at, letter in enumerate(raw) if letter.isdecimal()), 0)
    head = raw[:cut]
    if (
        head.isalpha()
        and head.islower()
        and raw[cut:].isdecimal()
        and not (head.isascii() and len(head) == 1)
    ):
        tokens.append(Token(start, start + cut, "word", fold(head), None, glued))
        tokens.append(_number(raw[cut:], start + cut, end, True))
    else:
        tokens.append(Token(start, end, "name", fold_name(raw), None, glued))


def _add_suffixed(tokens: list[Token], raw: str, start: int, end: int, glued: bool) -> None:
    cut = next(at for at, letter in enumerate(raw) if not letter.isdecimal())
    tail = cut + (not raw[cut].isalpha())
    suffix = fold(raw[tail:])
    if suffix in _COUNT_SUFFIXES or suffix in _ORDINAL_SUFFIXES:
        tokens.append(_number(raw[:cut], start, end, glued))
    elif suffix in _CLOCK_SUFFIXES and tail == cut:
        tokens.append(_number(raw[:cut], start, start + cut, glued))
        tokens.append(Token(start + cut, end, "word", suffix, None, True))
    elif tail == cut and len(suffix) > 2:
        # "11ракет": the space was lost.
        tokens.append(_number(raw[:cut], start, start + cut, glued))
        tokens.append(Token(start + cut, end, "word", suffix, None, True))
    else:
        tokens.append(Token(start, end, "name", fold_name(raw), None, glued))
