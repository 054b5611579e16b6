"""Strikes: something on the ground was hit, or fell there, and who says so."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reading.claims import Claim
from ingest.reading.lexicon import Mark
from ingest.reading.meanings import country_meant
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence

_AROUND = 2
"""Paragraphs before and after in which the same strike is still being told."""
_REACH = 40
"""Sentences before and after, at most."""
_MOST = 32
_SIDES = frozenset(("UA", "RU"))


def strikes(scene: Scene) -> list[Reading]:
    """One reading for each site that numbered weapons hit or fell on."""
    found: list[Reading] = []
    told: set[str] = set()
    for index, claims in enumerate(scene.claims):
        sentence = scene.sentences[index]
        hits = [
            claim
            for claim in claims
            if claim.status in ("hits", "fell")
            and claim.of_class in ("uav", "missile")
            and claim.amount.value is not None
        ]
        site = sentence.first("target_site")
        if len(found) >= _MOST or not hits or site is None or sentence.sums_up():
            continue
        reading = _strike(scene, sentence, site, hits)
        target = str(reading.facts["target"])
        if target not in told:
            told.add(target)
            found.append(reading)
    return found


def _strike(scene: Scene, sentence: Sentence, site: Mark, hits: Sequence[Claim]) -> Reading:
    draft = Draft()
    reach = range(max(0, sentence.index - _REACH), min(len(scene.sentences), sentence.index + _REACH))
    near = [
        scene.sentences[index]
        for index in reach
        if abs(scene.sentences[index].paragraph - sentence.paragraph) <= _AROUND
    ]
    _target(draft, scene, sentence, site, near)
    hit = max(hits, key=lambda claim: claim.amount.value or 0)
    draft.put("weapon", hit.of_class, hit.span)
    draft.put("count", hit.amount.fact(), hit.span)
    if hit.status == "fell" and hit.of_class == "uav":
        draft.put("drones_fallen", hit.amount.fact(), hit.span)
    if hit.status == "hits":
        draft.put(f"hits.{hit.of_class}", hit.amount.fact(), hit.span)
    for index in reach:
        claims = scene.claims[index]
        # What became of the others of the same attack, where it is told in one breath.
        if scene.sentences[index].paragraph == sentence.paragraph and hit.status == "hits":
            for claim in claims:
                path = f"{claim.status}.{claim.of_class}"
                if (
                    claim.status in ("launched", "shot_down", "neutralised")
                    and claim.of_class in ("uav", "missile")
                    and any(one.of_class == hit.of_class and one.status == claim.status for one in claims)
                    and claim.amount.exact
                    and path not in draft.spans
                ):
                    draft.put(path, claim.amount.fact(), claim.span)
    region = str(draft.facts.get("region", ""))
    attacker = _attacker(near, region, hit)
    if attacker is not None:
        draft.put("attacker", *attacker)
        other = "RU" if attacker[0] == "UA" else "UA"
        if region.startswith(other):
            draft.put("direction", f"{attacker[0]}_{other}", attacker[1], *draft.spans["region"])
    claimants: dict[str, Span] = {}
    claimed_by: dict[str, Span] = {}
    for one in near:
        for key, span in scene.reporters_in(one):
            if one.first("claimed") is not None and one.index != sentence.index:
                claimed_by.setdefault(key, span)
            elif one.paragraph == sentence.paragraph:
                claimants.setdefault(key, span)
    if not claimants and not claimed_by:
        # The text's own source may stand in its headline.
        for _, key, span in scene.reporters:
            claimants.setdefault(key, span)
    if claimants or claimed_by:
        everyone = claimants | {key: span for key, span in claimed_by.items() if key not in claimants}
        draft.put("claimants", list(everyone), *everyone.values())
    else:
        draft.doubt("nobody is named who states it", 0.15)
    if claimed_by:
        draft.put("claimed_by", list(claimed_by), *claimed_by.values())
    if "region" not in draft.facts:
        draft.doubt("the place is not one the theatre knows", 0.2)
    return draft.finish("strike", sentence.lexicon.lang)


def _target(draft: Draft, scene: Scene, sentence: Sentence, site: Mark, near: Sequence[Sentence]) -> None:
    """What was hit: the theatre's site of that name, else the words; and the region it lies in."""
    known = next(
        (name for name in sentence.names if name.kind == "place" and name.last >= site.last - 1), None
    )
    if known is not None:
        span = sentence.span(min(known.first, site.first), max(known.last, site.last))
        place = scene.theatre.places[known.key]
        if place.kind == "site":
            draft.put("target", place.names["en"], span)
            draft.put("place", place.key, span)
            draft.put("region", place.region, span)
            return
    last = site.last
    while last < len(sentence.tokens) and last - site.last < 3:
        token = sentence.tokens[last]
        if token.kind not in ("word", "name") or not sentence.text[token.start].isupper():
            break
        last += 1
    span = sentence.span(site.first, last)
    draft.put("target", sentence.text[slice(*span)], span)
    ordered = [sentence, *sorted(near, key=lambda one: abs(one.index - sentence.index))]
    for one in ordered:
        for name in one.names:
            region = scene.region_of(name)
            if region:
                draft.put("region", region, one.span(name.first, name.last))
                return


def _attacker(near: Sequence[Sentence], region: str, hit: Claim) -> tuple[str, Span] | None:
    if hit.attacker in _SIDES:
        return hit.attacker, hit.span
    for sentence in near:
        for mark in sentence.having("uav", "missile"):
            for at in (mark.first - 1, mark.last):
                if 0 <= at < len(sentence.tokens):
                    country = country_meant(sentence.mark_at[at])
                    if country in _SIDES and not region.startswith(country):
                        return country, sentence.span(min(at, mark.first), max(at + 1, mark.last))
    return None


def regional_correction(scene: Scene) -> Reading | None:
    """A correction about one region's share of a night, which must not be taken for the night's report."""
    mark_in = next(((one, mark) for one in scene.sentences for mark in one.having("correction")), None)
    if mark_in is None:
        return None
    sentence, mark = mark_in
    named = [(sentence.span(name.first, name.last), scene.region_of(name)) for name in sentence.names]
    regional = [(span, region) for span, region in named if region]
    if len({region for _, region in regional}) != 1:
        return None
    draft = Draft()
    span, region = regional[0]
    draft.put("target", scene.theatre.regions[region].names["en"], span)
    draft.put("region", region, span)
    draft.put("correction", True, sentence.mark_span(mark))
    draft.put("scope", "regional", span)
    for claims in scene.claims:
        for claim in claims:
            path = {"uav": "uav", "missile": "missile"}.get(claim.of_class or "")
            if (
                path
                and claim.status in ("launched", "shot_down", "not_reached")
                and claim.amount.value is not None
            ):
                full = f"{claim.status}.{path}"
                if full not in draft.spans:
                    draft.put(full, claim.amount.fact(), claim.span)
            elif claim.of_class == "place" and claim.status == "hits" and claim.amount.value is not None:
                draft.put("impacts_locations", claim.amount.fact(), claim.span)
    draft.doubt("a correction of an earlier report, for one region", 0.1)
    return draft.finish("strike", sentence.lexicon.lang)
