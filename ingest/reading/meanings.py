"""What a mark of a lexicon means to the grammar: a class of weapon, a type, a verb, a country.

What a mark means is one of the few sets that the lexicons hold, so that each is taken apart only once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from ingest.reading.lexicon import STATUSES, Mark

Class = Literal["uav", "missile", "munition", "rocket", "bomb", "target", "place"]
CLASSES: tuple[Class, ...] = ("uav", "missile", "munition", "rocket", "bomb", "target", "place")

_STATUS_SET = frozenset(STATUSES)


def is_governor(mark: Mark | None) -> bool:
    """Whether a mark is a verb that says what became of a number."""
    return mark is not None and bool(_statuses_of(mark.means))


def statuses(mark: Mark) -> tuple[str, ...]:
    """What a verb can say of a number, the first of `STATUSES` first."""
    return _statuses_of(mark.means)


@lru_cache(maxsize=8_192)
def _statuses_of(means: frozenset[str]) -> tuple[str, ...]:
    named = {one.partition(".")[0] for one in means if "." in one}
    return tuple(status for status in STATUSES if status in named)


def sides(mark: Mark) -> frozenset[str]:
    """Where the number of a verb can stand: "before", "after", "both", "participle" as in a lexicon."""
    return _sides_of(mark.means)


@lru_cache(maxsize=8_192)
def _sides_of(means: frozenset[str]) -> frozenset[str]:
    return frozenset(
        one.partition(".")[2] for one in means if "." in one and one.partition(".")[0] in _STATUS_SET
    )


def class_of(mark: Mark | None) -> Class | None:
    """The class of things that a noun counts."""
    return None if mark is None else _class_meant(mark.means)


@lru_cache(maxsize=8_192)
def _class_meant(means: frozenset[str]) -> Class | None:
    return next((one for one in CLASSES if one in means), None)


def weapons_of(mark: Mark | None) -> tuple[str, ...]:
    """The keys of the types that a name means."""
    return () if mark is None else _weapons_meant(mark.means)


@lru_cache(maxsize=8_192)
def _weapons_meant(means: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(one[7:] for one in means if one.startswith("weapon:")))


def country_meant(mark: Mark | None) -> str:
    """The country that a mark names or is an adjective of; empty for none."""
    return "" if mark is None else _country_meant(mark.means)


@lru_cache(maxsize=8_192)
def _country_meant(means: frozenset[str]) -> str:
    return next((one[8:] for one in sorted(means) if one.startswith("country:")), "")
