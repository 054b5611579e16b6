"""How names are compared: the one folding that the theatre, the reader and the picture share."""

from __future__ import annotations

import re
import unicodedata

_DROPPED = re.compile(r"['’ʼ‘`´′\"“”„«».()]")
_SPACED = re.compile(r"[\s\-‐‑‒–—−_/,]+")
_LETTERS = str.maketrans({"ё": "е", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


def fold_name(text: str) -> str:
    """The form in which names are compared.

    Case, apostrophes, quotation marks, full stops, dashes, white space, and the marks on Latin letters (not
    on Cyrillic ones: й is not и) make no difference.
    """
    # Twice: a lone accent (´) is an apostrophe, but would come apart into a space and a mark.
    text = _DROPPED.sub("", unicodedata.normalize("NFKC", _DROPPED.sub("", text)))
    text = _SPACED.sub(" ", text).strip().casefold()
    if text.isascii():
        return text
    folded: list[str] = []
    for letter in text.translate(_LETTERS):
        plain = unicodedata.normalize("NFD", letter)[0]
        if not unicodedata.combining(plain):
            folded.append(plain if plain.isascii() else letter)
    return " ".join("".join(folded).split())
