"""What every transport is to a feed: an endless row of payloads, with a place to go on from."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator
from typing import Protocol

from msgspec import Struct


class Payload(Struct, frozen=True, kw_only=True):
    """Bytes as they came.

    link: where from, without secrets. said_at: the sender's clock, where the protocol tells it (HTTP Date).
    cursor: where to go on after this payload, for transports that can; it is kept once all that the payload
    says is published. dropped: payloads before this one that found no room.
    """

    body: bytes
    received_at: dt.datetime
    link: str = ""
    content_type: str = ""
    said_at: dt.datetime | None = None
    cursor: str = ""
    dropped: int = 0


class Transport(Protocol):
    """How a feed's bytes get here."""

    def payloads(self, cursor: str) -> AsyncGenerator[Payload | None, None]:
        """Payloads until closed; None where the source answered and has nothing new.

        cursor: of the last payload that was kept, or empty. Raises TransportError when the source cannot be
        reached or does not answer as it should; calling again begins anew, and what the transport knows of
        the source (validators, limits) stays.
        """
        ...
