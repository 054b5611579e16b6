"""The catalogue: which segments there are; it follows from the segments and can be made from them again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from streams.archive.errors import ArchiveError
from streams.archive.segment import Segment
from streams.position import EntryId

NAME = "catalogue.json"
_START = EntryId(0, 0)


class _Document(Struct, forbid_unknown_fields=True):
    version: int
    segments: list[Segment]


class Catalogue:
    """Segments by epoch and stream, in the order of their entries."""

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self.segments = tuple(
            sorted(
                {segment.name: segment for segment in segments}.values(),
                key=lambda each: (each.first_id, each.stream, each.epoch, each.last_id),
            )
        )
        self.names = frozenset(segment.name for segment in self.segments)
        self._rows: dict[tuple[str, str], list[Segment]] = {}
        for segment in self.segments:
            self._rows.setdefault((segment.epoch, segment.stream), []).append(segment)
        self._reach: dict[tuple[str, str], list[EntryId]] = {}
        for row, segments_in_order in self._rows.items():
            reach, reached = [], _START
            for segment in segments_in_order:
                reached = max(reached, segment.last_id)
                reach.append(reached)
            self._reach[row] = reach

    @property
    def epochs(self) -> tuple[str, ...]:
        """Of which lives of a store there is something, the one that began first before."""
        return tuple(dict.fromkeys(segment.epoch for segment in self.segments))

    def of(self, epoch: str, stream: str, after: EntryId = _START) -> list[Segment]:
        """The segments that have, or may have, entries after an id; oldest first, and they may overlap."""
        row = self._rows.get((epoch, stream), [])
        return row[bisect_right(self._reach[epoch, stream], after) :] if row else []

    def gaps(self, epoch: str, stream: str) -> list[tuple[EntryId, EntryId]]:
        """Between which ids nothing tells what there was: after the first, up to the second."""
        found = []
        reached: EntryId | None = None
        for segment in self.of(epoch, stream):
            if reached is not None and segment.after_id > reached:
                found.append((reached, segment.after_id))
            reached = max(reached or segment.last_id, segment.last_id)
        return found


def encode(catalogue: Catalogue) -> bytes:
    """The catalogue as JSON."""
    return msgspec.json.encode(_Document(1, list(catalogue.segments)))


def decode(payload: bytes) -> Catalogue:
    """The catalogue in `payload`. Raises ArchiveError where it is none."""
    try:
        document = msgspec.json.decode(payload, type=_Document)
        if document.version != 1:
            raise ArchiveError(f"a catalogue of version {document.version}, not 1")
        return Catalogue(document.segments)
    except (msgspec.DecodeError, ValueError) as error:
        raise ArchiveError(f"not a catalogue: {error}") from error
