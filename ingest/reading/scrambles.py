"""Scrambles: a nation's jets launched during an attack next door, or stood down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.reading.closures import Airports, airports_of
from ingest.reading.lexicon import Mark
from ingest.reading.meanings import country_meant
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence
from ingest.reading.times import instant, span_of, written

BELLIGERENTS = frozenset(("UA", "RU", "BY"))
"""Their aircraft fly every night; a scramble is a neighbour's."""
_BESIDE = 3
"""Tokens between the aircraft and the word that they are allied, at most."""
_CLOSE = 14
"""Tokens between the aircraft and the verb at most."""


def scrambles(scene: Scene) -> list[Reading]:
    """The scramble of a text: its end where it has ended, and then its start as what is told for context."""
    starts = [sentence for sentence in scene.sentences if _starts(sentence)]
    ends = [sentence for sentence in scene.sentences if _ends(sentence, bool(starts))]
    if not starts and not any(_ends(sentence, False) for sentence in ends):
        return []
    if _intercepts(scene):
        return []
    nation = _nation(scene, [*starts, *ends])
    if nation is None and not _nobodys(scene, [*starts, *ends]):
        return []
    readings: list[Reading] = []
    if ends:
        readings.append(_reading(scene, nation, "end", ends, quoted=False))
    if starts:
        readings.append(_reading(scene, nation, "start", starts, quoted=bool(ends)))
    return readings


def _intercepts(scene: Scene) -> bool:
    """Whether the jets met Russia's own aircraft, without a word of Ukraine: that is policing."""
    if _names_ukraine(scene):
        return False
    return any(
        country_meant(mark) == "RU"
        and any(
            sentence.means(at, "aircraft", "early_warning") or sentence.tokens[at].kind == "name"
            for at in range(mark.last, min(mark.last + _BESIDE, len(sentence.tokens)))
        )
        for sentence in scene.sentences
        for mark in sentence.marks
    )


def _names_ukraine(scene: Scene) -> bool:
    return any(
        any(country_meant(mark) == "UA" for mark in sentence.marks)
        or any(scene.country_of(name) == "UA" for name in sentence.names)
        for sentence in scene.sentences
    )


def _nobodys(scene: Scene, evidence: Sequence[Sentence]) -> bool:
    """Whether allied aircraft of no named nation answer an attack on Ukraine: "NATO jets were scrambled"."""
    return _names_ukraine(scene) and any(
        abs(plane.first - allied.last) <= _BESIDE or abs(allied.first - plane.last) <= _BESIDE
        for sentence in evidence
        if not sentence.sums_up()
        for allied in sentence.having("allied")
        for plane in sentence.having("aircraft")
    )


def _starts(sentence: Sentence) -> bool:
    if sentence.first("future", "exercise"):
        return False
    return _pair(sentence, "scramble") is not None


def _pair(sentence: Sentence, verb: str) -> Span | None:
    """The characters of a verb and of the aircraft close to it, where both stand in the sentence."""
    planes = list(sentence.having("aircraft", "early_warning"))
    for mark in sentence.having(verb):
        if not planes or _subject(sentence, mark) in BELLIGERENTS:
            continue
        apart, aircraft = min(
            ((max(plane.first - mark.last, mark.first - plane.last), plane) for plane in planes),
            key=lambda one: one[0],
        )
        if apart <= _CLOSE and not _hostile(sentence, aircraft.first, aircraft.last):
            return sentence.span(min(mark.first, aircraft.first), max(mark.last, aircraft.last))
    return None


def _subject(sentence: Sentence, verb: Mark) -> str:
    """The country right before a verb, which does it; not one behind a preposition ("na Ukrainę")."""
    before = sentence.mark_at[verb.first - 1] if verb.first else None
    if before is None or sentence.means(before.first - 1, "stop", "locative"):
        return ""
    return country_meant(before)


