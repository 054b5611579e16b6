"""The operational night: from one evening's hour to the next, by the theatre's clock."""

from __future__ import annotations

import datetime as dt

from dashboard.picture.rules import NightRule
from dashboard.picture.shape import Night

_DAY = dt.timedelta(days=1)
_DAY_S = 86_400
_FIRST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
_LAST = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def credible(instant: dt.datetime | None) -> dt.datetime | None:
    """The instant, or None where no clock can have meant it."""
    return instant if instant is not None and _FIRST <= instant < _LAST else None


class Nights:
    """Which night an instant is in. Nights follow each other without a gap, also where the clocks change."""

    def __init__(self, rule: NightRule) -> None:
        self._start = rule.start_time
        self._zone = rule.zone_info
        self.kept = rule.kept
        self._latest = self._of_evening(_FIRST.date())
        self._starts: dict[int, int] = {}

    def of(self, instant: dt.datetime) -> Night:
        """The night that a credible instant is in: its start is in it, its end is not."""
        latest = self._latest
        if latest.start <= instant < latest.end:
            return latest
        local = instant.astimezone(self._zone)
        evening = local.date() if local.time() >= self._start else local.date() - _DAY
        self._latest = self._of_evening(evening)
        return self._latest

    def of_morning(self, morning: dt.date) -> Night:
        """The night that ends on the day `morning`; a date no clock can mean is the first night of all."""
        if not _FIRST.date() < morning < _LAST.date():
            morning = _FIRST.date() + _DAY
        return self._of_evening(morning - _DAY)

    def morning(self, night: Night) -> dt.date:
        """The date of the morning that a night leads to: the one by which reports name it."""
        return night.end.astimezone(self._zone).date()

    def start_s(self, instant_s: int) -> int:
        """The start of the night that an instant is in, both in seconds since 1970."""
        day = instant_s // _DAY_S
        start = self._starts.get(day) or self._start_in(day)
        if instant_s >= start:
            return start
        return self._starts.get(day - 1) or self._start_in(day - 1)

    def _start_in(self, day: int) -> int:
        # The evening of this day by UTC is the one that the night of its last second begins with.
        last = dt.datetime.fromtimestamp((day + 1) * _DAY_S - 1, dt.UTC)
        start = self._starts[day] = int(self.of(last).start.timestamp())
        return start

    def floor(self, night: Night) -> dt.datetime:
        """Where memory begins when this is the present night."""
        return night.start - self.kept * _DAY

    def _of_evening(self, evening: dt.date) -> Night:
        start = dt.datetime.combine(evening, self._start, self._zone)
        end = dt.datetime.combine(evening + _DAY, self._start, self._zone)
        return Night(start=start.astimezone(dt.UTC), end=end.astimezone(dt.UTC))
