"""Alerts in force, by region, type and level; an all-clear removes what it is about and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import cast

from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.scene import Scene, builtins, newest
from dashboard.picture.shape import AlertView, Night, Tick
from dashboard.picture.ticker import line_key
from streams.events import AirRaidAlert


class Alerts:
    """Several feeds may report one alert: it is in force while one of them says so."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._in_force: dict[str, dict[str, Held]] = {}

    def change(self, old: Held | None, new: Held | None) -> None:
        if old is not None:
            self._remove(old, new)
        if new is not None:
            self._add(new, old)

    def keeps(self, held: Held) -> bool:
        return _event(held).valid_to is None

    def turn(self, before: Night | None) -> None:
        return

    def _remove(self, old: Held, new: Held | None) -> None:
        event, key = _event(old), _key(old)
        members = self._in_force.get(key)
        if members is not None and members.pop(event.id, None) is not None:
            if not members:
                del self._in_force[key]
            if new is None or _key(new) != key:
                self._show(key)
        started = self._started(old)
        if started is not None and (new is None or started != self._started(new)):
            self._scene.strip.uncount("alerts", started, key)
        kept = self._lines(new) if new is not None else {}
        for line in self._lines(old).keys() - kept.keys():
            self._scene.ticker.drop(line)

    def _add(self, new: Held, old: Held | None) -> None:
        event, key = _event(new), _key(new)
        if event.valid_to is None:
            self._in_force.setdefault(key, {})[event.id] = new
        self._show(key)
        started = self._started(new)
        if started is not None and (old is None or started != self._started(old)):
            self._scene.strip.count("alerts", started, key)
        for line, tick in self._lines(new).items():
            self._scene.ticker.put(line, tick)

    def _show(self, key: str) -> None:
        members = list(self._in_force.get(key, {}).values())
        self._scene.tree.put(builtins(_view(members)) if members else None, "alerts", key)

    def _started(self, held: Held) -> dt.datetime | None:
        event = _event(held)
        if event.permanent or event.calculated or credible(event.valid_from) is None:
            return None
        return self._scene.when(event.valid_from, held)

    def _lines(self, held: Held) -> dict[str, Tick]:
        event = _event(held)
        if event.permanent or event.calculated:
            return {}
        lines = {}
        for what, at in (("start", credible(event.valid_from)), ("end", credible(event.valid_to))):
            if at is None:
                continue
            at = self._scene.when(at, held)
            detail: dict[str, str] = {"type": event.alert_type}
            if event.level:
                detail["level"] = event.level
            kind = f"alert.{what}"
            lines[line_key(at, kind, event.id)] = Tick(
                at=at, kind=kind, subject=event.region, detail=detail, source=held.source
            )
        return lines


def _event(held: Held) -> AirRaidAlert:
    return cast(AirRaidAlert, held.event)


def _key(held: Held) -> str:
    event = _event(held)
    return f"{event.region}|{event.alert_type}|{event.level}"


def _view(members: list[Held]) -> AlertView:
    latest = members[0] if len(members) == 1 else newest(members)
    event = _event(latest)
    since = [at for held in members if (at := credible(held.event.valid_from)) is not None]
    return AlertView(
        region=event.region,
        alert_type=event.alert_type,
        level=event.level,
        since=min(since, default=None),
        calculated=all(_event(held).calculated for held in members),
        permanent=any(_event(held).permanent for held in members),
        source=latest.source,
    )
