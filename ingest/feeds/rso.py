"""Poland's regional warning system (RSO): RCB's alerts about attacks from the air, start and end apart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, tostring

from ingest.announced import announced_id, announced_revision
from ingest.decoding import Context, Decoded
from ingest.documents import MAX_LINE_CHARS, Document
from ingest.errors import DecodeError
from ingest.local_time import WARSAW, resolve
from ingest.markup import parse
from ingest.origin import origin
from ingest.refusals import Refusals
from streams.events import AirRaidAlert, Evidence

LANG = "pl"
ABOUT_THE_AIR = re.compile(
    r"\b(?:alarm\w*|atak\w*|zagroże\w*|uderze\w*|nalot\w*)\W+(?:\w+\W+)?"
    r"(?:powietrzn\w+|z\s+powietrza|dron\w+|rakiet\w+)"
    r"|\bpowietrzn\w+\W+(?:atak\w*|zagroże\w*|uderze\w*)",
    re.IGNORECASE,
)
OVER = re.compile(r"(?<!\bna )\bodwoła(?:nie|no|ny)\b|\bodwołuj\w+|\bzakończył\w*", re.IGNORECASE)
"""Not "do odwołania", until it is called off, which a start says."""
EXERCISE = re.compile(r"\b(?:ćwicze\w+|trening\w*|testow\w+|próbn\w+)", re.IGNORECASE)
AIRCRAFT = re.compile(r"\b(?:lotnictw\w+|samolot\w+|myśliw\w+)", re.IGNORECASE)
"""Which items are about what. Source: the alerts of RCB of 2024 to 2026."""
MAX_ITEMS = 10_000
MAX_TEXT_CHARS = 20_000


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode a response of `/komunikatyxml/{province}/{category}/{page}?_format=xml`.

    An item about an attack from the air is an alert for each province that it names, under an id of the
    province alone, so that the item that calls it off finds its start; it is numbered by its second. Until
    when an item is shown (`valid_to`) is no all-clear. An item that tells of aircraft is a document for the
    reader as well. Times are Polish ones without a zone. All other items (storms, floods, exercises of the
    sirens) are left out.
    Raises DecodeError for what is no such response. Source: komunikaty.tvp.pl/Info/Integration.
    """
    root = parse(payload, context.feed)
    if root.tag != "newses":
        raise DecodeError(context.feed, f"/{root.tag}"[:200], "is not newses", payload)
    items = root.findall("news")
    if len(items) > MAX_ITEMS:
        raise DecodeError(context.feed, "/newses", f"has {len(items):,} items, of {MAX_ITEMS:,} allowed")
    decoded = Decoded()
    refusals = Refusals(context.feed)
    alerts: list[AirRaidAlert] = []
    for index, item in enumerate(items, 1):
        text = _text(item)
        if not ABOUT_THE_AIR.search(text) or EXERCISE.search(text):
            continue
        path = f"/newses/news[{index}]"
        try:
            alerts += list(_alerts(item, text, path, context))
            decoded.documents += list(_documents(item, text, path, context))
        except DecodeError as error:
            refusals.add(DecodeError(context.feed, error.path, error.reason, tostring(item)))
    decoded.events = sorted(alerts, key=lambda alert: alert.revision)
    decoded.refused = refusals.all()
    return decoded


def _alerts(item: Element, text: str, path: str, context: Context) -> Iterator[AirRaidAlert]:
    published_at, _ = _instant(item, ("updated_at", "created_at"), path, context)
    at, doubt = _instant(item, ("valid_from", "created_at"), path, context, near=published_at)
    over = OVER.search(text)
    said: dict[str, Any] = origin(context)
    for key in _provinces(item, path, context):
        yield AirRaidAlert(
            **said,
            id=announced_id(context.feed, context.run, key, "air_raid"),
            revision=announced_revision(published_at),
            msg_type="update" if over else "alert",
            valid_from=None if over else at,
            valid_to=at if over else None,
            published_at=published_at,
            region=key,
            evidence=_evidence(item, text, over, context),
            doubts=(doubt,) if doubt else (),
        )


def _documents(item: Element, text: str, path: str, context: Context) -> Iterator[Document]:
    if AIRCRAFT.search(text):
        published_at, _ = _instant(item, ("updated_at", "created_at"), path, context)
        yield Document(
            name=f"{context.feed}:{_field(item, 'id') or path}",
            text=text,
            feed=context.feed,
            status=context.status,
            run=context.run,
            published_at=published_at,
            title=_field(item, "title")[:MAX_LINE_CHARS],
            own_claimant=context.claimant,
            reliability=context.reliability,
            credibility=context.credibility,
        )


def _evidence(item: Element, text: str, over: re.Match[str] | None, context: Context) -> Evidence:
    told = over or ABOUT_THE_AIR.search(text)
    return Evidence(
        document=f"{context.feed}:{_field(item, 'id')}"[:128],
        text=text,
        lang=LANG,
        title=_field(item, "title")[:MAX_LINE_CHARS],
        spans={"alert_type": (told.span(),)} if told else {},
    )


def _provinces(item: Element, path: str, context: Context) -> list[str]:
    """The keys of the provinces that the feed, not the text, says an item is for."""
    found: dict[str, None] = {}
    for province in item.findall("provinces/province"):
        name = province.get("slug") or province.text or ""
        key = context.theatre.resolve_region(name, country="PL")
        if key is None or key not in context.theatre.regions:
            raise DecodeError(context.feed, f"{path}/provinces/province", f"{name[:200]!r} is no province")
        found[key] = None
    if not found:
        raise DecodeError(context.feed, f"{path}/provinces", "names no province")
    return list(found)


def _instant(
    item: Element, fields: tuple[str, ...], path: str, context: Context, near: dt.datetime | None = None
) -> tuple[dt.datetime, str]:
    """The first of the fields that has a value, and what is doubtful about it."""
    stated, field = next(((text, name) for name in fields if (text := _field(item, name))), ("", fields[0]))
    try:
        local = dt.datetime.fromisoformat(stated)
        if local.tzinfo is not None:
            return local.astimezone(dt.UTC), ""
        return resolve(local, WARSAW, near or context.received_at)
    except (ValueError, OverflowError) as error:
        raise DecodeError(context.feed, f"{path}/{field}", f"{stated[:200]!r} is no time") from error


def _text(item: Element) -> str:
    """Title and content; a content that is empty has its short form instead."""
    parts = (_field(item, "title"), _field(item, "content") or _field(item, "shortcut"))
    return "\n".join(part for part in parts if part)[:MAX_TEXT_CHARS]


def _field(item: Element, name: str) -> str:
    return (item.findtext(name) or "").strip()
