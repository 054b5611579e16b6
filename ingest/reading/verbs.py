"""Gives every number in a sentence the verb that governs it: fired, shot down, lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ingest.reading.claims import WEAPONS, Claim
from ingest.reading.lexicon import Mark
from ingest.reading.meanings import is_governor, sides, statuses
from ingest.reading.sentences import Sentence

_NEAR = 3
"""Tokens between a number's noun and a verb behind it, where another verb stands before the number."""
_AUXILIARIES = 2
"""Words of ours in none between "not" and its verb at most."""
_RELATIVE = 8
"""Tokens between "58 of which" and its verb at most: "it was able to shoot down"."""
_FAR = 14
_LIST_STEP = 25


def govern(sentence: Sentence, found: Sequence[Claim]) -> None:
    """Give every claim its status: the verb before it in its clause, or a closer one behind it."""
    governors = [mark for mark in sentence.marks if is_governor(mark) and not _negated(sentence, mark)]
    places = [mark for mark in governors if not {"hits", "debris"}.isdisjoint(statuses(mark))]
    used_left: set[int] = set()
    lines = _Lines(sentence)
    for claim in found:
        if claim.status and claim.governor is not None:
            continue
        if claim.status == "launched":
            claim.near = True
            continue
        able = places if claim.of_class == "place" else governors
        prev = next((mark for mark in reversed(able) if mark.last <= claim.first), None)
        if prev is not None:
            prev = lines.heading(prev, claim, found, able)
        reach = max(claim.reach, claim.last)
        follow = next((mark for mark in able if mark.first >= reach), None)
        if follow is not None and "participle" in sides(follow):
            follow = _main_verb(sentence, governors, follow)
        side = sides(follow) if follow else frozenset[str]()
        gap = _gap(sentence, reach, follow.first) if follow else None
        chosen: Mark | None = None
        if (
            prev is not None
            and _coordinated(sentence, prev.last, claim.first)
            and not side & {"after", "both"}
        ):
            chosen = prev
        elif follow is not None and gap is not None and side & {"after", "both", "participle"}:
            limit = _FAR if "after" in side else _NEAR
            # A bare participle mostly describes its noun: "460 drones and 19 of the 20 missiles fired".
            bare = not side & {"after", "both"}
            split = prev is None or _split(sentence, prev.last, claim.first, anded=not bare)
            passive_before = prev is not None and sides(prev) <= {"after", "participle"}
            if prev is None:
                if gap.words <= _FAR and not gap.stopped:
                    chosen = follow
            elif (
                (split or passive_before)
                and not gap.relative
                and not gap.broken
                and gap.words <= limit
                and not (claim.amount.value is None and not split)
            ):
                chosen = follow
        if (
            chosen is None
            and follow is not None
            and gap is not None
            and claim.part
            and sentence.means(claim.last, "of_them")
            and gap.words <= _RELATIVE
            and not gap.broken
            and not any(one.first >= follow.last and one.amount.value is not None for one in found)
        ):
            chosen = follow
        if prev is not None and _said_between(sentence, prev, claim, found):
            prev = None
            follow = None
        if (
            chosen is None
            and prev is not None
            and (sides(prev) & {"before", "both"} or _coordinated(sentence, prev.last, claim.first))
        ):
            chosen = prev
        if (
            chosen is None
            and prev is not None
            and prev.first not in used_left
            and not _split(sentence, prev.last, claim.first)
        ):
            chosen = prev
        if chosen is None and prev is not None and claim.of_class == "place":
            # "56 drones struck 37 locations": the verb has another number before it.
            chosen = prev
        if chosen is None and follow is not None and gap is not None and prev is None and not gap.stopped:
            limit = _FAR if side & {"after", "both", "participle"} else 2
            chosen = follow if gap.words <= limit else None
        if chosen is None:
            _attacked_with(sentence, claim, found)
            continue
        if chosen is follow:
            used_left.add(chosen.first)
        claim.governor = chosen
        claim.status = _status(chosen, claim)
        if chosen is prev:
            # A list carries its verb along: what counts is how far the number is from the one before it.
            since = max((one.reach for one in found if chosen.last <= one.first < claim.first), default=0)
            claim.near = claim.first - max(chosen.last, since) <= _LIST_STEP


def _attacked_with(sentence: Sentence, claim: Claim, found: Sequence[Claim]) -> None:
    """What an attack that is only named was carried out with: "its largest attack, with 728 drones"."""
    if claim.amount.value is None or claim.of_class not in WEAPONS:
        return
    joined = next((one for one in found if one.status == "launched" and one.governor is None), None)
    listed = joined is not None and _coordinated(sentence, joined.reach, claim.first)
    named = any(mark.last <= claim.first for mark in sentence.having("attack"))
    if listed or (named and sentence.means(claim.first - 1, "with")):
        claim.status = "launched"


