"""The formats: what each one is called in a feed's configuration, and what decodes it."""

from __future__ import annotations

from msgspec import Struct

from config.errors import ConfigError
from config.feeds import FeedConfig
from ingest.decoding import Decode
from ingest.feeds import (
    aircraft,
    alerts_in_ua,
    alerts_in_ua_history,
    alerts_in_ua_iot,
    cap,
    cot,
    news_feed,
    news_page,
    notam,
    opensky,
    own,
    rso,
    telegram,
    text,
    ukrainealarm,
)


class Format(Struct, frozen=True):
    """How a payload is understood.

    is_numbered: its events bring revisions of their own, which stand. around: what stands before and after
    the records, so that one that was refused alone can be decoded alone.
    """

    decode: Decode
    is_numbered: bool = False
    around: tuple[bytes, bytes] | None = None


FORMATS: dict[str, Format] = {
    "aircraft": Format(aircraft.decode),
    "alerts-in-ua": Format(alerts_in_ua.decode, around=(b'{"alerts":[', b"]}")),
    "alerts-in-ua-history": Format(alerts_in_ua_history.decode, around=(b'{"alerts":[', b"]}")),
    "alerts-in-ua-iot": Format(alerts_in_ua_iot.decode),
    "cap": Format(cap.decode),
    "cot": Format(cot.decode),
    "news-feed": Format(news_feed.decode),
    "news-page": Format(news_page.decode),
    "notam": Format(notam.decode),
    "opensky": Format(opensky.decode),
    "own": Format(own.decode, is_numbered=True),
    "rso": Format(rso.decode, around=(b"<newses>", b"</newses>")),
    "telegram": Format(telegram.decode, around=(b'{"messages":[', b"]}")),
    "text": Format(text.decode),
    "ukrainealarm": Format(ukrainealarm.decode, around=(b"[", b"]")),
}


def format_of(feed: FeedConfig) -> Format:
    """Raises ConfigError for a format that there is not."""
    try:
        return FORMATS[feed.format]
    except KeyError:
        known = ", ".join(FORMATS)
        raise ConfigError(f"feed {feed.name}: format {feed.format!r} is none of {known}") from None
