"""Raid reports: what was launched in one night and what became of it, from a text's claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ingest.reading.claims import WEAPONS, Amount, Claim
from ingest.reading.lexicon import Shared
from ingest.reading.meanings import country_meant
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence
from ingest.reading.times import (
    Window,
    instant,
    night_date,
    span_of,
    window_instants,
    written,
)

OUTCOMES = ("launched", "shot_down", "neutralised", "suppressed")
_KIND = "a kind"
"""Stands for the type of missiles of which only the kind is said: "16 cruise missiles"."""
_MOST_TYPES = 64
_MOST_QUOTED = 12
"""Older nights told in one text at most."""
_LONGEST_WINDOW = timedelta(hours=40)
_OLDER = timedelta(days=1)
"""A date so much before the report's own is another night's; a day before is its evening."""
_REPORTERS = {"UA": frozenset(("ua-air-force", "ua-general-staff")), "RU": frozenset(("ru-mod",))}
"""Who reports a raid on a country as a whole."""
_SIDES = ("north", "south", "east", "west", "centre")


def raid_reports(scene: Scene) -> list[Reading]:
    """The raid report of a text, and older ones that it quotes."""
    attacker, attacker_span = _attacker(scene)
    zone_of = "RU" if attacker == "UA" else "UA"
    published = scene.published(zone_of)
    main: list[Claim] = []
    older: dict[date | None, list[Claim]] = {}
    nights = _nights(scene, published)
    front = {sentence.paragraph for sentence in scene.sentences if sentence.first("front")}
    latest = max((night for night, _ in nights.values()), default=None)
    for index, claims in enumerate(scene.claims):
        sentence = scene.sentences[index]
        if not claims or sentence.first("long_period") or sentence.paragraph in front:
            continue
        if scene.times[index].months_alone and index not in nights:
            continue
        night = nights.get(index)
        kept = [
            claim for claim in claims if not claim.attacker or claim.attacker == attacker or attacker == ""
        ]
        if night is not None and latest is not None and night[0] < latest - _OLDER:
            older.setdefault(night[0], []).extend(kept)
        elif sentence.first("record_previous", "earlier"):
            older.setdefault(night[0] if night and night[0] != latest else None, []).extend(kept)
        else:
            main.extend(kept)
    readings: list[Reading] = []
    report = _report(scene, main, attacker, attacker_span, latest, quoted=False)
    if report is not None:
        readings.append(report)
        for night_of, claims in list(older.items())[:_MOST_QUOTED]:
            quoted = _report(scene, claims, attacker, attacker_span, night_of, quoted=True)
            if quoted is not None:
                readings.append(quoted)
    return readings


def _attacker(scene: Scene) -> tuple[str, Span | None]:
    """Whose weapons the text counts: said of them, or the other side of who reports."""
    said: Counter[str] = Counter()
    spans: dict[str, Span] = {}
    for claims in scene.claims:
        for claim in claims:
            if claim.attacker in ("RU", "UA") and claim.status in OUTCOMES:
                said[claim.attacker] += 1
                spans.setdefault(claim.attacker, claim.span)
    if said:
        attacker = said.most_common(1)[0][0]
        return attacker, spans[attacker]
    for _, key, span in scene.reporters:
        if key == "ru-mod":
            return "UA", span
    return "RU", None


def _nights(scene: Scene, published: date | None) -> dict[int, tuple[date, Span]]:
    """The night that each sentence with claims is about, where it says so itself."""
    found: dict[int, tuple[date, Span]] = {}
    for index, sentence in enumerate(scene.sentences):
        times = scene.times[index]
        for night in times.nights:
            if night.day is None and not any(day.month is not None for day in times.days):
                continue
            resolved = night_date(night, times.days, published)
            if resolved is not None:
                found.setdefault(index, (resolved, span_of(sentence, night)))
        if index in found or not scene.claims[index]:
            continue
        for day in times.days:
            if day.day is not None and day.month is not None:
                resolved = day.resolve(published)
                if resolved is not None:
                    found[index] = resolved, span_of(sentence, day)
                    break
    return found


def _report(
    scene: Scene,
    claims: Sequence[Claim],
    attacker: str,
    attacker_span: Span | None,
    night_of: date | None,
    *,
    quoted: bool,
) -> Reading | None:
    counted = [
        claim
        for claim in claims
        if claim.amount.value is not None and claim.status in OUTCOMES and claim.of_class in WEAPONS
    ]
    if not any(not claim.singular for claim in counted):
        return None
    draft = Draft()
    if not any(claim.amount.exact for claim in counted):
        draft.doubt("every count is hedged", 0.3)
    _counts(draft, claims, scene.shared, attacker)
    if not any(name in draft.facts for name in OUTCOMES):
        return None
    indexes = sorted({claim.sentence.index for claim in claims if claim.amount.value is not None})
    _when(draft, scene, indexes, "RU" if attacker == "UA" else "UA", night_of, quoted=quoted)
    _who(draft, scene, indexes, attacker, attacker_span, quoted=quoted)
    _where(draft, scene, indexes, quoted=quoted)
    for index in indexes:
        sentence = scene.sentences[index]
        mark = sentence.first("record_previous") if quoted else sentence.first("record_new")
        if mark is not None and "record" not in draft.facts:
            word = sentence.text[slice(*sentence.mark_span(mark))].casefold()
            if "reco" in word or "реко" in word or "reko" in word:
                draft.put("record", "previous" if quoted else "new", sentence.mark_span(mark))
    if not quoted:
        for sentence in scene.sentences:
            mark = sentence.first("ongoing")
            if mark is not None:
                draft.put("ongoing", True, sentence.mark_span(mark))
                break
    _check(draft)
    return draft.finish("raid_report", claims[0].sentence.lexicon.lang, quoted=quoted)


# --- counts


def _counts(draft: Draft, claims: Sequence[Claim], shared: Shared, attacker: str) -> None:
    by_status: dict[str, list[Claim]] = {}
    for claim in claims:
        by_status.setdefault(claim.status, []).append(claim)
    named = {claim.type_key for claim in claims if claim.of_class == "missile" and claim.types}
    for status in ("launched", "shot_down", "neutralised", "hits", "not_reached"):
        _of_status(draft, status, by_status.get(status, ()), shared, named)
    _wholes(draft, claims)
    _only_missile(draft, claims)
    _merged(draft)
    _suppressed(draft, by_status.get("suppressed", ()))
    _places(draft, by_status)
    _left(draft, by_status.get("left", ()))
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
            claim for claim in claims if claim.of_class == of_class and not (claim.part and claim.types)
        ]
        plain = [
            claim
            for claim in of_this
            if of_class in ("uav", "target") or claim.mixed or not (claim.types or claim.kind)
        ]
        plain_ids = {id(claim) for claim in plain}
        typed = [claim for claim in of_this if id(claim) not in plain_ids and of_class == "missile"]
        numbered = [claim for claim in plain if claim.amount.value is not None and not claim.singular]
        if numbered:
            _put_best(draft, f"{status}.{name}", numbered)
        elif typed:
            kinds = {claim.type_key or _KIND for claim in typed}
            if len(kinds) == 1 and all(claim.amount.value is not None for claim in typed):
                if not (status == "launched" and _KIND not in kinds and elsewhere - kinds):
                    _put_best(draft, f"{status}.{name}", typed)
            elif any(claim.amount.value is None for claim in typed):
                if status == "launched":
                    draft.put(f"{status}.{name}", "unnumbered", *(claim.span for claim in typed))
            elif kinds:
                # Kept apart: a sum is ours, not the text's.
                best = {
                    key: max(_value(claim) for claim in typed if (claim.type_key or _KIND) == key)
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


def _merged(draft: Draft) -> None:
    """A headline's "downed" with the number of the body's "shot down or suppressed" says the same."""
    for name in ("uav", "missile", "total"):
        down, merged = f"shot_down.{name}", f"neutralised.{name}"
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


def _left(draft: Draft, claims: Sequence[Claim]) -> None:
    """How many flew out, by the country that they flew to."""
    for claim in claims:
        if claim.amount.value is None or claim.of_class not in ("uav", "missile"):
            continue
        sentence = claim.sentence
        after = claim.governor.first if claim.governor else claim.last
        towards = next(
            (
                name
                for name in sentence.names
                if name.kind == "country" and name.first >= after and name.key != "UA"
            ),
            None,
        )
        if towards is None:
            draft.put("left_airspace.total", claim.amount.fact(), claim.span)
        else:
            label = {"RU": "Russia", "BY": "Belarus", "RO": "Romania", "PL": "Poland", "MD": "Moldova"}
            path = f"left_airspace.{label.get(towards.key, towards.key)}"
            draft.put(path, claim.amount.fact(), claim.span, sentence.span(towards.first, towards.last))


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


def _check(draft: Draft) -> None:
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


# --- when, who, where


def _when(
    draft: Draft,
    scene: Scene,
    indexes: Sequence[int],
    country: str,
    night_of: date | None,
    *,
    quoted: bool,
) -> None:
    zone = scene.zone(country)
    published = scene.published(country)
    night_span: Span | None = None
    day: date | None = None
    nights = _nights(scene, published)
    own = set(indexes)
    ordered = [*indexes, *(index for index in range(len(scene.sentences)) if index not in own)]
    for index in ordered:
        if quoted and index not in own:
            break
        if index in nights and (night_of is None or nights[index][0] == night_of):
            day, night_span = nights[index]
            if scene.times[index].nights or quoted:
                draft.put("night_of", day.isoformat(), night_span)
            break
    if day is None and not quoted and published is not None:
        for index in ordered:
            nameless = [night for night in scene.times[index].nights if night.day is None]
            if nameless:
                day = published
                draft.put("night_of", day.isoformat(), span_of(scene.sentences[index], nameless[0]))
                break
    if quoted:
        return
    if day is None:
        draft.doubt("the night is not named", 0.15)
    paragraphs = {scene.sentences[index].paragraph for index in indexes}
    best: tuple[Window, int] | None = None
    for index in ordered:
        for window in scene.times[index].windows:
            near = (
                index in own
                or scene.sentences[index].paragraph in paragraphs
                or bool(scene.times[index].nights)
                or scene.sentences[index].first("day") is not None
            )
            if near and best is None:
                best = window, index
    if best is not None:
        window, index = best
        span = span_of(scene.sentences[index], window)
        start, end = window_instants(window, day or published, published, zone)
        if start is not None and (end is None or end - start <= _LONGEST_WINDOW):
            draft.put("window_start", written(start), span)
            if end is not None:
                draft.put("window_end", written(end), span)
            if (
                end is not None
                and "night_of" in draft.facts
                and not scene.times[index].nights
                and start.date() == end.date()
            ):
                del draft.facts["night_of"], draft.spans["night_of"]
    for index in ordered:
        moment = next((one for one in scene.times[index].moments if one.what == "as_of"), None)
        if moment is not None:
            span = span_of(scene.sentences[index], moment)
            on = moment.day.resolve(published) if moment.day else (day or published)
            if on is not None:
                draft.put("as_of", written(instant(on, moment.clock, zone)), span)
            else:
                draft.put("as_of_time", f"{moment.clock.hour:02}:{moment.clock.minute:02}", span)
            break


def _who(
    draft: Draft,
    scene: Scene,
    indexes: Sequence[int],
    attacker: str,
    attacker_span: Span | None,
    *,
    quoted: bool,
) -> None:
    """Who states it, as keys. `claimant` is set for the Russian ministry alone, as in the corpus."""
    own = set(indexes)
    found: dict[str, list[Span]] = {}
    within: dict[str, list[Span]] = {}
    for sentence, key, span in scene.reporters:
        if key in _REPORTERS["RU" if attacker == "UA" else "UA"]:
            found.setdefault(key, []).append(span)
            if sentence.index in own:
                within.setdefault(key, []).append(span)
    if not within and not quoted:
        within = found
    if within:
        keys = sorted(within, key=lambda key: (-len(within[key]), within[key][0]))
        draft.put("claimants", keys, *(span for key in keys for span in within[key]))
        if attacker == "UA":
            draft.put("claimant", "RU", *within[keys[0]])
    else:
        draft.doubt("nobody is named who states it", 0.15)
    if attacker_span is None:
        for index in indexes:
            launched = any(claim.status == "launched" for claim in scene.claims[index])
            for mark in scene.sentences[index].marks if launched else ():
                if attacker_span is None and country_meant(mark) == attacker:
                    attacker_span = scene.sentences[index].mark_span(mark)
    if attacker_span is not None:
        draft.put("attacker", attacker, attacker_span)


def _where(draft: Draft, scene: Scene, indexes: Sequence[int], *, quoted: bool) -> None:
    own = set(indexes)
    regions: dict[str, Span] = {}
    launch: dict[str, Span] = {}
    targets: dict[str, Span] = {}
    for sentence in [scene.sentences[index] for index in indexes] if quoted else scene.sentences:
        direction = sentence.first("direction")
        target = sentence.first("main_target")
        governor_ends = [
            mark.first
            for mark in sentence.marks
            if any(one.startswith(("shot_down.", "neutralised.")) for one in mark.means)
        ]
        located: int | None = None
        for name in sentence.names:
            if name.kind == "country":
                continue
            span = sentence.span(name.first, name.last)
            label = scene.label(name)
            if target is not None and name.first >= target.last:
                targets.setdefault(label, span)
            elif direction is not None and name.first >= direction.first:
                launch.setdefault(label, span)
            elif sentence.index in own and governor_ends:
                listed = located is not None and _only_listed(sentence, located, name.first)
                if listed or sentence.means(name.first - 1, "locative", "region_word"):
                    located = name.last
                    key = name.key if name.kind == "group" else scene.region_of(name)
                    if key:
                        regions.setdefault(key, span)
        if sentence.index in own and governor_ends:
            for side in _SIDES:
                mark = sentence.first(side)
                if (
                    mark is not None
                    and mark.first > governor_ends[0]
                    and not any(name.first <= mark.first < name.last for name in sentence.names)
                ):
                    regions.setdefault(side, sentence.mark_span(mark))
    for path, found in (("regions", regions), ("launch_areas", launch), ("main_targets", targets)):
        if found:
            draft.put(path, list(found), *found.values())


def _only_listed(sentence: Sentence, first: int, last: int) -> bool:
    """Whether only commas and "and" stand between two names of a list."""
    return all(
        sentence.tokens[at].text == "," or sentence.means(at, "and", "region_word", "modifier")
        for at in range(first, last)
    )
