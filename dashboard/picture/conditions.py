"""Conditions of advisories, as stretches of time in which each holds, with the events that make it so."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from config.advisories import AlertIn, Condition, Launched, ScrambleOf, ThreatOf
from dashboard.picture.alerts import Alerts
from dashboard.picture.evidence import Span, is_in
from dashboard.picture.raids import Raids
from dashboard.picture.scene import Scene
from dashboard.picture.scrambles import Scrambles
from dashboard.picture.threats import Threats


class Stretch(NamedTuple):
    """A condition holds in [start, end). end: None while it goes on."""

    start: dt.datetime
    end: dt.datetime | None
    events: tuple[str, ...]


class Conditions:
    """Looks at what the parts of a picture remember."""

    def __init__(
        self, scene: Scene, alerts: Alerts, threats: Threats, scrambles: Scrambles, raids: Raids
    ) -> None:
        self._scene = scene
        self._alerts = alerts
        self._threats = threats
        self._scrambles = scrambles
        self._raids = raids

    def stretches(
        self, condition: Condition, since: dt.datetime, until: dt.datetime
    ) -> tuple[list[Stretch], dt.datetime | None]:
        """When a condition held, in order, of what lies between two instants in part at least.

        An end after `until` has not come yet; given back with it is when the next such instant comes.
        """
        spans = []
        later: dt.datetime | None = None
        for span in self._spans(condition, since):
            if span.end is not None and span.end <= max(since, span.start):
                continue
            if span.start <= until:
                spans.append(span)
            for at in span[:2]:
                if at is not None and at > until:
                    later = at if later is None else min(later, at)
        is_alert = isinstance(condition, AlertIn)
        at_least = condition.at_least if isinstance(condition, AlertIn | ThreatOf) else 1
        whose = self._scene.regions.top if is_alert else None
        return _at_once(spans, at_least, until, whose), later

    def _spans(self, condition: Condition, since: dt.datetime) -> Iterable[Span]:
        tree = self._scene.regions
        match condition:
            case AlertIn():
                wanted = tree.members(condition.where or self._scene.theatre.alert_regions)
                spans = self._alerts.spans({tree.top(key) for key in wanted}, since)
                return (
                    span
                    for span in spans
                    if (not condition.level or span.what == condition.level) and is_in(span, wanted, tree)
                )
            case ThreatOf():
                wanted = tree.members(condition.where)
                return (
                    span
                    for threat_type in condition.types
                    for span in self._threats.spans(threat_type)
                    if not wanted or is_in(span, wanted, tree)
                )
            case ScrambleOf():
                return (
                    span
                    for span in self._scrambles.spans()
                    if (not condition.countries or not span.regions.isdisjoint(condition.countries))
                    and (not condition.no_cause or span.what == "no_cause")
                )
            case Launched():
                span = self._raids.reached(f"launched.{condition.of}", condition.at_least)
                return (span,) if span is not None else ()


def _at_once(
    spans: list[Span], at_least: int, until: dt.datetime, whose: Callable[[str], str] | None
) -> list[Stretch]:
    """When so many of the spans held at once. whose: what a region counts as; spans of one count once."""
    changes: list[tuple[dt.datetime, int, int]] = []
    for i, span in enumerate(spans):
        changes.append((span.start, 1, i))
        if span.end is not None and span.end <= until:
            changes.append((span.end, -1, i))
    # What begins as another ends goes on without a gap.
    changes.sort(key=lambda change: (change[0], -change[1], change[2]))
    on: set[int] = set()
    members: Counter[str] = Counter()
    found: list[Stretch] = []
    began: dt.datetime | None = None
    during: list[int] = []
    counted = [{whose(key) for key in span.regions} if whose else {str(i)} for i, span in enumerate(spans)]
    for at, change, i in changes:
        names = counted[i]
        if change > 0:
            on.add(i)
            members.update(names)
        else:
            on.discard(i)
            for name in names:
                members[name] -= 1
                if not members[name]:
                    del members[name]
        if len(members) >= at_least:
            if began is None:
                began = at
                during = sorted(on)
            elif change > 0:
                during.append(i)
        elif began is not None:
            found.append(Stretch(began, at, _events(spans, during)))
            began = None
    if began is not None:
        found.append(Stretch(began, None, _events(spans, during)))
    return [stretch for stretch in found if stretch.end is None or stretch.start < stretch.end]


def _events(spans: list[Span], chosen: list[int]) -> tuple[str, ...]:
    ordered = sorted((spans[i] for i in chosen), key=lambda span: (span.start, span.events))
    return tuple(dict.fromkeys(event for span in ordered for event in span.events))
