"""What a client and the replay say to each other, beyond what the gateway's protocol has."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from dashboard.gateway.messages import VERSION, Hello, Resync
from dashboard.picture.patch import encode

PATH = "/v1/replay"
LEAST_SPEED = 1.0
MOST_SPEED = 3_600.0


class Play(Struct, frozen=True, tag_field="type", tag="play"):
    """Go on. speed: seconds a second; the one before where it is absent."""

    speed: Annotated[float, Meta(ge=LEAST_SPEED, le=MOST_SPEED)] | None = None
    reverse: bool = False


class Pause(Struct, frozen=True, tag_field="type", tag="pause"):
    """Stand still."""


class Seek(Struct, frozen=True, tag_field="type", tag="seek"):
    """Go to an instant; playing goes on from there."""

    at: dt.datetime


class Step(Struct, frozen=True, tag_field="type", tag="step"):
    """Go to the next event, or the one before, and stand still."""

    by: Literal[1, -1] = 1


class Known(Struct, frozen=True, tag_field="type", tag="known"):
    """At the same instant: as it was known then, or as it is known now."""

    as_: Literal["then", "now"] = msgspec.field(name="as")


class Loop(Struct, frozen=True, tag_field="type", tag="loop"):
    """Play a stretch again and again; with nulls no more."""

    from_: dt.datetime | None = msgspec.field(name="from", default=None)
    to: dt.datetime | None = None


class View(Struct, frozen=True, tag_field="type", tag="view"):
    """What the leader looks at: handed on to who follows as it is."""

    view: Raw


class End(Struct, frozen=True, tag_field="type", tag="end"):
    """The leader leads no more."""


Message = Hello | Resync | Play | Pause | Seek | Step | Known | Loop | View | End
_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


def decoded(raw: Any) -> Message | None:
    """A client's message; None where it is none."""
    if not isinstance(raw, str):
        return None
    try:
        message = _decoder.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    if isinstance(message, Seek) and message.at.tzinfo is None:
        return None
    if isinstance(message, Loop):
        stated = [each for each in (message.from_, message.to) if each is not None]
        if len(stated) == 1 or any(each.tzinfo is None for each in stated):
            return None
        if stated and stated[0] >= stated[1]:
            return None
    return message


class State(Struct, frozen=True, kw_only=True):
    """How a replay stands; every message of it has one, as `replay`.

    at: the instant that is shown. from_, to: how far back and on it can go. speed: replayed seconds a second.
    leading: whether this client leads the room; followers: how many follow it. ready: false while what is
    asked for is still worked out. stopped: true where the night goes on and nothing of it is recorded.
    """

    at: dt.datetime
    known: Literal["then", "now"]
    playing: bool
    speed: float
    reverse: bool
    from_: dt.datetime = msgspec.field(name="from")
    to: dt.datetime
    loop: tuple[dt.datetime, dt.datetime] | None
    room: str
    leading: bool
    followers: int
    ready: bool
    stopped: bool


def welcome(*, gateway: str, status: str, heartbeat_s: float, state: State | None) -> bytes:
    """The answer to a hello: a snapshot follows, or `idle` where there is nothing to follow yet."""
    message: dict[str, Any] = {
        "type": "welcome",
        "gateway": gateway,
        "recovered": False,
        "heartbeat_s": heartbeat_s,
        "version": VERSION,
        "status": status,
    }
    if state is not None:
        message |= {"server_time": state.at, "replay": state}
    return encode(message)


def snapshot(epoch: str, picture: bytes, state: State) -> bytes:
    """The whole picture, which comes encoded."""
    return encode(
        {
            "type": "snapshot",
            "position": {"epoch": epoch, "ids": {}},
            "server_time": state.at,
            "picture": Raw(picture),
            "replay": state,
        }
    )


def delta(epoch: str, patch: bytes, events: int, state: State) -> bytes:
    """What is otherwise than in the message before."""
    return encode(
        {
            "type": "delta",
            "position": {"epoch": epoch, "ids": {}},
            "server_time": state.at,
            "patch": Raw(patch),
            "events": events,
            "replay": state,
        }
    )


def heartbeat(epoch: str, state: State) -> bytes:
    """A sign of life, and how the replay stands."""
    return encode(
        {
            "type": "heartbeat",
            "position": {"epoch": epoch, "ids": {}},
            "server_time": state.at,
            "store": "ok",
            "replay": state,
        }
    )


def view(shown: Raw, state: State) -> bytes:
    """What the leader looks at."""
    return encode({"type": "view", "view": shown, "replay": state})


def idle(room: str) -> bytes:
    """Nobody leads the room."""
    return encode({"type": "idle", "room": room})


def ended(room: str) -> bytes:
    """The leader has left; whoever followed goes back to live."""
    return encode({"type": "ended", "room": room})
