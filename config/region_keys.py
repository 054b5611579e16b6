"""Keys of regions that the theatre does not hold: made from what is above them and from their own name.

A key is `PARENT/level/slug`: "151/hromada/umanska" is the Umanska hromada of the raion 151. The slug is the
name without the words that say what it is, in the official transliteration, so that the Ukrainian and the
English form of a name make one key.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from typing import NamedTuple

DERIVED_LEVELS = ("raion", "hromada", "city")
"""Levels that a key can be made for; oblasts and provinces have their ISO 3166-2 key or none."""
LONGEST_SLUG = 48
MOST_STEPS = 2
"""A raion and a hromada, say, below a region that the theatre holds."""
LONGEST_KEY = 128
"""As long as a key in an event may be."""

_STEP = re.compile(r"/(raion|hromada|city)/([a-z0-9]+(?:-[a-z0-9]+)*)")
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = re.compile("['’ʼ‘`´′ьъЬЪ]")
# Resolution 55 of the Cabinet of Ministers of Ukraine, 27 January 2010, with the letters of Russian beside.
_LETTERS = str.maketrans(
    {"а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
     "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
     "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
     "щ": "shch", "ю": "iu", "я": "ia", "ы": "y", "э": "e", "ё": "io"}
)  # fmt: skip
_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_FIRST_LETTER = re.compile(r"(?<![а-яґєіїё])[єїйюя]")
_GENERIC = frozenset(
    {"raion", "district", "terytorialna", "hromada", "community", "oblast", "obl", "region", "city"}
    | {"miska", "otg", "tg"}
)
"""Not "silska" and "selyshchna": the raion of Sumy has two hromadas that differ in nothing else."""
_SETTLEMENT = frozenset({"m", "misto", "smt", "s", "selo", "selyshche"})


class Step(NamedTuple):
    """The last step of a derived key: what it is below of, which level it has, and its name's slug."""

    parent: str
    level: str
    slug: str


def transliterate(text: str) -> str:
    """Ukrainian in Latin letters, in lower case; other letters stay. Source: KMU resolution 55 of 2010."""
    text = unicodedata.normalize("NFC", text).casefold()
    text = _FIRST_LETTER.sub(lambda found: _FIRST[found[0]], _APOSTROPHES.sub("", text))
    return text.replace("зг", "zgh").translate(_LETTERS)


def slug_of(name: str) -> str:
    """The part of a region's name that is its own: "umanska" of "Уманська територіальна громада".

    Of "м. Покров та Покровська територіальна громада" it is "pokrov-ta-pokrovska", for its raion has a
    "Покровська територіальна громада" too. Any text has a slug of at most LONGEST_SLUG characters; one that
    is longer, or has no letters to spell, has a hash.
    """
    latin = unicodedata.normalize("NFD", transliterate(name))
    words = _WORD.findall("".join(letter for letter in latin if not unicodedata.combining(letter)))
    if len(words) > 1 and words[0] in _SETTLEMENT:
        words = words[1:]
    own = [word for word in words if word not in _GENERIC] or words
    slug = "-".join(own)
    if 0 < len(slug) <= LONGEST_SLUG:
        return slug
    digest = blake2b(latin.encode("utf-8", "replace"), digest_size=6).hexdigest()
    return f"{slug[: LONGEST_SLUG - 13]}-{digest}".replace("--", "-").lstrip("-")


def derived_key(parent: str, level: str, name: str) -> str:
    """The key of the region called `name` below `parent`. Raises ValueError where there can be none."""
    if level not in DERIVED_LEVELS:
        raise ValueError(f"a {level} has no key but its own")
    if parent.count("/") >= 2 * MOST_STEPS:
        raise ValueError(f"{parent} is too far below what the theatre holds")
    return f"{parent}/{level}/{slug_of(name)}"


def last_step(key: str) -> Step | None:
    """The last step of a derived key, or None for a key of another form."""
    head, slash, _ = key.rpartition("/")
    parent, second, _ = head.rpartition("/")
    found = _STEP.fullmatch(key, len(parent)) if slash and second else None
    if found is None or not parent or len(key) > LONGEST_KEY or parent.count("/") >= 2 * MOST_STEPS:
        return None
    return Step(parent, found[1], found[2])
