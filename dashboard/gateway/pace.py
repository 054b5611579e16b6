"""The pace: in which order a picture is told of entries and of the time, the same whoever leads it.

A picture's seconds are whole ones of the store's clock: it is told of a second after everything that was
received before it and before anything that was received in it. So what a picture was at an instant follows
from the streams alone, and a replay of them is the live picture again.
"""

from __future__ import annotations

import datetime as dt

from dashboard.picture.patch import Delta, fold
from dashboard.picture.picture import Picture
from streams.names import STREAMS
from streams.position import EntryId
from streams.read import Entry

_ORDER = {stream: i for i, stream in enumerate(STREAMS)}


def apply_entry(picture: Picture, entry: Entry) -> Delta:
    """What an entry changes in a picture."""
    entry_id = EntryId.parse(entry.entry_id)
    key = f"{entry_id.ms:014d}-{entry_id.seq:010d}-{_ORDER[entry.stream]}"
    if entry.event is None:
        return picture.unreadable(key)
    return picture.apply(entry.event, entry.received_at, key)


class Pace:
    """Leads one picture. second: the last that it was told of, by the store's clock; None where of none."""

    __slots__ = ("picture", "second")

    def __init__(self, picture: Picture, second: int | None = None) -> None:
        self.picture = picture
        self.second = second

    def take(self, entry: Entry) -> Delta:
        """Apply an entry, after the second that it came in. Without a second yet, entries alone."""
        if self.second is None:
            return apply_entry(self.picture, entry)
        reached = self.reach(EntryId.parse(entry.entry_id).ms // 1_000)
        change = apply_entry(self.picture, entry)
        if not reached:
            return change
        patch: Delta = {}
        fold(patch, reached)
        fold(patch, change)
        return patch

    def reach(self, second: int) -> Delta:
        """Tell the picture that it is this second, if it is not that late already."""
        if self.second is not None and second <= self.second:
            return {}
        self.second = second
        return self.picture.tick(dt.datetime.fromtimestamp(second, dt.UTC))
