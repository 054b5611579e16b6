"""Posts of a Telegram channel: the alerts that air_alert_ua's form tells, and all else as documents."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from config.theatre import Theatre
from ingest.announced import announced_id, announced_revision
from ingest.decoding import Context, Decoded
from ingest.documents import Document, digest
from ingest.errors import DecodeError
from ingest.local_time import KYIV, nearest
from ingest.origin import options, origin
from ingest.records import each, whole
from ingest.syndication import entries
from streams.events import AirRaidAlert, Evidence, Span

LANG = "uk"
ANNOUNCEMENTS = {
    "Повітряна тривога": ("air_raid", True),
    "Відбій тривоги": ("air_raid", False),
    "Відбій повітряної тривоги": ("air_raid", False),
    "Загроза артобстрілу": ("artillery_shelling", True),
    "Відбій загрози артобстрілу": ("artillery_shelling", False),
}
"""What a post says of its region, to the type of alert and whether it starts. Source: t.me/air_alert_ua."""
STARTS, ENDS = "🔴", "🟢🟡"
"""What a post opens with; yellow is an all-clear that names neighbours which are still under alert."""
LONGEST_CHARS = 4_096
"""Of a post. Source: core.telegram.org/bots/api, sendMessage."""
CLOSE = dt.timedelta(hours=1)
"""The time in a post and the post's own differ by seconds; by more than this one of them is wrong."""
MAX_TAGS = 5

_ANNOUNCED = re.compile(
    rf"(?P<mark>[{STARTS}{ENDS}])\s*(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)\s+"
    rf"(?P<what>{'|'.join(ANNOUNCEMENTS)})\s+[ву]\s+(?P<where>[^\n]{{1,200}})"
)
_TAG = re.compile(r"#(\w{1,120})")
_JOINED = re.compile(r"(?<=[а-яґєії])(?=[А-ЯҐЄІЇ])")
_WITH_CITY = re.compile(r"м\.?\s+(?P<city>.+?)\s+та\s+.+\s+територіальна\s+громада")
_STILL = re.compile(r"^\s*[-–—•]\s*(?P<where>[^\n]{1,200})$", re.MULTILINE)


class _Piece(Struct):
    text: str = ""


class _Message(Struct):
    id: Annotated[int, Meta(ge=0, le=2**53)]
    type: str = "message"
    date: str | int | None = None
    date_unixtime: str | int | None = None
    text: str | list[str | _Piece] | None = None
    message: str | None = None


class _Messages(Struct):
    messages: list[Raw] | UnsetType = UNSET


class _Options(Struct):
    channel: str = ""


class _Post(Struct, frozen=True):
    """A post, whatever brought it. path: where it stands in the payload."""

    path: str
    name: str
    text: str
    at: dt.datetime | None
    link: str = ""


def decode(payload: bytes, context: Context) -> Decoded:
    """Decode posts: Telegram Desktop's export, a bridge's `messages` or JSON Feed, RSS or Atom.

    A post in the form of air_alert_ua makes an alert under an id of region and type alone, so that an
    all-clear finds its start; it is numbered by its second, for a later post is the newer. A clock time in it
    is Kyiv's, on the day that lies nearest to the post. Every other post is a document. Option `channel`: the
    channel's name, for the links of posts that come without.
    Raises DecodeError for what is none of these. Source: t.me/air_alert_ua; Telegram Desktop 5, result.json.
    """
    decoded = Decoded()
    alerts: list[AirRaidAlert] = []
    for post in _posts(payload, context, decoded):
        announced = _ANNOUNCED.match(post.text) if len(post.text) <= LONGEST_CHARS else None
        if announced is None:
            decoded.documents += _document(post, context)
            continue
        try:
            alerts += list(_alerts(post, announced, context))
        except DecodeError as error:
            decoded.refused.append(error)
    decoded.events = sorted(alerts, key=lambda alert: alert.revision)
    return decoded


def _posts(payload: bytes, context: Context, into: Decoded) -> Iterable[_Post]:
    if payload.lstrip()[:1] == b"{":
        messages = whole(payload, _Messages, context.feed).messages
        if messages is not UNSET:
            channel = options(context, _Options).channel

            def of(message: _Message, path: str) -> Iterator[_Post]:
                return _of_message(message, path, channel, context.feed)

            return each(messages, _Message, of, feed=context.feed, path="$.messages", into=into)
    return [
        _Post(
            f"$.entries[{index}]",
            entry.link or entry.name or f"{context.feed}:{digest(entry.text)}",
            entry.text or entry.title,
            entry.published_at,
            entry.link,
        )
        for index, entry in enumerate(entries(payload, context, into))
    ]


def _of_message(message: _Message, path: str, channel: str, feed: str) -> Iterator[_Post]:
    if message.type not in ("message", ""):
        return
    pieces = message.text if message.text is not None else message.message
    text = pieces if isinstance(pieces, str) else "".join(_plain(piece) for piece in pieces or ())
    if text.strip():
        link = f"https://t.me/{channel}/{message.id}" if channel else ""
        yield _Post(path, link or f"{feed}:{message.id}", text.strip(), _at(message, path, feed), link)


