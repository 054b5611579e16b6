"""Active alerts of alerts.in.ua: alerts and their levels, and the threats that are told with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any, get_args

from msgspec import Meta, Raw, Struct

from config.entities import ThreatType
from config.region_keys import slug_of
from config.theatre import Region, Theatre
from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.origin import origin
from ingest.records import AwareInstant, each, utc, whole
from streams.events import AirRaidAlert, Event, Evidence, Threat

NAME = "alerts_in_ua"
"""The format, and whose uids they are in the theatre's regions."""
LANG = "uk"
ALERT_TYPES = frozenset(("air_raid", "artillery_shelling", "urban_fights", "chemical", "nuclear", "unknown"))
LEVELS = frozenset(("red", "yellow"))
THREAT_TYPES = frozenset(get_args(ThreatType))
STALE_AFTER_S = 43_200
"""Of a threat, which lasts until it is listed no more: a night at most."""
_LEVEL_WORDS = {"область": "oblast", "район": "raion", "громада": "hromada"}
_COMMON_WORDS = frozenset({"ta", "misto"})

_Name = Annotated[str, Meta(max_length=120)]
_Word = Annotated[str, Meta(max_length=64)]
_Uid = Annotated[int, Meta(ge=0, le=10**9)] | Annotated[str, Meta(max_length=16)]


class _Threat(Struct):
    started_at: AwareInstant
    threat_type: _Word = "unknown"
    source_message: Annotated[str, Meta(max_length=20_000)] | None = None


class _Alert(Struct):
    id: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    location_uid: _Uid
    location_title: _Name
    location_type: _Word
    alert_type: _Word
    started_at: AwareInstant
    finished_at: AwareInstant | None = None
    updated_at: AwareInstant | None = None
    location_oblast: _Name | None = None
    location_oblast_uid: _Uid | None = None
    location_raion: _Name | None = None
    notes: Annotated[str, Meta(max_length=20_000)] | None = None
    calculated: bool | None = None
    alert_level: _Word | None = None
    threats: Annotated[list[_Threat], Meta(max_length=100)] | None = None


class _Meta(Struct):
    last_updated_at: str | None = None


