"""CAP as it is sent: the alerts in a payload, one by itself or many in an Atom or RSS feed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Literal, get_args
from xml.etree.ElementTree import Element, SubElement, tostring

from msgspec import Struct

from ingest.areas import Circle, Polygon
from ingest.errors import DecodeError
from ingest.markup import instant, name, parse
from ingest.records import MAX_RECORDS
from streams.events import Point

NAMESPACES = ("urn:oasis:names:tc:emergency:cap:1.1", "urn:oasis:names:tc:emergency:cap:1.2")
FEEDS = ("feed", "rss", "RDF")
"""Root elements of Atom, RSS 2.0 and RSS 1.0."""
MOST_CORNERS = 10_000
MOST_AREAS = 2_000
MOST_REFERENCES = 200
MOST_RADIUS_KM = 20_040.0
"""Half the way round the Earth."""

_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,20})?")

Status = Literal["Actual", "Exercise", "System", "Test", "Draft"]
MessageType = Literal["Alert", "Update", "Cancel", "Ack", "Error"]
Reference = tuple[str, str]
"""Sender and identifier, which name a message."""


class Area(Struct, kw_only=True):
    """Where. geocodes: pairs of what the code is of and the code."""

    description: str
    geocodes: list[tuple[str, str]]
    shapes: list[Circle | Polygon]


class Info(Struct, kw_only=True):
    """What, when and where, in one language."""

    language: str
    event: str
    codes: list[str]
    responses: list[str]
    effective: dt.datetime | None
    onset: dt.datetime | None
    expires: dt.datetime | None
    sender_name: str
    headline: str
    text: str
    web: str
    areas: list[Area]


class Message(Struct, kw_only=True):
    """One `<alert>`."""

    identifier: str
    sender: str
    sent: dt.datetime
    status: Status
    type: MessageType
    references: list[Reference]
    infos: list[Info]

    @property
    def reference(self) -> Reference:
        """How others refer to it."""
        return self.sender, self.identifier


class Found(Struct):
    """An `<alert>` in a payload, and where; `link` where a feed's entry only says where it is."""

    at: str
    element: Element
    link: str = ""

    @property
    def sample(self) -> bytes:
        """Its bytes, as they may be written."""
        return self.link.encode() or tostring(self.element)

    @property
    def written(self) -> str:
        """All of it as text, whether or not it holds its alert."""
        return tostring(self.element, encoding="unicode")


def find(payload: bytes, feed: str) -> Iterator[Found]:
    """The alerts of a payload. Raises DecodeError where it is none of CAP, Atom or RSS."""
    root = parse(payload, feed)
    if _is_alert(root):
        yield Found("alert", root)
        return
    found = [element for element in root.iter() if _is_alert(element)]
    entries = [element for element in root.iter() if name(element) in ("entry", "item")]
    if name(root) not in FEEDS and not found:
        raise DecodeError(
            feed, "$", f"is neither an alert of CAP 1.1 or 1.2 nor a feed of them: {root.tag[:80]}", payload
        )
    if max(len(found), len(entries)) > MAX_RECORDS:
        raise DecodeError(feed, "$", f"has more than the {MAX_RECORDS:,} alerts allowed", payload)
    if not entries:
        yield from (Found(f"alert[{index}]", element) for index, element in enumerate(found))
    for index, entry in enumerate(entries):
        yield from _of_entry(entry, f"entry[{index}]", feed)


def read(found: Found, feed: str) -> Message:
    """What an alert says. Raises DecodeError, naming the first element that is not as CAP has it."""
    alert, at = found.element, found.at
    if found.link:
        raise DecodeError(feed, at, f"links to its alert and does not hold it: {found.link[:200]}")
    status = _one_of(Status, _required(alert, "status", feed, at), feed, f"{at}/status")
    kind = _one_of(MessageType, _required(alert, "msgType", feed, at), feed, f"{at}/msgType")
    _required(alert, "scope", feed, at)
    references = _references(_text(alert, "references"), feed, f"{at}/references")
    if kind in ("Update", "Cancel") and not references:
        raise DecodeError(feed, f"{at}/references", f"is missing: {kind} of what?")
    sent = instant(_required(alert, "sent", feed, at), feed, f"{at}/sent")
    if sent.timestamp() <= 0:
        raise DecodeError(feed, f"{at}/sent", "is a clock that was never set")
    return Message(
        identifier=_required(alert, "identifier", feed, at),
        sender=_required(alert, "sender", feed, at),
        sent=sent,
        status=status,
        type=kind,
        references=references,
        infos=[
            _info(info, feed, f"{at}/info[{index}]") for index, info in enumerate(_children(alert, "info"))
        ],
    )


def _is_alert(element: Element) -> bool:
    namespace, _, local = element.tag.rpartition("}")
    return local == "alert" and namespace.removeprefix("{") in NAMESPACES


def _of_entry(entry: Element, at: str, feed: str) -> Iterator[Found]:
    """The alerts that a feed's entry holds, as elements, as text or in summary; else where they are."""
    held = [element for element in entry.iter() if _is_alert(element)]
    written = _text(entry, "content") or _text(entry, "encoded")
    if not held and written.startswith("<"):
        try:
            inside = parse(written.encode(), feed, at=at)
        except DecodeError:
            inside = entry
        held = [inside] if _is_alert(inside) else []
    if held:
        yield from (Found(at, element) for element in held)
    elif _text(entry, "event"):
        yield Found(at, _of_summary(entry))
    else:
        links = [link.get("href") or link.text or "" for link in _children(entry, "link")]
        yield Found(at, entry, link=next((link.strip() for link in links if link.strip()), "without a link"))