def _hostile(sentence: Sentence, first: int, last: int) -> bool:
    """Whether the aircraft are a belligerent's: "samoloty rosyjskie", "Russian jets"."""
    beside = [first - 1, last]
    if first > 1 and (
        sentence.means(first - 2, "stop", "locative", "of") or sentence.tokens[first - 2].text == "der"
    ):
        # "Angriffe auf den Westen der Ukraine Kampfjets": a place, and nobody's jets.
        beside = [last]
    if sentence.means(first - 1, "modifier", "allied"):
        beside.append(first - 2)
    return any(
        country_meant(sentence.mark_at[at]) in BELLIGERENTS
        for at in beside
        if 0 <= at < len(sentence.tokens) and sentence.tokens[at].kind == "word"
    )


def _ends(sentence: Sentence, started: bool) -> bool:
    if sentence.first("stand_down") is None or sentence.first("future") is not None:
        return False
    return started or sentence.first("aircraft", "early_warning", "airspace", "operating") is not None


def _nation(scene: Scene, evidence: Sequence[Sentence]) -> tuple[str, Span] | None:
    """Whose jets: said of them, else of the airspace, else the home of who announces it."""

    def countries(sentences: Sequence[Sentence]) -> Iterator[tuple[str, Span]]:
        for sentence in sentences:
            for mark in sentence.marks:
                country = country_meant(mark)
                if country and country not in BELLIGERENTS:
                    yield country, sentence.mark_span(mark)

    def homes() -> Iterator[tuple[str, Span]]:
        for _, key, span in scene.reporters:
            country = scene.shared.sources[key].country
            if country and country not in BELLIGERENTS:
                yield country, span

    def grounds(sentences: Sequence[Sentence], *kinds: str) -> Iterator[tuple[str, Span]]:
        for sentence in sentences:
            for name in sentence.names:
                country = scene.country_of(name)
                if name.kind in kinds and country and country not in BELLIGERENTS:
                    yield country, sentence.span(name.first, name.last)

    # An ally's jets that rise from a base are those of the country that it lies in.
    return (
        next(grounds(evidence, "base"), None)
        or next(countries(evidence), None)
        or next(homes(), None)
        or next(countries(scene.sentences), None)
        or next(grounds(scene.sentences, "base", "place", "region"), None)
    )


def _reading(
    scene: Scene, nation: tuple[str, Span] | None, state: str, evidence: Sequence[Sentence], *, quoted: bool
) -> Reading:
    draft = Draft()
    country = ""
    if nation is not None:
        country = nation[0]
        draft.put("country", *nation)
    else:
        draft.doubt("no nation is named", 0.5)
    verb = "scramble" if state == "start" else "stand_down"
    spans = [
        _pair(sentence, verb) or next(sentence.mark_span(mark) for mark in sentence.having(verb))
        for sentence in evidence
    ]
    draft.put("state", state, *spans)
    _cause(draft, scene, evidence)
    for sentence in [*evidence, *scene.sentences]:
        allied = next(
            (
                mark
                for mark in sentence.having("allied")
                if sentence.first("aircraft", "operating", "scramble", "stand_down")
            ),
            None,
        )
        if allied is not None:
            draft.put("allied", True, sentence.mark_span(allied))
            break
    _times(draft, scene, country, state, evidence)
    for sentence in scene.sentences:
        early = sentence.first("early_warning")
        if early is not None and "awacs" not in draft.facts:
            draft.put("awacs", True, sentence.mark_span(early))
    _aircraft(draft, scene, country, evidence)
    _violation(draft, scene)
    if country:
        _airports(draft, airports_of(scene, country))
    claimants: dict[str, list[Span]] = {}
    for _, key, span in scene.reporters:
        if country and scene.shared.sources[key].country == country:
            claimants.setdefault(key, []).append(span)
    if claimants:
        draft.put(
            "claimants",
            list(claimants),
            *(span for spans_of_key in claimants.values() for span in spans_of_key),
        )
    else:
        draft.doubt("nobody is named who states it", 0.15)
    return draft.finish("scramble", evidence[0].lexicon.lang, quoted=quoted)


