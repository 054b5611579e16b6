"""Finds the theatre's names in a sentence, in whatever case a language puts them.

The theatre lists names in their first case and as short forms. A language's lexicon says which endings a noun
and an adjective take and how a stem changes before them; from both a name is known in "Київській",
"Rzeszowie", "у Львові" and "lwowskim".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from config.theatre import Theatre
from ingest.reading.tokens import Token, tokenise

if TYPE_CHECKING:
    from ingest.reading.lexicon import Lexicon, Lexicons, Mark

NameKind = Literal["region", "group", "place", "base", "country"]
_VOWELS = "аеєиіїоуюяьйыэ"
_LEAST_STEM = 3
_ARTICLES = frozenset(("the", "l", "le", "la", "les", "der", "die", "das", "den", "det", "el", "los", "las"))
_ORDER: dict[str, int] = {"group": 0, "place": 1, "region": 2, "base": 3, "country": 4}


class Name(NamedTuple):
    """A name of the theatre at tokens [first, last)."""

    first: int
    last: int
    kind: NameKind
    key: str


class _Form(NamedTuple):
    words: tuple[str, ...]
    """Folded stems."""
    kind: NameKind
    key: str
    bare: bool
    """A region's name without its word for "region", which stands for it only beside that word."""


class Names:
    """All names of one theatre, ready to match in every language."""

    def __init__(self, theatre: Theatre, lexicons: Lexicons) -> None:
        self._by_stem: dict[str, list[_Form]] = {}
        self._lengths: tuple[int, ...] = ()
        self._seen: dict[tuple[str, str], tuple[_Form, ...]] = {}
        for kind, key, name in _all_names(theatre):
            self._add(kind, key, name, lexicons)
        self._lengths = tuple(sorted({len(stem) for stem in self._by_stem}, reverse=True))

    def _add(self, kind: NameKind, key: str, name: str, lexicons: Lexicons) -> None:
        words = [token.text for token in tokenise(name) if token.kind in ("word", "name")]
        if not words or (kind == "group" and len(words) == 1 and _is_side(name, lexicons)):
            return
        bare = False
        if kind == "region" and len(words) > 1:
            kept = [
                word
                for word in words
                if not any(_is_generic(word, lexicon) for lexicon in lexicons.languages.values())
            ]
            bare = 0 < len(kept) < len(words)
            if bare:
                words = kept
        while len(words) > 1 and words[0] in _ARTICLES:
            # "l'ouest de l'Ukraine", "der Westen": an article is no place to start looking.
            words = words[1:]
        if len(words) == 1 and len(words[0]) < _LEAST_STEM:
            # "PL-MZ" and the like: two letters begin too many words.
            return
        for stems in _stems(tuple(words), lexicons):
            form = _Form(stems, kind, key, bare)
            forms = self._by_stem.setdefault(stems[0], [])
            if form not in forms:
                forms.append(form)

    def find(self, tokens: Sequence[Token], lexicon: Lexicon, mark_at: Sequence[Mark | None]) -> list[Name]:
        """Every name in a sentence, longest first, none inside another."""
        found: list[Name] = []
        at, end = 0, len(tokens)
        while at < end:
            token = tokens[at]
            if token.kind not in ("word", "name"):
                at += 1
                continue
            best: tuple[int, int, _Form] | None = None
            for form in self._forms(token.text, lexicon):
                last = self._reach(form, tokens, at, lexicon)
                if last is None:
                    continue
                rank = -_ORDER[form.kind]
                if form.kind == "region":
                    if _beside_region_word(tokens, at, last, mark_at):
                        # "the Kyiv region" is not the city of that name.
                        rank += 5 if form.bare else 4
                    elif form.bare:
                        continue
                if best is None or (last, rank) > best[:2]:
                    best = last, rank, form
            if best is None:
                at += 1
                continue
            found.append(Name(at, best[0], best[2].kind, best[2].key))
            at = best[0]
        return found

    def _forms(self, word: str, lexicon: Lexicon) -> tuple[_Form, ...]:
        cached = self._seen.get((lexicon.lang, word))
        if cached is not None:
            return cached
        forms: list[_Form] = []
        for length in self._lengths:
            if length <= len(word):
                stem = word[:length]
                for form in self._by_stem.get(stem, ()):
                    if _ends_well(word[length:], form.bare, lexicon):
                        forms.append(form)
        if len(self._seen) < 65_536:
            self._seen[lexicon.lang, word] = tuple(forms)
        return tuple(forms)

    @staticmethod
    def _reach(form: _Form, tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
        last = at + 1
        for stem in form.words[1:]:
            while (
                last < len(tokens)
                and tokens[last].kind == "mark"
                and tokens[last].text in "-'"
                and last - at < 12
            ):
                last += 1
            if last >= len(tokens) or not tokens[last].text.startswith(stem):
                return None
            if (
                not _ends_well(tokens[last].text[len(stem) :], form.bare, lexicon)
                and tokens[last].text != stem
            ):
                return None
            last += 1
        return last


def _all_names(theatre: Theatre) -> Iterable[tuple[NameKind, str, str]]:
    countries = theatre.countries
    for region in theatre.regions.values():
        if region.level in ("raion", "hromada") or (
            region.level == "city" and region.parent not in countries
        ):
            # "Одеський" beside "район" must not take the place of "Одеська" beside "область".
            continue
        kind: NameKind = "country" if region.level == "country" else "region"
        for name in (*region.names.values(), *region.labels.values(), *region.aliases):
            yield kind, region.key, name
    for group in theatre.groups.values():
        for name in (*group.names.values(), *group.aliases):
            yield "group", group.key, name
    for place in theatre.places.values():
        for name in (*place.names.values(), *place.aliases):
            yield "place", place.key, name
    for base in theatre.bases.values():
        for name in (base.name, *base.aliases):
            yield "base", base.icao, name


def _is_side(name: str, lexicons: Lexicons) -> bool:
    """Whether a name is only a side of the sky: "Захід" is also "measures" in another case."""
    tokens = tokenise(name)
    return any(
        mark.means & {"north", "south", "east", "west", "centre"}
        for lexicon in lexicons.languages.values()
        for mark in lexicon.phrases.find(tokens)
    )


def _is_generic(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.region_words or any(
        word.startswith(stem) for stem in lexicon.region_stems if len(word) - len(stem) <= 4
    )


def _stems(words: tuple[str, ...], lexicons: Lexicons) -> Iterable[tuple[str, ...]]:
    options: list[list[str]] = []
    for word in words:
        stems = {word, _stem(word)}
        for lexicon in lexicons.languages.values():
            if lexicon.cyrillic == _is_cyrillic(word):
                for old, new in lexicon.stem_changes:
                    if word.endswith(old) and len(word) - len(old) >= 2:
                        stems.add(word[: len(word) - len(old)] + new)
        options.append(sorted(stems))
    combined: list[tuple[str, ...]] = [()]
    for stems_of_word in options:
        combined = [(*left, stem) for left in combined for stem in stems_of_word][:16]
    return combined


def _stem(word: str) -> str:
    """A word without the vowel that its first case ends in."""
    if not _is_cyrillic(word):
        return word[:-1] if len(word) > _LEAST_STEM + 1 and word[-1] in "aeiyo" else word
    stem = word
    while len(stem) > _LEAST_STEM and stem[-1] in _VOWELS and len(word) - len(stem) < 2:
        stem = stem[:-1]
    return stem


def _is_cyrillic(word: str) -> bool:
    return "\u0400" <= word[0] <= "\u04ff"


def _ends_well(ending: str, bare: bool, lexicon: Lexicon) -> bool:
    if bare:
        return ending in lexicon.adjective_endings or ending in lexicon.noun_endings
    return ending in lexicon.noun_endings


def _beside_region_word(
    tokens: Sequence[Token], first: int, last: int, mark_at: Sequence[Mark | None]
) -> bool:
    """Whether a word for "region" stands before or after the list of names around tokens [first, last)."""
    for at in range(first - 1, max(-1, first - 60), -1):
        mark = mark_at[at]
        if mark is not None and "region_word" in mark.means:
            return True
        if tokens[at].text in ".;" or (
            mark is not None and not mark.means & {"and", "of", "from", "modifier"}
        ):
            break
    for at in range(last, min(len(tokens), last + 60)):
        mark = mark_at[at]
        if mark is not None and "region_word" in mark.means:
            return True
        if tokens[at].text in ".;":
            break
    return False
