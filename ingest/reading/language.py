"""Which language a piece of text is in, of those that have a lexicon, or none.

Votes of the small words and the letters that a lexicon lists as its own. Nothing is trained and nothing is
shipped beside the lexicons, so that a further language is still one file, and the answer can be explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ingest.reading.lexicon import Lexicon
from ingest.reading.tokens import Token

_LETTER_WEIGHT = 0.5
_LEAST_SHARE = 0.06
"""Below this share of votes a text is in none of our languages; a foreign one still collects a few."""
_ENOUGH_WORDS = 12
_CLEAR_LEAD = 1.5


def scores(tokens: Iterable[Token], text: str, languages: Mapping[str, Lexicon]) -> dict[str, float]:
    """Votes per word for each language, 0 to about 1."""
    votes = dict.fromkeys(languages, 0.0)
    words = cyrillic = 0
    for token in tokens:
        if token.kind != "word":
            continue
        words += 1
        word = token.text
        in_cyrillic = "\u0400" <= word[0] <= "\u04ff"
        cyrillic += in_cyrillic
        raw = text[token.start : token.end].lower()
        for lang, lexicon in languages.items():
            if lexicon.cyrillic == in_cyrillic:
                if word in lexicon.detect_words:
                    votes[lang] += 1
                if lexicon.detect_letters and not lexicon.detect_letters.isdisjoint(raw):
                    votes[lang] += _LETTER_WEIGHT
    return {lang: vote / max(words, 1) for lang, vote in votes.items()}


def detect(tokens: Sequence[Token], text: str, languages: Mapping[str, Lexicon]) -> str | None:
    """The language of the tokens, or None where there is too little to tell."""
    found = scores(tokens, text, languages)
    if not found:
        return None
    lang = max(found, key=lambda key: found[key])
    words = sum(1 for token in tokens if token.kind == "word")
    least = _LEAST_SHARE if words >= _ENOUGH_WORDS else 1e-9
    return lang if found[lang] >= least else None


def detect_part(
    tokens: Sequence[Token], text: str, languages: Mapping[str, Lexicon], around: str | None
) -> str | None:
    """The language of a paragraph: its own where that is clear, else that of the text `around` it."""
    found = scores(tokens, text, languages)
    if not found:
        return around
    lang = max(found, key=lambda key: found[key])
    if found[lang] <= 0 or (around is not None and found[lang] < _CLEAR_LEAD * found[around]):
        return around
    return lang
