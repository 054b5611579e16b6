"""Which language a piece of text is in, of those that have a lexicon, or none.

Votes of the small words and the letters that a lexicon lists as its own. Nothing is trained and nothing is
shipped beside the lexicons, so that a further language is still one file, and the answer can be explained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ingest.reading.tokens import Token

if TYPE_CHECKING:
    from ingest.reading.lexicon import Lexicon

_LETTER_WEIGHT = 0.5
_FOREIGN_WEIGHT = -1.0
_LEAST_SHARE = 0.06
"""Below this share of votes a text is in none of our languages; a foreign one still collects a few."""
_ENOUGH_WORDS = 12
_HEADLINE = 40
"""Words; a longer text without a single small word of ours is in another language."""
_LEAST_KNOWN = 2
_CLEAR_LEAD = 1.5
"""How many times the votes of the text around it a paragraph's own language needs."""


class Detector:
    """The voters of all lexicons, ready to count."""

    def __init__(self, languages: Mapping[str, Lexicon]) -> None:
        self._languages = languages
        self._words: dict[str, tuple[str, ...]] = {}
        self._letters: dict[str, tuple[tuple[str, float], ...]] = {}
        for lang, lexicon in languages.items():
            for word in lexicon.detect_words:
                self._words[word] = (*self._words.get(word, ()), lang)
            for letters, weight in (
                (lexicon.detect_letters, _LETTER_WEIGHT),
                (lexicon.foreign_letters, _FOREIGN_WEIGHT),
            ):
                for letter in letters:
                    self._letters[letter] = (*self._letters.get(letter, ()), (lang, weight))

    def scores(self, tokens: Iterable[Token], text: str) -> dict[str, float]:
        """Votes per word for each language, to about 1."""
        votes = dict.fromkeys(self._languages, 0.0)
        words = 0
        plain = text.isascii()
        for token in tokens:
            if token.kind != "word":
                continue
            words += 1
            for lang in self._words.get(token.text, ()):
                votes[lang] += 1
            if plain:
                continue
            raw = text[token.start : token.end]
            if not raw.isascii():
                for lang, weight in {one for letter in raw.lower() for one in self._letters.get(letter, ())}:
                    votes[lang] += weight
        share = 1 / max(words, 1)
        return {lang: vote * share for lang, vote in votes.items()}

    def detect(self, tokens: Sequence[Token], text: str) -> str | None:
        """The language of the tokens, or None where there is too little to tell."""
        found = self.scores(tokens, text)
        lang = max(found, key=lambda key: found[key])
        words = sum(1 for token in tokens if token.kind == "word")
        if found[lang] <= 0 and words <= _HEADLINE:
            return self._by_vocabulary(tokens, [key for key, votes in found.items() if votes >= 0])
        rivals = [key for key, votes in found.items() if votes * _CLEAR_LEAD >= found[lang] > 0]
        if len(rivals) > 1 and words <= _HEADLINE:
            # Neighbours share small words; what is said tells them apart.
            lang = self._by_vocabulary(tokens, rivals) or lang
        least = _LEAST_SHARE if words >= _ENOUGH_WORDS else 1e-9
        return lang if found[lang] >= least else None

    def _by_vocabulary(self, tokens: Sequence[Token], possible: Sequence[str]) -> str | None:
        """For a headline without any small words: the language in which most of it means something to us."""
        known = {
            lang: sum(
                mark.last - mark.first for mark in lexicon.phrases.find(tokens, cyrillic=lexicon.cyrillic)
            )
            for lang, lexicon in self._languages.items()
            if lang in possible
        }
        first, *others = sorted(known.values(), reverse=True) or [0]
        if first < _LEAST_KNOWN or (others and others[0] == first):
            return None
        return max(known, key=lambda lang: known[lang])

    def detect_part(self, tokens: Sequence[Token], text: str, around: str | None) -> str | None:
        """The language of a paragraph: its own where that is clear, else that of the text `around` it."""
        found = self.scores(tokens, text)
        lang = max(found, key=lambda key: found[key])
        if found[lang] <= 0 or (around is not None and found[lang] < _CLEAR_LEAD * found[around]):
            return around
        return lang
