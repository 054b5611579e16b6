"""Records: the most that was known before tonight, and what tonight is measured by.

Those of raids follow each event. Those of alerts and the trend are worked out at ticks: while history is
taken in, each night would have to be worked out again for every alert in it.
"""

from __future__ import annotations

import datetime as dt

import msgspec
from msgspec import Struct

from dashboard.picture.alert_nights import AlertNights
from dashboard.picture.claims import ClaimKey
from dashboard.picture.patch import Delta
from dashboard.picture.raid_nights import RANKED
from dashboard.picture.raids import Raids
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Night, Record
from dashboard.picture.shape import Trend as TrendView
from dashboard.picture.trend import AlertHistory, Trend

OF_ALERTS = ("alert.longest", "alert.most_regions")


class WorkedOut(Struct, frozen=True, kw_only=True):
    """What the last tick worked out, to be kept in a snapshot, and the nights that have changed since."""

    tonight: dt.date | None
    records: dict[str, Record]
    trend: TrendView
    nights: frozenset[int]
    mornings: frozenset[dt.date]


class Records:
    """Of raids, alerts, and both by period."""

    def __init__(self, scene: Scene, raids: Raids, alerts: AlertNights) -> None:
        self._scene = scene
        self._raids = raids
        self._alerts = alerts
        self._history = AlertHistory()
        self._trend = Trend(scene, raids.nights, self._history)
        self._looked: Night | None = None
        self._worked: dt.date | None = None

    def look(self) -> None:
        """Bring the records of raids up to date."""
        night = self._scene.night
        if not self._raids.nights.has_changed() and night is self._looked:
            return
        self._looked = night
        tonight = self._tonight
        nights = self._raids.nights
        lead = nights.get(tonight) if tonight is not None else None
        holders: set[ClaimKey] = set()
        for figure in RANKED:
            greatest = nights.greatest(figure, tonight)
            view = None
            if greatest is not None:
                holders.add(greatest.claim)
                stated = lead.figures.get(figure) if lead is not None else None
                view = Record(
                    value=greatest.value,
                    night_of=greatest.claim.morning,
                    claim=str(greatest.claim),
                    broken=stated is not None and stated > greatest.value,
                )
            self._put(figure, view)
        self._raids.hold_records(frozenset(holders))
        for figure, values in self._scene.rules.records.since.items():
            for value in values:
                last = nights.last_at_least(figure, value, tonight) if tonight is not None else None
                view = None
                if tonight is not None and last is not None:
                    view = Record(value=(tonight - last).days, unit="days", night_of=last)
                self._put(f"since.{figure}.{value}", view)

    def work_out(self) -> None:
        """Bring the records of alerts and the trend up to date."""
        tonight = self._tonight
        changed = set()
        for start_s, night in self._alerts.take_changed().items():
            morning = self._morning(start_s)
            self._history.put(morning, night)
            changed.add(morning)
        if changed or tonight != self._worked:
            self._worked = tonight
            self._measure_alerts(tonight)
        self._trend.look(tonight, changed | self._raids.nights.take_changed())

    def memory(self) -> WorkedOut:
        """What is to be kept in a snapshot."""
        root = self._scene.tree.root
        records = {name: root["records"][name] for name in OF_ALERTS if name in root["records"]}
        return WorkedOut(
            tonight=self._worked,
            records=msgspec.convert(records, dict[str, Record]),
            trend=msgspec.convert(root["trend"], TrendView),
            nights=self._alerts.changed(),
            mornings=self._raids.nights.changed(),
        )

    def recall(self, worked_out: WorkedOut) -> None:
        """Go on from what a snapshot kept. What it was worked out from is known again."""
        for start_s, night in self._alerts.take_changed().items():
            self._history.put(self._morning(start_s), night)
        self._raids.nights.take_changed()
        self._alerts.change_again(worked_out.nights)
        self._raids.nights.change_again(worked_out.mornings)
        self._worked = worked_out.tonight
        for name, record in worked_out.records.items():
            self._put(name, record)
        self._trend.recall(worked_out.trend, worked_out.tonight)

    def refreshed(self) -> Delta:
        """What ticks can have changed, whole."""
        shown = self._scene.tree.root["records"]
        records: Delta = {}
        counted = self._scene.rules.records.since
        since = [f"since.{figure}.{value}" for figure, values in counted.items() for value in values]
        for name in (*RANKED, *since, *OF_ALERTS):
            record = shown.get(name)
            fields = Record.__struct_fields__
            records[name] = None if record is None else {field: record.get(field) for field in fields}
        return {"records": records, "trend": self._trend.refreshed()}

    @property
    def _tonight(self) -> dt.date | None:
        night = self._scene.night
        return self._scene.nights.morning(night) if night is not None else None

    def _morning(self, start_s: int) -> dt.date:
        nights = self._scene.nights
        return nights.morning(nights.of(dt.datetime.fromtimestamp(start_s, dt.UTC)))

    def _measure_alerts(self, tonight: dt.date | None) -> None:
        nights = self._history.nights
        before = [each for each in nights if tonight is None or each < tonight]
        now = nights.get(tonight) if tonight is not None else None
        longest = self._history.longest(before)
        view = None
        if longest is not None:
            since = dt.datetime.fromtimestamp(longest.start, dt.UTC)
            ours = now.longest if now is not None else None
            view = Record(
                value=longest.duration_s,
                unit="s",
                night_of=self._morning(longest.start),
                region=longest.region,
                since=since,
                until=since + dt.timedelta(seconds=longest.duration_s),
                broken=ours is not None and ours.duration_s > longest.duration_s,
            )
        self._put("alert.longest", view)
        best = max(before, key=lambda each: (nights[each].most, -each.toordinal()), default=None)
        view = None
        if best is not None and nights[best].most:
            view = Record(
                value=nights[best].most,
                unit="regions",
                night_of=best,
                since=dt.datetime.fromtimestamp(nights[best].most_at, dt.UTC),
                broken=now is not None and now.most > nights[best].most,
            )
        self._put("alert.most_regions", view)

    def _put(self, name: str, view: Record | None) -> None:
        self._scene.tree.put(builtins(view) if view is not None else None, "records", name)
