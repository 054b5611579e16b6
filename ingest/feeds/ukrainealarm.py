"""Alerts of ukrainealarm's API, version 3: the list of those in force, and the webhook's single changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from msgspec import Meta, Raw, Struct
from msgspec.structs import replace

from config.theatre import Region
from ingest.announced import announced_id, announced_revision
from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.origin import origin
from ingest.records import AwareInstant, each, utc, whole
from streams.events import AirRaidAlert, Evidence

NAME = "ukrainealarm"
"""The format, and whose uids they are in the theatre's regions."""
LANG = "uk"
TYPES = {
    "AIR": "air_raid",
    "ARTILLERY": "artillery_shelling",
    "URBAN_FIGHTS": "urban_fights",
    "CHEMICAL": "chemical",
    "NUCLEAR": "nuclear",
    "INFO": "unknown",
    "UNKNOWN": "unknown",
}
LEVELS = {"red": "red", "yellow": "yellow"}
_BELOW_STATE = {"District": "raion", "Community": "hromada"}

_Name = Annotated[str, Meta(max_length=120)]
_Word = Annotated[str, Meta(max_length=64)]
_Id = Annotated[str, Meta(pattern=r"^[0-9]{1,9}\Z")] | Annotated[int, Meta(ge=0, le=999_999_999)]


class _Level(Struct, rename="camel"):
    alert_level: _Word
    created_at: AwareInstant
    reason: Annotated[str, Meta(max_length=20_000)] | None = None


class _Alert(Struct, rename="camel"):
    region_id: _Id
    type: _Word
    last_update: AwareInstant
    region_type: _Word | None = None
    active_alert_levels: Annotated[list[_Level], Meta(max_length=100)] | None = None


class _Record(Struct, rename="camel"):
    region_id: _Id
    region_type: _Word
    region_name: _Name | None = None
    active_alerts: Annotated[list[_Alert], Meta(max_length=1_000)] | None = None