class _Response(Struct):
    alerts: list[Raw]
    meta: _Meta | None = None


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode one `/v1/alerts/active.json` response: all alerts that are in force, one event each.

    An alert's id is the source's own, so a changed level or an end is a revision.
    Raises DecodeError for a payload that is no such response. Source: devs.alerts.in.ua, "Active alerts".
    """
    decoded = alerts(payload, context)
    decoded.is_listing = True
    return decoded


def alerts(payload: bytes, context: Context, *, ids_of: str = "") -> Decoded:
    """The alerts of a response, active or past. ids_of: the feed that tells of the same ones, or empty."""
    response = whole(payload, _Response, context.feed)
    decoded = Decoded(said_at=_said_at(response.meta))
    make = partial(_events, context=context, ids_of=ids_of)
    decoded.events = each(response.alerts, _Alert, make, feed=context.feed, path="$.alerts", into=decoded)
    return decoded


def _events(alert: _Alert, path: str, *, context: Context, ids_of: str) -> Iterator[Event]:
    doubts: list[str] = []
    region = _region(alert, path, context, doubts)
    said: dict[str, Any] = {
        **origin(context),
        "published_at": _utc(alert.updated_at, path, "updated_at", context),
    }
    valid_to = _utc(alert.finished_at, path, "finished_at", context)
    run = f":{context.run}" if context.run else ""
    alert_id = f"{ids_of or context.feed}{run}:{alert.id}"
    yield AirRaidAlert(
        **said,
        id=alert_id,
        msg_type="alert" if valid_to is None else "update",
        valid_from=_utc(alert.started_at, path, "started_at", context),
        valid_to=valid_to,
        region=region.key,
        alert_type=_known(alert.alert_type, ALERT_TYPES, "unknown", "alert_type", doubts),
        level=_known(alert.alert_level or "", LEVELS, "", "alert_level", doubts),
        calculated=bool(alert.calculated),
        permanent=region.permanent_alert and alert.alert_type == "air_raid",
        evidence=_quoted(alert.notes, alert_id),
        doubts=tuple(doubts),
    )
    for index, threat in enumerate(alert.threats or ()):
        doubts = []
        started_at = utc(threat.started_at, context.feed, f"{path}.threats[{index}].started_at")
        threat_id = f"{alert_id}:{threat.threat_type}:{started_at:%Y%m%dT%H%M%S}"
        yield Threat(
            **said,
            id=threat_id,
            msg_type="alert" if valid_to is None else "update",
            valid_from=started_at,
            valid_to=valid_to,
            threat_type=_known(threat.threat_type, THREAT_TYPES, "unknown", "threat_type", doubts),
            state="announced" if valid_to is None else "ended",
            regions=(region.key,),
            stale_after_s=STALE_AFTER_S,
            evidence=_quoted(threat.source_message, threat_id),
            doubts=tuple(doubts),
        )


def _region(alert: _Alert, path: str, context: Context, doubts: list[str]) -> Region:
    """The region of an alert. Its uid is trusted first; what the names say else is told as a doubt."""
    theatre = context.theatre
    region = theatre.region_by_uid(NAME, alert.location_uid)
    if region is None:
        key = _by_name(alert, theatre)
        if key is None:
            reason = f"{alert.location_uid!r} is no region of the theatre, nor is {alert.location_title!r}"
            raise DecodeError(context.feed, f"{path}.location_uid", reason)
        region = theatre.region_of(key)
    elif not _is_called(region, alert.location_title):
        called = region.names[LANG]
        doubts.append(f"location_uid {alert.location_uid} is {called}, the title says {alert.location_title}")
    if alert.location_oblast_uid is not None:
        named = theatre.region_by_uid(NAME, alert.location_oblast_uid)
        above = {region.key, *theatre.ancestors(region.key)}
        if named is None or named.key not in above or named.level not in ("oblast", "city"):
            doubts.append(f"location_oblast_uid {alert.location_oblast_uid} is not its oblast")
    return region


def _by_name(alert: _Alert, theatre: Theatre) -> str | None:
    oblast = theatre.resolve_region(alert.location_oblast or alert.location_title, country="UA")
    last_word = alert.location_title.split(" ")[-1]
    level = _LEVEL_WORDS.get(last_word, alert.location_type)
    if oblast is None or level == "oblast" or oblast not in theatre.regions:
        return oblast if oblast in theatre.regions else None
    try:
        raion = theatre.below(oblast, alert.location_raion, "raion") if alert.location_raion else oblast
        return theatre.below(
            raion if level != "raion" else oblast,
            alert.location_title,
            level if level in ("raion", "hromada") else "city",
        )
    except (KeyError, ValueError):
        return None


def _is_called(region: Region, title: str) -> bool:
    names = (*region.names.values(), *region.labels.values(), *region.aliases)
    if title in names:
        return True
    own = {word for name in names for word in slug_of(name).split("-")} - _COMMON_WORDS
    return bool(own & set(slug_of(title).split("-")))


def _known(word: str, known: frozenset[str], else_: str, field: str, doubts: list[str]) -> Any:
    if word in known or word == else_:
        return word
    doubts.append(f"{field} {word!r} is not one that the source documents")
    return else_


def _quoted(text: str | None, document: str) -> Evidence | None:
    return Evidence(document=document[:128], text=text, lang=LANG) if text else None


def _utc(at: dt.datetime | None, path: str, field: str, context: Context) -> dt.datetime | None:
    return None if at is None else utc(at, context.feed, f"{path}.{field}")


def _said_at(meta: _Meta | None) -> dt.datetime | None:
    said = (meta.last_updated_at if meta is not None else None) or ""
    try:
        at = dt.datetime.fromisoformat(said.replace("/", "-", 2).replace(" +", "+").replace(" -", "-"))
        return at.astimezone(dt.UTC) if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
