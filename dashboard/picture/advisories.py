"""Advisories: what the rules point out tonight, since when and why, and what ended it.

They are worked out at ticks: after events that came, and when time alone can have changed one.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, NamedTuple

from config.advisories import AdvisoryRule, Condition
from dashboard.picture.conditions import Conditions, Stretch
from dashboard.picture.patch import Delta
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import AdvisoryView

MOST_EVENTS = 12


class _Held(NamedTuple):
    """One condition of a rule, and when it held. role: which list of the rule it stands in."""

    role: Literal["all", "any", "none"]
    condition: Condition
    stretches: list[Stretch]
    changes_at: dt.datetime | None
    """When time alone will change them."""

    def at(self, instant: dt.datetime) -> Stretch | None:
        """The stretch that an instant is in."""
        for stretch in self.stretches:
            if stretch.start <= instant and (stretch.end is None or instant < stretch.end):
                return stretch
        return None


class Advisories:
    """By the key of the rule: of each the last time that it was on tonight."""

    def __init__(self, scene: Scene, rules: tuple[AdvisoryRule, ...], conditions: Conditions) -> None:
        self._scene = scene
        self._rules = rules
        self._conditions = conditions
        self._is_due = True
        self._due_at: dt.datetime | None = None
        self._worked_at: dt.datetime | None = None

    def touch(self) -> None:
        """Something came that an advisory can hang on."""
        self._is_due = True

    def work_out(self) -> None:
        """Bring the advisories up to the scene's instant."""
        instant, before = self._scene.instant, self._worked_at
        is_back = instant is None or before is None or instant < before
        is_time = instant is not None and self._due_at is not None and instant >= self._due_at
        if not (self._is_due or is_back or is_time):
            return
        self._worked_at = instant
        self._is_due = False
        self._due_at = None
        for rule in self._rules:
            view = self._view(rule)
            self._scene.tree.put(builtins(view) if view is not None else None, "advisories", rule.key)

    def refreshed(self) -> Delta:
        """Every advisory whole, with what it does not have removed."""
        fields = AdvisoryView.__struct_fields__
        shown = self._scene.tree.root["advisories"]
        return {
            rule.key: None
            if (item := shown.get(rule.key)) is None
            else {field: item.get(field) for field in fields}
            for rule in self._rules
        }

    def recall(self, views: dict[str, AdvisoryView]) -> None:
        """Show what was shown."""
        for key, view in views.items():
            self._scene.tree.put(builtins(view), "advisories", key)

    def _be_due(self, at: dt.datetime | None) -> None:
        if at is not None and (self._due_at is None or at < self._due_at):
            self._due_at = at

    def _view(self, rule: AdvisoryRule) -> AdvisoryView | None:
        night, instant = self._scene.night, self._scene.instant
        if night is None or instant is None:
            return None
        roles: tuple[Literal["all", "any", "none"], ...] = ("all", "any", "none")
        held = [
            _Held(role, condition, *self._conditions.stretches(condition, night.start, instant))
            for role in roles
            for condition in getattr(rule, role)
        ]
        lasting = dt.timedelta(minutes=rule.lasting_min)
        for each in held:
            self._be_due(each.changes_at)
        for start, _ in _on(held):
            self._be_due(start + lasting if start + lasting > instant else None)
        on = [
            (start + lasting, end)
            for start, end in _on(held)
            if (instant if end is None else end) >= start + lasting
            and (end is None or end > max(night.start, start + lasting))
        ]
        if not on:
            return None
        start, end = on[-1]
        # What made it so in the end: the instant before it was over.
        last = end - dt.timedelta(microseconds=1) if end is not None else instant
        why = {
            event: None
            for each in held
            if each.role != "none" and (stretch := each.at(last)) is not None
            for event in stretch.events
        }
        ended_by, because = _ending(held, end) if end is not None else ((), "")
        return AdvisoryView(
            state="on" if end is None else "ended",
            severity=rule.severity,
            title=rule.title,
            since=start,
            until=end,
            why=tuple(why)[:MOST_EVENTS],
            ended_by=ended_by[:MOST_EVENTS],
            ended_because=because,
            times=len(on),
        )


def _on(held: list[_Held]) -> list[tuple[dt.datetime, dt.datetime | None]]:
    """When the conditions together held."""
    bounds = sorted(
        {at for each in held for stretch in each.stretches for at in stretch[:2] if at is not None}
    )
    found: list[tuple[dt.datetime, dt.datetime | None]] = []
    began: dt.datetime | None = None
    for at in bounds:
        if _is_on(held, at):
            began = began or at
        elif began is not None:
            found.append((began, at))
            began = None
    if began is not None:
        found.append((began, None))
    return found


def _is_on(held: list[_Held], at: dt.datetime) -> bool:
    some = [each for each in held if each.role == "any"]
    return (
        all(each.at(at) is not None for each in held if each.role == "all")
        and (not some or any(each.at(at) is not None for each in some))
        and all(each.at(at) is None for each in held if each.role == "none")
    )


def _ending(held: list[_Held], end: dt.datetime) -> tuple[tuple[str, ...], str]:
    """What ended it at an instant: the events, and the condition that no longer held or that did then."""
    for each in held:
        for stretch in each.stretches:
            word = type(each.condition).__struct_config__.tag
            if each.role == "none" and stretch.start == end:
                return stretch.events, f"{word} began"
            if each.role != "none" and stretch.end == end:
                return stretch.events, f"{word} over"
    return (), ""
