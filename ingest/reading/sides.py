"""Whose weapons each number of a text counts: said of them, or told by who brings them down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ingest.reading.claims import WEAPONS, Claim
from ingest.reading.lexicon import Mark
from ingest.reading.meanings import class_of, country_meant, is_governor
from ingest.reading.outcomes import OUTCOMES
from ingest.reading.reading import Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence

OTHER = {"RU": "UA", "UA": "RU"}
"""Who attacks whom."""
_BROUGHT_DOWN = frozenset(("shot_down", "neutralised", "suppressed"))
_BEFORE_VERB = 8
"""Tokens between a verb and the country that does it, at most."""


class Sides:
    """The attackers of a text. main: of most of what it counts, Russia where nothing tells."""

    def __init__(self, scene: Scene) -> None:
        self._of: dict[int, str] = {}
        self._spans: dict[str, Span] = {}
        said: Counter[str] = Counter()
        unknown: list[Claim] = []
        russias: set[int] = set()
        last: tuple[int, str] = (-1, "")
        for claims in scene.claims:
            for claim in claims:
                found = _evidence(scene, claim) if claim.of_class in WEAPONS else None
                if found is None:
                    # A paragraph goes on about the same side.
                    if last[0] == claim.sentence.paragraph and claim.of_class in WEAPONS:
                        self._of[id(claim)] = last[1]
                    else:
                        unknown.append(claim)
                        if _russia_fires(claim):
                            russias.add(id(claim))
                            said["RU"] += 1
                    continue
                last = claim.sentence.paragraph, found.attacker
                self._of[id(claim)] = found.attacker
                if claim.status in OUTCOMES and claim.amount.value is not None and not claim.part:
                    said[found.attacker] += 1
                self._spans.setdefault(found.attacker, found.span)
        self.main = said.most_common(1)[0][0] if said else "RU"
        for claim in unknown:
            self._of[id(claim)] = "RU" if id(claim) in russias and len(said) > 1 else self.main
        self.all = [self.main, *(side for side in said if side != self.main)]

    def of(self, claim: Claim) -> str:
        """Whose weapons a claim counts."""
        return self._of[id(claim)]

    def span(self, attacker: str) -> Span | None:
        """Where the text tells that it is theirs."""
        return self._spans.get(attacker)


class _Evidence(NamedTuple):
    attacker: str
    span: Span


def _evidence(scene: Scene, claim: Claim) -> _Evidence | None:
    if claim.attacker in OTHER:
        return _Evidence(claim.attacker, claim.span)
    if claim.status not in _BROUGHT_DOWN:
        return None
    defender = next(_defenders(scene, claim), None)
    return None if defender is None else _Evidence(OTHER[defender[0]], defender[1])


def _russia_fires(claim: Claim) -> bool:
    """Whether Russia is named before a verb of launching; a sign only, as it may also be the one attacked."""
    if claim.status != "launched" or claim.governor is None or claim.amount.value is None:
        return False
    doer = _doer(claim.sentence, claim.governor)
    return doer is not None and country_meant(doer) == "RU"


def _defenders(scene: Scene, claim: Claim) -> Iterator[tuple[str, Span]]:
    """Who brought them down, the surest sign first."""
    sentence = claim.sentence
    doer = _doer(sentence, claim.governor) if claim.governor is not None else None
    if doer is not None:
        yield country_meant(doer), sentence.mark_span(doer)
    told = {scene.shared.sources[key].country: span for key, span in scene.reporters_in(sentence)}
    told = {country: span for country, span in told.items() if country in OTHER}
    if len(told) == 1:
        yield from told.items()
    for said in sentence.having("say"):
        doer = _doer(sentence, said)
        if doer is not None:
            yield country_meant(doer), sentence.mark_span(doer)
    if sentence.first("direction") is None:
        for name in sentence.names:
            if scene.country_of(name) == "RU" and sentence.means(name.first - 1, "locative", "region_word"):
                yield "RU", sentence.span(name.first, name.last)


def _doer(sentence: Sentence, verb: Mark) -> Mark | None:
    """The side named as the doer of a verb, before it: "Russian air defences destroyed", "Moscow said"."""
    at = verb.first - 1
    while at >= max(0, verb.first - _BEFORE_VERB):
        token, mark = sentence.tokens[at], sentence.mark_at[at]
        if token.kind in ("break", "number") or (token.kind == "mark" and token.text in ",;:()"):
            return None
        if mark is None:
            at -= 1
            continue
        if country_meant(mark) in OTHER:
            led = sentence.means(mark.first - 1, "stop", "locative", "of", "from", "at", "after", "direction")
            return None if led else mark
        if class_of(mark) is not None or is_governor(mark):
            return None
        at = mark.first - 1
    return None
