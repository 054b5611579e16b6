"""The log's entry of each act: who did what, about what, and which revision it made."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from ingest.acts.asked import Ack, Bookmark, Handover, Merge, NoteDown
from ingest.acts.entering import FEED
from ingest.acts.refusal import ActRefused
from streams.events import Evidence, LogEntry, Status

MAX_VIEW_CHARS = 8_000


def entry(id: str, by: str, status: Status, run: str, act: Any, **fields: Any) -> LogEntry:
    """An entry of the log. act: which one."""
    return LogEntry(id=id, status=status, run=run, feed=FEED, act=act, by=by, **fields)


def said_of(act: Ack | NoteDown | Handover | Bookmark | Merge) -> dict[str, Any]:
    """What the entry of an act that only stands in the log says.

    Raises ActRefused for a merge of an event with itself, and a view that is too large.
    """
    match act:
        case Ack():
            return {"act": "ack", "about": act.about[0], "others": act.about[1:], "note": act.note}
        case NoteDown():
            about = act.about[0] if act.about else ""
            return {"act": "note", "about": about, "others": act.about[1:], "note": act.note}
        case Handover():
            return {"act": "handover", "note": act.note, "valid_from": act.since}
        case Bookmark():
            note = f"{act.title}\n{act.note}" if act.note else act.title
            return {"act": "bookmark", "note": note, "valid_from": act.at, "evidence": _view(act)}
        case Merge():
            if act.into in act.ids:
                raise ActRefused("parameter", "is the event that it is merged into", "ids")
            merged = tuple(dict.fromkeys(act.ids))
            return {"act": "merge", "about": act.into, "others": merged, "note": act.note}


def cancelled(done: LogEntry, by: str) -> LogEntry:
    """The act undone: the next revision of its entry, by who undid it."""
    return replace(done, revision=done.revision + 1, msg_type="cancel", by=by)


def _view(act: Bookmark) -> Evidence | None:
    if act.view is None:
        return None
    text = msgspec.json.encode(act.view).decode()
    if len(text) > MAX_VIEW_CHARS:
        raise ActRefused("parameter", f"has {len(text):,} characters, of {MAX_VIEW_CHARS:,} allowed", "view")
    return Evidence(document="view", text=text, title=act.title)
