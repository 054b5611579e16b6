"""Strikes: what was hit on the ground tonight; several texts about one target are witnesses of one strike."""

from __future__ import annotations

from typing import Any, cast

from dashboard.picture.counts import Stated, choose
from dashboard.picture.held import Held, slug
from dashboard.picture.night import credible
from dashboard.picture.scene import Grouped, Made, foremost, newest
from dashboard.picture.shape import Mark, StrikeView, Tick
from dashboard.picture.ticker import line_key
from streams.events import Strike


class Strikes(Grouped):
    """By target, region and night."""

    collection = "strikes"

    def group_of(self, held: Held) -> str:
        event, nights = _event(held), self.scene.nights
        at = credible(event.valid_from) or held.said_at
        # A place is one place in every language; its name is not.
        target = slug(event.target)
        if event.position is not None:
            target = f"{event.position.lat:.2f},{event.position.lon:.2f}"
        return f"{event.region}|{target}|{nights.morning(nights.of(at)).isoformat()}"

    def make(self, group: str, members: list[Held]) -> Made:
        view = _view(members)
        made = Made(items={}, lines={}, marks={})
        first = foremost(members)
        at = self.scene.when(view.at, first)
        subject = view.target or view.region
        detail = {"region": view.region} if view.region else {}
        if view.weapon:
            detail["weapon"] = view.weapon
        line = Tick(at=at, kind="strike", subject=subject, detail=detail, source=first.source)
        made.lines[line_key(at, "strike", group)] = line
        made.marks[f"strike|{group}"] = Mark(at=at, kind="strike", subject=subject, detail=detail)
        if self.scene.is_tonight(at):
            made.items[group] = view
        return made


def _event(held: Held) -> Strike:
    return cast(Strike, held.event)


def _view(members: list[Held]) -> StrikeView:
    trusted = sorted(
        members, key=lambda held: (held.trust, -held.said_at.timestamp(), held.order), reverse=True
    )
    events = [_event(held) for held in trusted]
    fields: dict[str, Any] = {
        name: next((value for event in events if (value := getattr(event, name))), "")
        for name in ("target", "attacker", "region", "weapon")
    }
    counts = [
        Stated(event.count, (held.said_at, held.trust, held.order), held)
        for held, event in zip(trusted, events, strict=True)
        if event.count is not None
    ]
    picked = choose(counts)
    stated_at = [at for event in events if (at := credible(event.valid_from)) is not None]
    quotes = {path: quote for held in reversed(trusted) for path, quote in held.quotes_of(StrikeView).items()}
    if picked is not None and "count" in picked.by.quotes:
        quotes["count"] = picked.by.quotes["count"]
    return StrikeView(
        position=next((event.position for event in events if event.position is not None), None),
        count=picked.count if picked is not None else None,
        at=min(stated_at) if stated_at else min(held.said_at for held in members),
        claimed_by=tuple(sorted({name for event in events for name in event.claimed_by})),
        newest=newest(members).event.id,
        witnesses={held.event.id: held.source for held in sorted(members, key=lambda held: held.order)},
        quotes=quotes,
        **fields,
    )
