"""What is under alert, by the regions of the first level: whole or in parts, since when, and how many.

An oblast and a raion in it that are both under alert are one region under alert. What an all-clear for one of
them leaves of the other stays.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Alerting, RegionView

_LEVELS = ("red", "", "yellow")


class InForce(NamedTuple):
    """One alert as it counts for its region."""

    since: dt.datetime | None
    calculated: bool
    permanent: bool


class Regions:
    """By the key of the region of the first level."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._alerts: dict[str, dict[tuple[str, str, str], InForce]] = {}
        self._views: dict[str, RegionView] = {}
        self._wanted = frozenset(scene.theatre.alert_regions)

    def put(self, region: str, alert_type: str, in_force: dict[str, InForce]) -> None:
        """These are the alerts of a region and a type, by level."""
        top = self._scene.regions.top(region)
        known = self._alerts.setdefault(top, {})
        before = {level: known.pop((region, alert_type, level), None) for level in _LEVELS}
        for level, each in in_force.items():
            known[region, alert_type, level] = each
        if not known:
            del self._alerts[top]
        if {level: each for level, each in before.items() if each is not None} != in_force:
            self._show(top)

    def _show(self, top: str) -> None:
        scene = self._scene
        known = self._alerts.get(top)
        before = self._views.pop(top, None)
        if known is None:
            scene.tree.put(None, "regions", top)
        else:
            view = self._views[top] = self._view(top, known)
            if view == before:
                return
            scene.tree.put(builtins(view), "regions", top)
        scene.tree.put(builtins(self._summary()), "alerting")

    def _view(self, top: str, known: dict[tuple[str, str, str], InForce]) -> RegionView:
        tree = self._scene.regions
        raids = {key: each for key, each in known.items() if key[1] == "air_raid"}
        counted = {key: each for key, each in raids.items() if not each.permanent}
        parts = {part for region, _, _ in counted if (part := tree.part(region)) is not None}
        shown = counted or raids or known
        stated = [each.since for each in shown.values() if each.since is not None]
        return RegionView(
            alerting=bool(counted),
            permanent=any(each.permanent for each in known.values()),
            # What is only calculated is known of a part: of the string's P nobody said which.
            whole=any(
                region == top and not each.calculated for (region, _, _), each in (counted or raids).items()
            ),
            levels=tuple(level for level in _LEVELS if level and any(key[2] == level for key in raids)),
            alert_types=tuple(sorted({key[1] for key in known})),
            since=min(stated, default=None),
            calculated=all(each.calculated for each in shown.values()),
            parts=tuple(sorted(parts)),
            of=len(tree.parts(top)),
        )

    def _summary(self) -> Alerting:
        wanted = self._scene.theatre.alert_regions
        n = whole = red = yellow = permanent = 0
        longest: tuple[dt.datetime, str] | None = None
        for key, view in self._views.items():
            if key not in self._wanted:
                continue
            if not view.alerting:
                permanent += view.permanent
                continue
            n += 1
            whole += view.whole
            red += "red" in view.levels
            yellow += "yellow" in view.levels
            if view.since is not None and (longest is None or (view.since, key) < longest):
                longest = (view.since, key)
        return Alerting(
            n=n,
            of=len(wanted),
            whole=whole,
            red=red,
            yellow=yellow,
            permanent=permanent,
            longest=longest[1] if longest is not None else "",
            longest_since=longest[0] if longest is not None else None,
        )
