"""CAP, the Common Alerting Protocol: alerts of air raids, and other alerts as context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace

from config.names import fold_name
from ingest.areas import covered, effort
from ingest.cap_message import Area, Found, Info, Message, Reference, find, read
from ingest.decoding import Context, Decoded, Link
from ingest.documents import MAX_LINE_CHARS, MAX_LINK_CHARS, MAX_TEXT_CHARS, digest
from ingest.errors import DecodeError
from ingest.origin import options, origin
from ingest.refusals import Refusals
from streams.changes import Superseded
from streams.events import AirRaidAlert, Evidence, Statement

if TYPE_CHECKING:
    from config.theatre import Theatre

AIR_RAID_WORDS = (
    "air raid",
    "air alert",
    "air attack",
    "air threat",
    "missile",
    "drone",
    "unmanned aerial",
    "повітряна тривога",
    "повітряної тривоги",
    "повітряну тривогу",
    "повітряна небезпека",
    "ракетна",
    "ракетної",
    "безпілотник",
    "бпла",
    "воздушная тревога",
    "воздушной тревоги",
    "ракетная",
    "ракетной",
    "беспилотник",
    "z powietrza",
    "alarm lotniczy",
    "alarmu lotniczego",
    "alarm powietrzny",
    "alerte aérienne",
    "attaque aérienne",
    "raid aérien",
    "atac aerian",
    "alarmă aeriană",
    "oro pavoj",
    "gaisa trauksm",
    "gaisa apdraudējum",
    "õhuoht",
    "õhurünnak",
    "luftalarm",
    "luftangriff",
)
"""What the events of air raids are called in the theatre's languages; a longer word may begin or end so."""
ALL_CLEAR = "AllClear"
ALL_CLEAR_WORDS = (
    "all clear",
    "відбій",
    "скасовано",
    "отбой",
    "odwoł",
    "koniec",
    "fin d'alerte",
    "fin de l'alerte",
    "încetare",
    "atšauk",
    "atcelt",
    "entwarnung",
)
"""What senders without a responseType write into the event when it is over."""
RANKS = {"Alert": 0, "Update": 1, "Cancel": 2}
"""What counts of two messages of one millisecond."""
MOST_EFFORT = 50_000
"""Corners of shapes that are looked up for one payload: a second or two. Real alerts have some hundreds."""
MOST_EVENTS = 20_000
"""Of one payload: each region of the theatre seventy times."""
LONGEST_CHAIN = 100
"""Messages of one payload that go on each other."""
MOST_ID_CHARS = 256
TERYT = "teryt"
"""Poland's register of territories: its first two digits are the province, as in ISO 3166-2."""

_BETWEEN_NAMES = re.compile(r"[,;/|\n]+| and | i | та | и | oraz | et | und ")
_ALL_CLEAR = tuple(map(fold_name, ALL_CLEAR_WORDS))


class Options(Struct, frozen=True, kw_only=True):
    """events: the words that make an event, or its code, one of an air raid, instead of `AIR_RAID_WORDS`.

    country: ISO 3166-1, where the names of areas are looked for; everywhere without it.
    """

    events: tuple[Annotated[str, Meta(min_length=2, max_length=100)], ...] = AIR_RAID_WORDS
    country: str | None = None


