"""The desk: what our operators did, and what follows from it: acknowledgements and merges.

An act is undone by a cancel revision of its log entry. It stays in the log, marked, and nothing follows from
it any more.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol, cast

from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.said import Said
from dashboard.picture.scene import Scene
from dashboard.picture.shape import Ack, LogView, Night
from dashboard.picture.tail import Tail
from streams.events import LogEntry

LINES = 100
ACKS = 1_000
MOST_NOTE = 1_000
"""Characters of a note that are shown; the event has all of it."""


class Joining(Protocol):
    """A part of the picture whose groups follow merges."""

    def join(self, ids: frozenset[str]) -> None:
        """These events may be tied to others than before."""
        ...


class Desk:
    """By log entry. joining: the parts that merges concern."""

    def __init__(self, scene: Scene, said: Said, joining: tuple[Joining, ...]) -> None:
        self._scene = scene
        self._said = said
        self._joining = joining
        self._lines = Tail(scene.tree, "log", LINES)
        self._acks = Tail(scene.tree, "acks", ACKS)
        self._line_of: dict[str, str] = {}
        self._acked: dict[str, dict[str, Ack]] = {}
        self._ack_of: dict[str, str] = {}

    def change(self, old: Held | None, new: Held | None) -> None:
        line = None
        if old is not None:
            line = self._line_of.pop(old.event.id, None)
            self._forget(_entry(old))
        if new is None:
            if line is not None:
                self._lines.drop(line)
            return
        entry = _entry(new)
        first = self._first(new)
        at = credible(first.event.published_at) or first.received_at
        order = f"{int(at.timestamp() * 1_000):014d}|{entry.id}"
        if line is not None and line != order:
            self._lines.drop(line)
        self._line_of[entry.id] = order
        self._lines.put(order, order, _line(entry, first, at))
        if is_undone(entry):
            return
        if entry.act == "ack":
            ack = Ack(by=entry.by, at=at, note=entry.note[:MOST_NOTE], log=entry.id)
            for event_id in _about(entry):
                self._acked.setdefault(event_id, {})[entry.id] = ack
                self._show_ack(event_id)
        elif entry.act == "merge" and entry.about and entry.others:
            self._joined(self._scene.merges.put(entry.id, order, entry.about, entry.others))

    def hear_more(self, held: Held) -> None:
        """Of this entry, which is known, an earlier revision came."""
        self.change(held, held)

    def keeps(self, held: Held) -> bool:
        """A merge is needed for as long as what it is about, and of that raid reports are kept for good."""
        entry = _entry(held)
        return entry.act == "merge" and not is_undone(entry)

    def turn(self, before: Night | None) -> None:
        return

    def _forget(self, entry: LogEntry) -> None:
        """Nothing follows any more from what this said."""
        if entry.act == "ack":
            for event_id in _about(entry):
                acks = self._acked.get(event_id, {})
                if acks.pop(entry.id, None) is not None:
                    self._show_ack(event_id)
        elif entry.act == "merge":
            self._joined(self._scene.merges.drop(entry.id))

    def _show_ack(self, event_id: str) -> None:
        acks = self._acked.get(event_id)
        before = self._ack_of.pop(event_id, None)
        last = max(acks.values(), key=lambda ack: (ack.at, ack.log)) if acks else None
        order = f"{int(last.at.timestamp() * 1_000):014d}|{last.log}|{event_id}" if last is not None else None
        if before is not None and before != order:
            self._acks.drop(before)
        if last is None or order is None:
            self._acked.pop(event_id, None)
            return
        self._ack_of[event_id] = order
        self._acks.put(order, event_id, last)

    def _joined(self, ids: frozenset[str]) -> None:
        if ids:
            for part in self._joining:
                part.join(ids)

    def _first(self, held: Held) -> Held:
        """The first revision that is known: what was done, when and by whom; later ones undo it."""
        return self._said.up_to(held)[0]


def is_undone(entry: LogEntry) -> bool:
    """Whether an act was undone by another."""
    return entry.msg_type in ("cancel", "error")


def _entry(held: Held) -> LogEntry:
    return cast(LogEntry, held.event)


def _about(entry: LogEntry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in (entry.about, *entry.others) if each))


def _line(entry: LogEntry, first: Held, at: dt.datetime) -> LogView:
    done, is_over = _entry(first), is_undone(entry)
    return LogView(
        id=entry.id,
        at=at,
        act=done.act,
        by=done.by,
        about=done.about,
        others=done.others,
        note=done.note[:MOST_NOTE],
        undone=is_over,
        undone_by=entry.by if is_over else "",
    )
