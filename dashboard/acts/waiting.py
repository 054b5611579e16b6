"""What waits for a person: the review queue and the quarantine, a page at a time, newest first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from msgspec import Struct

from dashboard.api.problems import ApiError
from dashboard.api.shape import encoded
from streams.quarantine import NEWEST, Quarantine, Refused
from streams.store import connect

PAGE = 20
MOST_CHARS = 20_000
"""Of a payload that are shown; a person who wants more asks `watchfloor quarantine show`."""
_ENTRY = re.compile(r"[0-9]{1,15}-[0-9]{1,15}", re.ASCII)


class Waiting(Struct, frozen=True, kw_only=True):
    """One input. path: the first field that is wrong; of a review entry, the document and what was read."""

    entry: str
    feed: str
    path: str
    reason: str
    received_at: dt.datetime
    last_at: dt.datetime
    times: int
    size: int
    text: str
    is_cut: bool


class WaitingAnswer(Struct, frozen=True, kw_only=True):
    """A page of them. next: the cursor to go on with. count: how many there are in all."""

    entries: tuple[Waiting, ...]
    next: str | None
    count: int


def cursor_of(parameters: Iterable[tuple[str, str]]) -> str:
    """Where to go on. Raises ApiError for a parameter that cannot be used."""
    cursor = NEWEST
    for name, value in parameters:
        if name != "cursor":
            raise ApiError("parameter", "is none of cursor", name[:400])
        if not _ENTRY.fullmatch(value):
            raise ApiError("parameter", "is no cursor of ours", "cursor")
        cursor = f"({value}"
    return cursor


async def waiting_answer(url: str, theatre: str, stream: str, before: str) -> bytes:
    """A page as JSON. stream: `review` or `quarantine`. Raises StoreError."""
    client = connect(url)
    try:
        kept = Quarantine(client, theatre)
        refused, after = await kept.page(stream=stream, before=before, count=PAGE)
        found = [(one, await kept.whole(one.entry_id, stream=stream)) for one in refused]
        count = await kept.count(stream=stream)
    finally:
        await client.aclose()
    entries = tuple(_waiting(one, whole[1]) for one, whole in found if whole is not None)
    return encoded(WaitingAnswer(entries=entries, next=after.removeprefix("(") or None, count=count))


def _waiting(refused: Refused, payload: bytes) -> Waiting:
    text = payload.decode(errors="backslashreplace")
    return Waiting(
        entry=refused.entry_id,
        feed=refused.feed,
        path=refused.path,
        reason=refused.reason,
        received_at=refused.received_at,
        last_at=refused.last_at,
        times=refused.times,
        size=refused.size,
        text=text[:MOST_CHARS],
        is_cut=len(text) > MOST_CHARS,
    )
