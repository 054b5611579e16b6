"""Statements: who said what tonight; several texts that quote one speaker on one topic are one statement."""

from __future__ import annotations

from typing import cast

from dashboard.picture.held import Held, slug
from dashboard.picture.scene import Grouped, Made, foremost, newest
from dashboard.picture.shape import StatementView, Tick
from dashboard.picture.ticker import line_key
from streams.events import Figure, Statement

_MOST_FIGURES = 12


class Statements(Grouped):
    """By speaker, topic and night."""

    collection = "statements"

    def group_of(self, held: Held) -> str:
        event, nights = _event(held), self.scene.nights
        morning = nights.morning(nights.of(held.said_at)).isoformat()
        return f"{slug(event.speaker)}|{slug(event.topic)}|{morning}"

    def make(self, group: str, members: list[Held]) -> Made:
        made = Made(items={}, lines={}, marks={})
        first = foremost(members)
        event = _event(first)
        said_at = min(held.said_at for held in members)
        at = self.scene.when(said_at, first)
        made.lines[line_key(at, "statement", group)] = Tick(
            at=at, kind="statement", subject=event.speaker, detail={"topic": event.topic}, source=first.source
        )
        if not self.scene.is_tonight(at):
            return made
        ordered = sorted(members, key=lambda held: held.order)
        figures: dict[tuple[float, str], Figure] = {}
        for held in (first, *ordered):
            for figure in _event(held).figures:
                figures.setdefault((figure.value, figure.unit), figure)
        made.items[group] = StatementView(
            speaker=event.speaker,
            organisation=event.organisation,
            topic=event.topic,
            quote=event.quote or next((_event(held).quote for held in ordered if _event(held).quote), ""),
            figures=tuple(figures.values())[:_MOST_FIGURES],
            at=said_at,
            newest=newest(members).event.id,
            witnesses={held.event.id: held.source for held in ordered},
        )
        return made


def _event(held: Held) -> Statement:
    return cast(Statement, held.event)
