"""Weapons that flew out, country by country: "two flew to Belarus and one to Romania"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.reading.claims import Amount, Claim
from ingest.reading.lexicon import Mark
from ingest.reading.meanings import class_of, country_meant
from ingest.reading.sentences import Sentence
from ingest.reading.times import Times

_NEAR = 7
"""Tokens between a number and the country that it flew to, at most."""


def add_departures(sentence: Sentence, times: Times, found: list[Claim]) -> None:
    """Put the numbers that share the verb of one that left into `found`: "... and one to Romania"."""
    left = [claim for claim in found if claim.status == "left"]
    if not left:
        return
    for claim in left:
        claim.each = any(
            sentence.means(at, "each") for at in range(claim.first - 1, max(claim.last, claim.reach) + 1)
        )
    first = left[0]
    covered = {at for claim in found for at in range(claim.first, max(claim.last, claim.reach))}
    for number in sentence.numbers:
        if number.first < first.last or number.first in times.taken or number.first in covered:
            continue
        if number.value != int(number.value) or _towards(sentence, number.last) is None:
            continue
        claim = Claim(sentence, number.first, number.last, Amount(int(number.value)), first.of_class)
        claim.status, claim.governor, claim.reach = "left", first.governor, number.last
        claim.attacker = first.attacker
        found.append(claim)
    found.sort(key=lambda claim: claim.first)


def _towards(sentence: Sentence, at: int) -> Mark | None:
    """The country that a number without a noun leads to."""
    for mark in sentence.marks:
        if mark.first < at:
            continue
        if mark.first - at > _NEAR or class_of(mark) is not None:
            return None
        if country_meant(mark):
            stopped = any(sentence.tokens[one].text in ",;:.(" for one in range(at, mark.first))
            return None if stopped else mark
    return None


def destinations(claims: Sequence[Claim]) -> Iterator[tuple[Claim, dict[str, Mark]]]:
    """Each number that left, with the countries named for it, up to the next number."""
    for claim in claims:
        sentence = claim.sentence
        start = claim.last
        alone = all(one is claim or one.sentence is not sentence for one in claims)
        if alone and claim.governor is not None and claim.governor.last <= claim.first:
            # The country may stand between the verb and its number: "to Belarus flew two".
            start = claim.governor.first
        end = min(
            (one.first for one in claims if one.sentence is sentence and one.first >= claim.last),
            default=len(sentence.tokens),
        )
        countries: dict[str, Mark] = {}
        for mark in sentence.marks:
            country = country_meant(mark)
            if country and country != "UA" and start <= mark.first < end:
                countries.setdefault(country, mark)
        yield claim, countries
