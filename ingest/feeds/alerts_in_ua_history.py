"""Past alerts of one region from alerts.in.ua: what was missed while it was in force, and exact ends."""

from __future__ import annotations

from msgspec import Struct

from ingest.decoding import Context, Decoded
from ingest.feeds.alerts_in_ua import alerts
from ingest.origin import options


class _Options(Struct):
    ids_of: str = ""


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode one `/v1/regions/:uid/alerts/:period.json` response: one event an alert, most with an end.

    An end that the source worked out itself is marked as calculated. Option `ids_of`: the name of the feed of
    active alerts beside this one, so that what it says of an alert is a revision of what that one said.
    Raises DecodeError for a payload that is no such response. Source: devs.alerts.in.ua, "Alerts history".
    """
    return alerts(payload, context, ids_of=options(context, _Options).ids_of)
