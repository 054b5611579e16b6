"""One number of weapons or places as a sentence states it, with what became of it: "shot down 32 drones"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ingest.reading.lexicon import Mark
from ingest.reading.meanings import Class
from ingest.reading.names import Name
from ingest.reading.reading import Span
from ingest.reading.sentences import Sentence

WEAPONS = frozenset(("uav", "missile", "munition", "rocket", "target"))

HEDGES = {
    "over": ("min", "over"),
    "at_least": ("min", "at least"),
    "up_to": ("max", "up to"),
    "nearly": ("approx", "nearly"),
    "about": ("approx", "about"),
}


class Amount(NamedTuple):
    """A number as stated. value None: named without a number ("unnumbered", "several")."""

    value: int | None
    hedge: str = ""
    """A key of the hedge's kind: over, at_least, up_to, nearly, about, unnumbered, several, percent."""

    @property
    def exact(self) -> bool:
        """A plain count."""
        return self.value is not None and not self.hedge

    def fact(self) -> object:
        """As the corpus writes it."""
        if self.value is None:
            return self.hedge or "unnumbered"
        if self.hedge == "percent":
            return {"percent": self.value}
        if not self.hedge:
            return self.value
        key, words = HEDGES[self.hedge]
        return {key: self.value, "qualifier": words}


@dataclass(slots=True)
class Claim:
    """One number of things with what became of them."""

    sentence: Sentence
    first: int
    last: int
    amount: Amount
    of_class: Class | None
    types: tuple[str, ...] = ()
    mixed: bool = False
    """More types than those named share the number."""
    status: str = ""
    governor: Mark | None = None
    near: bool = True
    """Whether the verb stands close enough to be sure."""
    part: bool = False
    """A part of a number before it: "82 of them"."""
    whole: bool = False
    """Said to be all there were: "all 27"."""
    attacker: str = ""
    reach: int = 0
    """Where its noun phrase ends."""
    standalone: bool = False
    singular: bool = False
    lone: bool = False
    """One by its grammatical number only: "беспилотник сбит"; counts where nothing else is counted."""
    share: bool = False
    """One region's share of what is told region by region."""
    each: bool = False
    """Said of each of its places: "eight each"; the amount is then that of all."""
    places: tuple[Name, ...] = ()
    """Where it was, of a share."""
    kind: str = ""
    """Said to be cruise, ballistic …: some of the missiles, not all of them."""

    @property
    def span(self) -> Span:
        """The characters of the number, with its hedge."""
        return self.sentence.span(self.first, self.last)

    @property
    def type_key(self) -> str:
        """The types as the corpus joins them: one number over three types is one key."""
        return "_".join(dict.fromkeys(self.types))
