"""What a channel announces region by region: alerts, all-clears, and threats on the wing."""

from __future__ import annotations

from ingest.reading.lexicon import Mark
from ingest.reading.meanings import is_governor, weapons_of
from ingest.reading.reading import Draft, Reading, Span
from ingest.reading.scene import Scene
from ingest.reading.sentences import Sentence

_THREATS = {
    "threat_mig": "mig31k_departure",
    "threat_cruise": "cruise_missiles",
    "threat_ballistic": "ballistic_missiles",
    "threat_bomb": "guided_aerial_bombs",
    "threat_strategic": "strategic_aircraft_activity",
    "threat_tactical": "tactic_aircraft_activity",
    "threat_drones": "drones",
    "threat_missile": "unspecified_missiles",
}
"""Our terms, the more telling first, to the threat types of alerts.in.ua."""
_POSTED = {"post_missile": "unspecified_missiles", "missile": "unspecified_missiles", "uav": "drones"}
"""What is a threat only in a post of a line or two that names a region: "A missile towards Sumy!" """
_LINES = 2
"""Sentences in such a post at most."""
_WORDS = 14
"""Tokens in such a sentence at most."""
_POST = 8
"""A text of at most so many sentences names its regions for all of them."""
_SHORT = 12
"""A text of at most so many sentences can be a channel's post; a longer one tells of alerts that are over."""


def announcements(scene: Scene) -> list[Reading]:
    """The alert or the threats of a post. For texts that report no raid: a morning's report is no warning."""
    if len(scene.sentences) > _SHORT:
        return []
    alert = _alert(scene)
    if alert is not None:
        return [alert]
    threat = _threat(scene)
    return [threat] if threat is not None else []


def _alert(scene: Scene) -> Reading | None:
    for sentence in scene.sentences:
        mark = sentence.first("all_clear") or sentence.first("alert")
        if mark is None or sentence.first("threat_end"):
            continue
        regions = _regions(scene, sentence)
        unknown = None if regions else _unknown_region(sentence)
        if not regions and unknown is None and len(scene.sentences) <= _POST:
            # "Air raid alert! Kharkiv region."
            for other in scene.sentences:
                regions |= {key: span for key, span in _regions(scene, other).items() if key not in regions}
        if not regions and unknown is None:
            continue
        draft = Draft()
        if unknown is not None:
            draft.put("region_text", sentence.text[slice(*unknown)], unknown)
            draft.doubt("the region is not one the theatre knows", 0.3)
        draft.put("threat", "air_raid", sentence.mark_span(mark))
        draft.put("state", "end" if "all_clear" in mark.means else "start", sentence.mark_span(mark))
        _put_regions(draft, regions)
        for clock in scene.times[sentence.index].clocks.values():
            draft.put(
                "time_local", f"{clock.hour:02}:{clock.minute:02}", sentence.span(clock.first, clock.last)
            )
            break
        return draft.finish("alert", sentence.lexicon.lang)
    return None


def _threat(scene: Scene) -> Reading | None:
    kinds: dict[str, Span] = {}
    ended: Span | None = None
    regions: dict[str, Span] = {}
    lang = ""
    for sentence in scene.sentences:
        end = sentence.first("threat_end")
        found = [(_THREATS[kind], mark) for kind in _THREATS for mark in sentence.having(kind)]
        if not found and end is None and _is_post(scene, sentence):
            found = [(_POSTED[kind], mark) for kind in _POSTED for mark in sentence.having(kind)]
            found += [(_POSTED[kind], mark) for mark in sentence.marks if (kind := _weapon(scene, mark))]
            end = sentence.first("post_end") if not found else None
        if end is not None:
            ended = ended or sentence.mark_span(end)
        if found or end is not None:
            lang = lang or sentence.lexicon.lang
            for kind, mark in found:
                kinds.setdefault(kind, sentence.mark_span(mark))
            regions |= {key: span for key, span in _regions(scene, sentence).items() if key not in regions}
    if not kinds and ended is None:
        return None
    if not regions and len(scene.sentences) <= _POST:
        for sentence in scene.sentences:
            regions |= {key: span for key, span in _regions(scene, sentence).items() if key not in regions}
    for sentence in scene.sentences:
        across = sentence.first("across")
        if across is not None:
            regions.setdefault("UA", sentence.mark_span(across))
    draft = Draft()
    order = list(_THREATS.values())
    if kinds:
        first = min(kinds, key=order.index)
        draft.put("threat", first, kinds[first])
        if len(kinds) > 1:
            draft.put("threats", sorted(kinds, key=order.index), *kinds.values())
    draft.put("state", "end" if ended is not None else "start", ended or next(iter(kinds.values())))
    _put_regions(draft, regions)
    if not regions and ended is None:
        draft.doubt("no region is named", 0.1)
    return draft.finish("threat", lang)


def _is_post(scene: Scene, sentence: Sentence) -> bool:
    """Whether a sentence is a line of a channel: short, with a region, without a verb of ours or a number."""
    return (
        sentence.lexicon.has_posts
        and len(scene.sentences) <= _LINES
        and len(sentence.tokens) <= _WORDS
        and sentence.first("locative", "post_end") is not None
        and not any(is_governor(mark) for mark in sentence.marks)
        and not sentence.numbers
        and bool(_regions(scene, sentence))
    )


def _weapon(scene: Scene, mark: Mark) -> str:
    """Whether a weapon that is only called by its name is a drone or a missile: "Kinzhal towards Sumy!" """
    weapons = weapons_of(mark)
    counted = scene.shared.weapons[weapons[0]].counted_as if weapons else ""
    return counted if counted in _POSTED else ""


def _regions(scene: Scene, sentence: Sentence) -> dict[str, Span]:
    found: dict[str, Span] = {}
    for name in sentence.names:
        if name.kind in ("region", "group", "place") and scene.country_of(name) not in ("", "RU", "BY"):
            key = scene.key_of(name)
            if key:
                found.setdefault(key, sentence.span(name.first, name.last))
    for side in ("north", "south", "east", "west", "centre"):
        mark = sentence.first(side)
        if mark is not None and not found:
            found[side] = sentence.mark_span(mark)
    return found


def _unknown_region(sentence: Sentence) -> Span | None:
    """A word with a capital beside the word for a region: the name of one that the theatre lacks."""
    for mark in sentence.having("region_word"):
        for at in (mark.first - 1, mark.last):
            if 0 <= at < len(sentence.tokens):
                token = sentence.tokens[at]
                if (
                    token.kind == "word"
                    and sentence.text[token.start].isupper()
                    and sentence.mark_at[at] is None
                ):
                    return sentence.span(min(at, mark.first), max(at + 1, mark.last))
    return None


def _put_regions(draft: Draft, regions: dict[str, Span]) -> None:
    if regions:
        draft.put("regions", list(regions), *regions.values())