class _Change(Struct, rename="camel"):
    region_id: _Id
    status: _Word
    created_at: AwareInstant
    alarm_type: _Word
    alert_level: _Word | None = None
    region_type: _Word | None = None


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode a response of `/api/v3/alerts`, or the body of one call of the webhook.

    The list is of all that is in force: one event for each region, type and level, once, however many
    records repeat it; the alert itself says whose it is, and levels are of air raids only. A change by the
    webhook is an event under an id of region and type alone, so that an end finds its start; it is numbered
    by its second, for a later one is the newer. Raises DecodeError for anything else.
    Source: api.ukrainealarm.com/swagger, v3, and the callbacks as its users log them.
    """
    if payload.lstrip()[:1] == b"[":
        return _listing(payload, context)
    change = whole(payload, _Change, context.feed)
    return Decoded(events=[_changed(change, context)])


def _listing(payload: bytes, context: Context) -> Decoded:
    records = whole(payload, list[Raw], context.feed)
    decoded = Decoded(is_listing=True)

    def alerts(record: _Record, path: str) -> Iterable[AirRaidAlert]:
        return list(_alerts(record, path, context))

    found = each(records, _Record, alerts, feed=context.feed, path="$", into=decoded)
    decoded.events = list(_once(found))
    return decoded


def _alerts(record: _Record, path: str, context: Context) -> Iterator[AirRaidAlert]:
    for index, alert in enumerate(record.active_alerts or ()):
        at = f"{path}.activeAlerts[{index}]"
        doubts: list[str] = []
        region = _region(alert, record, at, context, doubts)
        alert_type = _known(alert.type, TYPES, "unknown", "type", doubts)
        levels = alert.active_alert_levels or [_Level("", alert.last_update)]
        if alert_type != "air_raid":
            levels = [replace(min(levels, key=lambda one: one.created_at), alert_level="")]
        for which, level in enumerate(levels):
            started_at = utc(level.created_at, context.feed, f"{at}.activeAlertLevels[{which}].createdAt")
            said: dict[str, Any] = {
                **origin(context),
                "alert_type": alert_type,
                "level": _known(level.alert_level.lower(), LEVELS, "", "alertLevel", doubts),
            }
            subject = f"{int(alert.region_id)}:{alert.type}:{said['level']}"
            alert_id = _id(context, f"{subject}:{started_at:%Y%m%dT%H%M%S}")
            yield AirRaidAlert(
                **said,
                id=alert_id,
                valid_from=started_at,
                published_at=started_at,
                region=region.key,
                permanent=region.permanent_alert and alert_type == "air_raid",
                evidence=Evidence(document=alert_id[:128], text=level.reason, lang=LANG)
                if level.reason
                else None,
                doubts=tuple(doubts),
            )


def _once(found: list[AirRaidAlert]) -> Iterator[AirRaidAlert]:
    """Of the copies of one alert in several records the one that began first, which its id tells."""
    kept: dict[tuple[str, str, str], AirRaidAlert] = {}
    for alert in found:
        key = (alert.region, alert.alert_type, alert.level)
        kept[key] = min(kept.get(key, alert), alert, key=lambda one: one.id)
    yield from kept.values()


def _region(alert: _Alert, record: _Record, path: str, context: Context, doubts: list[str]) -> Region:
    """Whose the alert is. A community that the theatre lacks lies in the district whose alert it repeats."""
    theatre = context.theatre
    region = theatre.region_by_uid(NAME, int(alert.region_id))
    if region is not None:
        return region
    is_own = int(alert.region_id) == int(record.region_id)
    level = _BELOW_STATE.get(record.region_type)
    if not is_own or level is None or not record.region_name:
        raise DecodeError(context.feed, f"{path}.regionId", f"{alert.region_id} is no region of the theatre")
    around = (theatre.region_by_uid(NAME, int(one.region_id)) for one in record.active_alerts or ())
    known = [one for one in around if one is not None]
    above = next((one for one in known if one.level == "raion"), next(iter(known), None))
    if above is None:
        doubts.append(f"in which oblast {record.region_name} lies is not known")
    return theatre.region_of(theatre.below(above.key if above else "UA", record.region_name, level))


def _changed(change: _Change, context: Context) -> AirRaidAlert:
    region = context.theatre.region_by_uid(NAME, int(change.region_id))
    if region is None:
        reason = f"{change.region_id} is no region of the theatre"
        raise DecodeError(context.feed, "$.regionId", reason)
    status = change.status.lower()
    if status not in ("activate", "deactivate"):
        raise DecodeError(context.feed, "$.status", f"{change.status!r} is neither Activate nor Deactivate")
    doubts: list[str] = []
    at = utc(change.created_at, context.feed, "$.createdAt")
    alert_type = _known(change.alarm_type, TYPES, "unknown", "alarmType", doubts)
    level = _known((change.alert_level or "").lower(), LEVELS, "", "alertLevel", doubts)
    said: dict[str, Any] = {
        **origin(context),
        "alert_type": alert_type,
        "level": level if alert_type == "air_raid" else "",
    }
    starts = status == "activate"
    return AirRaidAlert(
        **said,
        id=announced_id(context.feed, context.run, str(int(change.region_id)), change.alarm_type),
        revision=announced_revision(at),
        msg_type="alert" if starts else "update",
        valid_from=at if starts else None,
        valid_to=None if starts else at,
        published_at=at,
        region=region.key,
        permanent=region.permanent_alert and alert_type == "air_raid",
        doubts=tuple(doubts),
    )


def _known(word: str, known: dict[str, str], else_: str, field: str, doubts: list[str]) -> str:
    if word not in known and word != else_:
        doubts.append(f"{field} {word!r} is not one that the source documents")
    return known.get(word, else_)


def _id(context: Context, subject: str) -> str:
    run = f":{context.run}" if context.run else ""
    return f"{context.feed}{run}:{subject}"
