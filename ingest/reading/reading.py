"""What the reader says it understood: one `Reading` for each thing that a text reports."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Kind = Literal["raid_report", "scramble", "strike", "statement", "alert", "threat", "airspace_closure"]
Span = tuple[int, int]
"""Half-open range of characters [start, end) of the text that was read."""


class Reading(Struct, frozen=True, kw_only=True):
    """One report inside a text.

    facts: JSON values; keys and meaning as in the labelled corpus. A hedged figure is {"min" or "max" or
    "approx": n, "qualifier": the hedge in our words}, never a bare number. An absent key was not stated.
    spans: dotted path of a fact ("launched.uav") to where it stands, first the span it was taken from, then
    others that say the same. Every fact has one.
    lang: of the words that it was read from. confidence: 0 to 1; reasons: what lowered it, and contradictions
    in the text itself, which are reported and not mended.
    quoted: an older event, told for context.
    """

    kind: Kind
    facts: dict[str, Any]
    spans: dict[str, tuple[Span, ...]]
    lang: str
    confidence: float
    reasons: tuple[str, ...] = ()
    quoted: bool = False


class Draft:
    """A reading while it is being put together: a fact goes in together with its spans, or not at all."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.spans: dict[str, tuple[Span, ...]] = {}
        self.reasons: list[str] = []
        self._doubt = 0.0

    def put(self, path: str, value: Any, *spans: Span) -> None:
        """State the fact at a dotted path. A fact without a span is refused."""
        if not spans:
            raise ValueError(f"no span for {path}")
        *parents, last = path.split(".")
        at = self.facts
        for parent in parents:
            at = at.setdefault(parent, {})
        at[last] = value
        self.spans[path] = tuple(dict.fromkeys(spans))

    def drop(self, path: str) -> None:
        """Take a fact back."""
        *parents, last = path.split(".")
        chain = [self.facts]
        for parent in parents:
            chain.append(chain[-1][parent])
        del chain[-1][last], self.spans[path]
        for parent, above in zip(reversed(parents), reversed(chain[:-1]), strict=True):
            if not above[parent]:
                del above[parent]

    def doubt(self, reason: str, weight: float) -> None:
        """Lower the confidence by a share and say why. weight: 0 (only a remark) to 1."""
        if reason not in self.reasons:
            self.reasons.append(reason)
            self._doubt += weight

    def finish(self, kind: Kind, lang: str, *, quoted: bool = False) -> Reading:
        """The reading."""
        return Reading(
            kind=kind,
            facts=self.facts,
            spans=self.spans,
            lang=lang,
            confidence=round(max(0.05, 0.95 - self._doubt), 2),
            reasons=tuple(self.reasons),
            quoted=quoted,
        )
