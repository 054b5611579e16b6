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
        event = _event(held)
        members = list(self._groups.get(self.group_of(held), {}).values())
        openings = [each for each in members if _event(each).state == "reopened"]
        if event.state == "reopened":
            return held is max(openings, key=_open_at)
        if held.is_over:
            return False
        # A reopening that may still be taken back does not end it for good.
        night = self.scene.night
        floor = self.scene.nights.floor(night) if night is not None else None
        ended = [each for each in openings if _open_at(each) >= _at(held)]
        return not ended or (floor is not None and all(each.at >= floor for each in ended))

    def make(self, group: str, members: list[Held]) -> Made:
        made = Made(items={}, lines={}, marks={})
        # A closure may outlive the memory of what else happened then.
        night = self.scene.night
        oldest = self.scene.nights.floor(night) if night is not None else None
        for held in members:
            event = _event(held)
            instants: list[tuple[str, dt.datetime]] = [(event.state, _at(held))]
            if not held.has_begun:
                continue
            if (
                event.state == "closed"
                and held.is_over
                and (ended_at := credible(event.valid_to)) is not None
            ):
                instants.append(("reopened", ended_at))
            for state, at in instants:
                at = self.scene.when(at, held)
                if oldest is not None and at < oldest:
                    continue
                kind = f"restriction.{state}"
                made.lines[line_key(at, kind, event.id)] = Tick(
                    at=at, kind=kind, subject=group, source=held.source
                )
        if closing := _closing(members):
            latest = newest(closing)
            stated = [begun for held in closing if (begun := credible(held.event.valid_from)) is not None]
            event = _event(latest)
            made.items[group] = RestrictionView(
                subject=group,
                since=min(stated, default=None),
                until=event.valid_to,
                reason=event.reason,
                centre=event.centre,
                radius_m=event.radius_m,
                area=event.area,
                lower_ft=event.lower_ft,
                upper_ft=event.upper_ft,
                source=latest.source,
            )
        return made


def _event(held: Held) -> AirspaceRestriction:
    return cast(AirspaceRestriction, held.event)


def _at(held: Held) -> dt.datetime:
    return credible(held.event.valid_from) or held.said_at


def _open_at(held: Held) -> dt.datetime:
    return credible(held.event.valid_to) or _at(held)


def _closing(members: list[Held]) -> list[Held]:
    """Of all that was said, what closes it still: not ended itself, and no reopening after it."""
    reopened = [_open_at(held) for held in members if _event(held).state == "reopened"]
    latest = max(reopened, default=None)
    return [
        held
        for held in members
        if _event(held).state == "closed"
        and held.has_begun
        and not held.is_over
        and (latest is None or _at(held) > latest)
    ]
