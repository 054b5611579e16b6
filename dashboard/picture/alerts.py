"""Alerts in force, by region, type and level; an all-clear removes what it is about and nothing else.

Several feeds that report the alert of one region are witnesses of one alert, each with its own start and end.
When it is over is decided by the rule `alerts.ended_by`. A feed that knows no levels is a witness of the
worst level that another reports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

from dashboard.picture.alert_nights import AlertNights, Trace
from dashboard.picture.evidence import Span
from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.regions import InForce, Regions
from dashboard.picture.scene import Scene, builtins, newest
from dashboard.picture.shape import AlertView, AlertWitness, Night, Tick
from dashboard.picture.ticker import line_key
from streams.events import AirRaidAlert

_RANK = {"red": 2, "": 1, "yellow": 0}
"""Levels, the worst highest; an alert without a level is a full one."""


class _Group(NamedTuple):
    """What one alert can be of."""

    region: str
    alert_type: str


class Alerts:
    """Everything that is remembered of alerts: what is in force, and what has ended in the nights kept."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._on: dict[_Group, dict[str, Held]] = {}
        self._over: dict[_Group, dict[str, Held]] = {}
        self._shown: dict[_Group, frozenset[str]] = {}
        self._spans: dict[str, dict[str, Span]] = {}
        self._regions = Regions(scene)
        self.nights = AlertNights(scene.nights, scene.regions)

    def change(self, old: Held | None, new: Held | None) -> None:
        self._scene.touch(old, new)
        groups = []
        if old is not None:
            groups.append(self._remove(old, new))
        if new is not None:
            group = self._add(new, old)
            if group not in groups:
                groups.append(group)
        for group in groups:
            if group in self._on or group in self._shown:
                self._show(group)

    def keeps(self, held: Held) -> bool:
        return is_on(held)

    def turn(self, before: Night | None) -> None:
        return

    def trace(self, held: Held) -> Trace | None:
        """What an alert adds to the nights' history."""
        event = _event(held)
        if event.permanent or event.alert_type != "air_raid":
            return None
        start, end = credible(event.valid_from), credible(event.valid_to)
        if start is None:
            return None
        start_s = int(self._scene.when(start, held).timestamp())
        if end is None or is_on(held):
            night_s = self._scene.nights.start_s(start_s)
            next_s = self._scene.nights.start_s(night_s + 93_600)
            return Trace(event.region, start_s, next_s, is_whole=False, is_open=True)
        end_s = int(end.timestamp())
        return Trace(event.region, start_s, end_s, not event.calculated) if end_s > start_s else None

    def spans(self, tops: Iterable[str], since: dt.datetime) -> Iterator[Span]:
        """The air-raid alerts in regions of the first level that are remembered and were not over by then.

        Permanent ones are none of them.
        """
        for top in tops:
            for span in self._spans.get(top, {}).values():
                if span.end is None or span.end >= since:
                    yield span

    def _note_span(self, held: Held) -> None:
        event = _event(held)
        if event.permanent or event.alert_type != "air_raid":
            return
        start = self._scene.when(credible(event.valid_from), held)
        end = None if is_on(held) else credible(event.valid_to)
        span = Span(start, end, event.level, frozenset((event.region,)), (event.id,))
        self._spans.setdefault(self._scene.regions.top(event.region), {})[event.id] = span

    def _remove(self, old: Held, new: Held | None) -> _Group:
        event, group = _event(old), _group(old)
        for members in (self._on, self._over):
            held = members.get(group)
            if held is not None and held.pop(event.id, None) is not None and not held:
                del members[group]
        self._spans.get(self._scene.regions.top(group.region), {}).pop(event.id, None)
        started = self._started(old)
        if started is not None and (new is None or started != self._started(new) or _key(old) != _key(new)):
            self._scene.strip.uncount("alerts", started, _key(old))
        kept = self._lines(new) if new is not None else ()
        for line in self._lines(old):
            if line not in kept:
                self._scene.ticker.drop(line)
        return group

    def _add(self, new: Held, old: Held | None) -> _Group:
        event, group = _event(new), _group(new)
        members = self._on if is_on(new) else self._over
        members.setdefault(group, {})[event.id] = new
        self._note_span(new)
        started = self._started(new)
        if started is not None and (old is None or started != self._started(old) or _key(old) != _key(new)):
            self._scene.strip.count("alerts", started, _key(new))
        for line, (kind, at) in self._lines(new).items():
            detail: dict[str, str] = {"type": event.alert_type}
            if event.level:
                detail["level"] = event.level
            tick = Tick(at=at, kind=kind, subject=event.region, detail=detail, source=new.source)
            self._scene.ticker.put(line, tick)
        return group

    def _show(self, group: _Group) -> None:
        on = list(self._on.get(group, {}).values())
        over = list(self._over.get(group, {}).values()) if on else []
        if on and self._scene.rules.alerts.ended_by == "any":
            on = [held for held in on if not _is_overruled(held, over)]
        views = _views(on, over) if on else {}
        shown = self._shown.pop(group, frozenset())
        for level in shown - views.keys():
            self._scene.tree.put(None, "alerts", f"{group.region}|{group.alert_type}|{level}")
        for level, view in views.items():
            self._scene.tree.put(builtins(view), "alerts", f"{group.region}|{group.alert_type}|{level}")
        if views:
            self._shown[group] = frozenset(views)
        in_force = {
            level: InForce(view.since, view.calculated, view.permanent) for level, view in views.items()
        }
        self._regions.put(group.region, group.alert_type, in_force)

    def _started(self, held: Held) -> dt.datetime | None:
        event = _event(held)
        if event.permanent or event.calculated or credible(event.valid_from) is None:
            return None
        return self._scene.when(event.valid_from, held)

    def _lines(self, held: Held) -> dict[str, tuple[str, dt.datetime]]:
        """The keys of what the ticker tells of it: what happened, and when."""
        event = _event(held)
        if event.permanent or event.calculated:
            return {}
        lines = {}
        for kind, at in (
            ("alert.start", credible(event.valid_from)),
            ("alert.end", credible(event.valid_to)),
        ):
            if at is not None and not (kind == "alert.end" and held.goes_on):
                at = self._scene.when(at, held)
                lines[line_key(at, kind, event.id)] = (kind, at)
        return lines