def _cause(draft: Draft, scene: Scene, evidence: Sequence[Sentence]) -> None:
    """Where the attack is that the jets answer: the narrowest that is named, Ukraine if nothing is."""
    paragraphs = {sentence.paragraph for sentence in evidence}
    order = [
        *evidence,
        *(one for one in scene.sentences if one.paragraph in paragraphs),
        *(one for one in scene.sentences if any(country_meant(mark) == "RU" for mark in one.marks)),
    ]
    order = list(dict.fromkeys(order))
    for kind in ("group", "region", "place"):
        for sentence in order:
            found = [name for name in sentence.names if name.kind == kind and scene.country_of(name) == "UA"]
            if found:
                spans = [sentence.span(name.first, name.last) for name in found]
                draft.put("cause_region", scene.label(found[0]), spans[0])
                keys = [name.key if kind == "group" else scene.region_of(name) for name in found]
                draft.put("cause_regions", list(dict.fromkeys(key for key in keys if key)), *spans)
                return
    for sentence in order:
        for mark in sentence.marks:
            if country_meant(mark) == "UA":
                draft.put("cause_region", "Ukraine", sentence.mark_span(mark))
                draft.put("cause_regions", ["UA"], sentence.mark_span(mark))
                return


def _times(draft: Draft, scene: Scene, country: str, state: str, evidence: Sequence[Sentence]) -> None:
    published = scene.published(country)
    zone = scene.zone(country)
    for sentence in evidence:
        times = scene.times[sentence.index]
        for moment in times.moments:
            if "announced_after" in draft.facts or "time_approx_local" in draft.facts:
                break
            span = span_of(sentence, moment)
            day = (moment.day.resolve(published) if moment.day else None) or published
            if moment.what == "after" and day is not None:
                draft.put("announced_after", written(instant(day, moment.clock, zone)), span)
            elif moment.what == "at" and day is not None and "occurred_at" not in draft.facts:
                draft.put("occurred_at", written(instant(day, moment.clock, zone)), span)
            elif moment.what == "around":
                draft.put("time_approx_local", f"{moment.clock.hour:02}:{moment.clock.minute:02}", span)
        for window in times.windows:
            day = (window.start_day.resolve(published) if window.start_day else None) or published
            if day is not None and state == "start" and "occurred_at" not in draft.facts:
                draft.put("occurred_at", written(instant(day, window.start, zone)), span_of(sentence, window))
        for name in ("early_morning", "morning", "evening"):
            mark = sentence.first(name)
            if mark is not None and "part_of_day" not in draft.facts:
                draft.put("part_of_day", name.replace("_", " "), sentence.mark_span(mark))
        for named in times.days:
            resolved = named.resolve(published)
            if resolved is not None and "day" not in draft.facts:
                draft.put("day", resolved.isoformat(), span_of(sentence, named))


def _aircraft(draft: Draft, scene: Scene, country: str, evidence: Sequence[Sentence]) -> None:
    kinds: dict[str, Span] = {}
    bases: dict[str, Span] = {}
    for sentence in evidence:
        for mark in sentence.having("aircraft"):
            token = sentence.tokens[mark.first]
            if token.kind == "name":
                kinds.setdefault(token.text.upper().removesuffix("S"), sentence.mark_span(mark))
        if sentence.first("airport") is None:
            for name in sentence.names:
                if name.kind == "base" and scene.country_of(name) == country:
                    bases.setdefault(name.key, sentence.span(name.first, name.last))
    if kinds:
        draft.put("aircraft", list(kinds), *kinds.values())
    if bases:
        draft.put("bases", list(bases), *bases.values())


def _violation(draft: Draft, scene: Scene) -> None:
    """Whether the airspace was violated, where the text says that it was or was not."""
    for sentence in scene.sentences:
        violation = sentence.first("violation")
        negation = sentence.first("negation")
        if violation is None or sentence.first("future") is not None:
            continue
        span = sentence.mark_span(violation)
        if negation is not None:
            draft.put("airspace_violation", False, span, sentence.mark_span(negation))
            return
        if any(abs(mark.first - violation.first) <= _BESIDE for mark in sentence.having("airspace")):
            draft.put("airspace_violation", True, span)


def _airports(draft: Draft, airports: Airports) -> None:
    for path, found in (("airports_closed", airports.closed), ("airports_reopened", airports.reopened)):
        if found:
            draft.put(path, [label for label, _, _ in found], *(span for _, _, span in found))
            keys = [key for _, key, _ in found if key]
            if keys:
                draft.put(f"{path}_icao", keys, *(span for _, key, span in found if key))
