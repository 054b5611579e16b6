"""One row of the attack table, taken apart: its window, its numbers, its lists.

Times are local and without a zone. Many have a date only, some an hour of one digit or spaces behind. The
columns that hold Python literals (with bare NaN) are read as literals and never evaluated.
"""

from __future__ import annotations

import ast
import datetime as dt
import math
import re
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ingest.errors import DecodeError
from ingest.importing.table import Row

FEED = "attack-table"
_MOST = 1_000_000
_LITERAL_CHARACTERS = 5_000
_LITERAL_DEPTH = 4

_TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_NAN = re.compile(r"""'[^']*'|"[^"]*"|\b(?:NaN|nan)\b""")
_DAY = dt.timedelta(days=1)


class Moment(NamedTuple):
    """A time of the table. at: with a zone; the day's midnight where only the date is said."""

    at: dt.datetime
    is_date: bool


class Attack(NamedTuple):
    """What one row says; None is what it does not."""

    row: Row
    start: Moment
    end: Moment
    model: str
    source: str
    launched: int | None
    destroyed: int | None
    not_reached_goal: int | None
    still_attacking: int | None
    real_shaheds: int | None
    turbojets: int | None
    turbojets_destroyed: int | None
    hit_places: int | None
    debris_places: int | None
    launch_places: tuple[str, ...]
    targets: tuple[str, ...]
    main_targets: tuple[str, ...]
    affected: tuple[str, ...]
    launched_details: dict[str, int]
    crossed: int | None
    faults: tuple[DecodeError, ...]
    """What is wrong in the row besides, and leaves the rest of it standing."""

    @property
    def lower(self) -> dt.datetime:
        """The first instant that the row can be about."""
        return self.start.at

    @property
    def upper(self) -> dt.datetime:
        """The instant after the last that the row can be about; a date is a whole day."""
        return _midnight_after(self.end.at) if self.end.is_date else self.end.at


def attack(row: Row, zone: ZoneInfo) -> Attack:
    """The row's attack. zone: of its times. Raises DecodeError for a row without its core."""
    start, end = _moment(row, "time_start", zone), _moment(row, "time_end", zone)
    model, source = _text(row, "model"), _text(row, "source")
    for name, text in (("model", model), ("source", source)):
        if not text or len(text) > 500:
            raise row.fault(FEED, name, "too long" if text else "empty")
    faults: list[DecodeError] = []
    launch_details = _literal(row, "launch_place_details", dict, faults)
    found = Attack(
        row=row,
        start=start,
        end=end,
        model=model,
        source=source,
        launched=_number(row, "launched"),
        destroyed=_number(row, "destroyed"),
        not_reached_goal=_number(row, "not_reach_goal"),
        still_attacking=_number(row, "still_attacking"),
        real_shaheds=_number(row, "is_shahed"),
        turbojets=_number(row, "turbojet"),
        turbojets_destroyed=_number(row, "turbojet_destroyed"),
        hit_places=_number(row, "num_hit_location"),
        debris_places=_number(row, "num_fall_fragment_location"),
        launch_places=(
            *_list(_text(row, "launch_place")),
            *(name for place in launch_details.values() if isinstance(place, str) for name in _list(place)),
        ),
        targets=_list(_text(row, "target")),
        main_targets=_list(_text(row, "target_main")),
        affected=tuple(
            str(name)[:200]
            for name in _literal(row, "affected region", list, faults)
            if isinstance(name, str)
        ),
        launched_details=_counts(row, "launched_details", faults),
        crossed=sum(_counts(row, "border_crossing", faults).values()) or None,
        faults=(),
    )
    _literal(row, "destroyed_details", dict, faults)
    if found.upper < found.lower:
        raise row.fault(FEED, "time_end", "before time_start")
    return found._replace(faults=tuple(faults))


def _text(row: Row, name: str) -> str:
    return row.values.get(name, "").strip()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip()[:200] for part in text.split(" and ") if part.strip())[:50]


def _moment(row: Row, name: str, zone: ZoneInfo) -> Moment:
    text = _text(row, name)
    found = _TIME.fullmatch(text)
    if found is None:
        raise row.fault(FEED, name, f"no date or time: {text[:40]!r}" if text else "empty")
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        at = dt.datetime(year, month, day, hour, minute, second, tzinfo=zone)
        # Days at the very ends of the calendar have no neighbour to be compared with.
        _ = (at - 2 * _DAY, at + 2 * _DAY)
    except (ValueError, OverflowError) as error:
        raise row.fault(FEED, name, f"{error}: {text[:40]!r}") from error
    return Moment(at, found[4] is None)


def _midnight_after(at: dt.datetime) -> dt.datetime:
    return at.replace(hour=0, minute=0, second=0) + _DAY


def _number(row: Row, name: str) -> int | None:
    text = _text(row, name)
    if not text or text.casefold() == "nan":
        return None
    try:
        number = float(text)
    except ValueError as error:
        raise row.fault(FEED, name, f"no number: {text[:40]!r}") from error
    if not (math.isfinite(number) and 0 <= number <= _MOST and number == int(number)):
        raise row.fault(FEED, name, f"no count: {text[:40]!r}")
    return int(number)


def _counts(row: Row, name: str, faults: list[DecodeError]) -> dict[str, int]:
    """A literal of names to counts; what is NaN in it is left out."""
    counts: dict[str, int] = {}
    for key, value in _literal(row, name, dict, faults).items():
        if value is None:
            continue
        if (
            isinstance(value, int | float)
            and math.isfinite(value)
            and 0 <= value <= _MOST
            and value == int(value)
        ):
            counts[str(key)[:200]] = int(value)
        else:
            faults.append(row.fault(FEED, name, f"no count: {str(value)[:40]!r}"))
    return counts


def _literal(row: Row, name: str, kind: type[Any], faults: list[DecodeError]) -> Any:
    """A dict or list of the column `name`; an empty one where there is none, or where it is broken."""
    text = _text(row, name)
    if not text:
        return kind()
    try:
        if len(text) > _LITERAL_CHARACTERS or sum(map(text.count, "[({-~")) > 50 * _LITERAL_DEPTH:
            raise ValueError("too long or too deep")
        value = ast.literal_eval(_NAN.sub(lambda found: found[0] if found[0][0] in "'\"" else "None", text))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        faults.append(row.fault(FEED, name, f"no literal: {str(error)[:80]}"))
        return kind()
    if not isinstance(value, kind):
        faults.append(row.fault(FEED, name, f"no {kind.__name__}"))
        return kind()
    return value
