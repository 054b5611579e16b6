"""All that a sentence counts: its numbers, each with its verb, and told region by region where it is."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reading.claims import Amount, Claim
from ingest.reading.departures import add_departures
from ingest.reading.lexicon import Shared
from ingest.reading.quantities import Quantities
from ingest.reading.sentences import Sentence
from ingest.reading.shares import share_out
from ingest.reading.times import Times
from ingest.reading.verbs import govern


def claims_of(sentence: Sentence, times: Times, shared: Shared, before: Sequence[Claim]) -> list[Claim]:
    """All claims of a sentence. before: those of the sentences before it, for "of them"."""
    found = Quantities(sentence, times, shared).found(before)
    govern(sentence, found)
    for claim in found:
        if claim.lone and claim.status in ("shot_down", "neutralised") and claim.amount.hedge == "unnumbered":
            claim.amount, claim.singular = Amount(1), False
    share_out(sentence, times, found)
    add_departures(sentence, times, found)
    return [claim for claim in found if claim.status]