def decode(payload: bytes, context: Context) -> Decoded:
    """One alert of CAP 1.1 or 1.2, or those that an Atom or RSS feed holds.

    An alert whose event, or event code, is of an air raid becomes an alert for each region that it is for,
    `{feed}:{sender},{identifier}:{region}`; any other becomes a statement, `{feed}:{sender},{identifier}`.
    Sender and identifier are those of the first of a chain: an Update or a Cancel is a revision of each
    message that it refers to, or of what that one refers to where it is in the payload too. Revisions are
    `sent` in epoch milliseconds, since they have to grow, an Update and a Cancel counting one and two more;
    they need no memory of what came before. An Update that names its areas in the theatre, and a Cancel,
    supersede what was said of the same messages before, in other payloads too.

    Regions are those of the geocodes (ISO 3166-2, the theatre's uids, TERYT), else those that the area is
    called by, else those that its shapes cover, which are `calculated`. `expires` is `valid_to`; an all-clear
    ends at once, and so does what a later message of the payload leaves out. The status is carried through:
    a test is never actual. Drafts, acknowledgements and errors are left out. Refused: instants without an
    offset, an air raid that is nowhere in the theatre, and an Update that does not say of what. Entries that
    only link to their alert are links.
    context.options: see Options. Raises DecodeError for a payload that is none of these.
    Source: OASIS, Common Alerting Protocol 1.2.
    """
    chosen = options(context, Options)
    words = tuple(fold_name(word) for word in chosen.events)
    refusals = Refusals(context.feed)
    messages: list[tuple[Message, Found]] = []
    links: list[Link] = []
    for found in find(payload, context.feed):
        if found.link.startswith(("https://", "http://")):
            links.append(_link(found, context.feed))
            continue
        try:
            messages.append((read(found, context.feed), found))
        except DecodeError as error:
            refusals.add(DecodeError(context.feed, error.path, error.reason, found.sample))
    messages.sort(key=lambda each: (each[0].sent, RANKS.get(each[0].type, 0)))
    known = {message.reference: message for message, _ in messages}
    raids = {
        message.reference
        for message, _ in messages
        if any(_has_one_of(words, info) for info in message.infos)
    }
    latest: dict[str, AirRaidAlert | Statement] = {}
    of_chain: dict[Reference, set[str]] = {}
    superseded: list[Superseded] = []
    effort_left, events_left = MOST_EFFORT, MOST_EVENTS
    for message, found in messages:
        if message.status == "Draft" or message.type not in RANKS:
            continue
        shapes = [shape for info in message.infos for area in info.areas for shape in area.shapes]
        effort_left -= sum(map(effort, shapes))
        firsts = _firsts(message, known)
        is_raid = not raids.isdisjoint((message.reference, *firsts))
        try:
            if effort_left < 0:
                raise DecodeError(context.feed, found.at, "there are more shapes than a payload may have")
            if message.type != "Cancel" and not message.infos and of_chain.keys().isdisjoint(firsts):
                reason = "is missing: what it is about cannot be told"
                raise DecodeError(context.feed, f"{found.at}/info", reason)
            events, is_whole = _events(message, found.at, firsts, is_raid, chosen.country, context)
            events_left -= len(events) + sum(len(of_chain.get(first, ())) for first in firsts)
            if events_left < 0:
                raise DecodeError(context.feed, found.at, f"there are more than {MOST_EVENTS:,} events")
        except DecodeError as error:
            refusals.add(DecodeError(context.feed, error.path, error.reason, found.sample))
            continue
        said = {event.id: event for _, event in events}
        for first in firsts if message.type != "Alert" and is_whole else ():
            for gone in of_chain.get(first, set()) - said.keys():
                if latest[gone].status != message.status.lower():
                    continue
                if message.type == "Cancel" or not _is_over(latest[gone], message):
                    said[gone] = _gone(latest[gone], message)
            superseded.append(_superseded(first, message, context))
        latest |= said
        for first, event in events:
            of_chain.setdefault(first, set()).add(event.id)
    return Decoded(
        events=list(latest.values()),
        refused=refusals.all(),
        superseded=superseded,
        links=links,
        said_at=messages[-1][0].sent if messages else None,
    )


def _link(found: Found, feed: str) -> Link:
    reason = "links to its alert and does not hold it"
    refused = DecodeError(feed, found.at, reason, found.sample)
    return Link(url=found.link[:MAX_LINK_CHARS], tag=digest(found.written), otherwise=refused)


def _firsts(message: Message, known: dict[Reference, Message]) -> list[Reference]:
    """The first messages of the chains that this one goes on; its own where it begins one."""
    firsts: set[Reference] = set()
    seen: set[Reference] = set()
    ahead = [message.reference] if message.type == "Alert" else list(message.references)
    while ahead:
        reference = ahead.pop()
        earlier = known.get(reference)
        goes_on = earlier is not None and earlier.type == "Update" and len(seen) < LONGEST_CHAIN
        if earlier is not None and goes_on and reference not in seen:
            ahead += earlier.references
        elif not goes_on:
            firsts.add(reference)
        seen.add(reference)
    return sorted(firsts or set(message.references))


def _events(
    message: Message,
    at: str,
    firsts: list[Reference],
    is_raid: bool,
    country: str | None,
    context: Context,
) -> tuple[list[tuple[Reference, AirRaidAlert | Statement]], bool]:
    """What a message says itself, each with the first of the chain that it is of; and whether that is all.

    It is not where an area is not known, and perhaps one that was known under another name.
    """
    is_cancel = message.type == "Cancel"
    if not message.infos:
        return [], True
    if not is_raid:
        info = message.infos[0]
        return [(first, _statement(message, info, at, first, context)) for first in firsts], is_cancel
    regions: dict[str, tuple[bool, Info]] = {}
    is_whole = True
    for info in message.infos:
        for area in info.areas:
            found = _regions(area, country, context.theatre)
            is_whole = is_whole and bool(found)
            for region, calculated in found:
                if region not in regions or (regions[region][0] and not calculated):
                    regions[region] = calculated, info
    if not regions:
        named = "; ".join(area.description for info in message.infos for area in info.areas)[:200]
        raise DecodeError(context.feed, f"{at}/info/area", f"is no region of the theatre: {named!r}")
    if len(firsts) * len(regions) > MOST_EVENTS:
        raise DecodeError(context.feed, at, f"is more than the {MOST_EVENTS:,} events allowed")
    alerts: list[tuple[Reference, AirRaidAlert | Statement]] = [
        (first, _alert(message, info, at, first, region, calculated, context))
        for first in firsts
        for region, (calculated, info) in regions.items()
    ]
    return alerts, is_whole or is_cancel


