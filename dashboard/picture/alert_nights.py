"""The nights of alerts: how long each region was under alert, and how many at once, of all history.

An alert leaves a `Trace` here for as long as a change of it can still come; then it is settled: it becomes
part of its nights' merged time and cannot be told apart any more. So a night is as large as the time in it,
however many feeds and revisions told of it, and what is cancelled while it can be is taken out exactly.

Only air-raid alerts are traced, and no permanent ones. An alert whose end nobody has told yet counts among
those at once in the night that it began in; how long it was is not known, and no time of it is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dashboard.picture.night import Nights
from dashboard.picture.region_tree import RegionTree
from dashboard.picture.spans import Interval, length, merged, most_at_once, within

_Counted = TypeVar("_Counted")
MOST_NIGHTS = 400
"""Of one alert; one that lasts longer has lost its end, and is not traced further."""


class Trace(NamedTuple):
    """What an alert adds to history. Instants in seconds since 1970.

    is_whole: its start and its end were both reported, so that it can be the longest. is_open: nobody has
    told its end, and `end` is its night's.
    """

    region: str
    start: int
    end: int
    is_whole: bool
    is_open: bool = False


class Longest(NamedTuple):
    """An alert by its length; sorts by it, of equals the earlier last."""

    duration_s: int
    begun: int
    """The start, negative: of two as long as each other the earlier is the greater."""
    region: str

    @property
    def start(self) -> int:
        return -self.begun


class NightOfAlerts(Struct, frozen=True):
    """What one night came to.

    most: regions of the first level under alert at once, at `most_at`. alert_s: seconds, by such region.
    """

    most: int
    most_at: int
    longest: Longest | None
    """Of those that began in it."""
    alert_s: dict[str, int]


class Settled(Struct, array_like=True, frozen=True):
    """Of a night's alerts that are told apart no more: their merged time by region, and the longest."""

    time: bytes = b""
    """MessagePack: region to seconds from the night's start on, in turn of start and end."""
    longest: Longest | None = None

    def intervals(self, night: int) -> dict[str, list[Interval]]:
        """The time by region, of the night that starts at `night`."""
        if not self.time:
            return {}
        packed = _decoder.decode(self.time)
        return {
            region: [(night + first, night + last) for first, last in zip(row[::2], row[1::2], strict=True)]
            for region, row in packed.items()
        }


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(dict[str, list[int]])


class _Night:
    __slots__ = ("open", "pieces", "settled", "wholes")

    def __init__(self) -> None:
        self.pieces: Counter[tuple[str, int, int]] = Counter()
        self.open: Counter[tuple[str, int, int]] = Counter()
        self.wholes: Counter[Longest] = Counter()
        self.settled = Settled()

    def time(self, start: int) -> dict[str, list[Interval]]:
        """By region, what is settled and what is not; it may overlap."""
        time = self.settled.intervals(start)
        for region, first, last in self.pieces:
            time.setdefault(region, []).append((first, last))
        return time

    def shrink(self) -> None:
        """Give back the room of what has been taken out, which a dict keeps."""
        self.pieces = Counter(self.pieces)
        self.open = Counter(self.open)
        self.wholes = Counter(self.wholes)

    @property
    def is_empty(self) -> bool:
        return not (self.pieces or self.open or self.wholes or self.settled.time or self.settled.longest)


