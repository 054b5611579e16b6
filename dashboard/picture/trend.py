"""The trend: what nights, weeks and months came to, and where that cannot be compared.

Of a night a few numbers are kept, whatever happened in it. Figures whose meaning changed by the rule
`meanings` are marked rather than drawn as one line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from dashboard.picture import shape
from dashboard.picture.alert_nights import Longest, NightOfAlerts
from dashboard.picture.claims import rate
from dashboard.picture.patch import Delta
from dashboard.picture.raid_nights import NightOfRaids, RaidNights
from dashboard.picture.rules import Meaning
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Break, Comparison, TrendRow
from dashboard.picture.tree import NESTED

FIGURES = (
    "launched.uav",
    "launched.missile",
    "shot_down.uav",
    "shot_down.missile",
    "suppressed.uav",
    "neutralised.uav",
    "neutralised.missile",
)
COMPARED = ("launched.uav", "launched.missile", "neutralised.uav", "rate.uav", "rate.missile")
_DAY = dt.timedelta(days=1)
_LAST = dt.date(2200, 1, 1)


class AlertHistory:
    """What the alerts of each night came to, by the morning that it leads to."""

    def __init__(self) -> None:
        self.nights: dict[dt.date, NightOfAlerts] = {}

    def put(self, morning: dt.date, night: NightOfAlerts | None) -> None:
        """This is what is known of a night now."""
        if night is None:
            self.nights.pop(morning, None)
        else:
            self.nights[morning] = night

    def longest(self, mornings: Iterable[dt.date]) -> Longest | None:
        """The longest alert that began in these nights."""
        found = (night.longest for each in mornings if (night := self.nights.get(each)) is not None)
        return max((longest for longest in found if longest is not None), default=None)


class Trend:
    """Worked out anew for the periods in which something changed."""

    def __init__(self, scene: Scene, raids: RaidNights, alerts: AlertHistory) -> None:
        self._scene = scene
        self._raids = raids
        self._alerts = alerts
        self._tonight: dt.date | None = None
        self._known_periods: tuple[dt.date, dict[str, dict[str, list[dt.date]]]] | None = None
        for meaning in scene.rules.meanings:
            view = Break(since=meaning.since, figures=meaning.figures, note=meaning.note)
            scene.tree.put(builtins(view), "trend", "breaks", meaning.key)
        scene.tree.take()

    def look(self, tonight: dt.date | None, changed: set[dt.date]) -> None:
        """changed: the mornings whose nights came to something else."""
        is_new = tonight != self._tonight
        self._tonight = tonight
        if tonight is None or not (changed or is_new):
            return
        periods = self._periods(tonight)
        for name, rows in periods.items():
            if is_new:
                for key in [key for key in self._scene.tree.root["trend"][name] if key not in rows]:
                    self._scene.tree.put(None, "trend", name, key)
            for key, mornings in rows.items():
                if is_new or not changed.isdisjoint(mornings):
                    self._scene.tree.put(self._row(mornings), "trend", name, key)
        self._compare(tonight)

    def recall(self, trend: shape.Trend, tonight: dt.date | None) -> None:
        """Show what was shown."""
        self._tonight = tonight
        for name in NESTED["trend"]:
            for key, row in getattr(trend, name).items():
                self._scene.tree.put(builtins(row), "trend", name, key)

    def refreshed(self) -> Delta:
        """Every row whole, with what it does not have removed."""
        if self._tonight is None:
            return {}
        shown = self._scene.tree.root["trend"]
        delta: Delta = {}
        for name, rows in self._periods(self._tonight).items():
            delta[name] = {
                key: None if (row := shown[name].get(key)) is None else _whole(row, TrendRow) for key in rows
            }
        delta["compare"] = {
            figure: None if (row := shown["compare"].get(figure)) is None else _whole(row, Comparison)
            for figure in COMPARED
        }
        return delta

    def _periods(self, tonight: dt.date) -> dict[str, dict[str, list[dt.date]]]:
        if self._known_periods is None or self._known_periods[0] != tonight:
            self._known_periods = tonight, self._periods_to(tonight)
        return self._known_periods[1]

    def _periods_to(self, tonight: dt.date) -> dict[str, dict[str, list[dt.date]]]:
        rule = self._scene.rules.trend
        nights = {each.isoformat(): [each] for each in _mornings(tonight, rule.nights)}
        weeks: dict[str, list[dt.date]] = {}
        for each in _mornings(tonight, rule.weeks * 7 - 7 + tonight.isoweekday()):
            year, week, _ = each.isocalendar()
            weeks.setdefault(f"{year}-W{week:02d}", []).append(each)
        first = tonight.replace(day=1)
        for _ in range(rule.months - 1):
            first = (first - _DAY).replace(day=1)
        months: dict[str, list[dt.date]] = {}
        for each in _mornings(tonight, (tonight - first).days + 1):
            months.setdefault(f"{each:%Y-%m}", []).append(each)
        return {"nights": nights, "weeks": weeks, "months": months}

    def _row(self, mornings: list[dt.date]) -> Any:
        raids = [night for each in mornings if (night := self._raids.get(each)) is not None]
        alerts = [known for each in mornings if (known := self._alerts.nights.get(each)) is not None]
        if not raids and not alerts:
            return None
        longest = self._alerts.longest(mornings)
        fields: dict[str, Any] = {}
        for figure in FIGURES:
            stated = [night.figures[figure] for night in raids if figure in night.figures]
            if stated:
                fields[figure.replace(".", "_")] = sum(stated)
                if figure.startswith("launched."):
                    fields[figure.replace("launched.", "most_")] = max(stated)
        for name in ("uav", "missile"):
            if (found := _rate(raids, name)) is not None:
                fields[f"rate_{name}"] = found
        if alerts:
            fields["alert_s"] = sum(sum(known.alert_s.values()) for known in alerts)
            fields["most_regions"] = max(known.most for known in alerts)
        if longest is not None:
            fields |= {"longest_alert_s": longest.duration_s, "longest_alert_region": longest.region}
        breaks = self._breaks_between(min(mornings), max(self._tonight or mornings[0], max(mornings)))
        row = TrendRow(
            nights=len(raids),
            claim=str(raids[0].claim) if len(mornings) == 1 and raids else "",
            not_comparable=tuple(meaning.key for meaning in breaks),
            **fields,
        )
        return builtins(row)

    def _compare(self, tonight: dt.date) -> None:
        before = [
            (morning, night)
            for morning in _mornings(tonight - _DAY, self._scene.rules.records.compared)
            if (night := self._raids.get(morning)) is not None
        ]
        now = self._raids.get(tonight)
        for figure in COMPARED:
            view = None
            ours = _value(now, figure) if now is not None else None
            theirs = [(each, value) for each, night in before if (value := _value(night, figure)) is not None]
            if ours is not None and theirs:
                breaks = self._breaks_between(min(each for each, _ in theirs), tonight)
                view = Comparison(
                    tonight=ours,
                    mean=round(sum(value for _, value in theirs) / len(theirs), 1),
                    nights=len(theirs),
                    not_comparable=next((each.key for each in breaks if figure in each.figures), ""),
                )
            self._scene.tree.put(builtins(view) if view is not None else None, "trend", "compare", figure)

    def _breaks_between(self, first: dt.date, last: dt.date) -> list[Meaning]:
        """What changed its meaning after the night of `first`, up to that of `last`."""
        return [each for each in self._scene.rules.meanings if first < each.since <= last]


def _mornings(last: dt.date, count: int) -> list[dt.date]:
    return [last - i * _DAY for i in reversed(range(count)) if last.toordinal() > i]


def _rate(nights: list[NightOfRaids], name: str) -> float | None:
    pairs = [
        (neutralised, launched)
        for night in nights
        if (launched := night.figures.get(f"launched.{name}"))
        and (neutralised := night.figures.get(f"neutralised.{name}")) is not None
        and neutralised <= launched
    ]
    if not pairs:
        return None
    return rate(sum(neutralised for neutralised, _ in pairs), sum(launched for _, launched in pairs))


def _value(night: NightOfRaids, figure: str) -> float | None:
    outcome, _, name = figure.partition(".")
    return _rate([night], name) if outcome == "rate" else night.figures.get(figure)


def _whole(row: dict[str, Any], of: type[Any]) -> Delta:
    return {field: row.get(field) for field in of.__struct_fields__}
