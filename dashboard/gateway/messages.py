"""What client and gateway say to each other, version 1; `docs/protocol.md` tells it in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from dashboard.picture.patch import encode
from streams.names import STREAMS
from streams.position import Position

VERSION = 1
SUBPROTOCOL = "watchfloor.v1"
PATH = "/v1/picture"
MESSAGES = ("hello", "resync", "welcome", "snapshot", "delta", "heartbeat")
"""Every value of `type`: the first two are a client's."""

EntryIdText = Annotated[str, Meta(pattern=r"^[0-9]{1,19}-[0-9]{1,19}$")]


class MessageError(Exception):
    """What a client sent is not a message of this protocol."""


class ClaimedPosition(Struct, frozen=True):
    """A position as a client says it: of no other streams than ours, and with ids that are ids."""

    epoch: Annotated[str, Meta(min_length=1, max_length=64)]
    ids: Annotated[dict[str, EntryIdText], Meta(max_length=len(STREAMS))] = {}


class Hello(Struct, frozen=True, tag_field="type", tag="hello"):
    """A client's first message: where its picture stands, and which gateway it had that from."""

    position: ClaimedPosition | None = None
    gateway: Annotated[str, Meta(max_length=64)] = ""


class Resync(Struct, frozen=True, tag_field="type", tag="resync"):
    """A client asks for a snapshot."""


_decoder: msgspec.json.Decoder[Hello | Resync] = msgspec.json.Decoder(Hello | Resync)


def decode(message: str | bytes) -> Hello | Resync:
    """A client's message.

    Raises MessageError for whatever else it is; a binary message is never one.
    """
    if not isinstance(message, str):
        raise MessageError("a binary message")
    try:
        return _decoder.decode(message)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise MessageError(str(error)) from error


def decoded(raw: Any) -> Hello | Resync | None:
    """A client's message; None where it is none."""
    try:
        return decode(raw)
    except MessageError:
        return None


def position_of(claimed: ClaimedPosition | None) -> Position | None:
    """The position a client claims; None where it has none, or one with streams that we do not know."""
    if claimed is None or claimed.ids.keys() - set(STREAMS):
        return None
    return Position(claimed.epoch, dict(claimed.ids))


def welcome(
    *, gateway: str, recovered: bool, status: str, heartbeat_s: float, server_time: dt.datetime
) -> bytes:
    """The answer to a hello. What follows is a snapshot, or where `recovered` the delta that was missed."""
    return encode(
        {
            "type": "welcome",
            "gateway": gateway,
            "recovered": recovered,
            "server_time": server_time,
            "heartbeat_s": heartbeat_s,
            "version": VERSION,
            "status": status,
        }
    )


def snapshot(position: Position, picture: bytes, server_time: dt.datetime) -> bytes:
    """The whole picture, which comes encoded."""
    return encode(
        {"type": "snapshot", "position": position, "server_time": server_time, "picture": Raw(picture)}
    )


def delta(position: Position, patch: Mapping[str, Any] | Raw, events: int, server_time: dt.datetime) -> bytes:
    """What changed. events: how many stream entries it comes from; 0 where only time went by."""
    return encode(
        {
            "type": "delta",
            "position": position,
            "server_time": server_time,
            "patch": patch,
            "events": events,
        }
    )


def heartbeat(
    position: Position | None, server_time: dt.datetime, store_lost_at: dt.datetime | None
) -> bytes:
    """A sign of life, and whether the store gives one."""
    message: dict[str, Any] = {
        "type": "heartbeat",
        "server_time": server_time,
        "store": "ok" if store_lost_at is None else "lost",
    }
    if position is not None:
        message["position"] = position
    if store_lost_at is not None:
        message["store_lost_at"] = store_lost_at
    return encode(message)
