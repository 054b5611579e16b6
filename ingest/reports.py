"""From what a text was understood to say to the events that it makes, in the contract's words."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from ingest.announced import announced_id, announced_revision
from ingest.documents import Document, digest
from ingest.errors import DecodeError
from ingest.local_time import KYIV, nearest
from ingest.reading.lexicon import load_lexicons
from streams.events import (
    AirRaidAlert,
    AirspaceRestriction,
    Count,
    Event,
    Evidence,
    Figure,
    Point,
    Quantities,
    RaidReport,
    Scramble,
    Statement,
    Strike,
    Threat,
)

if TYPE_CHECKING:
    from config.theatre import Theatre
    from ingest.reading.reading import Reading

SURE_ENOUGH = 0.5
"""A reading with less confidence is no event: it goes to review, for a person to look at."""

_OUTCOMES = (
    "launched",
    "shot_down",
    "suppressed",
    "neutralised",
    "not_reached",
    "hits",
    "left_airspace",
    "still_airborne",
)
_RENAMED = {
    "impacts_locations": "impact_places",
    "debris_locations": "debris_places",
    "neutralised_total": "neutralised.total",
    "suppressed": "suppressed.uav",
    "left_airspace": "left_airspace.uav",
    "airspace_violation": "airspace_violated",
    "drones_fallen": "count",
}


def doubtful(document: Document, readings: list[Reading]) -> list[DecodeError]:
    """The readings that are too unsure to be events, each with its reasons."""
    return [
        DecodeError(document.feed, f"{document.name}: {reading.kind}", "; ".join(reading.reasons) or "unsure")
        for reading in readings
        if reading.confidence < SURE_ENOUGH
    ]


def events_of(
    document: Document, readings: list[Reading], theatre: Theatre, *, least: float = SURE_ENOUGH
) -> list[Event]:
    """The events that a document's readings of at least this confidence make, in the order of the text."""
    made: list[Event] = []
    nth: Counter[str] = Counter()
    for reading in readings:
        make = _MAKERS.get(reading.kind)
        if make is None or reading.confidence < least:
            continue
        nth[reading.kind] += 1
        carried = _carried(document, reading, theatre, nth[reading.kind])
        made += make(reading, carried, document, theatre)
    return made


def _carried(document: Document, reading: Reading, theatre: Theatre, nth: int) -> dict[str, Any]:
    # What a channel says without naming anybody is said by whose channel it is.
    claimant = next(iter(reading.facts.get("claimants", ())), document.own_claimant)
    known = theatre.claimants.get(claimant)
    # Two readings of one kind in one text are told apart by their order in it.
    subject = f"{document.run}/{document.name}" if document.run else document.name
    return {
        "id": f"{document.feed}:{digest(subject)}:{reading.kind}:{nth}",
        "revision": document.revision or 1,
        "status": document.status,
        "msg_type": "alert" if (document.revision or 1) == 1 else "update",
        "run": document.run,
        "feed": document.feed,
        "claimant": claimant,
        "reliability": known.reliability if known else (document.reliability or "F"),
        "credibility": document.credibility,
        "published_at": document.published_at,
        "confidence": reading.confidence,
        "evidence": Evidence(
            document=document.name[:128],
            text=document.text,
            lang=reading.lang,
            link=document.link,
            title=document.title,
            spans={_path(path): spans for path, spans in reading.spans.items()},
        ),
    }


def _path(path: str) -> str:
    outcome, _, weapon = path.partition(".per_type.")
    return f"{outcome}.types.{_weapon(weapon)}" if weapon else _RENAMED.get(path, path)


def _weapon(name: str) -> str:
    """The theatre's key of a weapon that the reader names."""
    known = load_lexicons().shared.weapons.get(name)
    return known.theatre or name if known else name


