"""All that a sentence counts: its numbers, each with its verb, and told region by region where it is."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reading.claims import Amount, Claim
from ingest.reading.departures import add_departures
from ingest.reading.lexicon import Shared
from ingest.reading.meanings import statuses
from ingest.reading.quantities import Quantities
from ingest.reading.sentences import Sentence
from ingest.reading.shares import share_out
from ingest.reading.times import Times
from ingest.reading.verbs import govern

_WRECK = 3
"""Tokens between "debris" and whose it is at most: "debris of a downed drone"."""


def claims_of(sentence: Sentence, times: Times, shared: Shared, before: Sequence[Claim]) -> list[Claim]:
    """All claims of a sentence. before: those of the sentences before it, for "of them"."""
    found = Quantities(sentence, times, shared).found(before)
    govern(sentence, found)
    debris = [mark for mark in sentence.marks if "debris" in statuses(mark)]
    for claim in found:
        wreck = any(0 <= claim.first - mark.last <= _WRECK for mark in debris)
        if claim.lone and not wreck and claim.status in ("shot_down", "neutralised"):
            claim.amount, claim.singular = Amount(1), False
    share_out(sentence, times, found)
    add_departures(sentence, times, found)
    return [claim for claim in found if claim.status]
