"""Cursor on Target as it is sent: the events in a payload, XML or protobuf, in the schema's own units."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from google.protobuf.message import DecodeError as ProtobufError
from msgspec import Struct
from takproto.proto import TakMessage  # type: ignore[import-untyped]

from ingest.errors import DecodeError
from ingest.markup import instant, parse
from ingest.records import MAX_RECORDS

UNKNOWN = 9_999_999.0
"""What is written for a height or an error that is not known. Source: MITRE, CoT base schema 2.0."""
HEADER = 0xBF
"""The byte before a protobuf message. Source: TAK protocol, version 1."""
MESH_HEADER = b"\xbf\x01\xbf"
"""Before the one message of a datagram; in a stream the message's length stands instead of 01 BF."""

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_BEGIN = re.compile(rb"<event[\s/>]")
_END = re.compile(rb"</event[ \t\r\n]{0,32}>")
_BETWEEN = re.compile(rb"<\?xml[^<>]{0,100}\?>|</?events\s*>|[\s\0]+")


class Cot(Struct):
    """One event. lon, lat: None where it says that it has no position. detail: the rest, as XML.

    Heights and errors are in metres, speeds in metres a second.
    """

    uid: str
    type: str
    time: dt.datetime
    start: dt.datetime
    stale: dt.datetime
    lon: float | None
    lat: float | None
    hae_m: float | None
    callsign: str
    course_deg: float | None
    speed_m_s: float | None
    detail: Element


class Record(Struct):
    """One event's bytes and its place in the payload; `reason` where there is no whole event in them."""

    at: str
    sample: bytes
    reason: str = ""
    is_xml: bool = True


def records(payload: bytes, feed: str) -> Iterator[Record]:
    """The events of a payload. Raises DecodeError for one that has none, or more than `MAX_RECORDS`."""
    if payload[:1] == bytes((HEADER,)):
        return _messages(payload, feed)
    return _elements(payload, feed)


def read(record: Record, feed: str) -> Cot | None:
    """What a record says; None for a message without an event. Raises DecodeError, naming what is wrong."""
    if record.reason:
        raise DecodeError(feed, record.at, record.reason)
    return _of_xml(record, feed) if record.is_xml else _of_message(record, feed)


def number(element: Element | None, name: str, feed: str, at: str) -> float | None:
    """An attribute's number, None where it is absent or NaN. Raises DecodeError for what is no number."""
    said = "" if element is None else element.get(name, "").strip()
    if said.lower() in ("", "nan"):
        return None
    value = float(said) if _NUMBER.fullmatch(said) else math.inf
    if not math.isfinite(value):
        raise DecodeError(feed, f"{at}/@{name}", f"is no number: {said[:40]!r}")
    return value


def _elements(payload: bytes, feed: str) -> Iterator[Record]:
    if not _BEGIN.search(payload):
        raise DecodeError(feed, "$", "has no <event>", payload)
    *ended, rest = _END.split(payload)
    if len(ended) > MAX_RECORDS:
        raise DecodeError(feed, "$", f"has {len(ended):,} events, of {MAX_RECORDS:,} allowed", payload)
    for index, piece in enumerate(ended):
        at = f"event[{index}]"
        begin = max((found.start() for found in _BEGIN.finditer(piece)), default=len(piece))
        if _BETWEEN.sub(b"", piece[:begin]):
            yield Record(at, piece[:begin], "is cut short, or begins in its middle")
        if begin < len(piece):
            yield Record(at, piece[begin:] + b"</event>")
    if _BETWEEN.sub(b"", rest):
        yield Record(f"event[{len(ended)}]", rest, "is cut short")


def _messages(payload: bytes, feed: str) -> Iterator[Record]:
    if payload.startswith(MESH_HEADER):
        yield Record("message[0]", payload[len(MESH_HEADER) :], is_xml=False)
        return
    place = index = 0
    while place < len(payload):
        at = f"message[{index}]"
        length, begin = _length(payload, place + 1)
        end = begin + length
        if payload[place] != HEADER or end > len(payload):
            if not index:
                raise DecodeError(feed, at, "is no message, or cut short", payload)
            yield Record(at, payload[place:], "is no message, or cut short")
            return
        if index >= MAX_RECORDS:
            raise DecodeError(feed, "$", f"has more than the {MAX_RECORDS:,} messages allowed", payload)
        yield Record(at, payload[begin:end], is_xml=False)
        place, index = end, index + 1


