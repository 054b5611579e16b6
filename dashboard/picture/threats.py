"""Threats: what is flying where, as announced; each grows stale when nobody speaks of it any more."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.patch import Delta
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Mark, Night, ThreatView, Tick
from dashboard.picture.ticker import line_key
from streams.events import Threat

MARKED = frozenset(
    (
        "cruise_missiles",
        "ballistic_missiles",
        "unspecified_missiles",
        "strategic_aircraft_activity",
        "mig31k_departure",
    )
)
"""Threats that are worth a line on the time strip: missiles, and what carries them."""


class Threats:
    """By event id. Ended ones are removed, stale ones stay for the rest of the night."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[str, Held] = {}

    def change(self, old: Held | None, new: Held | None) -> None:
        strip, ticker = self._scene.strip, self._scene.ticker
        if old is not None:
            self._known.pop(old.event.id, None)
            if new is None:
                self._scene.tree.put(None, "threats", old.event.id)
            since, later = self._since(old), None if new is None else self._since(new)
            if since != later:
                strip.uncount("threats", since, old.event.id)
            for key in self._lines(old).keys() - (self._lines(new) if new is not None else {}).keys():
                ticker.drop(key)
            if new is None or self._mark(new) is None:
                strip.unmark(f"threat|{old.event.id}")
        if new is not None:
            self._known[new.event.id] = new
            self._show(new)
            since = self._since(new)
            if old is None or since != self._since(old):
                strip.count("threats", since, new.event.id)
            for key, line in self._lines(new).items():
                ticker.put(key, line)
            if (mark := self._mark(new)) is not None:
                strip.mark(f"threat|{new.event.id}", mark)

    def keeps(self, held: Held) -> bool:
        return False

    def turn(self, before: Night | None) -> None:
        for held in self._known.values():
            self._show(held)

    def age(self) -> None:
        """Mark what has grown stale at the scene's instant."""
        shown = self._scene.tree.root["threats"]
        for key, held in self._known.items():
            item = shown.get(key)
            if item is not None and item.get("stale", False) != self._is_stale(held):
                self._show(held)

    def refreshed(self) -> Delta:
        """The marks that `age` makes, all of them."""
        shown = self._scene.tree.root["threats"]
        return {key: {"stale": True if item.get("stale") else None} for key, item in shown.items()}

    def _show(self, held: Held) -> None:
        event = _event(held)
        night = self._scene.night
        view: Any = None
        is_over = event.state == "ended" or event.valid_to is not None
        if not is_over and not (night is not None and self._stale_at(held) < night.start):
            view = builtins(
                ThreatView(
                    threat_type=event.threat_type,
                    state=event.state,
                    stale=self._is_stale(held),
                    weapon=event.weapon,
                    count=event.count,
                    regions=event.regions,
                    position=event.position,
                    course_deg=event.course_deg,
                    toward=event.toward,
                    since=self._since(held),
                    updated_at=self._updated_at(held),
                    stale_after_s=event.stale_after_s,
                    source=held.source,
                )
            )
        self._scene.tree.put(view, "threats", event.id)

    def _since(self, held: Held) -> dt.datetime:
        return self._scene.when(credible(held.event.valid_from), held)

    def _updated_at(self, held: Held) -> dt.datetime:
        stated = [at for at in (credible(held.event.published_at), credible(held.event.valid_from)) if at]
        return self._scene.when(max(stated, default=None), held)

    def _stale_at(self, held: Held) -> dt.datetime:
        return self._updated_at(held) + dt.timedelta(seconds=_event(held).stale_after_s)

    def _is_stale(self, held: Held) -> bool:
        instant = self._scene.instant
        return instant is not None and instant > self._stale_at(held)

    def _lines(self, held: Held) -> dict[str, Tick]:
        event = _event(held)
        instants = [("threat.start", self._since(held))]
        if event.state == "ended" or event.valid_to is not None:
            ended_at = credible(event.valid_to) or credible(event.published_at)
            if ended_at is not None:
                instants.append(("threat.end", self._scene.when(ended_at, held)))
        return {
            line_key(at, kind, event.id): Tick(
                at=at, kind=kind, subject=_place(event), detail=_detail(event), source=held.source
            )
            for kind, at in instants
        }

    def _mark(self, held: Held) -> Mark | None:
        event = _event(held)
        if event.threat_type not in MARKED:
            return None
        return Mark(at=self._since(held), kind="threat", subject=_place(event), detail=_detail(event))


def _event(held: Held) -> Threat:
    return cast(Threat, held.event)


def _place(event: Threat) -> str:
    return event.regions[0] if event.regions else event.toward


def _detail(event: Threat) -> dict[str, str]:
    detail: dict[str, str] = {"type": event.threat_type}
    if event.weapon:
        detail["weapon"] = event.weapon
    if event.toward:
        detail["toward"] = event.toward
    return detail