def _raid_report(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    facts = reading.facts
    outcomes: dict[str, Any] = {name: _quantities(facts.get(name)) for name in _OUTCOMES}
    total = _count(facts.get("neutralised_total"))
    if total is not None:
        outcomes["neutralised"] = msgspec.structs.replace(
            outcomes["neutralised"] or Quantities(), total=total
        )
    night_of = facts.get("night_of")
    yield RaidReport(
        **carried,
        attacker=str(facts.get("attacker", "")),
        valid_from=_instant(facts.get("window_start")),
        valid_to=_instant(facts.get("window_end")),
        night_of=dt.date.fromisoformat(night_of) if isinstance(night_of, str) else None,
        as_of=_instant(facts.get("as_of")),
        ongoing=bool(facts.get("ongoing", False)),
        scope="regional" if facts.get("scope") == "regional" else "national",
        retrospective=reading.quoted,
        record=facts.get("record", ""),
        impact_places=_count(facts.get("impacts_locations")),
        debris_places=_count(facts.get("debris_locations")),
        regions=_regions(facts.get("regions"), theatre),
        launch_areas=_lines(facts.get("launch_areas")),
        main_targets=_lines(facts.get("main_targets")),
        **outcomes,
    )


def _scramble(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    facts = reading.facts
    country, state = facts.get("country"), facts.get("state")
    # A notice that quotes the one before it says nothing new of that.
    if reading.quoted or not isinstance(country, str) or state not in ("start", "end"):
        return
    # A source's own notice is of now; what relays it does not say when it was.
    own = _is_own(document, carried)
    stated = _instant(facts.get("occurred_at"))
    at = stated or (document.published_at if own else None)
    yield Scramble(
        **carried,
        country=country,
        state=state,
        valid_from=at if state == "start" else _instant(facts.get("since")),
        valid_to=at if state == "end" else None,
        allied=facts.get("allied"),
        bases=_lines(facts.get("bases")),
        aircraft=_lines(facts.get("aircraft")),
        cause_regions=tuple(facts.get("cause_regions", ())),
        cause=str(facts.get("cause_region", "")),
        airports_closed=tuple(facts.get("airports_closed_icao", ())),
        airports_reopened=tuple(facts.get("airports_reopened_icao", ())),
        airspace_violated=facts.get("airspace_violation"),
    )


def _strike(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    facts = reading.facts
    if facts.get("correction"):
        return  # a correction of another strike's figure is not a strike of its own
    place = theatre.places.get(str(facts.get("place", "")))
    yield Strike(
        **carried,
        attacker=str(facts.get("attacker", "")),
        target=str(facts.get("target", "")),
        region=str(facts.get("region", "")),
        position=Point(lon=place.lon, lat=place.lat) if place else None,
        weapon=facts.get("weapon", ""),
        count=_count(facts.get("count", facts.get("drones_fallen"))),
        claimed_by=tuple(facts.get("claimed_by", ())),
    )


def _statement(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    facts = reading.facts
    said_by_itself = facts.get("organisation") == facts.get("speaker")
    yield Statement(
        **carried,
        speaker=str(facts.get("speaker", "")),
        organisation="" if said_by_itself else facts.get("organisation", ""),
        topic=str(facts.get("topic", "")),
        quote=str(facts.get("quote", ""))[:1_000],
        figures=tuple(msgspec.convert(figure, Figure) for figure in facts.get("figures", ())),
    )


def _restrictions(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    for state in ("closed", "reopened"):
        for icao in reading.facts.get(f"airports_{state}_icao", ()):
            yield AirspaceRestriction(
                **{**carried, "id": f"{carried['id']}:{icao}"},
                subject=icao,
                state=state,
                valid_from=document.published_at if state == "closed" else None,
                valid_to=document.published_at if state == "reopened" else None,
            )


def _alerts(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    """An alert or its all-clear in each region, under the id that the channel's next word on it has too."""
    at = _announced_at(reading, carried, document)
    if at is None:
        return
    ends = reading.facts.get("state") == "end"
    since = _clock_near(at, reading.facts.get("time_local"))
    said = _respan(carried, {"threat": "alert_type", "time_local": "valid_to" if ends else "valid_from"})
    for key in _lines(reading.facts.get("regions")):
        region = theatre.regions.get(key)
        if region is not None:
            yield AirRaidAlert(
                **{
                    **said,
                    "id": announced_id(document.feed, document.run, key, "air_raid"),
                    "revision": announced_revision(at),
                    "msg_type": "update" if ends else "alert",
                },
                valid_from=None if ends else since,
                valid_to=since if ends else None,
                region=key,
                permanent=region.permanent_alert,
            )


def _threats(
    reading: Reading, carried: dict[str, Any], document: Document, theatre: Theatre
) -> Iterator[Event]:
    """A threat, or its end, of each type over each place; without a place it is of the whole country.

    An end that does not say of what ends nothing that could be told.
    """
    at = _announced_at(reading, carried, document)
    facts = reading.facts
    types = _lines(facts.get("threats") or facts.get("threat"))
    if at is None or not types:
        return
    ends = facts.get("state") == "end"
    places = {key: _members(key, theatre) for key in _lines(facts.get("regions"))}
    known = {key: regions for key, regions in places.items() if regions}
    mixed = len(types) > 1 and len(known) > 1
    said = _respan(carried, {"threat": "threat_type", "threats": "threat_type"})
    for threat_type in types:
        for key, regions in (known or {"": ()}).items():
            yield Threat(
                **{
                    **said,
                    "id": announced_id(document.feed, document.run, key, threat_type),
                    "revision": announced_revision(at),
                    "msg_type": "update" if ends else "alert",
                },
                valid_from=None if ends else at,
                valid_to=at if ends else None,
                threat_type=threat_type,  # type: ignore[arg-type]
                state="ended" if ends else "announced",
                regions=regions,
                doubts=("the text names several threats and regions: which is where is not told apart",)
                if mixed
                else (),
            )


def _announced_at(reading: Reading, carried: dict[str, Any], document: Document) -> dt.datetime | None:
    """When a channel announced it; None for what only relays that somebody did, and does not say when."""
    return document.published_at if _is_own(document, carried) and not reading.quoted else None


def _is_own(document: Document, carried: dict[str, Any]) -> bool:
    """Whether the one who is named announces it itself, and so as of when it is published."""
    if document.is_vouched_for:
        return True
    return bool(document.own_claimant) and carried["claimant"] == document.own_claimant


def _clock_near(at: dt.datetime, clock: Any) -> dt.datetime:
    """The instant near `at` of a local clock time, and `at` itself where there is none."""
    try:
        return nearest(dt.time.fromisoformat(clock), KYIV, at) if isinstance(clock, str) else at
    except (ValueError, OverflowError):
        return at


def _respan(carried: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
    evidence: Evidence = carried["evidence"]
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    for path, of in evidence.spans.items():
        path = renamed.get(path, path)
        spans[path] = tuple(dict.fromkeys((*spans.get(path, ()), *of)))
    return {**carried, "evidence": msgspec.structs.replace(evidence, spans=spans)}


def _members(key: str, theatre: Theatre) -> tuple[str, ...]:
    if key in theatre.regions:
        return (key,)
    group = theatre.groups.get(key)
    return group.members if group is not None else ()


_Maker = Callable[["Reading", dict[str, Any], Document, "Theatre"], Iterator[Event]]
_MAKERS: dict[str, _Maker] = {
    "raid_report": _raid_report,
    "scramble": _scramble,
    "strike": _strike,
    "statement": _statement,
    "airspace_closure": _restrictions,
    "alert": _alerts,
    "threat": _threats,
}


def _quantities(stated: Any) -> Quantities | None:
    """Counts of one outcome. A number alone is of UAVs; a region's share is of no class."""
    if stated is None:
        return None
    if not isinstance(stated, dict) or stated.keys() & {"min", "max", "approx", "qualifier"}:
        return Quantities(uav=_count(stated))
    types = dict(_counts(stated.get("per_type", {})))
    of_class = {name: _count(stated.get(name)) for name in ("uav", "missile", "total")}
    if not types and not any(of_class.values()):
        return None
    return Quantities(**of_class, types=types)


def _counts(stated: dict[str, Any]) -> Iterator[tuple[str, Count]]:
    for name, value in stated.items():
        if (count := _count(value)) is not None:
            yield _weapon(name), count


def _count(stated: Any) -> Count | None:
    """The reader's figure, hedged or not. A share in per cent is no count."""
    if isinstance(stated, bool) or stated is None:
        return None
    if isinstance(stated, int):
        return Count(value=stated)
    if stated == "unnumbered":
        return Count(qualifier="unnumbered")
    if isinstance(stated, dict) and stated.keys() & {"min", "max", "approx"}:
        return Count(
            value=stated.get("approx"),
            min=stated.get("min"),
            max=stated.get("max"),
            qualifier=str(stated.get("qualifier", "")) or "about",
        )
    return None


def _instant(stated: Any) -> dt.datetime | None:
    if not isinstance(stated, str) or not stated:
        return None
    at = dt.datetime.fromisoformat(stated)
    return at.astimezone(dt.UTC) if at.tzinfo else None


def _lines(stated: Any) -> tuple[str, ...]:
    named = [stated] if isinstance(stated, str) else stated or ()
    return tuple(str(line)[:1_000] for line in named)


def _regions(stated: Any, theatre: Theatre) -> tuple[str, ...]:
    keys = (name if name in theatre.regions else theatre.resolve_region(name) for name in _lines(stated))
    return tuple(key for key in keys if key is not None)
