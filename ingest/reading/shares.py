"""A count told region by region: "30 drones: eight each over Rostov and Bryansk, and 14 over Kursk"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.reading.claims import WEAPONS, Amount, Claim
from ingest.reading.meanings import is_governor
from ingest.reading.names import Name
from ingest.reading.numbers import Number
from ingest.reading.sentences import Sentence
from ingest.reading.times import Times

_OUTCOMES = frozenset(("shot_down", "neutralised"))
_LANDS = frozenset(("region", "group", "place"))
_CLOSE = 6
"""Tokens between a number and "each", at most, where no name stands between."""
_NEAR = 12
"""Tokens between a number and the first of its places, at most."""


def share_out(sentence: Sentence, times: Times, found: list[Claim]) -> None:
    """Find the shares of regions among a sentence's claims and numbers, and put them into `found`.

    "Eight each" over two regions becomes sixteen. Where the regions cannot be told for certain, the number
    stays a share without a place, and is no total.
    """
    if not any(claim.status in _OUTCOMES for claim in found):
        return
    starts = [
        number.first
        for number in sentence.numbers
        if number.first not in times.taken and not number.article and not sentence.means(number.first, "each")
    ]
    shares = [
        share
        for number in sentence.numbers
        if number.first not in times.taken and (share := _share(sentence, number, found, starts)) is not None
    ]
    # "41 over Bryansk, Kursk and Tula" is of all three together.
    placed = [share for share in shares if share.each or len(share.places) == 1]
    known = {id(claim) for claim in found}
    if len(placed) < 2 and not any(share.each for share in placed):
        # One region's number is a part of nothing that is told here.
        return
    for share in placed:
        share.share = True
        if share.each:
            one = share.amount.value or 0
            share.amount = Amount(one * len(share.places)) if share.places else Amount(None)
        if id(share) not in known:
            found.append(share)
    found.sort(key=lambda claim: claim.first)


def _share(sentence: Sentence, number: Number, found: Sequence[Claim], starts: Sequence[int]) -> Claim | None:
    """What one number says of a region, or None. A number without a noun counts what was named before it."""
    claim = next((one for one in found if one.first <= number.first < one.last), None)
    if claim is None:
        if number.article or not _bare(sentence, number):
            return None
        counted = next(
            (
                one
                for one in reversed(found)
                if one.last <= number.first and one.of_class in WEAPONS and one.status in _OUTCOMES
            ),
            None,
        )
        if counted is None:
            return None
        claim = Claim(sentence, number.first, number.last, Amount(int(number.value)), counted.of_class)
        claim.status, claim.attacker, claim.reach = counted.status, counted.attacker, number.last
        claim.governor = counted.governor
    elif claim.status not in _OUTCOMES or claim.of_class not in WEAPONS or not claim.amount.exact:
        return None
    if claim.whole or claim.singular:
        return None
    before = sentence.mark_at[claim.first - 1] if claim.first else None
    reach = max(claim.reach, claim.last)
    follower = next((start for start in starts if start >= reach), len(sentence.tokens))
    leader = max((start for start in starts if start < claim.first), default=-1)
    claim.each = _each(sentence, claim, follower)
    if claim.each and before is not None and "each" in before.means:
        claim.first = before.first
    behind = list(_behind(sentence, reach, follower))
    ahead = _ahead(sentence, claim.first, leader, loose=claim.each and not behind)
    claim.places = tuple(ahead or behind)
    if claim.each and not _all_known(sentence, claim.places):
        claim.places = ()
    return claim


def _bare(sentence: Sentence, number: Number) -> bool:
    """Whether a number stands as a share does: "26 - over ...", "eight each", "in the Kursk region - 5;"."""
    if number.value != int(number.value):
        return False
    at, end = number.last, len(sentence.tokens)
    ahead = sentence.tokens[number.first - 1].text if number.first else ""
    if at < end and sentence.tokens[at].text == "-":
        at += 1
    elif at >= end or sentence.tokens[at].kind == "break" or sentence.tokens[at].text in ",;.":
        return ahead == "-"
    return sentence.means(at, "locative", "each")


def _each(sentence: Sentence, claim: Claim, follower: int) -> bool:
    if sentence.means(claim.first - 1, "each"):
        return True
    named = {at for name in sentence.names for at in range(name.first, name.last)}
    for at in range(claim.last, min(follower, max(claim.reach, claim.last) + _CLOSE, len(sentence.tokens))):
        if at in named or sentence.tokens[at].text in ",;:(":
            return False
        mark = sentence.mark_at[at]
        # A word that also means "at" or "after" says "each" only before a number.
        if mark is not None and "each" in mark.means and not mark.means & {"locative", "after", "until"}:
            after = mark.last
            # "two drones each carrying 50 kg" are two.
            return (
                after >= len(sentence.tokens)
                or sentence.tokens[after].kind in ("mark", "break")
                or after in named
                or sentence.means(after, "locative", "of", "region_word", "modifier", "and")
                or is_governor(sentence.mark_at[after])
            )
    return False


def _behind(sentence: Sentence, first: int, last: int) -> Iterator[Name]:
    """The places named after a number and before the next one."""
    located: int | None = None
    for name in sentence.names:
        if name.first < first or name.kind not in _LANDS:
            continue
        if name.first >= last:
            return
        if located is None:
            if name.first - first > _NEAR or not _leads(sentence, first, name.first):
                return
        elif not _listed(sentence, located, name.first):
            return
        located = name.last
        yield name


def _leads(sentence: Sentence, first: int, last: int) -> bool:
    """Whether what stands between a number and a place leads to it: "over", "in each of the regions of"."""
    located = False
    for at in range(first, last):
        token = sentence.tokens[at]
        if token.text in ";:" or token.kind == "break":
            return False
        if token.text == "," and not sentence.means(at + 1, "locative"):
            return False
        located = located or sentence.means(at, "locative")
    return located


def _ahead(sentence: Sentence, last: int, first: int, *, loose: bool) -> list[Name]:
    """The places named right before a number: "Kursk region - 5". loose: anywhere before it in the clause."""
    places: list[Name] = []
    at = last
    for name in reversed(sentence.names):
        if name.last > last or name.kind not in _LANDS:
            continue
        if name.last <= first:
            break
        between = range(name.last, at)
        if not places:
            dashed = any(sentence.tokens[one].text in "-:" for one in between)
            joined = all(
                sentence.tokens[one].text in "-:)" or sentence.means(one, "region_word", "modifier", "each")
                for one in between
            )
            if not (dashed and joined) and not (
                loose and not any(sentence.tokens[one].text in ";" for one in between)
            ):
                break
        elif not _listed(sentence, name.last, at):
            break
        places.append(name)
        at = name.first
    return places[::-1]


def _listed(sentence: Sentence, first: int, last: int) -> bool:
    return all(
        sentence.tokens[at].text in (",", "'")
        or sentence.means(at, "and", "region_word", "modifier", "locative", "of", "of_type", "each")
        or len(sentence.tokens[at].text) <= 2
        for at in range(first, last)
    )


def _all_known(sentence: Sentence, places: Sequence[Name]) -> bool:
    """Whether no further name that the theatre lacks stands in the list of these."""
    if not places:
        return False
    if len(places) == 1:
        # Each of one is a list of which one name was understood.
        return False
    named = {at for name in sentence.names for at in range(name.first, name.last)}
    first, last = places[0].first, places[-1].last
    while last < len(sentence.tokens) and (
        sentence.tokens[last].text == "," or sentence.means(last, "and", "region_word", "locative")
    ):
        last += 1
    for at in range(first, min(last + 1, len(sentence.tokens))):
        token = sentence.tokens[at]
        if (
            at not in named
            and token.kind == "word"
            and sentence.text[token.start].isupper()
            and sentence.mark_at[at] is None
        ):
            return False
    return True