class AlertNights:
    """All nights of which anything is known, by their start in seconds."""

    def __init__(self, nights: Nights, tree: RegionTree) -> None:
        self._of = nights.start_s
        self._tree = tree
        self._nights: dict[int, _Night] = {}
        self._dirty: set[int] = set()

    def change(self, old: Trace | None, new: Trace | None) -> None:
        """An alert is traced as `new` in place of `old`."""
        if old is not None:
            self._trace(old, -1)
        if new is not None:
            self._trace(new, 1)

    def settle(self, traces: Iterable[Trace]) -> None:
        """No change of these alerts can come any more."""
        pieces: dict[int, list[tuple[str, Interval]]] = {}
        for trace in traces:
            self._trace(trace, -1)
            begun = self._of(trace.start)
            for start, piece in self._pieces(trace, begun):
                pieces.setdefault(start, []).append((trace.region, piece))
            if (whole := _whole(trace)) is not None:
                night = self._night(begun)
                longest = max(night.settled.longest or whole, whole)
                night.settled = replace(night.settled, longest=longest)
        for start, rows in pieces.items():
            night = self._night(start)
            time = night.settled.intervals(start)
            for region, piece in rows:
                time.setdefault(region, []).append(piece)
            packed = {
                region: [instant - start for interval in merged(time[region]) for instant in interval]
                for region in sorted(time)
            }
            night.settled = replace(night.settled, time=_encoder.encode(packed))
            night.shrink()

    def take_changed(self) -> dict[int, NightOfAlerts | None]:
        """The nights that changed since the last call, by their start; None: nothing is known of it."""
        changed = {start: self._worked_out(start) for start in self._dirty}
        self._dirty.clear()
        return changed

    def under_alert(self, region: str, start: int, end: int) -> list[Interval]:
        """When in [start, end) a region or any below it was under alert, of alerts that have ended."""
        found: list[Interval] = []
        for begin in self._between(start, end):
            for key, intervals in self._nights[begin].time(begin).items():
                if key == region or region in self._tree.above(key):
                    found += intervals
        return within(merged(found), start, end)

    def change_again(self, nights: Iterable[int]) -> None:
        """Let the next `take_changed` give these too."""
        self._dirty.update(nights)

    def changed(self) -> frozenset[int]:
        """The nights that `take_changed` would give."""
        return frozenset(self._dirty)

    def settled(self) -> dict[int, Settled]:
        """What is settled of each night, to be kept in a snapshot."""
        return {
            start: night.settled
            for start, night in self._nights.items()
            if night.settled.time or night.settled.longest
        }

    def recall(self, settled: dict[int, Settled]) -> None:
        """Begin with what a snapshot kept."""
        for start, each in settled.items():
            self._night(start).settled = each

    def _night(self, start: int) -> _Night:
        self._dirty.add(start)
        night = self._nights.get(start)
        if night is None:
            night = self._nights[start] = _Night()
        return night

    def _trace(self, trace: Trace, count: int) -> None:
        begun = self._of(trace.start)
        for start, (first, last) in self._pieces(trace, begun):
            night = self._night(start)
            _add(night.open if trace.is_open else night.pieces, (trace.region, first, last), count)
        if (whole := _whole(trace)) is not None:
            _add(self._night(begun).wholes, whole, count)

    def _pieces(self, trace: Trace, begun: int) -> Iterable[tuple[int, Interval]]:
        """The trace cut at the bounds of nights, of which `begun` is the first: start and piece of each."""
        # Nights are as long as a day with its change of clocks.
        if trace.start < trace.end <= begun + 82_800:
            return ((begun, (trace.start, trace.end)),)
        return self._cut(trace)

    def _cut(self, trace: Trace) -> Iterator[tuple[int, Interval]]:
        first = trace.start
        for _ in range(MOST_NIGHTS):
            if first >= trace.end:
                return
            start = self._of(first)
            until = self._of(start + 93_600)
            last = min(trace.end, until)
            yield start, (first, last)
            first = last

    def _between(self, start: int, end: int) -> list[int]:
        return [begin for begin in self._nights if begin < end and begin > start - 93_600]

    def _worked_out(self, start: int) -> NightOfAlerts | None:
        night = self._nights.get(start)
        if night is None or night.is_empty:
            self._nights.pop(start, None)
            return None
        by_top: dict[str, list[Interval]] = {}
        for key, intervals in night.time(start).items():
            by_top.setdefault(self._tree.top(key), []).extend(intervals)
        alert_s = {key: length(merged(intervals)) for key, intervals in by_top.items()}
        for key, first, last in night.open:
            by_top.setdefault(self._tree.top(key), []).append((first, last))
        most, most_at = most_at_once([merged(intervals) for intervals in by_top.values()])
        candidates = [*night.wholes, *((night.settled.longest,) if night.settled.longest else ())]
        return NightOfAlerts(
            most=most,
            most_at=most_at,
            longest=max(candidates, default=None),
            alert_s=alert_s,
        )


def _whole(trace: Trace) -> Longest | None:
    if not trace.is_whole or trace.end <= trace.start:
        return None
    return Longest(trace.end - trace.start, -trace.start, trace.region)


def _add(counter: Counter[_Counted], key: _Counted, count: int) -> None:
    number = counter[key] + count
    if number:
        counter[key] = number
    else:
        del counter[key]