def _length(payload: bytes, place: int) -> tuple[int, int]:
    """The variable-length number at `place`, and where it ends: past the payload where there is none."""
    value = 0
    for index, byte in enumerate(payload[place : place + 5]):
        value |= (byte & 0x7F) << 7 * index
        if not byte & 0x80:
            return value, place + index + 1
    return 0, len(payload) + 1


def _of_xml(record: Record, feed: str) -> Cot:
    at = record.at
    event = parse(record.sample, feed, at=at)
    point = event.find("point")
    if point is None:
        raise DecodeError(feed, f"{at}/point", "is missing")
    found = event.find("detail")
    detail = Element("detail") if found is None else found
    track, contact = detail.find("track"), detail.find("contact")
    told = {name: number(point, name, feed, f"{at}/point") for name in ("lon", "lat", "ce", "hae")}
    lon, lat = _position(told["lon"], told["lat"], told["ce"], feed, f"{at}/point")
    return Cot(
        uid=event.get("uid", ""),
        type=event.get("type", ""),
        time=instant(event.get("time", ""), feed, f"{at}/@time"),
        start=instant(event.get("start", ""), feed, f"{at}/@start"),
        stale=instant(event.get("stale", ""), feed, f"{at}/@stale"),
        lon=lon,
        lat=lat,
        hae_m=_known(told["hae"]),
        callsign="" if contact is None else contact.get("callsign", ""),
        course_deg=number(track, "course", feed, f"{at}/detail/track"),
        speed_m_s=number(track, "speed", feed, f"{at}/detail/track"),
        detail=detail,
    )


def _of_message(record: Record, feed: str) -> Cot | None:
    message, at = TakMessage(), f"{record.at}.cotEvent"
    try:
        message.ParseFromString(record.sample)
    except ProtobufError as error:
        raise DecodeError(feed, record.at, f"is no protobuf of the TAK protocol: {error}") from error
    if not message.HasField("cotEvent"):
        return None
    event = message.cotEvent
    rest = f"<detail>{event.detail.xmlDetail}</detail>".encode()
    has_track = event.detail.HasField("track")
    lon, lat = _position(_finite(event.lon), _finite(event.lat), _finite(event.ce), feed, at)
    return Cot(
        uid=event.uid,
        type=event.type,
        time=_epoch(event.sendTime, feed, f"{at}.sendTime"),
        start=_epoch(event.startTime, feed, f"{at}.startTime"),
        stale=_epoch(event.staleTime, feed, f"{at}.staleTime"),
        lon=lon,
        lat=lat,
        hae_m=_known(_finite(event.hae)),
        callsign=event.detail.contact.callsign,
        course_deg=_finite(event.detail.track.course) if has_track else None,
        speed_m_s=_finite(event.detail.track.speed) if has_track else None,
        detail=parse(rest, feed, at=f"{at}.detail.xmlDetail"),
    )


def _epoch(milliseconds: int, feed: str, path: str) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1_000, dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise DecodeError(feed, path, f"is no instant: {milliseconds}") from error


def _position(
    lon: float | None, lat: float | None, ce_m: float | None, feed: str, path: str
) -> tuple[float | None, float | None]:
    """Both or none: a device that has no position says 0, 0 with an unknown error."""
    if lon is None or lat is None:
        raise DecodeError(feed, path, "has no longitude, or no latitude")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise DecodeError(feed, path, f"is not on the Earth: {lat}, {lon}")
    is_nowhere = lon == lat == 0 and ce_m is not None and ce_m >= UNKNOWN
    return (None, None) if is_nowhere else (lon, lat)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _known(height_m: float | None) -> float | None:
    return None if height_m is None or abs(height_m) >= UNKNOWN else height_m