def _one_of_each_feed(saying: list[Held]) -> list[Held]:
    """What each feed said last, oldest first: one that says a thing under many ids is one witness."""
    if len(saying) == 1:
        return saying
    by_feed: dict[str, Held] = {}
    for held in sorted(saying, key=lambda held: held.order):
        by_feed.pop(held.event.feed, None)
        by_feed[held.event.feed] = held
    return list(by_feed.values())


def is_on(held: Held) -> bool:
    """Whether nobody has said that it is over: an end that was only predicted is none."""
    event = _event(held)
    if not held.is_over:
        return True
    is_ahead = event.valid_to is not None and event.valid_to > held.received_at
    return event.calculated and event.status == "actual" and is_ahead


def _event(held: Held) -> AirRaidAlert:
    return cast(AirRaidAlert, held.event)


def _group(held: Held) -> _Group:
    event = _event(held)
    return _Group(event.region, event.alert_type)


def _key(held: Held) -> str:
    event = _event(held)
    return f"{event.region}|{event.alert_type}|{event.level}"


def _is_overruled(held: Held, over: list[Held]) -> bool:
    """Whether another feed's all-clear came after the start."""
    event = _event(held)
    return any(
        each.event.feed != event.feed
        and (event.valid_from is None or cast(dt.datetime, each.event.valid_to) > event.valid_from)
        for each in over
    )


def _views(on: list[Held], over: list[Held]) -> dict[str, AlertView]:
    """The alerts of one region and type, by level. There is one at least."""
    by_level: dict[str, list[Held]] = {}
    for held in on:
        by_level.setdefault(_event(held).level, []).append(held)
    unlevelled = by_level.pop("", []) if len(by_level) > 1 else []
    worst = max(by_level, key=lambda level: _RANK[level])
    return {
        level: _view(level, members, unlevelled if level == worst else [], over)
        for level, members in by_level.items()
    }


def _view(level: str, members: list[Held], unlevelled: list[Held], over: list[Held]) -> AlertView:
    latest = members[0] if len(members) == 1 else newest(members)
    event = _event(latest)
    stated = [at for held in members if (at := credible(held.event.valid_from)) is not None]
    since = min(stated, default=None)
    saying = [*members, *unlevelled]
    if over:
        feeds = {held.event.feed for held in saying}
        saying += [
            held
            for held in over
            if held.event.feed not in feeds
            and _event(held).level in (level, "")
            and (since is None or cast(dt.datetime, held.event.valid_to) > since)
        ]
    return AlertView(
        region=event.region,
        alert_type=event.alert_type,
        level=level,
        since=since,
        until=max((held.event.valid_to for held in members if held.event.valid_to), default=None),
        calculated=all(_event(held).calculated for held in members),
        permanent=any(_event(held).permanent for held in members),
        source=latest.source,
        witnesses={
            held.event.id: AlertWitness(
                feed=held.event.feed,
                since=held.event.valid_from,
                until=held.event.valid_to,
                level=_event(held).level,
                calculated=_event(held).calculated,
                revision=held.revision,
                received_at=held.received_at,
            )
            for held in _one_of_each_feed(saying)
        },
    )
