"""Records: the most that was known before tonight, and what tonight is measured by."""

from __future__ import annotations

import datetime as dt

from dashboard.picture.claims import ClaimKey
from dashboard.picture.raid_nights import RANKED
from dashboard.picture.raids import Raids
from dashboard.picture.scene import Scene, builtins
from dashboard.picture.shape import Record


class Records:
    """Looked at when the figures of a night change, and when another night begins."""

    def __init__(self, scene: Scene, raids: Raids) -> None:
        self._scene = scene
        self._raids = raids
        self._night: dt.date | None = None

    def look(self) -> None:
        """Bring the records up to date."""
        night = self._scene.night
        tonight = self._scene.nights.morning(night) if night is not None else None
        if not self._raids.nights.has_changed() and tonight == self._night:
            return
        self._night = tonight
        self._measure_raids(tonight)

    def _measure_raids(self, tonight: dt.date | None) -> None:
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
            self._scene.tree.put(builtins(view) if view is not None else None, "records", figure)
        self._raids.hold_records(frozenset(holders))
