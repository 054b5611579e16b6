"""Restrictions: airports and sectors that are closed now; a reopening may come as another text."""

from __future__ import annotations

import datetime as dt
from typing import cast

from dashboard.picture.held import Held
from dashboard.picture.night import credible
from dashboard.picture.scene import Grouped, Made, newest
from dashboard.picture.shape import RestrictionView, Tick
from dashboard.picture.ticker import line_key
from streams.events import AirspaceRestriction


class Restrictions(Grouped):
    """By airport or sector."""

    collection = "restrictions"

    def group_of(self, held: Held) -> str:
        return _event(held).subject

    def keeps(self, held: Held) -> bool:
        members = list(self._groups.get(self.group_of(held), {}).values())
        return any(each is held for each in _closing(members))

    def make(self, group: str, members: list[Held]) -> Made:
        made = Made(items={}, lines={}, marks={})
        for held in members:
            event = _event(held)
            instants: list[tuple[str, dt.datetime]] = [(event.state, _at(held))]
            if event.state == "closed" and (ended_at := credible(event.valid_to)) is not None:
                instants.append(("reopened", ended_at))
            for state, at in instants:
                at = self.scene.when(at, held)
                kind = f"restriction.{state}"
                made.lines[line_key(at, kind, event.id)] = Tick(
                    at=at, kind=kind, subject=group, source=held.source
                )
        if closing := _closing(members):
            latest = newest(closing)
            stated = [begun for held in closing if (begun := credible(held.event.valid_from)) is not None]
            made.items[group] = RestrictionView(
                subject=group,
                since=min(stated, default=None),
                reason=_event(latest).reason,
                source=latest.source,
            )
        return made


def _event(held: Held) -> AirspaceRestriction:
    return cast(AirspaceRestriction, held.event)


def _at(held: Held) -> dt.datetime:
    return credible(held.event.valid_from) or held.said_at


def _closing(members: list[Held]) -> list[Held]:
    """Of all that was said, what closes it still: not ended itself, and no reopening after it."""
    reopened = [
        credible(held.event.valid_to) or _at(held) for held in members if _event(held).state == "reopened"
    ]
    latest = max(reopened, default=None)
    return [
        held
        for held in members
        if _event(held).state == "closed"
        and held.event.valid_to is None
        and (latest is None or _at(held) > latest)
    ]
