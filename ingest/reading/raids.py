"""Raid reports: what was launched in one night and what became of it, from a text's claims."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ingest.reading.claims import WEAPONS, Claim
from ingest.reading.meanings import country_meant
from ingest.reading.outcomes import OUTCOMES, check_counts, put_counts
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence
from ingest.reading.sides import OTHER, Sides
from ingest.reading.times import (
    Window,
    instant,
    night_date,
    span_of,
    window_instants,
    written,
)

_HEAD = 2
"""Sentences at the head of a text that say what it is: a day's digest of a front is no raid's report."""
_MOST_QUOTED = 12
"""Older nights told in one text at most."""
_LONGEST_WINDOW = timedelta(hours=40)
_STALE = timedelta(days=14)
"""A text whose latest night is so much older than itself remembers, and reports nothing."""
_OLDER = timedelta(days=1)
"""A date so much before the report's own is another night's; a day before is its evening."""
_ARTICLES = frozenset(("the", "la", "las", "el", "los", "le", "les", "l", "'", "d", "der", "den", "dem"))
"""What may stand between a preposition and a name."""
_SIDES = ("north", "south", "east", "west", "centre")


def raid_reports(scene: Scene) -> list[Reading]:
    """The raid report of a text, older ones that it quotes, and what it says of the other side's weapons."""
    if any(sentence.first("digest") for sentence in scene.sentences[:_HEAD]):
        return []
    sides = Sides(scene)
    return [reading for attacker in sides.all for reading in _of_side(scene, sides, attacker)]


def _of_side(scene: Scene, sides: Sides, attacker: str) -> Iterator[Reading]:
    published = scene.published(OTHER[attacker])
    main: list[Claim] = []
    older: dict[date | None, list[Claim]] = {}
    nights = _nights(scene, published)
    front = {sentence.paragraph for sentence in scene.sentences if sentence.first("front", "exercise")}
    latest = max((night for night, _ in nights.values()), default=None)
    if latest is not None and published is not None and latest < published - _STALE:
        return
    dropped = False
    for index, claims in enumerate(scene.claims):
        sentence = scene.sentences[index]
        if not claims:
            continue
        # "7,800 of them" are of the sum before it.
        dropped = (
            sentence.paragraph in front
            or _sums_up(scene, index, dated=index in nights)
            or (dropped and index not in nights and all(claim.part for claim in claims))
        )
        if dropped:
            continue
        night = nights.get(index)
        kept = [claim for claim in claims if sides.of(claim) == attacker]
        if night is not None and latest is not None and night[0] < latest - _OLDER:
            older.setdefault(night[0], []).extend(kept)
        elif sentence.first("record_previous", "earlier"):
            older.setdefault(night[0] if night and night[0] != latest else None, []).extend(kept)
        else:
            main.extend(kept)
    span = sides.span(attacker)
    report = _report(scene, main, attacker, span, latest, quoted=False)
    if report is None:
        return
    yield report
    for night_of, claims in list(older.items())[:_MOST_QUOTED]:
        quoted = _report(scene, claims, attacker, span, night_of, quoted=True)
        if quoted is not None:
            yield quoted


def _sums_up(scene: Scene, index: int, *, dated: bool) -> bool:
    """Whether a sentence counts more than one night: weeks, a month, a year. dated: it names its night."""
    sentence, times = scene.sentences[index], scene.times[index]
    if sentence.sums_up() or times.period:
        return True
    if dated or times.nights:
        return False
    counted = {at for claim in scene.claims[index] for at in range(claim.first, claim.last)}
    return times.months_alone or any(at not in counted for at in times.years_alone)


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
        dated = [
            (resolved, span_of(sentence, day))
            for day in times.days
            if day.day is not None
            and day.month is not None
            and (resolved := day.resolve(published)) is not None
        ]
        if dated:
            # A window from one day to the next is the report of the latter.
            found[index] = max(dated) if times.windows else dated[0]
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
    put_counts(draft, scene, claims, attacker)
    if not any(name in draft.facts for name in OUTCOMES):
        return None
    indexes = sorted({claim.sentence.index for claim in claims if claim.amount.value is not None})
    _when(draft, scene, indexes, OTHER[attacker], night_of, quoted=quoted)
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
    check_counts(draft)
    return draft.finish("raid_report", claims[0].sentence.lexicon.lang, quoted=quoted)


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
                # "The attack lasted from 22:30 to 5:00", but not the alert.
                or (
                    scene.sentences[index].first("attack") is not None
                    and not scene.sentences[index].first("alert")
                )
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
    """Who states it, as keys. `claimant` is set for what Russia says it brought down, as in the corpus."""
    own = set(indexes)
    found: dict[str, list[Span]] = {}
    within: dict[str, list[Span]] = {}
    for sentence, key, span in scene.reporters:
        if scene.shared.sources[key].country == OTHER[attacker]:
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
        if all(scene.shared.sources[key].regional for key in keys):
            draft.put("scope", "regional", *(span for key in keys for span in within[key]))
    else:
        draft.doubt("nobody is named who states it", 0.15)
        if attacker == "UA" and attacker_span is not None:
            # Nobody but Russia counts what it brings down of Ukraine's.
            draft.put("claimant", "RU", attacker_span)
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
        sources = [mark for mark in sentence.sources if mark.last - mark.first > 1]
        for name in sentence.names:
            # "The ministry in Moscow" says nothing of Moscow.
            if name.kind == "country" or any(mark.first <= name.first < mark.last for mark in sources):
                continue
            span = sentence.span(name.first, name.last)
            label = scene.label(name)
            if target is not None and name.first >= target.last:
                targets.setdefault(label, span)
            elif direction is not None and name.first >= direction.first:
                launch.setdefault(label, span)
            elif sentence.index in own and governor_ends:
                listed = located is not None and _only_listed(sentence, located, name.first)
                if listed or _located(sentence, name.first):
                    located = name.last
                    key = scene.key_of(name)
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


def _located(sentence: Sentence, first: int) -> bool:
    """Whether a preposition of place, or the word for a region, leads to the name that begins here."""
    for at in range(first - 1, max(-1, first - 4), -1):
        if sentence.means(at, "locative", "region_word"):
            return True
        if not (sentence.means(at, "of", "modifier") or sentence.tokens[at].text in _ARTICLES):
            return False
    return False


def _only_listed(sentence: Sentence, first: int, last: int) -> bool:
    """Whether only commas and "and" stand between two names of a list."""
    return all(
        sentence.tokens[at].text == "," or sentence.means(at, "and", "region_word", "modifier")
        for at in range(first, last)
    )
