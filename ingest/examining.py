"""Examines a feed once and publishes nothing: is its key there, does it answer, can that be read."""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING

from config.feeds import FeedConfig
from ingest.clocks import delay_s
from ingest.decoding import Context, Decoded
from ingest.errors import DecodeError, TransportError
from ingest.formats import format_of
from ingest.transports.transport import Payload, Transport
from streams.errors import StoreError

if TYPE_CHECKING:
    from config.theatre import Theatre

WRONG_CLOCK_S = 120.0
"""A source further off than this is told of: NTP keeps clocks within a second."""
LISTENS_S = 3.0
"""How long a source that speaks when it likes is listened to."""
SPEAKS_WHEN_IT_LIKES = frozenset(("websocket", "tcp", "tls", "udp", "file", "folder"))


async def examine(feed: FeedConfig, transport: Transport | None, theatre: Theatre) -> tuple[bool, str]:
    """Whether a feed is well, and a line for a person: what is wrong with it and what to do."""
    if feed.secret and not feed.secret_value():
        return False, f"its key is missing: set {feed.secret} in the environment of ingest"
    is_there = feed.transport not in ("file", "folder") or await asyncio.to_thread(Path(feed.url).exists)
    if not is_there:
        return False, f"{feed.url} is not there: make it, or mend url"
    if transport is None:
        return True, "is pushed to us; its key is set"
    try:
        payload = await _first(feed, transport)
    except TransportError as error:
        return False, f"does not answer: {error.reason}: {_advice(feed, error.reason)}"
    except StoreError as error:
        return False, f"cannot be asked, since its limits are kept in the store: {error}"
    except TimeoutError:
        if feed.transport in SPEAKS_WHEN_IT_LIKES:
            return True, f"can be listened to; it said nothing for {LISTENS_S:g} s"
        return False, f"gave no answer within {feed.answer_s + LISTENS_S:g} s: its limit may be used up"
    if payload is None:
        return True, "answers; nothing new"
    return _judge(feed, payload, theatre)


def _advice(feed: FeedConfig, reason: str) -> str:
    if "our key" in reason:
        return f"mend {feed.secret}, or secret_as" if feed.secret else "name its key with secret"
    if "environment variable" in reason:
        return "set it in the environment of ingest"
    if reason.startswith("TLS"):
        return "look at url, at verify, and at both clocks"
    if "not a public address" in reason:
        return "set url to where the source is"
    return "look at url, the network, the proxy"


async def _first(feed: FeedConfig, transport: Transport) -> Payload | None:
    wait_s = LISTENS_S if feed.transport in SPEAKS_WHEN_IT_LIKES else feed.answer_s + LISTENS_S
    async with asyncio.timeout(wait_s), aclosing(transport.payloads("")) as payloads:
        async for payload in payloads:
            return payload
    return None


def _judge(feed: FeedConfig, payload: Payload, theatre: Theatre) -> tuple[bool, str]:
    context = Context(
        feed=feed.name,
        theatre=theatre,
        received_at=payload.received_at,
        link=payload.link,
        content_type=payload.content_type,
        claimant=feed.claimant,
        options=feed.options,
    )
    try:
        decoded = format_of(feed).decode(payload.body, context)
    except DecodeError as error:
        return False, f"answers, but not as format {feed.format}: {error.path}: {error.reason}"
    behind_s = delay_s(decoded.said_at or payload.said_at, payload.received_at)
    if behind_s is not None and behind_s < -WRONG_CLOCK_S:
        return False, f"its clock is {-behind_s:,.0f} s ahead of ours: see which is wrong (timedatectl)"
    return not decoded.refused, f"answers: {_summary(decoded)}{_age(behind_s)}"


def _summary(decoded: Decoded) -> str:
    said = f"{len(decoded.events)} events, {len(decoded.documents)} documents"
    if decoded.links:
        said += f", {len(decoded.links)} links"
    if decoded.refused:
        first = decoded.refused[0]
        said += f", {len(decoded.refused)} refused ({first.path}: {first.reason})"
    return said


def _age(behind_s: float | None) -> str:
    return "" if behind_s is None else f", as of {dt.timedelta(seconds=round(behind_s))} ago"
