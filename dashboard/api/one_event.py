"""One event: all its revisions, whole, and what our operators did about it."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import Raw
from redis.asyncio import Redis

from dashboard.api.problems import ApiError
from dashboard.api.question import EventQuestion
from dashboard.api.shape import ActAnswer, EventRow, EventSent, encoded
from dashboard.picture.desk import is_undone
from dashboard.picture.night import credible
from streams.archive.archive import Archive
from streams.archive.history import History
from streams.events import LogEntry
from streams.names import STREAMS, key
from streams.publish import memory_of
from streams.read import Entry, entry_of
from streams.store import answering, connect

MOST_REVISIONS = 200
"""The numbers that are looked for from 1 on."""
MOST_ACTS = 5_000
"""Entries of the log that are looked through, the newest."""


def event_answer(
    url: str, archive: Archive, theatre: str, event_id: str, question: EventQuestion, *, audit: bool
) -> bytes:
    """Everything about one event as JSON. audit: also where it is the audit's. Blocks.

    Raises ApiError where there is none of this id, StoreError when the store cannot be reached, and
    ArchiveError when the archive cannot.
    """
    return asyncio.run(_answer(url, archive, theatre, event_id, question, audit=audit))


async def _answer(
    url: str, archive: Archive, theatre: str, event_id: str, question: EventQuestion, *, audit: bool
) -> bytes:
    client = connect(url)
    try:
        history = History(archive, theatre, client)
        entries = await _revisions(client, history, theatre, event_id, question.revision)
        if not audit:
            entries = [entry for entry in entries if not _is_audit(entry)]
        if not entries:
            raise ApiError("not-found", "there is no event of this id")
        acts = await _acts(history, event_id)
    finally:
        await client.aclose()
    done = [act for act in acts if not act.undone]
    return encoded(
        EventSent(
            id=event_id,
            revisions=tuple(
                EventRow(
                    entry=f"{entry.stream}/{entry.entry_id}",
                    received_at=entry.received_at,
                    event=Raw(entry.payload),
                )
                for entry in entries
            ),
            acks=tuple(act for act in done if act.act == "ack"),
            notes=tuple(act for act in done if act.act == "note"),
            log=tuple(acts),
        )
    )


async def _revisions(
    client: Redis, history: History, theatre: str, event_id: str, wanted: int
) -> list[Entry]:
    """The revisions of an id, by number. What remembers each revision that was published has its entry."""
    numbers = [*range(1, MOST_REVISIONS + 1), *([wanted] if wanted > MOST_REVISIONS else [])]
    async with answering("read"):
        found: Any = await client.mget([memory_of(theatre, event_id, number) for number in numbers])
    ids = [entry_id.decode() for entry_id in found if entry_id is not None]
    async with answering("read"), client.pipeline(transaction=False) as pipeline:
        for entry_id in ids:
            for stream in STREAMS:
                pipeline.xrange(key(theatre, stream), entry_id, entry_id)
        answers: list[Any] = await pipeline.execute() if ids else []
    entries: dict[int, Entry] = {}
    epoch = await history.epoch()
    for number, entry_id in enumerate(ids):
        of_streams = answers[number * len(STREAMS) : (number + 1) * len(STREAMS)]
        here = [
            entry_of(stream, entry_id, rows[0][1] or {})
            for stream, rows in zip(STREAMS, of_streams, strict=True)
            if rows
        ]
        if not any(_is(entry, event_id) for entry in here):
            there = [await history.entry(epoch, stream, entry_id) for stream in STREAMS]
            here = [entry for entry in there if entry is not None]
        for entry in here:
            if entry.event is not None and _is(entry, event_id):
                entries.setdefault(entry.event.revision, entry)
    return [entries[number] for number in sorted(entries)]


async def _acts(history: History, event_id: str) -> list[ActAnswer]:
    """What our operators did about an event, in order."""
    said: dict[str, dict[int, Entry]] = {}
    for entry in reversed(await history.newest(await history.epoch(), "log", count=MOST_ACTS)):
        if entry.event is not None and not _is_audit(entry):
            said.setdefault(entry.event.id, {}).setdefault(entry.event.revision, entry)
    acts = [_act(revisions) for revisions in said.values()]
    return sorted(
        (act for act in acts if act is not None and event_id in (act.about, *act.others)),
        key=lambda act: (act.at, act.log),
    )


def _act(revisions: dict[int, Entry]) -> ActAnswer | None:
    first, last = revisions[min(revisions)], revisions[max(revisions)]
    done, now = first.event, last.event
    if not isinstance(done, LogEntry) or not isinstance(now, LogEntry):
        return None
    is_over = is_undone(now)
    return ActAnswer(
        log=done.id,
        at=credible(done.published_at) or first.received_at,
        act=done.act,
        by=done.by,
        about=done.about,
        others=done.others,
        note=done.note,
        undone=is_over,
        undone_by=now.by if is_over else "",
    )


def _is(entry: Entry, event_id: str) -> bool:
    return entry.event is not None and entry.event.id == event_id


def _is_audit(entry: Entry) -> bool:
    return isinstance(entry.event, LogEntry) and entry.event.act == "audit"
