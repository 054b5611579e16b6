"""The archive of one theatre: segments on a shelf, and their catalogue; what is added is verified first."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

from pyarrow import NativeFile  # type: ignore[import-untyped]

from streams.archive import catalogue as catalogues
from streams.archive.catalogue import Catalogue
from streams.archive.errors import ArchiveError
from streams.archive.segment import Row, Segment, bounds, examine, open_groups, read_group, read_rows
from streams.archive.shelf import Shelf
from streams.position import EntryId

CACHE_BYTES = 64_000_000
"""Of events in row groups that were read last."""
OPEN_FILES = 96
"""Segments that are held open, their footers read."""
PAGE_BYTES = 16_000_000
"""Of events in what is read at once, however many are asked for."""

FOREVER = EntryId(2**64, 0)
"""Beyond every entry."""


class _Opened(NamedTuple):
    file: NativeFile
    groups: Any
    bounds: list[tuple[EntryId, EntryId]]


class Archive:
    """Reads and writes one theatre's archive. Its calls block; any thread may make them.

    Every method raises ArchiveError for what cannot be reached, or is missing or broken.
    """

    def __init__(self, shelf: Shelf, theatre: str) -> None:
        self.shelf = shelf
        self.theatre = theatre
        self._lock = threading.Lock()
        self._catalogue = Catalogue()
        self._stamp: tuple[int, int] | None = None
        self._looked_at = -math.inf
        self._opened: OrderedDict[str, _Opened] = OrderedDict()
        self._groups: OrderedDict[tuple[str, int], list[Row]] = OrderedDict()
        self._cached_bytes = 0

    def catalogue(self) -> Catalogue:
        """The catalogue as it stands now."""
        with self._lock:
            return self._fresh()

    # Reading.

    def after(
        self, epoch: str, stream: str, after: EntryId, count: int, end: EntryId = FOREVER
    ) -> tuple[list[Row], bool]:
        """Up to `count` rows after an id and before `end`; and whether there are, or may be, more."""
        found: list[Row] = []
        size = 0
        with self._lock:
            for segment in self._fresh().of(epoch, stream, after):
                if segment.first_id >= end:
                    break
                opened = self._open(segment)
                for number, (first, last) in enumerate(opened.bounds):
                    if last <= after or first >= end:
                        continue
                    for row in self._group(segment, opened, number):
                        if row.at <= after or row.at >= end:
                            continue
                        if len(found) >= count or size >= PAGE_BYTES:
                            return found, True
                        found.append(row)
                        size += len(row.payload)
                        after = row.at
        return found, False

    def before(self, epoch: str, stream: str, before: EntryId, count: int) -> list[Row]:
        """Up to `count` rows that lie before an id, the newest first."""
        found: list[Row] = []
        size = 0
        with self._lock:
            for segment in sorted(
                self._fresh().of(epoch, stream), key=lambda each: each.last_id, reverse=True
            ):
                if segment.first_id >= before:
                    continue
                opened = self._open(segment)
                for number, (first, _) in reversed(list(enumerate(opened.bounds))):
                    if first >= before:
                        continue
                    for row in reversed(self._group(segment, opened, number)):
                        if row.at >= before:
                            continue
                        if len(found) >= count or size >= PAGE_BYTES:
                            return found
                        found.append(row)
                        size += len(row.payload)
                        before = row.at
        return found

    def whole(self, segment: Segment) -> list[Row]:
        """All rows of a segment, verified: by its hash, and that they are what the catalogue says."""
        return read_rows(self.verified(segment))

    def verified(self, segment: Segment) -> bytes:
        """The file of a segment, verified so."""
        payload = self.shelf.get(segment.name)
        if len(payload) != segment.size or hashlib.sha256(payload).hexdigest() != segment.sha256:
            raise ArchiveError(f"{segment.name} is not what its name says: its bytes were changed")
        if examine(payload) != segment:
            raise ArchiveError(f"{segment.name} is not as the catalogue has it")
        return payload

    # Writing.

    def add(self, segment: Segment, payload: bytes) -> None:
        """Keep a segment: after this it is on the shelf, verified, and in the catalogue."""
        self.place(segment, payload)
        self.enter([segment])

    def place(self, segment: Segment, payload: bytes) -> None:
        """Put a segment on the shelf, and verify that it is there as it should be."""
        self.shelf.put(segment.name, payload)
        self.verified(segment)

    def enter(self, segments: Sequence[Segment]) -> None:
        """Put segments that are on the shelf, and verified, into the catalogue."""
        self._amend(added=segments)

    def let_go(self, segment: Segment) -> None:
        """Take a segment out of the catalogue, and what stands there under its name out of the way."""
        self._amend(removed=segment)
        self.shelf.remove(segment.name)

    def recover(self) -> list[str]:
        """Enter what is on the shelf and not in the catalogue; what cannot be, a line for each.

        A catalogue that cannot be read is made anew.
        """
        self.shelf.clean()
        try:
            with self._lock:
                known = self._fresh(is_to_be_changed=True).names
        except ArchiveError:
            self.shelf.remove(catalogues.NAME)
            known = frozenset()
        found, refused = [], []
        for name in self.shelf.names("segments/"):
            if name in known:
                continue
            try:
                segment = examine(self.shelf.get(name))
                if segment.theatre != self.theatre or segment.name != name:
                    raise ArchiveError(f"{name} is not what its name says")
                found.append(segment)
            except ArchiveError as error:
                refused.append(str(error))
        if found:
            self._amend(added=found)
        return refused

    def _amend(self, *, added: Sequence[Segment] = (), removed: Segment | None = None) -> None:
        with self._lock, self.shelf.alone():
            segments = [*self._fresh(is_to_be_changed=True).segments, *added]
            changed = Catalogue(each for each in segments if removed is None or each.name != removed.name)
            self.shelf.put(catalogues.NAME, catalogues.encode(changed))
            self._fresh(is_to_be_changed=True)
            if not all(segment.name in self._catalogue.names for segment in added):
                raise ArchiveError("another writes the catalogue at the same time")

    # What is held of it; with the lock.

    def _fresh(self, *, is_to_be_changed: bool = False) -> Catalogue:
        now = time.monotonic()
        if not is_to_be_changed and now < self._looked_at + self.shelf.looked_at_every_s:
            return self._catalogue
        stamp = self.shelf.stamp(catalogues.NAME)
        if stamp != self._stamp or stamp is None:
            self._catalogue = (
                Catalogue() if stamp is None else catalogues.decode(self.shelf.get(catalogues.NAME))
            )
            self._stamp = stamp
        self._looked_at = now
        return self._catalogue

    def _open(self, segment: Segment) -> _Opened:
        opened = self._opened.get(segment.name)
        if opened is None:
            file = self.shelf.open(segment.name)
            try:
                groups = open_groups(file)
                opened = self._opened[segment.name] = _Opened(file, groups, bounds(groups))
            except ArchiveError as error:
                file.close()
                raise ArchiveError(f"{segment.name}: {error}") from error
            while len(self._opened) > OPEN_FILES:
                self._opened.popitem(last=False)[1].file.close()
        self._opened.move_to_end(segment.name)
        return opened

    def _group(self, segment: Segment, opened: _Opened, number: int) -> list[Row]:
        name = (segment.name, number)
        rows = self._groups.get(name)
        if rows is None:
            try:
                rows = self._groups[name] = read_group(opened.groups, number)
            except ArchiveError as error:
                raise ArchiveError(f"{segment.name}: {error}") from error
            self._cached_bytes += sum(len(row.payload) for row in rows)
            while self._cached_bytes > CACHE_BYTES and len(self._groups) > 1:
                _, dropped = self._groups.popitem(last=False)
                self._cached_bytes -= sum(len(row.payload) for row in dropped)
        self._groups.move_to_end(name)
        return rows
