"""NOTAM: aerodromes that are closed and airspace that is restricted; all else that NOTAM tell is left out."""

from __future__ import annotations

import re
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.notam_text import Notam, notams, read
from ingest.origin import options, origin
from ingest.refusals import Refusals
from streams.events import AirspaceRestriction, Event, Evidence

AERODROME = "FA"
RESTRICTED = "R"
"""First letter of the Q-code's subjects for reserved, danger, overflying, prohibited and restricted areas."""
AIRSPACES = frozenset({"AC", "AE", "AF", "AH", "AT", "AU", "AZ"})
"""Control zones and areas, information regions, terminal areas, aerodrome traffic zones."""
CLOSED = frozenset({"LC"})
ACTIVE = frozenset({"CA", "LC", "LP", "LW", "LS", "AU"})
"""Activated, closed, prohibited to, will take place, subject to interruption, not available."""
OPEN_AGAIN = frozenset({"AK", "AO", "CD", "CN"})
"""Normal operations resumed, operational, deactivated, cancelled."""
IN_FORCE, REPLACED, CANCELLED = 2, 3, 4
"""Revisions. A NOTAM never changes, so that its own number tells what is the later word on it."""
IN_WORDS = "XX"
"""The condition stands in item E only. Source of the codes: ICAO Doc 8126, NOTAM selection criteria."""
MOST_REASON_CHARS = 1_000

_SAYS_CLOSED = {
    AERODROME: re.compile(
        r"\b(AD|AP|ARPT|AERODROME|AIRPORT|LOTNISKO)(\s(IS|WILL BE))?\s(CLSD|CLOSED|ZAMKNI[EĘ]TE)\b"
    ),
    "": re.compile(r"\b(AIRSPACE|FIR|CTR|TMA)(\s(IS|WILL BE))?\s(CLSD|CLOSED)\b"),
}
_IS_PARTIAL = re.compile(r"\b(CLSD|CLOSED) (FOR|TO|EXC|EXCEPT)\b")


class Options(Struct, frozen=True, kw_only=True):
    """listing: the payload lists all that is in force, so that what it no longer has is over.

    What it has is then in force, whatever was said before: revisions are numbered when they are published.
    """

    listing: bool = False


def decode(payload: bytes, context: Context) -> Decoded:
    """The NOTAM of one issuing office, as many as the text has, each of them `{feed}:{A1604/26}`.

    Closed aerodromes (QFALC, or in plain words) are named by their ICAO code, restricted areas by their
    designator where item E has exactly one, otherwise by the NOTAM's number. A NOTAMR ends what it replaces
    and a NOTAMC cancels it, seen or not, and in whatever order they come. An end that is only estimated is
    no end: the NOTAM stays in force until another says otherwise. What is in force only at times (item D) is
    told whole, with a doubt. context.options: see Options. Raises DecodeError for a text without any NOTAM.
    Sources: ICAO Annex 15, appendix on the NOTAM format; ICAO Doc 8126.
    """
    is_listing = options(context, Options).listing
    refusals = Refusals(context.feed)
    read_ones: dict[str, Notam] = {}
    for number, whole in notams(payload, context.feed):
        try:
            notam = read(whole, context.feed)
            known = read_ones.get(number)
            if known is not None and known.fir != notam.fir:
                reason = f"is of {notam.fir}, and there is one of {known.fir} with the same number"
                raise DecodeError(context.feed, number, reason)
            read_ones[number] = notam
        except DecodeError as error:
            refusals.add(DecodeError(context.feed, error.path, error.reason, whole.encode()))
    events = {
        number: restriction
        for number, notam in read_ones.items()
        if notam.type != "C" and (restriction := _restriction(notam, context)) is not None
    }
    for notam in sorted(read_ones.values(), key=lambda each: each.type == "C"):
        if notam.refers_to and _is_ours(notam):
            events[notam.refers_to] = _over(notam, events.get(notam.refers_to), context)
    told: list[Event] = list(events.values())
    if is_listing:
        told = [replace(event, revision=1) for event in told]
    return Decoded(events=told, refused=refusals.all(), is_listing=is_listing)


