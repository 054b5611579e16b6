"""The short strings that alerts.in.ua serves to lamps and maps: one letter a region, no times, no ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from config.theatre import Region
from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError
from ingest.feeds.alerts_in_ua import NAME
from ingest.origin import options, origin
from ingest.records import whole
from streams.events import AirRaidAlert

OBLASTS = (
    *("29", "8", "4", "9", "28", "10", "11", "12", "13", "31", "14", "15", "16", "27", "17", "18", "19", "5"),
    *("30", "20", "21", "22", "23", "3", "24", "26", "25"),
)
"""Uids in the order of `active_air_raid_alerts_by_oblast`: the Ukrainian alphabet, cities by their name."""
PARTIAL = "P"
LEVELS = {"A": "", "R": "red", "Y": "yellow", PARTIAL: ""}
"""Letters of an alert to its level; version 1 has A, version 2 R and Y for it."""
CLEAR = frozenset("N ")
"""No alert, and a uid that no region has."""
MOST_LETTERS = 100_000


class _Options(Struct):
    uid: str = ""


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode a response of `/v1/iot/` or `/v2/iot/active_air_raid_alerts…`: all air raid alerts in force.

    27 letters are the oblasts in their order (the documentation's own example has a 28th, clear); a longer
    string has the letter of each uid at that place; one letter is of the region that option `uid` names. P, a
    part of the oblast is under alert, makes an alert of the oblast that is calculated: nobody reported it as
    such. A place that the theatre has no region for is left out: the P of its oblast tells of it. No event
    has a start, since nobody says it.
    Raises DecodeError for anything else. Source: devs.alerts.in.ua, "IoT".
    """
    letters = whole(payload, str, context.feed)
    decoded = Decoded(is_listing=True)
    for uid, letter in _placed(letters, context):
        if letter in CLEAR:
            continue
        if letter not in LEVELS:
            raise DecodeError(context.feed, "$", f"{letter!r} is none of the documented letters", payload)
        region = context.theatre.region_by_uid(NAME, uid)
        if region is not None:
            decoded.events.append(_alert(region, letter, context))
    return decoded


def _placed(letters: str, context: Context) -> Iterator[tuple[str, str]]:
    count = len(letters)
    if count == 1:
        uid = options(context, _Options).uid
        if not uid:
            raise DecodeError(context.feed, "$", "is of one region: option uid must say of which")
        return iter([(uid, letters)])
    if count in (len(OBLASTS), len(OBLASTS) + 1) and set(letters[len(OBLASTS) :]) <= CLEAR:
        return zip(OBLASTS, letters, strict=False)
    if len(OBLASTS) + 1 < count <= MOST_LETTERS:
        return ((str(uid), letter) for uid, letter in enumerate(letters))
    raise DecodeError(context.feed, "$", f"has {count:,} letters, which is neither oblasts nor all regions")


def _alert(region: Region, letter: str, context: Context) -> AirRaidAlert:
    said: dict[str, Any] = {**origin(context), "level": LEVELS[letter]}
    run = f":{context.run}" if context.run else ""
    return AirRaidAlert(
        **said,
        id=f"{context.feed}{run}:{region.key}",
        region=region.key,
        calculated=letter == PARTIAL,
        permanent=region.permanent_alert,
    )
