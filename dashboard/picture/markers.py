"""Markers: what neighbours' systems drew on the map, each until its end has come."""

from __future__ import annotations

from typing import cast

from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.patch import Delta
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import MarkerView, Night
from streams.events import Marker


class Markers:
    """By event id. One that belongs to no playing of an exercise ends by our clock."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[str, Held] = {}

    def change(self, old: Held | None, new: Held | None) -> None:
        if new is not None:
            self._known[new.event.id] = new
            self._show(new)
        elif old is not None:
            self._known.pop(old.event.id, None)
            self._scene.tree.put(None, "markers", old.event.id)

    def keeps(self, held: Held) -> bool:
        """One that nobody has ended stays."""
        return held.event.valid_to is None

    def turn(self, before: Night | None) -> None:
        return

    def age(self) -> None:
        """Take away those whose end has come."""
        shown = self._scene.tree.root["markers"]
        for name, held in self._known.items():
            if self._is_over(held) is (name in shown):
                self._show(held)

    def refreshed(self) -> Delta:
        """All that are remembered: whole, or removed."""
        shown = self._scene.tree.root["markers"]
        fields = MarkerView.__struct_fields__
        return {
            name: {field: item.get(field) for field in fields} if (item := shown.get(name)) else None
            for name in self._known
        }

    def _show(self, held: Held) -> None:
        view = None if self._is_over(held) else builtins(_view(held))
        self._scene.tree.put(view, "markers", held.event.id)

    def _is_over(self, held: Held) -> bool:
        until = credible(held.event.valid_to)
        by_our_clock = not (self._scene.is_exercise and held.run)
        instant = self._scene.now if by_our_clock else self._scene.instant
        return until is not None and instant is not None and until <= instant


def _view(held: Held) -> MarkerView:
    event = cast(Marker, held.event)
    return MarkerView(
        label=event.label,
        symbol=event.symbol,
        position=event.position,
        radius_m=event.radius_m,
        area=event.area,
        note=event.note,
        since=event.valid_from,
        until=event.valid_to,
        source=held.source,
    )
