"""A language as data: reads `config/lexicon/*.toml`, checks it and makes it quick to match.

How a phrase is written in a lexicon (a person who knows the language and no Python can mend it):
`drone*` is a word that begins so, whatever its ending (up to eight letters); `drone` is that word only;
`*drohne` is a word that ends so (German compounds: Kampfdrohne);
`się?` may be missing; `_` is any one word; `...` is up to three words of any kind; `<be>` is any phrase
of the macro `be`. Case, accents, quotation marks, apostrophes and hyphens make no difference.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import msgspec

import config
from ingest.reading.language import Detector
from ingest.reading.tokens import Token, as_cyrillic, fold, tokenise

LEXICONS = Path(config.__file__).parent / "lexicon"
"""Where the lexicons live: one file a language, and the shared names."""

STATUSES = (
    "launched",
    "shot_down",
    "neutralised",
    "suppressed",
    "not_reached",
    "hits",
    "debris",
    "left",
    "airborne",
    "fell",
)
"""What can be said of a number of weapons; the names of the corpus' facts where it has one."""

TERMS = frozenset(
    """
    uav missile missile_kind munition rocket bomb target place modifier of_type other_types none stop
    all all_of_them fraction of of_them including each copula relative or and
    over up_to at_least nearly about several
    record_new record_previous earlier long_period front digest exercise ongoing correction
    night last_night night_after day today yesterday early_morning morning evening
    as_of from until at after around clock am pm midnight
    direction main_target region_word north south east west centre across locative
    aircraft early_warning scramble operating stand_down negation future
    airspace violation allied airport closed reopened both_airports
    say demand reply gdp he target_site claimed governor attack with
    topic_air_defence topic_defence_spending topic_nato topic_ceasefire
    alert all_clear threat_end threat_drones threat_cruise threat_ballistic threat_missile
    threat_bomb threat_mig threat_strategic threat_tactical
    post_missile post_end
    """.split()  # noqa: SIM905
)
"""The concepts that the grammar knows. A lexicon may leave any of them out, and may name no other."""

_MAX_ENDING = 8