def _plain(piece: str | _Piece) -> str:
    return piece if isinstance(piece, str) else piece.text


def _at(message: _Message, path: str, feed: str) -> dt.datetime:
    """When the post was made. The export's own `date` is of a zone that it does not tell."""
    stated = message.date_unixtime if message.date_unixtime is not None else message.date
    try:
        if isinstance(stated, int) or (
            stated is not None and stated.lstrip("-").isascii() and stated.isdigit()
        ):
            return dt.datetime.fromtimestamp(int(stated), dt.UTC)
        at = dt.datetime.fromisoformat(stated or "")
        if at.tzinfo is not None:
            return at.astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        pass
    field = "date_unixtime" if message.date_unixtime is not None else "date"
    raise DecodeError(feed, f"{path}.{field}", f"{stated!r} is no instant, or does not tell its zone"[:500])


def _alerts(post: _Post, announced: re.Match[str], context: Context) -> Iterator[AirRaidAlert]:
    alert_type, starts = ANNOUNCEMENTS[announced["what"]]
    if post.at is None:
        raise DecodeError(context.feed, f"{post.path}.date", "is missing", post.text.encode())
    if starts != (announced["mark"] in STARTS):
        reason = f"{announced['mark']} does not go with {announced['what']!r}"
        raise DecodeError(context.feed, f"{post.path}.text", reason, post.text.encode())
    hour, _, minute = announced["clock"].partition(":")
    try:
        at = nearest(dt.time(int(hour), int(minute)), KYIV, post.at)
    except OverflowError as error:
        raise DecodeError(context.feed, f"{post.path}.date", "is outside the calendar") from error
    doubts = []
    if abs(at - post.at) > CLOSE:
        minutes = abs(at - post.at) // dt.timedelta(minutes=1)
        doubts.append(f"the time in the text and the post's own are {minutes} min apart")
    spans = {
        "alert_type": (announced.span("what"),),
        "valid_from" if starts else "valid_to": (announced.span("clock"),),
    }
    for key, span in _regions(post, announced, context, doubts).items():
        said: dict[str, Any] = {**origin(context), "alert_type": alert_type}
        yield AirRaidAlert(
            **said,
            id=announced_id(context.feed, context.run, key, alert_type),
            revision=announced_revision(post.at),
            msg_type="alert" if starts else "update",
            valid_from=at if starts else None,
            valid_to=None if starts else at,
            published_at=post.at,
            region=key,
            permanent=context.theatre.region_of(key).permanent_alert and alert_type == "air_raid",
            evidence=Evidence(
                document=post.name[:128],
                text=post.text,
                lang=LANG,
                link=post.link,
                spans={**spans, "region": (span,)},
            ),
            doubts=(*doubts, *_contradictions(post, key, starts, context.theatre)),
        )


def _regions(post: _Post, announced: re.Match[str], context: Context, doubts: list[str]) -> dict[str, Span]:
    """The regions that the hashtags name, else the one that the sentence does, each with where it stands."""
    found: dict[str, Span] = {}
    for tag in list(_TAG.finditer(post.text))[:MAX_TAGS]:
        name = _JOINED.sub("-", tag[1].replace("_", " "))
        if key := region_named(name, context.theatre):
            found.setdefault(key, tag.span())
    where = announced["where"].strip(" .!")
    named = region_named(where, context.theatre)
    if found and named is not None and named not in found:
        doubts.append(f"the hashtag is of {', '.join(found)}, the sentence of {where}")
    if found or named:
        return found or {str(named): announced.span("where")}
    if where.endswith("громада"):
        doubts.append(f"in which oblast {where} lies is not known")
        return {context.theatre.below("UA", where, "hromada"): announced.span("where")}
    raise DecodeError(
        context.feed, f"{post.path}.text", f"{where!r} is no region of the theatre", post.text.encode()
    )


def region_named(name: str, theatre: Theatre) -> str | None:
    """The region of a name as the channel writes it; one with a city lies in the city's oblast."""
    key = theatre.resolve_region(name, country="UA")
    if key in theatre.regions:
        return key
    with_city = _WITH_CITY.fullmatch(name)
    place = theatre.resolve_place(with_city["city"], near="UA") if with_city else None
    if place is None or theatre.region_of(place.region).country != "UA":
        return None
    return theatre.below(place.region, name, "hromada")


def _contradictions(post: _Post, key: str, starts: bool, theatre: Theatre) -> list[str]:
    """The region of an all-clear among those that the same post says are still under alert."""
    still = [] if starts else [one["where"].strip() for one in _STILL.finditer(post.text)]
    named = [where for where in still if region_named(where, theatre) == key]
    return [f"the all-clear says that an alert lasts in {named[0]}"] if named else []


def _document(post: _Post, context: Context) -> Iterator[Document]:
    if post.text.strip():
        yield Document(
            name=post.name,
            text=post.text,
            feed=context.feed,
            status=context.status,
            run=context.run,
            published_at=post.at,
            link=post.link,
            own_claimant=context.claimant,
            reliability=context.reliability,
            credibility=context.credibility,
        )