def _has_one_of(words: tuple[str, ...], info: Info) -> bool:
    """Whether the event, or one of its codes, has one of the folded words in it."""
    said = [fold_name(text[:MAX_LINE_CHARS]) for text in (info.event, *info.codes)]
    return any(word in text for word in words for text in said)


def _regions(area: Area, country: str | None, theatre: Theatre) -> list[tuple[str, bool]]:
    """The regions that are meant, and of each whether that was worked out rather than said."""
    found = list(_by_code(area, theatre)) or list(_by_name(area, country, theatre))
    return found or [(region, True) for region in sorted(covered(area.shapes, theatre))]


def _by_code(area: Area, theatre: Theatre) -> Iterator[tuple[str, bool]]:
    for of, code in area.geocodes:
        kind = of.casefold()
        held = theatre.region_by_uid(kind.replace("-", "_"), code)
        if held is not None:
            yield held.key, False
        elif TERYT in kind and f"PL-{code[:2]}" in theatre.regions:
            yield f"PL-{code[:2]}", bool(code[2:].strip("0"))
        elif code in theatre.regions and ("3166" in kind or "-" in code):
            yield code, False


def _by_name(area: Area, country: str | None, theatre: Theatre) -> Iterator[tuple[str, bool]]:
    said = area.description[:MAX_LINE_CHARS]
    whole = theatre.resolve_region(said, country=country)
    names = [said] if whole else _BETWEEN_NAMES.split(said)
    for name in names:
        key = theatre.resolve_region(name, country=country) if name.strip() else None
        if key in theatre.groups:
            yield from ((member, True) for member in theatre.groups[key].members)
        elif key is not None:
            yield key, False


def _is_over(event: AirRaidAlert | Statement, message: Message) -> bool:
    return event.valid_to is not None and event.valid_to <= message.sent


def _gone(event: AirRaidAlert | Statement, message: Message) -> AirRaidAlert | Statement:
    """What a later message of the same chain does not speak of any more."""
    return replace(
        event,
        revision=_revision(message),
        msg_type=message.type.lower(),
        published_at=message.sent,
        valid_to=message.sent,
    )


def _superseded(first: Reference, message: Message, context: Context) -> Superseded:
    return Superseded(
        of=f"{context.feed}:{','.join(first)}",
        revision=_revision(message),
        at=min(message.sent, context.received_at),
        status=message.status.lower(),  # type: ignore[arg-type]  # never a draft
        msg_type="cancel" if message.type == "Cancel" else "update",
    )


def _revision(message: Message) -> int:
    return round(message.sent.timestamp() * 1_000) + RANKS[message.type]


def _alert(
    message: Message,
    info: Info,
    at: str,
    first: Reference,
    region: str,
    calculated: bool,
    context: Context,
) -> AirRaidAlert:
    told = _told(message, info, at, first, f":{region}", context)
    begins_at = info.onset or info.effective or message.sent
    if message.type == "Cancel":
        times: dict[str, Any] = {"valid_to": message.sent}
    elif ALL_CLEAR in info.responses or _has_one_of(_ALL_CLEAR, info):
        times = {"valid_to": info.effective or message.sent}
    else:
        times = {"valid_from": begins_at, "valid_to": info.expires}
        if info.expires is not None and info.expires <= begins_at:
            told["doubts"] = ("it expires before it begins",)
    return AirRaidAlert(**told, **times, region=region, calculated=calculated)


def _statement(message: Message, info: Info, at: str, first: Reference, context: Context) -> Statement:
    return Statement(
        **_told(message, info, at, first, "", context),
        valid_from=info.onset or info.effective or message.sent,
        valid_to=info.expires,
        speaker=(info.sender_name or message.sender)[:MAX_LINE_CHARS],
        topic=info.event[:MAX_LINE_CHARS],
        quote=info.headline[:MAX_LINE_CHARS],
    )


def _told(
    message: Message, info: Info, at: str, first: Reference, suffix: str, context: Context
) -> dict[str, Any]:
    name = ",".join(first)
    event_id = f"{context.feed}:{name}{suffix}"
    if len(event_id) > MOST_ID_CHARS:
        raise DecodeError(
            context.feed, f"{at}/identifier", f"makes an id of more than {MOST_ID_CHARS} characters"
        )
    told = origin(context)
    if message.status.lower() != context.status:
        told |= {"status": message.status.lower(), "run": ""}
    is_link = info.web.startswith(("https://", "http://")) and len(info.web) <= MAX_LINK_CHARS
    evidence = Evidence(
        document=digest(",".join(message.reference)),
        text=(info.text or info.event)[:MAX_TEXT_CHARS],
        lang=info.language[:8],
        link=info.web if is_link else "",
        title=info.headline[:MAX_LINE_CHARS],
    )
    return {
        **told,
        "id": event_id,
        "revision": _revision(message),
        "msg_type": message.type.lower(),
        "published_at": message.sent,
        "evidence": evidence,
    }