class LexiconError(Exception):
    """A lexicon that cannot be used. file: at fault. line: from 1, or None. reason: what is wrong."""

    def __init__(self, file: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class _Governor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say what became of a number, by where the number stands: behind them, before them, or both.

    participle: they follow the number, but can also only describe it ("missiles fired by Russia").
    """

    before: list[str] = []
    after: list[str] = []
    both: list[str] = []
    participle: list[str] = []


class _Detect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a language is told from others: small words of its own, letters that few others have, and letters
    that it does not have itself.
    """

    words: list[str]
    letters: str = ""
    foreign: str = ""


class _Inflection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    nouns: list[str] = []
    adjectives: list[str] = []
    stems: list[tuple[str, str]] = []


class _LexiconFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lang: str
    script: Literal["latin", "cyrillic"]
    detect: _Detect
    numbers: dict[str, list[str]]
    months: dict[str, list[str]]
    weekdays: dict[str, list[str]]
    terms: dict[str, list[str]]
    governors: dict[str, _Governor]
    countries: dict[str, list[str]]
    articles: list[str] = []
    abbreviations: list[str] = []
    rounded: list[str] = []
    number_joiners: list[str] = []
    month_first: bool = False
    zones: dict[str, list[str]] = {}
    macros: dict[str, list[str]] = {}
    singular: dict[str, list[str]] = {}
    genitive: dict[str, list[str]] = {}
    hours: dict[str, list[str]] = {}
    inflection: _Inflection = _Inflection()


class WeaponName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How texts name a type of weapon. key: as in the corpus; theatre: that weapon's key in the theatre."""

    key: str
    counted_as: Literal["uav", "missile", "munition", "rocket", "bomb"]
    names: list[str]
    theatre: str = ""
    whole: bool = False
    """Whether nearly all of its class are of this type, so that it adds nothing to an outcome."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who states things. key: the theatre's claimant where it has one. person: who speaks for it."""

    key: str
    names: list[str]
    organisation: str
    country: str = ""
    person: str = ""
    role: str = ""
    persons: list[str] = []
    speaks: bool = False
    """Whether what it says about a topic of ours is worth a statement."""
    reports: bool = False
    """Whether it publishes raid reports, scrambles or strikes."""
    regional: bool = False
    """Whether it speaks for a region, and its counts are of that region alone."""


class _Shared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zones: dict[str, str]
    weapon: list[WeaponName]
    source: list[Source]


class _Node:
    """One step of the phrases of a lexicon."""

    __slots__ = ("any", "ends", "exact", "is_last", "lengths", "stems", "tail_lengths", "tails")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.stems: dict[str, _Node] = {}
        self.lengths: tuple[int, ...] = ()
        self.tails: dict[str, _Node] = {}
        self.tail_lengths: tuple[int, ...] = ()
        self.any: _Node | None = None
        self.ends: frozenset[str] = frozenset()
        self.is_last = False
        """No phrase goes on from here."""

    def step(self, word: str) -> Iterator[_Node]:
        """Where this word leads, the most exact first."""
        node = self.exact.get(word)
        if node is not None:
            yield node
        size = len(word)
        for length in self.lengths:
            if length <= size <= length + _MAX_ENDING:
                node = self.stems.get(word[:length])
                if node is not None:
                    yield node
        for length in self.tail_lengths:
            if length <= size:
                node = self.tails.get(word[size - length :])
                if node is not None:
                    yield node
        if self.any is not None:
            yield self.any


class Mark(msgspec.Struct, frozen=True):
    """A phrase found: tokens [first, last) and what it can mean."""

    first: int
    last: int
    means: frozenset[str]


class Phrases:
    """A set of phrases, each with a meaning, found by their longest match in linear time."""

    def __init__(self) -> None:
        self._root = _Node()
        self._first: dict[str, tuple[_Node, ...]] = {}

    def add(self, phrase: str, meaning: str, macros: Mapping[str, Sequence[str]] = {}) -> None:
        """Add a phrase as a lexicon writes it. Raises ValueError for one that cannot be matched."""
        for words in _variants(phrase, macros):
            if not words or words[0] == "_":
                raise ValueError(f"{phrase!r} does not begin with a word")
            node = self._root
            for word in words:
                if word == "_":
                    node.any = node.any or _Node()
                    node = node.any
                elif word.startswith("*"):
                    node = node.tails.setdefault(word[1:], _Node())
                elif word.endswith("*"):
                    node = node.stems.setdefault(word[:-1], _Node())
                else:
                    node = node.exact.setdefault(word, _Node())
            node.ends |= {meaning}
        self._first.clear()

    def seal(self) -> None:
        """Finish adding."""
        nodes = [self._root]
        while nodes:
            node = nodes.pop()
            node.lengths = tuple(sorted({len(stem) for stem in node.stems}, reverse=True))
            node.tail_lengths = tuple(sorted({len(tail) for tail in node.tails}, reverse=True))
            node.is_last = not (node.exact or node.stems or node.tails or node.any)
            nodes += [*node.exact.values(), *node.stems.values(), *node.tails.values()]
            if node.any:
                nodes.append(node.any)

    def find(self, tokens: Sequence[Token], *, cyrillic: bool = False) -> list[Mark]:
        """Every phrase in the tokens, from left to right, longest first, none inside another."""
        found: list[Mark] = []
        at, end = 0, len(tokens)
        firsts = self._first
        while at < end:
            token = tokens[at]
            word = token.text
            if cyrillic and len(word) == 1:
                word = as_cyrillic(word)
            nodes = firsts.get(word)
            if nodes is None:
                nodes = tuple(self._root.step(word))
                if len(firsts) < 65_536:
                    firsts[word] = nodes
            if not nodes:
                at += 1
                continue
            last, means = at, frozenset[str]()
            for node in nodes:
                if node.ends and at + 1 > last:
                    last, means = at + 1, node.ends
                if node.is_last:
                    continue
                reach, ends = _longest(node, tokens, at + 1, end)
                if reach > last:
                    last, means = reach, ends
            if means:
                found.append(Mark(at, last, means))
                at = last
            else:
                at += 1
        return found


def _longest(node: _Node, tokens: Sequence[Token], at: int, end: int) -> tuple[int, frozenset[str]]:
    best: tuple[int, frozenset[str]] = (0, frozenset())
    if node.is_last:
        return best
    skipped = 0
    while at < end and skipped < 2 and tokens[at].kind == "mark" and _passable(tokens, at):
        at += 1
        skipped += 1
    if at >= end or tokens[at].kind == "break" or (tokens[at].kind == "mark" and tokens[at].text not in "%/"):
        return best
    for child in node.step(tokens[at].text):
        if child.ends and at + 1 > best[0]:
            best = at + 1, child.ends
        deeper = _longest(child, tokens, at + 1, end)
        if deeper[0] > best[0]:
            best = deeper
    return best


def _passable(tokens: Sequence[Token], at: int) -> bool:
    """Whether a phrase may run on over this mark; over a full stop only within an abbreviation ("т.ч.")."""
    text = tokens[at].text
    if text == ".":
        return tokens[at].glued and at + 1 < len(tokens) and tokens[at + 1].glued
    return text in "-'\""


_PIECE = re.compile(r"<(\w+)>|(\.\.\.)|(\S+)")


def _variants(phrase: str, macros: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    options: list[list[list[str]]] = []
    for macro, gap, word in _PIECE.findall(phrase):
        if macro:
            if macro not in macros:
                raise ValueError(f"no macro '<{macro}>'")
            options.append([words for option in macros[macro] for words in _variants(option, {})])
        elif gap:
            options.append([["_"] * count for count in range(4)])
        elif word == "_":
            options.append([["_"]])
        else:
            words = _words(word.removesuffix("?"))
            options.append([words, []] if word.endswith("?") else [words])
    variants: list[list[str]] = [[]]
    for option in options:
        variants = [[*left, *right] for left in variants for right in option]
    yield from variants


def _words(word: str) -> list[str]:
    stem = word.endswith("*")
    words = [
        token.text for token in tokenise(word.removesuffix("*")) if token.kind != "mark" or token.text in "%/"
    ]
    if stem and words:
        words[-1] += "*"
    if word.startswith("*") and words:
        words[0] = "*" + words[0]
    return words


class Lexicon:
    """One language, ready to match.

    phrases: terms, governors ("shot_down.after"), countries ("country:PL"), zones, weapons ("weapon:kh101").
    numbers: word to value; scales: word to 100, 1000 … months, weekdays: word stems to number, Monday is 0.
    """

    def __init__(self, file: _LexiconFile, shared: Shared) -> None:
        self.lang = file.lang
        self.cyrillic = file.script == "cyrillic"
        self.detect_words = frozenset(fold(word) for word in file.detect.words)
        self.detect_letters = frozenset(file.detect.letters)
        self.foreign_letters = frozenset(file.detect.foreign)
        self.noun_endings = frozenset(fold(ending) for ending in ("", *file.inflection.nouns))
        self.adjective_endings = frozenset(fold(ending) for ending in file.inflection.adjectives)
        self.stem_changes = tuple((fold(old), fold(new)) for old, new in file.inflection.stems)
        region_words = [word for phrase in file.terms.get("region_word", ()) for word in _words(phrase)]
        self.region_words = frozenset(word for word in region_words if not word.endswith("*"))
        self.region_stems = tuple(word[:-1] for word in region_words if word.endswith("*"))
        self.abbreviations = frozenset(fold(word.removesuffix(".")) for word in file.abbreviations)
        self.articles = frozenset(fold(word) for word in file.articles)
        self.rounded = frozenset(fold(word) for word in file.rounded)
        self.number_joiners = frozenset(fold(word) for word in file.number_joiners)
        self.month_first = file.month_first
        self.has_posts = "post_end" in file.terms
        self.numbers: dict[str, int] = {}
        self.scales: dict[str, int] = {}
        for value, words in file.numbers.items():
            for word in words:
                for piece in _words(word):
                    target = self.scales if int(value) >= 100 and value.rstrip("0") == "1" else self.numbers
                    target[piece] = int(value)
        self.phrases = Phrases()
        for meaning, entries in self._entries(file):
            for phrase in entries:
                self.phrases.add(phrase, meaning, file.macros)
        for weapon in shared.weapons.values():
            for name in weapon.names:
                self.phrases.add(name, f"weapon:{weapon.key}")
        self.phrases.seal()
        self.calendar = Phrases()
        for number, entries in file.months.items():
            for phrase in entries:
                self.calendar.add(phrase, f"month:{int(number)}")
        for number, entries in file.weekdays.items():
            for phrase in entries:
                self.calendar.add(phrase, f"weekday:{int(number)}")
        self.calendar.seal()
        self.singular = _by_word(file.singular)
        self.genitive = _by_word(file.genitive)
        self.hours = {word: int(hour) for word, hour in _by_word(file.hours).items()}

    @staticmethod
    def _entries(file: _LexiconFile) -> Iterator[tuple[str, Iterable[str]]]:
        yield from file.terms.items()
        for status, governor in file.governors.items():
            yield f"{status}.before", governor.before
            yield f"{status}.after", governor.after
            yield f"{status}.both", governor.both
            yield f"{status}.participle", governor.participle
        for country, phrases in file.countries.items():
            yield f"country:{country}", phrases
        for zone, phrases in file.zones.items():
            yield f"zone:{zone}", phrases


def _by_word(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The words of a table, each with the key that it stands under."""
    return {word: key for key, entries in table.items() for entry in entries for word in _words(entry)}


class Shared:
    """What all languages share: weapons' names, sources and zones."""

    def __init__(self, file: _Shared) -> None:
        self.weapons = {weapon.key: weapon for weapon in file.weapon}
        self.sources = {source.key: source for source in file.source}
        self.zones = file.zones
        self.source_phrases = Phrases()
        for source in file.source:
            for name in source.names:
                self.source_phrases.add(name, source.key)
            for name in source.persons:
                self.source_phrases.add(name, f"{source.key}#person")
        self.source_phrases.seal()


class Lexicons(NamedTuple):
    """All languages, and what they share."""

    languages: Mapping[str, Lexicon]
    shared: Shared
    detector: Detector


_T = TypeVar("_T")


def _decode(path: Path, shape: type[_T]) -> tuple[_T, str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(path, None, f"cannot be read: {error}") from error
    try:
        return msgspec.convert(tomllib.loads(text), shape), text
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        raise LexiconError(path, int(at[1]) if at else None, str(error)) from error
    except msgspec.ValidationError as error:
        named = re.search(r"`\$(?:\.\w+)*?\.?(\w+)(?:\[\d+\]|\[\.\.\.\])*`", str(error))
        raise LexiconError(path, _line_of(text, named[1]) if named else None, str(error)) from error


def _line_of(text: str, word: str) -> int | None:
    """The line on which a word stands as a word of its own."""
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return next((number for number, line in enumerate(text.splitlines(), 1) if whole.search(line)), None)


def _check(path: Path, text: str, file: _LexiconFile) -> None:
    for term in file.terms:
        if term not in TERMS:
            raise LexiconError(path, _line_of(text, term), f"the grammar knows no term {term!r}")
    for status in file.governors:
        if status not in STATUSES:
            raise LexiconError(
                path, _line_of(text, f"governors.{status}"), f"the grammar knows no status {status!r}"
            )
    for table, low, high in (("months", 1, 12), ("weekdays", 0, 6)):
        for number in getattr(file, table):
            if not (number.isdecimal() and low <= int(number) <= high):
                raise LexiconError(
                    path, _line_of(text, number), f"{table} has {number!r}, not {low} to {high}"
                )
    for number in file.numbers:
        if not (number.isdecimal() and len(number) <= 7):
            raise LexiconError(path, _line_of(text, number), f"numbers has {number!r}, which is no number")


@cache
def load_lexicons(folder: Path = LEXICONS) -> Lexicons:
    """Read all lexicons of a folder, once. Raises LexiconError, with the file and the line of a mistake."""
    shared_file, _ = _decode(folder / "shared.toml", _Shared)
    shared = Shared(shared_file)
    languages: dict[str, Lexicon] = {}
    for path in sorted(folder.glob("??.toml")):
        file, text = _decode(path, _LexiconFile)
        _check(path, text, file)
        try:
            languages[file.lang] = Lexicon(file, shared)
        except ValueError as error:
            quoted = re.search(r"'([^']+)'", str(error))
            raise LexiconError(path, _line_of(text, quoted[1]) if quoted else None, str(error)) from error
    if not languages:
        raise LexiconError(folder, None, "there is no lexicon")
    return Lexicons(languages, shared, Detector(languages))