def _of_summary(entry: Element) -> Element:
    """An entry that has an alert's main elements among its own, as the alert that they are of.

    It names nothing that it refers to, so that an Update is what is known now, under the entry's own name.
    """
    alert, info, area = Element("alert"), Element("info"), Element("area")
    author = next(_children(entry, "author"), entry)
    kind = _text(entry, "msgType") or _text(entry, "message_type")
    told = {
        "identifier": _text(entry, "identifier") or _text(entry, "id") or _text(entry, "guid"),
        "sender": _text(entry, "sender") or _text(author, "name") or "unnamed",
        "sent": _text(entry, "sent") or _text(entry, "updated") or _text(entry, "published"),
        "status": _text(entry, "status"),
        "msgType": "Alert" if kind == "Update" else kind,
        "scope": "Public",
    }
    for tag, text in told.items():
        SubElement(alert, tag).text = text
    SubElement(info, "headline").text = _text(entry, "title")
    for tag in ("event", "responseType", "effective", "onset", "expires", "eventCode"):
        info.extend(_children(entry, tag))
    for tag in ("areaDesc", "polygon", "circle", "geocode"):
        area.extend(_children(entry, tag))
    info.append(area)
    alert.append(info)
    return alert


def _info(info: Element, feed: str, at: str) -> Info:
    areas = list(_children(info, "area"))
    if len(areas) > MOST_AREAS:
        raise DecodeError(feed, f"{at}/area", f"is there {len(areas):,} times, of {MOST_AREAS:,} allowed")

    def at_instant(tag: str) -> dt.datetime | None:
        said = _text(info, tag)
        return instant(said, feed, f"{at}/{tag}") if said else None

    return Info(
        language=_text(info, "language") or "en-US",
        event=_required(info, "event", feed, at),
        codes=[_text(code, "value") for code in _children(info, "eventCode")],
        responses=[(response.text or "").strip() for response in _children(info, "responseType")],
        effective=at_instant("effective"),
        onset=at_instant("onset"),
        expires=at_instant("expires"),
        sender_name=_text(info, "senderName"),
        headline=_text(info, "headline"),
        text="\n".join(
            filter(None, (_text(info, tag) for tag in ("headline", "description", "instruction")))
        ),
        web=_text(info, "web"),
        areas=[_area(area, feed, f"{at}/area[{index}]") for index, area in enumerate(areas)],
    )


def _area(area: Element, feed: str, at: str) -> Area:
    shapes: list[Circle | Polygon] = []
    for polygon in _children(area, "polygon"):
        pairs = (polygon.text or "").split()
        if not 3 <= len(pairs) <= MOST_CORNERS:
            raise DecodeError(feed, f"{at}/polygon", f"has {len(pairs):,} corners")
        shapes.append(Polygon(tuple(_point(pair, feed, f"{at}/polygon") for pair in pairs)))
    for circle in _children(area, "circle"):
        centre, _, radius = (circle.text or "").strip().partition(" ")
        if not _NUMBER.fullmatch(radius.strip()) or not 0 <= float(radius) <= MOST_RADIUS_KM:
            raise DecodeError(feed, f"{at}/circle", f"has no radius on the Earth: {radius[:40]!r}")
        shapes.append(Circle(_point(centre, feed, f"{at}/circle"), float(radius) * 1_000))
    return Area(
        description=_text(area, "areaDesc"),
        geocodes=[(_text(code, "valueName"), _text(code, "value")) for code in _children(area, "geocode")],
        shapes=shapes,
    )


def _point(pair: str, feed: str, path: str) -> Point:
    lat, comma, lon = pair.partition(",")
    if not (comma and _NUMBER.fullmatch(lat) and _NUMBER.fullmatch(lon)):
        raise DecodeError(feed, path, f"is no latitude and longitude: {pair[:40]!r}")
    if not (-90 <= float(lat) <= 90 and -180 <= float(lon) <= 180):
        raise DecodeError(feed, path, f"is not on the Earth: {pair[:40]!r}")
    return Point(lon=float(lon), lat=float(lat))


def _references(said: str, feed: str, path: str) -> list[Reference]:
    found = []
    for reference in said.split():
        parts = reference.split(",")
        if len(parts) != 3 or not all(parts):
            raise DecodeError(feed, path, f"is no sender,identifier,sent: {reference[:80]!r}")
        found.append((parts[0], parts[1]))
    if len(found) > MOST_REFERENCES:
        raise DecodeError(feed, path, f"names {len(found):,} messages, of {MOST_REFERENCES:,} allowed")
    return found


def _one_of(words: Any, said: str, feed: str, path: str) -> Any:
    """The word, where it is one of those of a Literal."""
    if said not in get_args(words):
        raise DecodeError(feed, path, f"is none of {', '.join(get_args(words))}: {said[:40]!r}")
    return said


def _required(element: Element, tag: str, feed: str, at: str) -> str:
    said = _text(element, tag)
    if not said:
        raise DecodeError(feed, f"{at}/{tag}", "is missing or empty")
    return said


def _text(element: Element, tag: str) -> str:
    child = next(_children(element, tag), None)
    return "" if child is None else (child.text or "").strip()


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Whatever namespace they are in: that of the alert has been looked at."""
    return (child for child in element if name(child) == tag)
