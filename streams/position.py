"""Where somebody is in a theatre's streams: can be stored, compared and resumed."""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec import Struct

from streams.errors import PositionError
from streams.names import STREAMS

BEGINNING = "0-0"
_TEXT = re.compile(r"([0-9a-zA-Z_-]{1,64})((?:;[a-z]+=\d{1,19}-\d{1,19})*)", re.ASCII)


class EntryId(NamedTuple):
    """A stream entry's id: the store's clock in ms, and a sequence within that ms."""

    ms: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> EntryId:
        ms, _, seq = text.partition("-")
        return cls(int(ms), int(seq or 0))


class Position(Struct, frozen=True):
    """(epoch, id of the last entry read of each stream).

    An epoch is one life of the store's data: after a wipe there is another, and positions do not compare.
    Positions of one epoch are ordered only in part: `a <= b` where no stream of `a` is ahead of `b`'s.
    """

    epoch: str
    ids: dict[str, str] = {}

    def at(self, stream: str) -> str:
        """The id of the last entry read of `stream`; `0-0` before the first."""
        return self.ids.get(stream, BEGINNING)

    def advanced(self, stream: str, entry_id: str) -> Position:
        """This position, with `entry_id` of `stream` read too."""
        return Position(self.epoch, {**self.ids, stream: entry_id})

    def __le__(self, other: Position) -> bool:
        return self.epoch == other.epoch and all(
            EntryId.parse(entry_id) <= EntryId.parse(other.at(stream))
            for stream, entry_id in self.ids.items()
        )

    def __str__(self) -> str:
        parts = (f"{stream}={self.ids[stream]}" for stream in STREAMS if stream in self.ids)
        return ";".join((self.epoch, *parts))

    @classmethod
    def parse(cls, text: str) -> Position:
        """The position that `str` wrote.

        Raises PositionError for any other text.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise PositionError(f"not a position: {text[:100]!r}")
        ids = dict(part.split("=") for part in match[2].split(";") if part)
        if unknown := ids.keys() - set(STREAMS):
            raise PositionError(f"no such stream: {', '.join(sorted(unknown))}")
        return cls(match[1], ids)
