"""Tables of past air-raid alerts: the official one in English or Ukrainian, and the volunteers'.

What these tables do not say themselves, and what is made of it here:

* Official: where the all-clear is missing, the end is the start and one hour. Such an end is `calculated`.
* Volunteers': `naive` marks an end that is the start and half an hour. It is `calculated` too.
* A raion's or hromada's alert often lies within its oblast's own. Both are kept, each its own region's:
  merged they would make alerts of weeks.
* One row has the names of its oblast and its raion exchanged.
* Alerts that never ended are in neither table; `permanent_alerts` has them.

Source: Vadym Klymenko's "ukrainian-air-raid-sirens-dataset", its notes and its data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from config.theatre import Theatre
from ingest.errors import DecodeError
from ingest.importing.spans import overlapping
from ingest.importing.table import Row
from streams.events import AirRaidAlert

OFFICIAL = "sirens-official"
VOLUNTEER = "sirens-volunteer"
INVENTED_END = dt.timedelta(hours=1)
COUNTRY = "UA"

PERMANENT_SINCE = {
    "UA-09": dt.datetime(2022, 4, 4, 16, 45, tzinfo=dt.UTC),
    "UA-43": dt.datetime(2022, 12, 10, 22, 22, tzinfo=dt.UTC),
}
"""Alerts that last since then without an end, by region."""

_OFFICIAL_FIELDS = frozenset({"oblast", "raion", "hromada", "level", "started_at", "finished_at"})
_VOLUNTEER_FIELDS = frozenset({"region", "started_at", "finished_at", "naive"})
_LEVELS = ("oblast", "raion", "hromada")


@dataclass
class Traps:
    """How often each trap of the tables was met while decoding."""

    rows: int = 0
    duplicates: int = 0
    """Rows that were there before, word for word."""
    refused: int = 0
    swapped: int = 0
    invented_ends: int = 0
    below_oblast: int = 0
    overlapping: int = 0
    """Of those below an oblast, how many overlap an alert of their own oblast."""
    first: dt.datetime | None = None
    last: dt.datetime | None = None
    names: set[str] = field(default_factory=set)
    """Alphabets of the names: "English", "Ukrainian"."""


def feed_of(header: Iterable[str]) -> str | None:
    """Which table has this header: OFFICIAL, VOLUNTEER, or None for neither."""
    names = frozenset(header)
    if names >= _OFFICIAL_FIELDS:
        return OFFICIAL
    return VOLUNTEER if names >= _VOLUNTEER_FIELDS else None


def decode(
    rows: Iterable[Row | DecodeError], theatre: Theatre, traps: Traps | None = None
) -> Iterator[AirRaidAlert | DecodeError]:
    """The alert of each row, or what is wrong with the row. traps: is counted in, complete at the end.

    Rows that are wrong already pass through. A row that repeats another gives nothing; one that has another's
    region and start but another end is wrong.
    """
    traps = traps if traps is not None else Traps()
    table = _Decoder(theatre, traps)
    for row in rows:
        traps.rows += 1
        try:
            alert = table.alert(row) if isinstance(row, Row) else row
        except DecodeError as error:
            alert = error
        if isinstance(alert, DecodeError):
            traps.refused += 1
        if alert is not None:
            yield alert
    traps.overlapping = table.overlapping()


def permanent_alerts(theatre: Theatre) -> list[AirRaidAlert]:
    """The alerts without an end, for the regions that the theatre says are under one."""
    return [
        AirRaidAlert(
            id=f"{OFFICIAL}:{region}:{_stamp(since)}",
            status="actual",
            feed=OFFICIAL,
            reliability="B",
            credibility=2,
            region=region,
            valid_from=since,
            permanent=True,
        )
        for region, since in PERMANENT_SINCE.items()
        if region in theatre.regions and theatre.regions[region].permanent_alert
    ]


class _Decoder:
    def __init__(self, theatre: Theatre, traps: Traps) -> None:
        self._theatre = theatre
        self._traps = traps
        self._keys: dict[tuple[str, ...], tuple[str, bool]] = {}
        self._oblasts: dict[str, str] = {}
        self._ends: dict[tuple[str, int], tuple[int, int]] = {}
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._below: dict[str, list[tuple[int, int]]] = {}

    def alert(self, row: Row) -> AirRaidAlert | None:
        """The row's alert; None for a row that was there before. Raises DecodeError."""
        values = row.values
        is_official = "region" not in values
        feed = OFFICIAL if is_official else VOLUNTEER
        region, swapped = self._official(row) if is_official else (self._volunteer(row), False)
        start = _instant(row, feed, "started_at")
        end = _instant(row, feed, "finished_at")
        if end <= start:
            raise row.fault(feed, "finished_at", "not after started_at")
        start_s, end_s = int(start.timestamp()), int(end.timestamp())
        known = self._ends.setdefault((region, start_s), (end_s, row.line))
        if known != (end_s, row.line):
            if known[0] == end_s:
                self._traps.duplicates += 1
                return None
            raise row.fault(feed, "finished_at", f"line {known[1]} has another end for the same alert")
        calculated = end - start == INVENTED_END if is_official else _is_naive(row)
        self._count(region, start, end, calculated=calculated, swapped=swapped)
        return AirRaidAlert(
            id=f"{feed}:{region}:{_stamp(start)}",
            status="actual",
            feed=feed,
            reliability="B" if is_official else "C",
            credibility=2 if is_official else 3,
            region=region,
            valid_from=start,
            valid_to=end,
            calculated=calculated,
        )

    def overlapping(self) -> int:
        """How many alerts below an oblast overlap one of the oblast's own."""
        return sum(overlapping(spans, self._spans.get(oblast, [])) for oblast, spans in self._below.items())

    def _count(
        self, region: str, start: dt.datetime, end: dt.datetime, *, calculated: bool, swapped: bool
    ) -> None:
        traps = self._traps
        traps.swapped += swapped
        traps.invented_ends += calculated
        traps.first = min(traps.first or start, start)
        traps.last = max(traps.last or end, end)
        span = int(start.timestamp()), int(end.timestamp())
        oblast = self._oblasts.get(region)
        if oblast is None:
            above = [region, *self._theatre.ancestors(region)]
            oblast = self._oblasts[region] = above[-2]
        if oblast == region:
            self._spans.setdefault(region, []).append(span)
        else:
            traps.below_oblast += 1
            self._below.setdefault(oblast, []).append(span)

    def _official(self, row: Row) -> tuple[str, bool]:
        values = row.values
        names = tuple(values[level].strip() for level in _LEVELS)
        level = values["level"].strip()
        found = self._keys.get((level, *names))
        if found is not None:
            return found
        if level not in _LEVELS:
            raise row.fault(OFFICIAL, "level", f"{level[:40]!r} is none of {', '.join(_LEVELS)}")
        depth = _LEVELS.index(level) + 1
        if missing := [which for which, name in zip(_LEVELS, names[:depth], strict=False) if not name]:
            raise row.fault(OFFICIAL, missing[0], f"empty in a row of level {level}")
        if surplus := [which for which, name in zip(_LEVELS[depth:], names[depth:], strict=True) if name]:
            raise row.fault(OFFICIAL, surplus[0], f"filled in a row of level {level}")
        oblast, raion, hromada = names
        key, swapped = self._oblast(oblast), False
        if key is None and depth > 1 and (key := self._oblast(raion)) is not None:
            raion, swapped = oblast, True
        if key is None:
            raise row.fault(OFFICIAL, "oblast", f"{oblast[:80]!r} is no region of {COUNTRY}")
        if depth > 1:
            above, key = key, self._theatre.below(key, raion, "raion")
            if key not in self._theatre.regions:
                raise row.fault(OFFICIAL, "raion", f"{raion[:80]!r} is no raion of {above}")
        if depth > 2:
            key = self._theatre.below(key, hromada, "hromada")
        return self._remember((level, *names), key, swapped)

    def _volunteer(self, row: Row) -> str:
        name = row.values["region"].strip()
        found = self._keys.get((name,))
        if found is not None:
            return found[0]
        key = self._oblast(name)
        if key is None:
            raise row.fault(VOLUNTEER, "region", f"{name[:80]!r} is no region of {COUNTRY}")
        return self._remember((name,), key, False)[0]

    def _remember(self, names: tuple[str, ...], key: str, swapped: bool) -> tuple[str, bool]:
        self._traps.names.add("English" if "".join(names).isascii() else "Ukrainian")
        self._keys[names] = key, swapped
        return key, swapped

    def _oblast(self, name: str) -> str | None:
        key = self._theatre.resolve_region(name, country=COUNTRY) or ""
        return key if key in self._theatre.alert_regions else None


def _instant(row: Row, feed: str, name: str) -> dt.datetime:
    text = row.values[name].strip()
    try:
        instant = dt.datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise row.fault(feed, name, "says no zone")
        return instant.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise row.fault(feed, name, "empty" if not text else f"no instant: {text[:40]!r}") from error


def _is_naive(row: Row) -> bool:
    text = row.values["naive"].strip().casefold()
    if text not in ("true", "false"):
        raise row.fault(VOLUNTEER, "naive", f"neither True nor False: {text[:40]!r}")
    return text == "true"


def _stamp(instant: dt.datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%SZ}"