class _Lines:
    """The lines of a list, which a sentence keeps together, and which line is a heading of others."""

    def __init__(self, sentence: Sentence) -> None:
        breaks = [at for at, token in enumerate(sentence.tokens) if token.kind == "break"]
        self._starts = [0, *(at + 1 for at in breaks)]
        ends = [*breaks, len(sentence.tokens)]
        self._heads = [
            number == 0 or sentence.tokens[end - 1].text == ":" for number, end in enumerate(ends) if end
        ]

    def heading(self, prev: Mark, claim: Claim, found: Sequence[Claim], able: Sequence[Mark]) -> Mark:
        """The verb of the heading, for an item without a verb: not that of the item above it."""
        line = bisect_right(self._starts, claim.first) - 1
        if line == 0 or prev.first >= self._starts[line]:
            return prev
        head = next((one for one in range(line - 1, -1, -1) if self._heads[one]), 0)
        first, last = self._starts[head], self._starts[head + 1]
        # "475 neutralised: 249 shot down, 226 lost:" is a list of what was neutralised.
        counted = [
            one
            for one in found
            if first <= one.first < last and one.governor is not None and one.governor.first >= first
        ]
        whole = max(counted, key=lambda one: one.amount.value or 0, default=None)
        if whole is not None and whole.governor in able:
            return whole.governor or prev
        return next((mark for mark in reversed(able) if first <= mark.first < last), prev)


def _negated(sentence: Sentence, verb: Mark) -> bool:
    """Whether "not" stands before the verb: "15 no fueron interceptados", "could not be shot down"."""
    for at in range(verb.first - 1, max(-1, verb.first - 2 - _AUXILIARIES), -1):
        if sentence.means(at, "negation"):
            return True
        if sentence.tokens[at].kind != "word" or sentence.mark_at[at] is not None:
            return False
    return False


def _main_verb(sentence: Sentence, governors: Sequence[Mark], participle: Mark) -> Mark:
    """The verb behind a participle that only describes: "120 drones launched by Russia were neutralised"."""
    behind = next((mark for mark in governors if mark.first >= participle.last), None)
    if behind is None or "after" not in sides(behind):
        return participle
    gap = _gap(sentence, participle.last, behind.first)
    return participle if gap.broken or gap.relative or gap.words > _FAR else behind


def _said_between(sentence: Sentence, governor: Mark, claim: Claim, found: Sequence[Claim]) -> bool:
    """Whether the verb already has its number, and somebody "said" before this one: another clause."""
    said = next(
        (mark for mark in sentence.having("say") if governor.last <= mark.first and mark.last <= claim.first),
        None,
    )
    if said is None or "relative" in said.means:
        return False
    return any(governor.last <= one.first and one.last <= said.first for one in found) and any(
        sentence.tokens[at].text == "," for at in range(said.last, claim.first)
    )


def _coordinated(sentence: Sentence, first: int, last: int) -> bool:
    """Whether only "and" or "as well as" stands between: "460 were neutralised, as well as 19 missiles"."""
    anded = False
    for at in range(first, last):
        if sentence.means(at, "and"):
            anded = True
        elif sentence.tokens[at].text != "," and not sentence.means(at, "all", "modifier"):
            return False
    return anded


class _Between(NamedTuple):
    words: int
    relative: bool
    broken: bool
    """By a comma, a dash, a bracket."""
    stopped: bool
    """By a semicolon, a colon or a line."""


def _gap(sentence: Sentence, first: int, last: int) -> _Between:
    words = 0
    relative = broken = stopped = False
    # However many places are listed between, they put no distance between a number and its verb.
    named = {at for name in sentence.names for at in range(name.first, name.last)}
    for at in range(first, min(last, first + 40)):
        token = sentence.tokens[at]
        if token.kind == "break":
            broken = stopped = True
        elif at in named:
            continue
        elif token.kind == "mark":
            if token.text in ",-(":
                broken = broken or not (token.text == "-" and at == first)
            elif token.text in ";:.":
                broken = stopped = True
        else:
            words += 1
            relative = relative or sentence.means(at, "relative")
    return _Between(words + max(0, last - first - 40), relative, broken, stopped)


def _split(sentence: Sentence, first: int, last: int, *, anded: bool = True) -> bool:
    """Whether a comma, a dash, a bracket or (with `anded`) "and" stands between."""
    return any(
        sentence.tokens[at].text in ",-;:("
        or sentence.tokens[at].kind == "break"
        or (anded and sentence.means(at, "and"))
        for at in range(first, last)
    )


def _status(mark: Mark, claim: Claim) -> str:
    said = statuses(mark)
    if claim.of_class == "place":
        return next((one for one in said if one in ("hits", "debris")), said[0])
    return said[0]
