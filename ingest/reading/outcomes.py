"""What became of the weapons of a raid, as facts: the counts of claims, each put together to one figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.reading.claims import WEAPONS, Amount, Claim
from ingest.reading.departures import destinations
from ingest.reading.lexicon import Shared
from ingest.reading.reading import Draft, Span
from ingest.reading.scene import Scene

OUTCOMES = ("launched", "shot_down", "neutralised", "suppressed")
_MOST_TYPES = 64


def put_counts(draft: Draft, scene: Scene, claims: Sequence[Claim], attacker: str) -> None:
    """State what was launched and what became of it. attacker: whose weapons are counted."""
    by_status: dict[str, list[Claim]] = {}
    for claim in claims:
        by_status.setdefault(claim.status, []).append(claim)
    named = {claim.type_key for claim in claims if claim.of_class == "missile" and claim.types}
    for status in ("launched", "shot_down", "neutralised", "hits", "not_reached"):
        _of_status(draft, status, by_status.get(status, ()), scene.shared, named)
    _by_region(draft, scene, claims)
    _wholes(draft, claims)
    _only_missile(draft, claims)
    _merged(draft, attacker)
    _suppressed(draft, by_status.get("suppressed", ()))
    _places(draft, by_status)
    _airborne(draft, by_status.get("airborne", ()))
    _left(draft, scene, by_status.get("left", ()))
    _neutralised_total(draft, by_status.get("neutralised", ()), attacker)


def _of_status(
    draft: Draft, status: str, claims: Iterable[Claim], shared: Shared, elsewhere: set[str]
) -> None:
    """elsewhere: the types of missile that the text names at all."""
    claims = [claim for claim in claims if claim.of_class in WEAPONS]
    for of_class, name in (
        ("uav", "uav"),
        ("missile", "missile"),
        ("rocket", "rockets"),
        ("target", "total"),
    ):
        of_this = [
            claim
            for claim in claims
            if claim.of_class == of_class and not (claim.part and claim.types) and not claim.share
        ]
        plain = [
            claim
            for claim in of_this
            if of_class in ("uav", "target") or claim.mixed or not (claim.types or claim.kind)
        ]
        plain_ids = {id(claim) for claim in plain}
        typed = [claim for claim in of_this if id(claim) not in plain_ids and of_class == "missile"]
        counted = {claim.type_key for claim in typed if claim.types and claim.amount.value is not None}
        typed = [claim for claim in typed if claim.amount.value is not None or claim.type_key not in counted]
        numbered = [claim for claim in plain if claim.amount.value is not None and not claim.singular]
        numbered = [claim for claim in numbered if not claim.lone] or numbered
        if numbered:
            _put_best(draft, f"{status}.{name}", numbered)
        elif typed:
            # Of some only the kind is said: "16 cruise missiles".
            kinds = {claim.type_key or claim.kind for claim in typed}
            named = {claim.type_key for claim in typed if claim.type_key}
            if len(kinds) == 1 and all(claim.amount.value is not None for claim in typed):
                if not (status == "launched" and named and elsewhere - named):
                    _put_best(draft, f"{status}.{name}", typed)
            elif any(claim.amount.value is None for claim in typed):
                if status == "launched":
                    draft.put(f"{status}.{name}", "unnumbered", *(claim.span for claim in typed))
            elif kinds:
                # Kept apart: a sum is ours, not the text's.
                best = {
                    key: max(_value(claim) for claim in typed if (claim.type_key or claim.kind) == key)
                    for key in sorted(kinds)
                }
                draft.put(f"derived.{status}.{name}", sum(best.values()), *(claim.span for claim in typed))
        else:
            several = [
                claim for claim in plain if claim.amount.value is not None or claim.amount.hedge == "several"
            ]
            if several and status in ("not_reached", "launched", "shot_down", "neutralised"):
                _put_best(draft, f"{status}.{name}", several)
    _types(draft, status, claims, shared)


def _by_region(draft: Draft, scene: Scene, claims: Sequence[Claim]) -> None:
    """What each region had of a count, and the count itself where "each" gives it."""
    for status in ("shot_down", "neutralised"):
        for of_class in ("uav", "missile"):
            shares = [
                one for one in claims if one.share and one.status == status and one.of_class == of_class
            ]
            if not shares:
                continue
            per_region: dict[str, tuple[int, Span, Span]] = {}
            for share in shares:
                keys = [scene.key_of(name) for name in share.places]
                if share.amount.value is None or not (share.each or len(keys) == 1):
                    continue
                for key, name in zip(keys, share.places, strict=True):
                    place = share.sentence.span(name.first, name.last)
                    if key:
                        per_region.setdefault(key, (share.amount.value // len(keys), share.span, place))
            for key, (count, *spans) in per_region.items():
                draft.put(f"{status}.per_region.{key}", count, *spans)
            path = f"{status}.{of_class}"
            known = draft.facts.get(status, {}).get(of_class)
            told = [share.amount.value for share in shares if share.amount.value is not None]
            if isinstance(known, int) and sum(told) > known:
                draft.doubt(f"contradiction: the regions' shares {sum(told)} exceed {path} {known}", 0.2)
            elif known is None and len(told) == len(shares):
                # "Eight each" over two says sixteen; a sum of different counts is ours, not the text's.
                put = path if len(told) == 1 else f"derived.{path}"
                proof = [share.span for share in shares]
                if len(told) == 1:
                    proof += [shares[0].sentence.span(name.first, name.last) for name in shares[0].places]
                draft.put(put, sum(told), *proof)


def _types(draft: Draft, status: str, claims: Sequence[Claim], shared: Shared) -> None:
    by_key: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.types and not claim.mixed:
            by_key.setdefault(claim.type_key, []).append(claim)
    for key, of_key in list(by_key.items())[:_MOST_TYPES]:
        weapons = [shared.weapons[one] for one in of_key[0].types if one in shared.weapons]
        if status not in ("launched", "shot_down", "neutralised") or not weapons:
            continue
        if weapons[0].whole and status != "launched":
            continue
        numbered = [claim for claim in of_key if claim.amount.value is not None]
        if numbered:
            _put_best(draft, f"{status}.per_type.{key}", numbered)
        elif status == "launched" and weapons[0].counted_as in ("missile", "munition"):
            draft.put(f"{status}.per_type.{key}", "unnumbered", *(claim.span for claim in of_key))


def _value(claim: Claim) -> int:
    return claim.amount.value or 0


def _put_best(draft: Draft, path: str, claims: Sequence[Claim]) -> None:
    """State the whole among several numbers of one thing: plain before hedged, the largest of the plain ones.

    Smaller ones are parts of it (of one region, of an earlier hour); a hedged one near it is another witness.
    """
    exact = [claim for claim in claims if claim.amount.exact]
    pool = exact or [claim for claim in claims if claim.amount.value is not None] or list(claims)
    best = max(pool, key=lambda claim: (_value(claim), not claim.singular, -claim.sentence.index))
    same = [
        claim
        for claim in claims
        if claim is not best
        and (
            claim.amount == best.amount
            or (
                claim.amount.hedge not in ("", "percent")
                and claim.amount.value
                and _close(claim.amount, best.amount)
            )
        )
    ]
    draft.put(path, best.amount.fact(), best.span, *(claim.span for claim in same))
    if not best.near:
        draft.doubt(f"{path} stands far from its verb", 0.1)
    if not best.amount.exact:
        draft.doubt(f"{path} is hedged", 0.05)


def _close(hedged: Amount, plain: Amount) -> bool:
    low, high = sorted((hedged.value or 0, plain.value or 0))
    return high > 0 and (high - low) / high <= 0.05


def _wholes(draft: Draft, claims: Sequence[Claim]) -> None:
    """ "All 27 drones were shot down" says that 27 were launched."""
    most: dict[str, int] = {}
    for claim in claims:
        if claim.amount.exact and claim.of_class:
            most[claim.of_class] = max(most.get(claim.of_class, 0), _value(claim))
    for claim in claims:
        if claim.whole and claim.amount.exact and claim.status in ("shot_down", "neutralised"):
            name = {"uav": "uav", "missile": "missile"}.get(claim.of_class or "")
            known = draft.facts.get("launched", {}).get(name or "")
            if name and not isinstance(known, int) and _value(claim) >= most[name]:
                draft.put(f"launched.{name}", claim.amount.value, claim.span)
                if claim.types and not claim.mixed:
                    draft.put(f"launched.per_type.{claim.type_key}", claim.amount.value, claim.span)


def _only_missile(draft: Draft, claims: Sequence[Claim]) -> None:
    """One missile was launched and one type is named: that one was of this type."""
    typed = {
        claim.type_key: claim
        for claim in claims
        if claim.of_class == "missile" and claim.types and not claim.mixed
    }
    if draft.facts.get("launched", {}).get("missile") == 1 and len(typed) == 1:
        key, claim = typed.popitem()
        if f"launched.per_type.{key}" not in draft.spans:
            draft.put(f"launched.per_type.{key}", 1, claim.span, *draft.spans["launched.missile"])


def _merged(draft: Draft, attacker: str) -> None:
    """A headline's "downed" with the number of the body's "shot down or suppressed" says the same."""
    for name in ("uav", "missile", "total"):
        down, merged = f"shot_down.{name}", f"neutralised.{name}"
        if attacker == "UA" and down in draft.spans and merged in draft.spans:
            # Russia counts both together, and "shot down" of fewer is one place's share.
            part, whole = draft.facts["shot_down"][name], draft.facts["neutralised"][name]
            if isinstance(part, int) and isinstance(whole, int) and part < whole:
                draft.drop(down)
                continue
        if down in draft.spans and draft.facts["shot_down"][name] == draft.facts.get("neutralised", {}).get(
            name
        ):
            draft.put(merged, draft.facts["neutralised"][name], *draft.spans[merged], *draft.spans[down])
            draft.drop(down)


def _suppressed(draft: Draft, claims: Sequence[Claim]) -> None:
    numbered = [claim for claim in claims if claim.amount.value is not None and claim.of_class != "place"]
    if numbered:
        _put_best(draft, "suppressed", numbered)


def _places(draft: Draft, by_status: dict[str, list[Claim]]) -> None:
    for status, path in (("hits", "impacts_locations"), ("debris", "debris_locations")):
        places = [
            claim
            for claim in by_status.get(status, ())
            if claim.of_class == "place" and claim.amount.value is not None
        ]
        if places:
            _put_best(draft, path, places)


def _airborne(draft: Draft, claims: Sequence[Claim]) -> None:
    counted = [claim for claim in claims if claim.amount.value is not None and claim.of_class != "place"]
    if counted:
        _put_best(draft, "still_airborne", counted)


def _left(draft: Draft, scene: Scene, claims: Sequence[Claim]) -> None:
    """How many flew out, by the country that they flew to."""
    counted = [
        claim for claim in claims if claim.amount.value is not None and claim.of_class in ("uav", "missile")
    ]
    for claim, countries in destinations(counted):
        sentence = claim.sentence
        if len(countries) == 1 or (claim.each and countries):
            for country, mark in countries.items():
                path = f"left_airspace.{scene.country_label(country)}"
                draft.put(path, claim.amount.fact(), claim.span, sentence.mark_span(mark))
        else:
            draft.put("left_airspace.total", claim.amount.fact(), claim.span)


def _neutralised_total(draft: Draft, claims: Sequence[Claim], attacker: str) -> None:
    """The stated total; or, from a source that merges, the one class there was."""
    found = draft.facts.get("neutralised", {})
    if "total" in found:
        draft.put("neutralised_total", found["total"], *draft.spans["neutralised.total"])
        return
    others = [
        claim for claim in claims if claim.of_class not in ("uav", "place", None) and not claim.singular
    ]
    if attacker != "UA" and isinstance(found.get("uav"), int) and not others:
        draft.put("neutralised_total", found["uav"], *draft.spans["neutralised.uav"])


def check_counts(draft: Draft) -> None:
    """Report arithmetic that does not hold; it is not mended."""
    facts = draft.facts
    for name in ("uav", "missile", "total"):
        launched = facts.get("launched", {}).get(name)
        if not isinstance(launched, int):
            continue
        for status in ("shot_down", "neutralised"):
            part = facts.get(status, {}).get(name)
            if isinstance(part, int) and part > launched:
                draft.doubt(f"contradiction: {status}.{name} {part} exceeds launched.{name} {launched}", 0.35)
    shot, suppressed, both = (
        facts.get("shot_down", {}).get("uav"),
        facts.get("suppressed"),
        facts.get("neutralised", {}).get("uav"),
    )
    if all(isinstance(one, int) for one in (shot, suppressed, both)) and shot + suppressed != both:
        draft.doubt(
            f"contradiction: shot down {shot} and suppressed {suppressed} are not neutralised {both}", 0.2
        )
    down = facts.get("neutralised", {})
    if all(isinstance(down.get(one), int) for one in ("uav", "missile", "total")):
        parts = down["uav"] + down["missile"]
        if parts > down["total"]:
            draft.doubt(f"contradiction: neutralised parts {parts} exceed the total {down['total']}", 0.2)
    down = facts.get("shot_down", {})
    if all(isinstance(down.get(one), int) for one in ("uav", "missile", "total")):
        parts = down["uav"] + down["missile"]
        if parts > down["total"]:
            draft.doubt(f"contradiction: shot down parts {parts} exceed the total {down['total']}", 0.2)
