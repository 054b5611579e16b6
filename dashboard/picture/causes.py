"""Causes: which alerts and threats explain a scramble, by the rules; that none does is told as well."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from dashboard.picture.alerts import Alerts
from dashboard.picture.evidence import Span, is_in
from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.rules import CauseRule
from dashboard.picture.scene import Scene
from dashboard.picture.shape import CauseView
from dashboard.picture.threats import Threats
from streams.events import AirRaidAlert, Threat

MOST_EVENTS = 12


class Explained(NamedTuple):
    """causes: by rule. first_alert: start of the first alert that the lead time is counted from."""

    causes: dict[str, CauseView]
    first_alert: dt.datetime | None


class Causes:
    """Looks things up in the alerts and threats that are remembered."""

    def __init__(self, scene: Scene, alerts: Alerts, threats: Threats) -> None:
        self._scene = scene
        self._alerts = alerts
        self._threats = threats
        self._regions = {
            rule.key: scene.regions.members(rule.alert_in or rule.threats_in)
            for rule in scene.rules.scrambles.causes
        }
        self._widest = max(
            (dt.timedelta(minutes=rule.before_min + rule.after_min) for rule in scene.rules.scrambles.causes),
            default=dt.timedelta(0),
        )

    def explain(self, country: str, at: dt.datetime) -> Explained:
        """What explains that a country's jets went up at an instant."""
        causes = {}
        first_alert = None
        for rule in self._scene.rules.scrambles.causes:
            if rule.countries and country not in rule.countries:
                continue
            spans = sorted(self._found(rule, at), key=lambda span: (span.start, span.events))
            if not spans:
                continue
            events = dict.fromkeys(event for span in spans for event in span.events)
            causes[rule.key] = CauseView(
                since=spans[0].start,
                regions=tuple(sorted({key for span in spans for key in span.regions})),
                events=tuple(events)[:MOST_EVENTS],
                n=len(spans),
            )
            if rule.leads:
                first_alert = min(spans[0].start, first_alert or spans[0].start)
        return Explained(causes, first_alert)

    def concerns(self, held: Held, at: dt.datetime) -> bool:
        """Whether an alert or threat can explain a scramble at an instant."""
        event = held.event
        if isinstance(event, AirRaidAlert):
            keys = {event.region, *self._scene.regions.above(event.region)}
            is_wanted = any(
                rule.alert_in and not keys.isdisjoint(self._regions[rule.key])
                for rule in self._scene.rules.scrambles.causes
            )
        else:
            is_wanted = isinstance(event, Threat) and any(
                event.threat_type in rule.threats for rule in self._scene.rules.scrambles.causes
            )
        start = self._scene.when(credible(event.valid_from), held)
        return is_wanted and start <= at + self._widest

    def _found(self, rule: CauseRule, at: dt.datetime) -> list[Span]:
        regions = self._regions[rule.key]
        tree = self._scene.regions
        begun_by = at + dt.timedelta(minutes=rule.after_min)
        over_since = at - dt.timedelta(minutes=rule.before_min)
        spans: list[Span] = []
        if rule.alert_in:
            spans += self._alerts.spans({tree.top(key) for key in regions}, over_since)
        for threat_type in rule.threats:
            spans += self._threats.spans(threat_type)
        return [
            span
            for span in spans
            if span.start <= begun_by
            and (span.end is None or span.end >= over_since)
            and (not regions or is_in(span, regions, tree))
        ]