def _is_ours(notam: Notam) -> bool:
    """Whether it is about an aerodrome as a whole or an airspace, whatever it says of it."""
    return notam.subject == AERODROME or notam.subject[0] == RESTRICTED or notam.subject in AIRSPACES


def _state(notam: Notam) -> Literal["closed", "reopened"] | None:
    if not _is_ours(notam):
        return None
    if notam.condition in OPEN_AGAIN:
        return "reopened"
    if notam.subject[0] == RESTRICTED:
        return "closed" if notam.condition in ACTIVE or notam.condition == IN_WORDS else None
    words = _SAYS_CLOSED.get(notam.subject, _SAYS_CLOSED[""])
    is_closed = notam.condition in CLOSED or (notam.condition == IN_WORDS and words.search(notam.text))
    return "closed" if is_closed else None


def _restriction(notam: Notam, context: Context) -> AirspaceRestriction | None:
    state = _state(notam)
    if state is None:
        return None
    doubts = []
    if notam.schedule:
        doubts.append(f"in force only at times: {notam.schedule}"[:MOST_REASON_CHARS])
    if notam.until is None and notam.ends.endswith("EST"):
        doubts.append(f"its end is estimated: {notam.ends}")
    if notam.condition == IN_WORDS:
        doubts.append("what it restricts is told in plain words only")
    if notam.subject == AERODROME and len(notam.concerns) > 1:
        doubts.append(f"also about {', '.join(notam.concerns[1:])}"[:MOST_REASON_CHARS])
    if _IS_PARTIAL.search(notam.text):
        doubts.append("closed only to what its text names")
    if notam.until is not None and notam.until <= notam.since:
        doubts.append("ends before it begins")
    return AirspaceRestriction(
        **_told(notam, notam.number, context),
        revision=IN_FORCE,
        doubts=tuple(doubts),
        state=state,
        valid_from=notam.since,
        valid_to=notam.until,
        evidence=Evidence(document=f"{context.feed}:{notam.number}", text=notam.whole, lang="en"),
    )


def _over(notam: Notam, earlier: AirspaceRestriction | None, context: Context) -> AirspaceRestriction:
    """The end of the NOTAM that `notam` replaces or cancels, whose own text need not be here."""
    if earlier is None:
        told = _told(notam, notam.refers_to, context)
        told["reason"] = f"{'cancelled' if notam.type == 'C' else 'replaced'} by {notam.number}"
        earlier = AirspaceRestriction(**told, state="closed")
    return replace(
        earlier,
        revision=CANCELLED if notam.type == "C" else REPLACED,
        msg_type="cancel" if notam.type == "C" else "update",
        valid_to=min(notam.since, earlier.valid_to or notam.since),
    )


def _told(notam: Notam, number: str, context: Context) -> dict[str, Any]:
    schedule = f"{notam.schedule}: " if notam.schedule else ""
    return {
        **origin(context),
        "id": f"{context.feed}:{number}",
        "subject": _subject(notam, number),
        "reason": f"{schedule}{notam.text}"[:MOST_REASON_CHARS],
        "centre": notam.centre,
        "radius_m": notam.radius_m,
        "area": notam.area,
        "lower_ft": notam.lower_ft,
        "upper_ft": notam.upper_ft,
    }


def _subject(notam: Notam, number: str) -> str:
    """What it is about; `number` for what has no name, since its region is far more than it restricts."""
    if notam.subject == AERODROME:
        return notam.concerns[0] if notam.concerns[0] != notam.fir else number
    if notam.subject in AIRSPACES:
        return notam.concerns[0]
    country = notam.fir[:2]
    named = re.findall(
        rf"\b{country}[\s-]?(TSA|TRA|CBA|TFR|TR|TS|R|D|P)[\s-]?(\d{{1,4}}[A-Z]?)\b", notam.text
    )
    areas = {f"{country}{kind}{name}" for kind, name in named}
    return areas.pop() if len(areas) == 1 else number
