"""Entering by hand: an event that an operator states, alone or with the text that it was read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from ingest.acts.asked import GivenEvidence, parameter_of
from ingest.acts.mending import READ_AS, mended
from ingest.acts.reading import SET_HERE, pasted, understand
from ingest.acts.refusal import ActRefused
from ingest.documents import check, digest
from ingest.errors import DecodeError, DocumentError
from ingest.stated import stated
from streams.events import Event, Evidence, Status, TrackSweep

if TYPE_CHECKING:
    from config.theatre import Theatre

FEED = "desk"
"""Whose the events are that operators enter."""


class Entered(Struct, frozen=True, kw_only=True):
    """Who enters what, and when. id: of the event. status, run: of the installation."""

    id: str
    by: str
    status: Status
    run: str
    now: dt.datetime


def entered(
    said: Mapping[str, Any], evidence: GivenEvidence | None, given: Entered, theatre: Theatre
) -> Event:
    """The event that an operator states.

    evidence: the text that it was read from, else the event's own `evidence`. A value has a span in it where
    our reader reads that value there, whatever spans are given; what differs from its reading was mended by
    hand. Raises ActRefused with the field that cannot be so.
    """
    said = dict(said)
    for field in said:
        if field in SET_HERE:
            raise ActRefused("parameter", "is set by the installation", f"event.{field}")
    within = said.pop("evidence", None)
    if evidence is None and within is not None:
        evidence = _evidence(within)
    if said.get("msg_type", "alert") != "alert":
        raise ActRefused("parameter", "is of revisions: correct or retract the event", "event.msg_type")
    stamped = given.now.isoformat()
    said.setdefault("published_at", stamped)
    if said.get("kind") == "tracks" and isinstance(said.get("tracks"), list):
        said["tracks"] = [
            {"seen_at": stamped, **track} if isinstance(track, dict) else track for track in said["tracks"]
        ]
    carried = {"id": given.id, "status": given.status, "run": given.run, "feed": FEED, "by": given.by}
    try:
        event: Event = stated({**said, **carried}, theatre, feed=FEED, at="event")
    except DecodeError as error:
        raise ActRefused("parameter", error.reason, parameter_of(error.path)) from error
    if isinstance(event, TrackSweep) and len(event.tracks) != 1:
        raise ActRefused("parameter", "must have one track", "event.tracks")
    return event if evidence is None else _with_evidence(event, evidence, theatre)


def _evidence(said: Any) -> GivenEvidence:
    try:
        return msgspec.convert(said, GivenEvidence)
    except msgspec.ValidationError as error:
        raise ActRefused("parameter", str(error), "event.evidence") from error


def _with_evidence(event: Event, given: GivenEvidence, theatre: Theatre) -> Event:
    document = pasted(given.text, published_at=event.published_at, title=given.title, link=given.link)
    try:
        check(document)
    except DocumentError as error:
        raise ActRefused("parameter", error.reason, f"evidence.{error.field}") from error
    evidence = Evidence(
        document=(given.link or digest(given.text))[:128],
        text=given.text,
        lang=given.lang,
        link=given.link,
        title=given.title,
    )
    said = msgspec.to_builtins(event)
    read = [
        (one, msgspec.to_builtins(one.event))
        for one in understand(document, theatre)
        if type(one.event) is type(event)
    ]
    found = [(one, _alike(one.event, there, said), there) for one, there in read]
    if not any(alike for _, alike, _ in found):
        return replace(event, evidence=evidence)
    best, alike, there = max(found, key=lambda row: len(row[1]))
    spans = best.event.evidence.spans if best.event.evidence is not None else {}
    differing = sorted({_field(path) for path in spans.keys() - alike if _at(there, path) != _at(said, path)})
    return replace(
        event,
        evidence=replace(evidence, spans={path: of for path, of in spans.items() if path in alike}),
        confidence=best.confidence,
        doubts=mended(event.doubts, differing) if differing else event.doubts,
    )


def _alike(event: Event, there: Any, said: Any) -> set[str]:
    """The paths that were read and at which both say the same."""
    spans = event.evidence.spans if event.evidence is not None else {}
    return {path for path in spans if (_at(there, path)) is not None and _at(there, path) == _at(said, path)}


def _field(path: str) -> str:
    return READ_AS.get(path, path)


def _at(said: Any, path: str) -> Any:
    for part in _field(path).split("."):
        said = said.get(part) if isinstance(said, dict) else None
    return said
